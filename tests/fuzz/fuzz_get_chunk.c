/* SPDX-License-Identifier: MIT */
/*
 * get's chunked coding, in both directions: a body as it comes against a model that sees all of it;
 * and a body that was put together right comes out as it went in.
 *
 * Input: a byte; if it is even, the body as it comes, else for each chunk a byte for its length and
 * form, and its data.
 */
#include "apps/get/get_chunk.h"

#include <string.h>

#include "core/text.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 2000 };

struct body {
    enum get_chunk_event event; /* the last */
    size_t taken;
    size_t n;
    uint8_t bytes[BYTES_MAX];
};

/* `step`: at most so many bytes of data are taken at a time. */
static void decode(const uint8_t *bytes, size_t n, size_t step, struct body *body)
{
    struct get_chunk chunk;
    get_chunk_begin(&chunk);
    memset(body, 0, offsetof(struct body, bytes));
    while (body->taken < n && (body->event == GET_CHUNK_MORE || body->event == GET_CHUNK_DATA)) {
        if (body->event == GET_CHUNK_DATA && chunk.left > 0) {
            size_t part = n - body->taken < step ? n - body->taken : step;
            part = chunk.left < part ? (size_t)chunk.left : part;
            memcpy(body->bytes + body->n, bytes + body->taken, part);
            body->n += part;
            body->taken += part;
            get_chunk_skip(&chunk, part);
            continue;
        }
        body->event = get_chunk_feed(&chunk, bytes[body->taken]);
        body->taken++;
        REQUIRE(body->event != GET_CHUNK_DATA || (chunk.left > 0 && chunk.left <= INT64_MAX));
    }
}

/* ---- The model: RFC 9112 section 7.1, on lines ---------------------------------------------- */

/* The place behind the CR LF that ends the line; 0: there is none, or what is no line. */
static size_t line_end(const uint8_t *bytes, size_t n, size_t at)
{
    for (; at + 1 < n; at++) {
        if (bytes[at] == '\r') {
            return bytes[at + 1] == '\n' ? at + 2 : 0;
        }
        if ((bytes[at] < ' ' && bytes[at] != '\t') || bytes[at] == 0x7f) {
            return 0;
        }
    }
    return 0;
}

static size_t hex_value(uint8_t byte)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = byte == 0 ? NULL : strchr(digits, byte);
    return at == NULL ? 16 : (size_t)(at - digits) % 16;
}

/* Reads a line of a size; returns the place behind it, 0: it is none. */
static size_t size_line(const uint8_t *bytes, size_t n, size_t at, uint64_t *size)
{
    size_t digits = 0;
    size_t end = line_end(bytes, n, at);
    *size = 0;
    while (at < n && hex_value(bytes[at]) < 16) {
        if (*size > (uint64_t)INT64_MAX >> 4) {
            return 0;
        }
        *size = *size * 16 + hex_value(bytes[at]);
        at++;
        digits++;
    }
    bool right = digits > 0 && digits <= 16 && at < n &&
                 (bytes[at] == ';' || bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r');
    return right ? end : 0;
}

/* Where the body ends, with its data in `body`; 0: nowhere in these bytes. */
static size_t model(const uint8_t *bytes, size_t n, struct body *body)
{
    size_t at = 0;
    size_t aside = 0; /* bytes of framing since the last data */
    body->n = 0;
    for (;;) {
        uint64_t size = 0;
        size_t begin = at;
        at = size_line(bytes, n, at, &size);
        if (at == 0 || aside + (at - begin) > CFG_GET_CHUNK_LINE_BYTES) {
            return 0;
        }
        aside += at - begin;
        if (size == 0) {
            break;
        }
        if (size > n - at || n - at - (size_t)size < 2 || bytes[at + size] != '\r' ||
            bytes[at + size + 1] != '\n') {
            return 0;
        }
        memcpy(body->bytes + body->n, bytes + at, (size_t)size);
        body->n += (size_t)size;
        at += (size_t)size + 2;
        aside = 2;
    }
    for (;;) {
        size_t end = line_end(bytes, n, at);
        if (end == 0 || aside + (end - at) > CFG_GET_CHUNK_LINE_BYTES) {
            return 0;
        }
        aside += end - at;
        if (end - at == 2) {
            return end;
        }
        at = end;
    }
}

static void check_given(const uint8_t *bytes, size_t n)
{
    static struct body body;
    static struct body again;
    static struct body expected;
    decode(bytes, n, BYTES_MAX, &body);
    size_t end = model(bytes, n, &expected);
    REQUIRE((body.event == GET_CHUNK_END) == (end > 0));
    if (end > 0) {
        REQUIRE(body.taken == end && body.n == expected.n);
        REQUIRE(memcmp(body.bytes, expected.bytes, body.n) == 0);
    }
    decode(bytes, n, 1, &again);
    REQUIRE(again.event == body.event && again.taken == body.taken && again.n == body.n);
    REQUIRE(memcmp(again.bytes, body.bytes, body.n) == 0);
}

/* ---- The other way ------------------------------------------------------------------------- */

static void put_hex(struct text *text, size_t number, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    if (number > 15) {
        text_put_char(text, digits[number >> 4 & 15]);
    }
    text_put_char(text, digits[number & 15]);
}

static void check_made(struct fuzz_input *input)
{
    static const char *const ends[] = {"\r\n", ";a=b\r\n", " ;\"x\ty\"\r\n", "\t\r\n"};
    static struct body body;
    static char bytes[BYTES_MAX];
    static uint8_t data[BYTES_MAX];
    size_t data_n = 0;
    struct text text;
    text_begin(&text, bytes, sizeof bytes - 40);
    while (input->n > 0 && text.n < BYTES_MAX - 400) {
        size_t n = 0;
        uint8_t form = fuzz_byte(input);
        const uint8_t *chunk = fuzz_bytes(input, 1 + (size_t)form % 60, &n);
        if (n > 0) {
            text_put(&text, form & 0x40 ? "00" : "");
            put_hex(&text, n, form >= 0x80);
            text_put(&text, ends[form >> 4 & 3]);
            text_put_bytes(&text, (const char *)chunk, n);
            text_put(&text, "\r\n");
            memcpy(data + data_n, chunk, n);
            data_n += n;
        }
    }
    text_put(&text, "0\r\nx: y\r\n\r\n");
    REQUIRE(!text.cut);
    decode((const uint8_t *)bytes, text.n, 7, &body);
    REQUIRE(body.event == GET_CHUNK_END && body.taken == text.n);
    REQUIRE(body.n == data_n && memcmp(body.bytes, data, data_n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    if (fuzz_byte(&input) % 2 == 1) {
        check_made(&input);
    } else {
        const uint8_t *given = fuzz_bytes(&input, BYTES_MAX, &n);
        check_given(fuzz_copy(0, given, n), n);
    }
    return 0;
}
