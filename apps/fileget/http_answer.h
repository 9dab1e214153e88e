/* SPDX-License-Identifier: MIT */
/*
 * Heads of HTTP answers, and the small texts that go with errors. Rendered from a description, and
 * always to the same bytes: so an answer needs no buffer, only how far it has been sent.
 */
#ifndef APPS_FILEGET_HTTP_ANSWER_H
#define APPS_FILEGET_HTTP_ANSWER_H

#include "apps/fileget/http_condition.h"
#include "apps/fileget/http_status.h"
#include "core/text.h"

enum { HTTP_DATE_UNKNOWN = -1 };

/* What follows the head. */
enum http_body {
    HTTP_BODY_NONE,   /* nothing: 304 */
    HTTP_BODY_STATUS, /* a line of text that names the status */
    HTTP_BODY_FILE,   /* the bytes first to end of a file */
    HTTP_BODY_LISTING /* of unknown length: chunked, or until the close */
};

struct http_answer {
    enum http_status status;
    enum http_body body;
    bool is_11;     /* the request was HTTP/1.1 */
    bool keep;      /* the connection stays */
    bool without_body; /* the request was HEAD */
    int64_t date_s; /* HTTP_DATE_UNKNOWN: leave it out */
    const char *date; /* the same as HTTP writes it, HTTP_DATE_BYTES; NULL: render it */
    struct http_version version; /* of the file: 200, 206, 304, 416 */
    uint64_t first;
    uint64_t end;
    uint8_t type;        /* of the file, see fileget_type_of */
    const char *const *headers; /* "Name: value" each, to be added: up to the first NULL ... */
    size_t headers_max;         /* ... or so many */
    const char *charset; /* of text files; "": none is named */
    const char *name;    /* 301: the directory's name, as port_file_open takes it */
    size_t name_bytes;
    const char *query;   /* and its query, or NULL */
    size_t query_bytes;
    const char *fields; /* of HTTP_BODY_FILE, by http_fields_put; NULL: render them */
    size_t fields_bytes;
};

/* "404 Not Found"; any status but HTTP_NONE. */
void http_status_put(struct text *text, enum http_status status);

/* The length of HTTP_BODY_STATUS: that text and a line end. */
size_t http_status_bytes(enum http_status status);

/* The whole head with its empty line, and the body where it is HTTP_BODY_STATUS. */
void http_answer_put(struct text *text, const struct http_answer *answer);

/* The fields of a head that tell of a file's bytes, from Content-Type on. */
void http_fields_put(struct text *text, const struct http_answer *answer);

/* Percent-encodes bytes for a path (RFC 3986): what comes out is safe in a header field and in a
 * quoted HTML attribute. Slashes stay. */
void http_path_put(struct text *text, const char *bytes, size_t n);

#endif
