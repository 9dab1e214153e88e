/* SPDX-License-Identifier: MIT */
/* The chunked coding: right bodies in every split, and everything that is none. */
#include "apps/get/get_chunk.h"

#include <string.h>

#include "tests/check.h"

/* Decodes n bytes given in pieces of `piece`; returns the last event, and what came out. */
static enum get_chunk_event decode(const char *bytes, size_t n, size_t piece, char *out,
                                   size_t *out_bytes, size_t *used)
{
    struct get_chunk chunk;
    enum get_chunk_event event = GET_CHUNK_MORE;
    size_t at = 0;
    *out_bytes = 0;
    get_chunk_begin(&chunk);
    for (size_t begin = 0; begin < n; begin += piece) {
        size_t end = begin + piece < n ? begin + piece : n;
        while (at < end && event != GET_CHUNK_END && event != GET_CHUNK_FAULT) {
            if (event == GET_CHUNK_DATA) {
                size_t take = end - at < chunk.left ? end - at : (size_t)chunk.left;
                memcpy(out + *out_bytes, bytes + at, take);
                *out_bytes += take;
                at += take;
                get_chunk_skip(&chunk, take);
                event = chunk.left > 0 ? GET_CHUNK_DATA : GET_CHUNK_MORE;
            } else {
                event = get_chunk_feed(&chunk, (uint8_t)bytes[at]);
                at++;
            }
        }
    }
    *used = at;
    return event;
}

static const struct {
    const char *text;
    const char *data;
    enum get_chunk_event event;
} rows[] = {
    {"0\r\n\r\n", "", GET_CHUNK_END},
    {"000\r\n\r\n", "", GET_CHUNK_END},
    {"5\r\nhello\r\n0\r\n\r\n", "hello", GET_CHUNK_END},
    {"5;a=b\r\nhello\r\n0;x=\"y\"\r\n\r\n", "hello", GET_CHUNK_END},
    {"5  \r\nhello\r\n0\r\n\r\n", "hello", GET_CHUNK_END},
    {"5\t;\xc3\xa9\r\nhello\r\n0\r\n\r\n", "hello", GET_CHUNK_END},
    {"a\r\n0123456789\r\nA\r\n\r\n\r\n456789\r\n0\r\n\r\n", "0123456789\r\n\r\n456789",
     GET_CHUNK_END},
    {"00000000000000a\r\n0123456789\r\n0\r\n\r\n", "0123456789", GET_CHUNK_END},
    {"9\r\n012345678\r\nf\r\n0123456789abcde\r\nF;\r\nfedcba987654321\r\n0\r\n\r\n",
     "0123456780123456789abcdefedcba987654321", GET_CHUNK_END},
    {"1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", "x", GET_CHUNK_END},
    {"1\r\nx\r\n", "x", GET_CHUNK_MORE},
    {"1\r\nx\r\n0\r\n", "x", GET_CHUNK_MORE},
    {"5\r\nhel", "hel", GET_CHUNK_DATA},
    {"", "", GET_CHUNK_MORE},
    {"\r\n", "", GET_CHUNK_FAULT},
    {";a\r\n", "", GET_CHUNK_FAULT},
    {" 5\r\nhello", "", GET_CHUNK_FAULT},
    {"-5\r\nhello", "", GET_CHUNK_FAULT},
    {"+5\r\nhello", "", GET_CHUNK_FAULT},
    {"0x5\r\nhello", "", GET_CHUNK_FAULT},
    {"g\r\n", "", GET_CHUNK_FAULT},
    {"5\nhello", "", GET_CHUNK_FAULT},
    {"5\r\rhello", "", GET_CHUNK_FAULT},
    {"5;\n", "", GET_CHUNK_FAULT},
    {"5;a\x01\r\n", "", GET_CHUNK_FAULT},
    {"5\r\nhello!\r\n", "hello", GET_CHUNK_FAULT},
    {"5\r\nhello\n0\r\n\r\n", "hello", GET_CHUNK_FAULT},
    {"5\r\nhello\r0\r\n\r\n", "hello", GET_CHUNK_FAULT},
    {"5\r\nhello\r\n\r\n", "hello", GET_CHUNK_FAULT},
    {"0\r\nA: \x01\r\n\r\n", "", GET_CHUNK_FAULT},
    {"0\r\nA\n\r\n", "", GET_CHUNK_FAULT},
    {"0\r\nA\r\r\n", "", GET_CHUNK_FAULT},
    {"0\r\n\n", "", GET_CHUNK_FAULT},
    {"0\r\n\rx", "", GET_CHUNK_FAULT},
    {"8000000000000000\r\n", "", GET_CHUNK_FAULT},
    {"ffffffffffffffff\r\n", "", GET_CHUNK_FAULT},
    {"10000000000000000\r\n", "", GET_CHUNK_FAULT},
    {"00000000000000005\r\nhello", "", GET_CHUNK_FAULT},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = strlen(rows[i].text);
        for (size_t piece = 1; piece <= n + 1; piece++) {
            char out[64];
            size_t out_bytes = 0;
            size_t used = 0;
            enum get_chunk_event event = decode(rows[i].text, n, piece, out, &out_bytes, &used);
            bool right = event == rows[i].event && out_bytes == strlen(rows[i].data) &&
                         memcmp(out, rows[i].data, out_bytes) == 0 &&
                         (event == GET_CHUNK_FAULT || used == n);
            if (!right) {
                printf("row %zu, pieces of %zu: event %d, %zu bytes\n", i, piece, (int)event,
                       out_bytes);
            }
            EXPECT(right);
        }
    }
}

/* What stands beside the data is bounded: an extension, a trailer. */
static void test_endless(void)
{
    static const char *const begins[] = {"5;", "0\r\nA", "0\r\n"};
    static const char *const pieces[] = {"x", "x", "A: b\r\n"};
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct get_chunk chunk;
        enum get_chunk_event event = GET_CHUNK_MORE;
        unsigned fed = 0;
        get_chunk_begin(&chunk);
        for (const char *at = begins[i]; *at != '\0'; at++) {
            event = get_chunk_feed(&chunk, (uint8_t)*at);
            fed++;
        }
        while (event == GET_CHUNK_MORE && fed < 3 * CFG_GET_CHUNK_LINE_BYTES) {
            for (const char *at = pieces[i]; *at != '\0' && event == GET_CHUNK_MORE; at++) {
                event = get_chunk_feed(&chunk, (uint8_t)*at);
                fed++;
            }
        }
        EXPECT(event == GET_CHUNK_FAULT && fed == CFG_GET_CHUNK_LINE_BYTES + 1);
    }
}

/* The bound is one for each chunk, however many there are. */
static void test_many(void)
{
    struct get_chunk chunk;
    enum get_chunk_event event = GET_CHUNK_MORE;
    unsigned fed = 0;
    get_chunk_begin(&chunk);
    for (unsigned i = 0; i < CFG_GET_CHUNK_LINE_BYTES; i++) {
        EXPECT(get_chunk_feed(&chunk, '1') == GET_CHUNK_MORE);
        EXPECT(get_chunk_feed(&chunk, '\r') == GET_CHUNK_MORE);
        EXPECT(get_chunk_feed(&chunk, '\n') == GET_CHUNK_DATA);
        get_chunk_skip(&chunk, 1);
        EXPECT(get_chunk_feed(&chunk, '\r') == GET_CHUNK_MORE);
        EXPECT(get_chunk_feed(&chunk, '\n') == GET_CHUNK_MORE);
    }
    for (const char *at = "1;"; event == GET_CHUNK_MORE; at += at[1] != '\0' ? 1 : 0) {
        event = get_chunk_feed(&chunk, (uint8_t)*at);
        fed++;
    }
    EXPECT(event == GET_CHUNK_FAULT && fed == CFG_GET_CHUNK_LINE_BYTES + 1 - 2);
}

/* The largest chunk there can be, and data beyond 4 GB. */
static void test_large(void)
{
    struct get_chunk chunk;
    enum get_chunk_event event = GET_CHUNK_MORE;
    get_chunk_begin(&chunk);
    for (const char *at = "7fffffffffffffff\r\n"; *at != '\0'; at++) {
        event = get_chunk_feed(&chunk, (uint8_t)*at);
    }
    EXPECT(event == GET_CHUNK_DATA && chunk.left == INT64_MAX);
    get_chunk_skip(&chunk, UINT64_C(5000000000));
    EXPECT(chunk.left == INT64_MAX - UINT64_C(5000000000));
    get_chunk_skip(&chunk, chunk.left);
    EXPECT(get_chunk_feed(&chunk, '\r') == GET_CHUNK_MORE);
    EXPECT(get_chunk_feed(&chunk, '\n') == GET_CHUNK_MORE);
    EXPECT(get_chunk_feed(&chunk, '0') == GET_CHUNK_MORE);
}

int main(void)
{
    test_rows();
    test_endless();
    test_many();
    test_large();
    return check_report("get_chunk");
}
