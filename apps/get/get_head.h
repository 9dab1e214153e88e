/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP/1.1 answer (RFC 9112 section 4), byte by byte, interim answers (1xx) passed
 * over. Pure. Keeps what get needs of it and drops the rest as it comes. Lines may end in LF alone
 * (section 2.2), and a field may go on in the next line (section 5.2); all other doubt is a fault.
 * For get and its tests.
 */
#ifndef APPS_GET_HEAD_H
#define APPS_GET_HEAD_H

#include "apps/get/get_config.h"
#include "apps/get/get_range.h"

enum { GET_REASON_BYTES = 64, GET_DATE_BYTES = 40, GET_NUMBER_BYTES = 64, GET_FIELD_BYTES = 20 };

enum get_head_event { GET_HEAD_MORE, GET_HEAD_END, GET_HEAD_FAULT };

enum get_head_fault {
    GET_FAULT_NONE,
    GET_FAULT_NOT_HTTP,
    GET_FAULT_LINE,     /* a line of the head that is no field */
    GET_FAULT_BYTE,     /* NUL, a bare CR */
    GET_FAULT_LENGTH,   /* Content-Length: not a number, too large, two different ones */
    GET_FAULT_CODING,   /* a transfer coding that get did not ask for */
    GET_FAULT_SWITCH,   /* 101: another protocol */
    GET_FAULT_ENDLESS   /* more than CFG_GET_HEAD_BYTES */
};

/* Which fields came, and what they were. */
enum {
    GET_HAS_LENGTH = 1,
    GET_HAS_RANGE = 2,        /* `range` holds it ... */
    GET_HAS_RANGE_BAD = 4,    /* ... or there is one that cannot be read, or two */
    GET_HAS_LOCATION = 8,
    GET_HAS_LOCATION_CUT = 16, /* longer than what is kept */
    GET_HAS_CHUNKED = 32,
    GET_HAS_CODING = 64
};

/* Bytes of a field's value; `cut` when there were more. */
struct get_value {
    uint16_t n;
    bool cut;
};

struct get_head {
    uint64_t length;         /* Content-Length */
    struct get_range range;
    uint32_t retry_after_s;  /* 0: not said */
    uint32_t bytes;          /* of all heads so far */
    uint16_t status;
    uint8_t has;             /* GET_HAS_... */
    uint8_t fault;           /* enum get_head_fault */
    uint8_t state;           /* private, as all below */
    uint8_t field;
    uint8_t name_bytes;
    struct get_value reason_value;
    struct get_value location_value;
    struct get_value etag_value;
    struct get_value modified_value;
    struct get_value date_value;
    struct get_value number_value;
    char reason[GET_REASON_BYTES]; /* the server's words: never to be shown as they are */
    char location[CFG_GET_URL_BYTES];
    char etag[CFG_GET_VALIDATOR_BYTES];
    char modified[GET_DATE_BYTES]; /* Last-Modified */
    char date[GET_DATE_BYTES];
    char number[GET_NUMBER_BYTES]; /* a field whose value is read at its end */
    char name[GET_FIELD_BYTES];    /* of the field, in lower case */
};

void get_head_begin(struct get_head *head);

/* Takes one byte. Not after GET_HEAD_END or GET_HEAD_FAULT. */
enum get_head_event get_head_feed(struct get_head *head, uint8_t byte);

/* True while not a byte of an answer came. */
bool get_head_idle(const struct get_head *head);

/* What is wrong with an answer: "... is not HTTP". */
const char *get_head_fault_text(enum get_head_fault fault);

/* The strong validator of the answer, as If-Range takes it (RFC 9110 section 13.1.5): a strong
 * entity tag, or the date of the last change if it is strong itself (section 8.8.2.2): at least a
 * second before that of the answer. Returns its length, 0: there is none; *validator is inside the
 * head. */
size_t get_head_validator(const struct get_head *head, const char **validator);

#endif
