/* SPDX-License-Identifier: MIT */
/*
 * The answer of a JSON service, as chat's bot reads it: how it went does not depend on how it was
 * split; and an answer that was put together right is understood, whatever its form.
 *
 * Input: a byte; if it is even: 8 bytes, the lengths of pieces in turn, and the answer as it comes;
 * else a byte for its form, and the text that is to be found in it.
 */
#include "apps/chat/bot_http.h"

#include <string.h>

#include "apps/chat/json_write.h"
#include "core/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 1000, OUT_MAX = 64, PIECES = 8 };

static const struct json_step path[] = {{"results", 0}, {NULL, 0}, {"text", 0}};

struct reading {
    struct bot_http http;
    char out[OUT_MAX + 1];
};

/* `pieces`: NULL, all in one. */
static void read_all(struct reading *reading, const uint8_t *bytes, size_t n,
                     const uint8_t *pieces)
{
    size_t at = 0;
    bool more = true;
    memset(reading, 0, sizeof *reading);
    bot_http_begin(&reading->http, path, COUNT_OF(path), reading->out, OUT_MAX);
    for (unsigned turn = 0; at < n && more; turn++) {
        size_t length = pieces == NULL ? n : 1 + (size_t)pieces[turn % PIECES] % 30;
        length = length < n - at ? length : n - at;
        more = bot_http_feed(&reading->http, fuzz_copy(1, bytes + at, length), length);
        at += length;
    }
    if (more) {
        bot_http_end(&reading->http);
    }
    REQUIRE(reading->out[OUT_MAX] == '\0' && reading->http.json.out_bytes <= OUT_MAX);
    REQUIRE(reading->http.failure <= BOT_LONG);
}

static void check_given(struct fuzz_input *input)
{
    static struct reading whole;
    static struct reading split;
    uint8_t pieces[PIECES] = {0};
    size_t n = 0;
    const uint8_t *given = fuzz_bytes(input, PIECES, &n);
    memcpy(pieces, given, n);
    given = fuzz_bytes(input, BYTES_MAX, &n);
    const uint8_t *copy = fuzz_copy(0, given, n);
    read_all(&whole, copy, n, NULL);
    read_all(&split, copy, n, pieces);
    REQUIRE(whole.http.failure == split.http.failure && whole.http.status == split.http.status);
    REQUIRE(whole.http.json.out_bytes == split.http.json.out_bytes);
    REQUIRE(memcmp(whole.out, split.out, sizeof whole.out) == 0);
    if (whole.http.failure == BOT_FINE) {
        size_t out_n = whole.http.json.out_bytes;
        REQUIRE(whole.http.status >= 200 && whole.http.status < 300 && whole.http.json.found);
        if (!whole.http.json.cut) {
            for (size_t at = 0; at < out_n;) {
                uint32_t code = 0;
                at += utf8_decode((const uint8_t *)whole.out + at, out_n - at, &code);
                REQUIRE(code != UTF8_INVALID);
            }
        }
    }
}

/* The body in chunks of these many bytes. */
static void put_chunks(struct text *text, const struct text *body, size_t step)
{
    for (size_t at = 0; at < body->n; at += step) {
        size_t n = body->n - at < step ? body->n - at : step;
        text_put_char(text, "0123456789abcdef"[n >> 4]);
        text_put_char(text, "0123456789abcdef"[n & 15]);
        text_put(text, "\r\n");
        text_put_bytes(text, body->bytes + at, n);
        text_put(text, "\r\n");
    }
    text_put(text, "0\r\n\r\n");
}

static void check_made(struct fuzz_input *input)
{
    static struct reading reading;
    static char body_bytes[400];
    static char bytes[4096];
    uint8_t form = fuzz_byte(input);
    size_t n = 0;
    struct text body;
    struct text text;
    const uint8_t *given = fuzz_bytes(input, 20, &n);
    text_begin(&body, body_bytes, sizeof body_bytes);
    text_put(&body, form & 1 ? "{\"results\":[{\"text\":"
                             : " { \"x\" : [ 1 ], \"results\" : [ {\"text\": ");
    json_write_string(&body, (const char *)given, n);
    text_put(&body, form & 2 ? "},{\"text\":\"no\"}]}" : "} ] , \"results\" : null } ");
    REQUIRE(!body.cut);
    text_begin(&text, bytes, sizeof bytes);
    text_put(&text, form & 4 ? "HTTP/1.1 100 Go on\r\n\r\n" : "");
    text_put(&text, "HTTP/1.1 200 OK\r\nX: y\r\n");
    if ((form & 24) == 0) {
        text_put(&text, "transfer-encoding:\t chunked\r\n\r\n");
        put_chunks(&text, &body, 1 + (size_t)(form >> 5) * 30);
    } else {
        text_put(&text, form & 8 ? "Content-Length: " : "");
        if (form & 8) {
            text_put_number(&text, body.n);
            text_put(&text, "\r\n");
        }
        text_put(&text, "\r\n");
        text_put_bytes(&text, body.bytes, body.n);
    }
    REQUIRE(!text.cut);
    read_all(&reading, (const uint8_t *)bytes, text.n, NULL);
    REQUIRE(reading.http.failure == (text.n > CFG_BOT_BODY_BYTES ? BOT_LONG : BOT_FINE));
    if (reading.http.failure == BOT_FINE && utf8_cut(given, n) == n) {
        uint32_t code = 0;
        REQUIRE(reading.http.json.found && !reading.http.json.cut);
        if (n > 0 && utf8_decode(given, n, &code) == n && code != UTF8_INVALID) {
            REQUIRE(reading.http.json.out_bytes == n && memcmp(reading.out, given, n) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    if (fuzz_byte(&input) % 2 == 0) {
        check_given(&input);
    } else {
        check_made(&input);
    }
    return 0;
}
