/* SPDX-License-Identifier: MIT */
/* URLs as people write them and as servers redirect to them (RFC 3986). Pure. For get and its
 * tests. */
#ifndef APPS_GET_URL_H
#define APPS_GET_URL_H

#include "apps/get/get_config.h"
#include "apps/target.h"
#include "core/text.h"

enum get_scheme { GET_HTTP, GET_RAW };

struct get_url {
    struct target target;
    char path[CFG_GET_URL_BYTES]; /* "/a%20b?q": printable ASCII without spaces, no NUL behind */
    uint16_t path_bytes;          /* at least 1: the slash */
    uint8_t scheme;               /* enum get_scheme */
};

enum get_url_result {
    GET_URL_OK,
    GET_URL_SCHEME, /* neither http nor raw; in a redirect, not http */
    GET_URL_HOST,   /* no host, or one that cannot be; or a user's name before it */
    GET_URL_BYTE,   /* holds a control byte, which no request may */
    GET_URL_LONG
};

/* Reads http://HOST[:PORT]/PATH, raw://HOST[:PORT]/NAME, or HOST[:PORT]/PATH, which is http. Ports
 * are 80 and 8080 unless given. What cannot stand in a request is percent-encoded, a fragment is
 * dropped, and dot segments are taken out. In raw all behind the host is the name, "?" and "#" as
 * well. *url is undefined unless the result is GET_URL_OK. */
enum get_url_result get_url_read(const char *bytes, size_t n, struct get_url *url);

/* Turns an http URL into what the reference of n bytes, a server's Location, means there (RFC 3986
 * section 5.2). Only http is followed. */
enum get_url_result get_url_follow(struct get_url *url, const char *reference, size_t n);

/* A few words about a fault: "..., which has no host". */
const char *get_url_fault(enum get_url_result result);

/* "http://host:port/path", all printable, and read again as the same; the port where it is not the
 * scheme's, a zone as "%25zone" (RFC 6874 section 2). */
void get_url_put(struct text *text, const struct get_url *url);

/* "host:port" as the Host field has it (RFC 9112 section 3.2): without a zone, and the port where
 * it is not 80. */
void get_url_put_host(struct text *text, const struct get_url *url);

/* The name of the file to write: the last part of the path, decoded, with a NUL. False: there is
 * none, or it would be no plain name (".." or with a slash or a control byte), or it has no room
 * in `capacity` bytes. */
bool get_url_name(const struct get_url *url, char *name, size_t capacity);

/* What raw asks for: the path, decoded, without its first slash; n bytes, no NUL. `name` has
 * CFG_GET_URL_BYTES. False: it is empty, or would hold a control byte. */
bool get_url_raw_name(const struct get_url *url, char *name, size_t *n);

#endif
