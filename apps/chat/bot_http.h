/* SPDX-License-Identifier: MIT */
/* The answer of an HTTP/1.1 JSON service (RFC 9112), read as it comes: counted, chunked, or until
 * the end. Pure. */
#ifndef APPS_CHAT_BOT_HTTP_H
#define APPS_CHAT_BOT_HTTP_H

#include "apps/chat/chat_config.h"
#include "apps/chat/json_read.h"

/* Why a question has no answer. */
enum bot_failure {
    BOT_FINE,
    BOT_BUSY,         /* too many questions */
    BOT_REFUSED,
    BOT_UNREACHABLE,
    BOT_LATE,
    BOT_BROKEN,       /* it ended in the middle */
    BOT_STATUS,       /* not 200 to 299: see `status` */
    BOT_NOT_HTTP,
    BOT_NOT_JSON,
    BOT_OTHER_JSON,   /* nothing where the text should be */
    BOT_LONG
};

enum { BOT_FIELD_BYTES = 64 }; /* of a line of the head; more is of no interest */

struct bot_http {
    struct json_read json;
    uint32_t left;          /* of the counted body, or of the chunk */
    uint32_t taken;         /* bytes so far, all in all */
    uint16_t status;
    uint8_t state;
    uint8_t failure;        /* enum bot_failure */
    bool chunked;
    bool counted;
    uint8_t line_bytes;
    char line[BOT_FIELD_BYTES];
};

/* Begins; `path` leads to the text, which goes to `out`. */
void bot_http_begin(struct bot_http *http, const struct json_step *path, size_t count, char *out,
                    size_t max);

/* Takes n bytes. False: it is over, and `failure` says how. */
bool bot_http_feed(struct bot_http *http, const uint8_t *bytes, size_t n);

/* The connection ended: `failure` says how it went. */
void bot_http_end(struct bot_http *http);

#endif
