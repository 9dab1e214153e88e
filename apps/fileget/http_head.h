/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP/1.1 request (RFC 9112), however it is cut into pieces. Pure: no connection,
 * no file, no clock. Keeps its struct and, at the front of the connection's buffer, first the
 * request line, then the name that was asked for and behind it the piece of the field being read.
 * What is held there never is more than was fed, so input that waits at the buffer's end is never
 * overwritten.
 *
 * Framing is strict, and every doubt is a fault (RFC 9112 sections 2.2, 3, 5, 6.1, 6.3).
 */
#ifndef APPS_FILEGET_HTTP_HEAD_H
#define APPS_FILEGET_HTTP_HEAD_H

#include "apps/fileget/fileget_config.h"
#include "apps/fileget/http_status.h"
#include "port/port.h"

/* What a byte led to. */
enum http_event {
    HTTP_MORE,      /* the head goes on */
    HTTP_CONDITION, /* an element of a conditional field is whole: see http_condition_note */
    HTTP_END,       /* the head is whole; `status` is HTTP_NONE, or an answer already */
    HTTP_FAULT      /* the request is broken: answer `status` and close */
};

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_OTHER,  /* one that RFC 9110 and 5789 know */
    HTTP_UNKNOWN
};

/* The methods that RFC 9110 and 5789 know, GET and HEAD first. */
enum { HTTP_METHODS = 9, HTTP_METHOD_BYTES = 8 };
extern const char http_methods[HTTP_METHODS][HTTP_METHOD_BYTES];

/* Header fields that mean something here. */
enum http_field {
    HTTP_FIELD_OTHER,
    HTTP_FIELD_HOST,
    HTTP_FIELD_LENGTH,
    HTTP_FIELD_CODING,
    HTTP_FIELD_CONNECTION,
    HTTP_FIELD_EXPECT,
    HTTP_FIELD_RANGE,
    HTTP_FIELD_IF_MATCH,
    HTTP_FIELD_IF_NONE_MATCH,
    HTTP_FIELD_IF_MODIFIED,
    HTTP_FIELD_IF_UNMODIFIED,
    HTTP_FIELD_IF_RANGE
};

/* Facts of the request, in `facts`. */
enum {
    HTTP_IS_11 = 1 << 0,         /* HTTP/1.1 or a later 1.x */
    HTTP_LF_MODE = 1 << 1,       /* lines end in LF alone: a person typing; closes afterwards */
    HTTP_HOST = 1 << 2,
    HTTP_LENGTH = 1 << 3,        /* content_length is set */
    HTTP_CODED = 1 << 4,         /* a Transfer-Encoding ... */
    HTTP_CHUNKED = 1 << 5,       /* ... and it ends in chunked */
    HTTP_CLOSE = 1 << 6,         /* Connection: close */
    HTTP_KEEP = 1 << 7,          /* Connection: keep-alive */
    HTTP_EXPECTS = 1 << 8,       /* Expect: 100-continue */
    HTTP_EXPECTS_OTHER = 1 << 9,
    HTTP_DIRECTORY = 1 << 10,    /* the name ended in a slash */
    HTTP_REFUSED = 1 << 11,      /* the name is one that does not exist for anybody */
    HTTP_RANGE = 1 << 12,        /* one Range ... */
    HTTP_RANGE_BAD = 1 << 13,    /* ... to be ignored: malformed, several, repeated */
    HTTP_RANGE_SUFFIX = 1 << 14, /* range_first is how many from the end */
    HTTP_IF_MATCH = 1 << 15,     /* there is one ... */
    HTTP_IF_MATCH_HIT = 1 << 16, /* ... and it holds */
    HTTP_IF_NONE_MATCH = 1 << 17,
    HTTP_IF_NONE_MATCH_HIT = 1 << 18,
    HTTP_IF_MODIFIED = 1 << 19,  /* there is one; HIT: valid, and the file is no newer */
    HTTP_IF_MODIFIED_HIT = 1 << 20,
    HTTP_IF_UNMODIFIED = 1 << 21, /* there is one; HIT: valid, and the file is newer */
    HTTP_IF_UNMODIFIED_HIT = 1 << 22,
    HTTP_IF_RANGE = 1 << 23,
    HTTP_IF_RANGE_HIT = 1 << 24,
    HTTP_READ = 1 << 28,         /* the request line was understood */
    HTTP_SKIPPED_LINE = 1 << 25, /* an empty line stood before the request line */
    HTTP_QUOTED = 1 << 26,       /* private: inside an entity tag's quotes */
    HTTP_CUT = 1 << 27           /* the element is longer than what is kept of it */
};

struct http_head {
    uint64_t content_length;
    uint64_t range_first; /* as the request gives it: beyond 64 bits is UINT64_MAX ... */
    uint64_t range_end;   /* ... the last byte, inclusive; until http_head_range decides */
    uint32_t facts;
    uint16_t bytes;       /* fed so far, from the request line's first */
    uint16_t held;        /* bytes at the buffer's front: of the line, later of name and query */
    uint16_t status;      /* enum http_status */
    uint8_t piece;        /* bytes of the field's name or element, behind `held` */
    uint8_t state;        /* private */
    uint8_t field;        /* enum http_field being read */
    uint8_t fields;       /* how many there were */
    uint8_t host;         /* private */
    uint8_t method;       /* enum http_method */
};

/* Starts. The first `held` bytes of the request line are at the buffer's front already (0: none);
 * none of them is a line end. */
void http_head_begin(struct http_head *head, size_t held);

/* Takes the first of n > 0 bytes, up to one that leads to an event; *taken: how many. `buffer` has
 * CFG_CONN_BUFFER_BYTES, the same at each call; `dot_files` as in name_confine. Not after HTTP_END
 * or HTTP_FAULT. With HTTP_MORE all were taken. After HTTP_END the name is at the front of the
 * buffer, in the form of port_file_open, for GET and HEAD with status HTTP_NONE. */
enum http_event http_head_feed(struct http_head *head, uint8_t *buffer, const uint8_t *bytes,
                               size_t n, bool dot_files, size_t *taken);

/* The length of that name; and the query as it came, which is kept for a redirect where the name
 * did not end in a slash and both are no longer than a name may be: its length, or NULL. */
size_t http_head_name_bytes(const struct http_head *head, const uint8_t *buffer);
const char *http_head_query(const struct http_head *head, const uint8_t *buffer, size_t *n);

/* True while not a byte of the request has come. */
bool http_head_idle(const struct http_head *head);

/* True when the request asks that the connection stays for another one (RFC 9112 section 9.3),
 * and its framing allows it; the body is not looked at. */
bool http_head_keeps(const struct http_head *head);

/* Decides which bytes of a file of `size` to answer with (RFC 9110 section 14), `wanted` false: all
 * of them. Leaves them in the head: range_first to range_end, exclusive. HTTP_OK (no range, or one
 * to ignore), HTTP_PARTIAL or HTTP_RANGE_NOT_SATISFIABLE. Once for a head. */
enum http_status http_head_range(struct http_head *head, uint64_t size, bool wanted);

/* ---- Pieces of it, for tests and other readers --------------------------------------------- */

/* Letters of RFC 9110 section 5.6.2; a bit for each byte below 128. */
extern const uint32_t http_token_bits[4];
static inline bool http_is_token_byte(uint8_t byte)
{
    return byte < 128 && (http_token_bits[byte / 32] >> byte % 32 & 1u) != 0;
}

/* An ASCII letter in lower case; any other byte as it is. */
uint8_t http_lower(uint8_t byte);

/* Compares n bytes with a lower-case string, or with n bytes of one, ignoring the case of ASCII
 * letters. */
bool http_same(const uint8_t *bytes, const char *lower, size_t n);
bool http_equal(const uint8_t *bytes, size_t n, const char *lower);

/* Parses a whole request line of head->held bytes in the buffer; the line end is cut off. Leaves
 * the name instead of it. Returns HTTP_NONE or the fault. */
enum http_status http_line_read(struct http_head *head, uint8_t *buffer, bool dot_files);

/* Checks "host[:port]" byte by byte (RFC 3986 section 3.2.2): start with state 0; false: not a
 * host. White space may follow. At the end http_host_whole says whether it may end there. */
bool http_host_step(uint8_t *state, uint8_t byte);
bool http_host_whole(uint8_t state);

/* Reads a Range value of n bytes into the head. */
void http_range_read(struct http_head *head, const char *value, size_t n);

#endif
