/* SPDX-License-Identifier: MIT */
/*
 * What get keeps of an unfinished download, and the Content-Range of an answer: what is read fits,
 * and what is written is read again as the same.
 *
 * Input: a byte; 0, modulo 3: a tag of the URL below; 1: the validator of one that is written; 2: a
 * Content-Range.
 */
#include "apps/get/get_tag.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

static const char url[] = "http://a/b";
enum { URL_BYTES = sizeof url - 1, TAG_MAX = URL_BYTES + CFG_GET_VALIDATOR_BYTES + 64 };

static bool same(const struct get_tag *a, const struct get_tag *b)
{
    return a->size == b->size && a->validator_bytes == b->validator_bytes &&
           memcmp(a->validator, b->validator, a->validator_bytes) == 0;
}

/* Writes it and reads it again. */
static bool survives(const struct get_tag *tag)
{
    char bytes[TAG_MAX];
    struct text text;
    struct get_tag again;
    text_begin(&text, bytes, sizeof bytes);
    get_tag_put(&text, url, URL_BYTES, tag);
    REQUIRE(!text.cut);
    const char *copy = (const char *)fuzz_copy(1, bytes, text.n);
    bool right = get_tag_read(copy, text.n, url, URL_BYTES, &again);
    REQUIRE(!right || same(tag, &again));
    REQUIRE(!get_tag_read(copy, text.n - 1, url, URL_BYTES, &again)); /* cut anywhere it is none */
    REQUIRE(!get_tag_read(copy, text.n, url, URL_BYTES - 1, &again)); /* nor of another URL */
    return right;
}

static void check_given(const char *bytes, size_t n)
{
    struct get_tag tag;
    if (!get_tag_read(bytes, n, url, URL_BYTES, &tag)) {
        return;
    }
    REQUIRE(tag.size <= GET_SIZE_MAX || tag.size == GET_SIZE_UNKNOWN);
    REQUIRE(tag.validator_bytes >= 2 && tag.validator_bytes <= CFG_GET_VALIDATOR_BYTES);
    for (size_t i = 0; i < tag.validator_bytes; i++) {
        REQUIRE((uint8_t)tag.validator[i] >= ' ' && tag.validator[i] != 0x7f);
    }
    REQUIRE(survives(&tag));
}

static void check_made(const uint8_t *bytes, size_t n)
{
    struct get_tag tag;
    bool right = true;
    n = n + 2 <= CFG_GET_VALIDATOR_BYTES ? n : CFG_GET_VALIDATOR_BYTES - 2u;
    memset(&tag, 0, sizeof tag);
    tag.size = n > 8 ? bytes[0] : GET_SIZE_UNKNOWN;
    tag.validator[0] = '"';
    for (size_t i = 0; i < n; i++) {
        right = right && bytes[i] >= ' ' && bytes[i] != 0x7f;
        tag.validator[1 + i] = (char)bytes[i];
    }
    tag.validator[1 + n] = '"';
    tag.validator_bytes = (uint16_t)(n + 2);
    REQUIRE(survives(&tag) == right);
}

/* "bytes 0-99/1000", as one who prints it would compare it. */
static void check_range(const char *bytes, size_t n)
{
    struct get_range range;
    char expected[80];
    struct text text;
    if (!get_range_read(bytes, n, &range)) {
        return;
    }
    REQUIRE(range.size <= GET_SIZE_MAX || (range.size == GET_SIZE_UNKNOWN && range.satisfied));
    REQUIRE(!range.satisfied || (range.first <= range.last && range.last < range.size));
    REQUIRE(range.satisfied || (range.first == 0 && range.last == 0));
    text_begin(&text, expected, sizeof expected);
    text_put(&text, "bytes ");
    if (range.satisfied) {
        text_put_number(&text, range.first);
        text_put_char(&text, '-');
        text_put_number(&text, range.last);
    } else {
        text_put_char(&text, '*');
    }
    text_put_char(&text, '/');
    if (range.size == GET_SIZE_UNKNOWN) {
        text_put_char(&text, '*');
    } else {
        text_put_number(&text, range.size);
    }
    REQUIRE(!text.cut && text.n <= n); /* it may have had zeros in front of its numbers */
    REQUIRE(text.n < n || memcmp(bytes + 6, expected + 6, n - 6) == 0);
    struct get_range again;
    REQUIRE(get_range_read(expected, text.n, &again));
    REQUIRE(again.first == range.first && again.last == range.last && again.size == range.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    unsigned what = fuzz_byte(&input) % 3u;
    const uint8_t *given = fuzz_bytes(&input, 400, &n);
    uint8_t *copy = fuzz_copy(0, given, n);
    if (what == 0) {
        check_given((const char *)copy, n);
    } else if (what == 1) {
        check_made(copy, n);
    } else {
        check_range((const char *)copy, n);
    }
    return 0;
}
