/* SPDX-License-Identifier: MIT */
/* JSON (RFC 8259) read byte by byte, strictly, for one string at a known place. Pure. */
#ifndef APPS_CHAT_JSON_READ_H
#define APPS_CHAT_JSON_READ_H

#include "port/port.h"

enum { JSON_DEPTH_MAX = 32 }; /* objects and arrays in each other */

/* One step from the outermost value to the one wanted. */
struct json_step {
    const char *key; /* of an object; NULL: of an array */
    uint16_t index;
};

enum json_result {
    JSON_FINE,
    JSON_FAULT, /* not JSON */
    JSON_DEEP   /* more than JSON_DEPTH_MAX */
};

struct json_read {
    const struct json_step *path;
    char *out;             /* the string: UTF-8, \u0000 included; a lone surrogate is U+FFFD */
    uint16_t out_bytes;
    uint16_t out_max;
    bool cut;              /* it was longer than out_max */
    bool found;            /* it is, or was, there */
    /* Private from here on. */
    uint8_t path_count;
    uint8_t depth;
    uint8_t matched;       /* steps of the path that lead to where we are */
    uint8_t state;
    uint8_t next;          /* digits of \u, or bytes of a character or word, still to come */
    uint8_t least;         /* of the character's next byte */
    uint8_t most;
    uint8_t word;
    bool in_key;
    bool wanted;           /* this string is the one */
    bool same;             /* the key, so far */
    uint16_t key_bytes;
    uint16_t index;
    uint16_t unit;         /* of \u */
    uint16_t high;         /* the first half of a surrogate pair, 0: none */
    uint32_t objects;      /* a bit for each depth */
};

/* Begins; the path, of `count` steps, and `out`, of `max` bytes, must stay. */
void json_read_begin(struct json_read *json, const struct json_step *path, size_t count,
                     char *out, size_t max);

/* Takes one byte. After anything but JSON_FINE the rest is of no interest. */
enum json_result json_read_feed(struct json_read *json, uint8_t byte);

/* Whether what was taken is one whole JSON text. */
bool json_read_whole(const struct json_read *json);

#endif
