/* SPDX-License-Identifier: MIT */
/* The answer of an HTTP/1.1 JSON service. */
#include "apps/chat/bot_http.h"

#include <string.h>

enum http_state {
    STATE_STATUS,    /* lines, from here on */
    STATE_FIELD,
    STATE_SIZE,
    STATE_CHUNK_END,
    STATE_TRAILER,
    STATE_BODY,      /* bytes, from here on */
    STATE_CHUNK,
    STATE_OVER
};

void bot_http_begin(struct bot_http *http, const struct json_step *path, size_t count, char *out,
                    size_t max)
{
    memset(http, 0, sizeof *http);
    json_read_begin(&http->json, path, count, out, max);
}

static void fail(struct bot_http *http, enum bot_failure failure)
{
    http->failure = (uint8_t)failure;
    http->state = STATE_OVER;
}

/* The body is whole. */
static void body_ends(struct bot_http *http)
{
    if (!json_read_whole(&http->json)) {
        fail(http, BOT_NOT_JSON);
    } else {
        fail(http, http->json.found ? BOT_FINE : BOT_OTHER_JSON);
    }
}

/* ---- Lines --------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether this stands in the line at `at`, in letters of either case. */
static bool holds(const struct bot_http *http, size_t at, const char *word)
{
    size_t i = 0;
    while (word[i] != '\0' && at + i < http->line_bytes && small(http->line[at + i]) == word[i]) {
        i++;
    }
    return word[i] == '\0';
}

/* What follows the field's name in the line, or NULL. */
static const char *field_value(const struct bot_http *http, const char *name)
{
    size_t i = strlen(name);
    if (!holds(http, 0, name)) {
        return NULL;
    }
    while (i < http->line_bytes && (http->line[i] == ' ' || http->line[i] == '\t')) {
        i++;
    }
    return http->line + i;
}

static const char *line_end(const struct bot_http *http)
{
    return http->line + http->line_bytes;
}

static void take_status(struct bot_http *http)
{
    const char *line = http->line;
    if (http->line_bytes < 12 || memcmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ' ||
        !is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11])) {
        fail(http, BOT_NOT_HTTP);
        return;
    }
    http->status = (uint16_t)((line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0'));
    http->state = STATE_FIELD;
}

static void take_length(struct bot_http *http, const char *value)
{
    uint32_t length = 0;
    const char *at = value;
    while (at < line_end(http) && is_digit(*at) && length <= CFG_BOT_BODY_BYTES) {
        length = length * 10 + (uint32_t)(*at - '0');
        at++;
    }
    if (length > CFG_BOT_BODY_BYTES) {
        fail(http, BOT_LONG);
    } else if (at == value || at != line_end(http) || (http->counted && http->left != length)) {
        fail(http, BOT_NOT_HTTP);
    } else {
        http->counted = true;
        http->left = length;
    }
}

/* The head is over. */
static void head_ends(struct bot_http *http)
{
    if (http->status < 200) {
        http->state = STATE_STATUS; /* an interim one: the real one follows */
    } else if (http->status >= 300) {
        fail(http, BOT_STATUS);
    } else if (http->chunked && http->counted) {
        fail(http, BOT_NOT_HTTP);
    } else if (http->counted && http->left == 0) {
        body_ends(http);
    } else {
        http->state = http->chunked ? STATE_SIZE : STATE_BODY;
    }
}

static void take_field(struct bot_http *http)
{
    const char *length = field_value(http, "content-length:");
    const char *coding = field_value(http, "transfer-encoding:");
    if (http->line_bytes == 0) {
        head_ends(http);
    } else if (length != NULL && http->status >= 200 && http->status < 300) {
        take_length(http, length);
    } else if (coding != NULL) {
        http->chunked = line_end(http) - coding == 7 &&
                        holds(http, (size_t)(coding - http->line), "chunked");
        if (!http->chunked) {
            fail(http, BOT_NOT_HTTP);
        }
    }
}

/* The size of a chunk, in hexadecimal; what follows a ";" is of no interest. */
static void take_size(struct bot_http *http)
{
    uint32_t size = 0;
    size_t i = 0;
    for (; i < http->line_bytes && size <= CFG_BOT_BODY_BYTES; i++) {
        char c = small(http->line[i]);
        if (is_digit(c)) {
            size = size * 16 + (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            size = size * 16 + (uint32_t)(c - 'a') + 10;
        } else {
            break;
        }
    }
    bool ends = i == http->line_bytes || http->line[i] == ';' || http->line[i] == ' ';
    if (size > CFG_BOT_BODY_BYTES) {
        fail(http, BOT_LONG);
    } else if (i == 0 || !ends) {
        fail(http, BOT_NOT_HTTP);
    } else {
        http->left = size;
        http->state = size == 0 ? STATE_TRAILER : STATE_CHUNK;
    }
}

static void take_line(struct bot_http *http)
{
    enum http_state state = (enum http_state)http->state;
    if (http->line_bytes > 0 && http->line[http->line_bytes - 1] == '\r') {
        http->line_bytes--;
    }
    if (state == STATE_STATUS) {
        take_status(http);
    } else if (state == STATE_FIELD) {
        take_field(http);
    } else if (state == STATE_SIZE) {
        take_size(http);
    } else if (state == STATE_CHUNK_END) {
        http->state = STATE_SIZE;
        if (http->line_bytes > 0) {
            fail(http, BOT_NOT_HTTP);
        }
    } else if (http->line_bytes == 0) {
        body_ends(http);
    }
    http->line_bytes = 0;
}

/* ---- Bytes --------------------------------------------------------------------------------- */

static void take_body(struct bot_http *http, uint8_t byte)
{
    if (json_read_feed(&http->json, byte) != JSON_FINE) {
        fail(http, BOT_NOT_JSON);
        return;
    }
    if (!http->counted && !http->chunked) {
        return;
    }
    http->left--;
    if (http->left == 0 && http->chunked) {
        http->state = STATE_CHUNK_END;
    } else if (http->left == 0) {
        body_ends(http);
    }
}

bool bot_http_feed(struct bot_http *http, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n && http->state != STATE_OVER; i++) {
        http->taken++;
        if (http->taken > CFG_BOT_BODY_BYTES) {
            fail(http, BOT_LONG);
        } else if (http->state >= STATE_BODY) {
            take_body(http, bytes[i]);
        } else if (bytes[i] == '\n') {
            take_line(http);
        } else if (http->line_bytes < sizeof http->line) {
            http->line[http->line_bytes] = (char)bytes[i];
            http->line_bytes++;
        }
    }
    return http->state != STATE_OVER;
}

void bot_http_end(struct bot_http *http)
{
    if (http->state == STATE_BODY && !http->counted) {
        body_ends(http);
    } else if (http->state != STATE_OVER) {
        fail(http, BOT_BROKEN);
    }
}
