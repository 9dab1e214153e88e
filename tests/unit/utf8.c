/* SPDX-License-Identifier: MIT */
/* core/utf8: exhaustive over bytes, pairs and three-byte leads; hazard 90. */
#include "core/utf8.h"

#include <string.h>

#include "tests/check.h"

/* The expected: written from RFC 3629 by arithmetic, not by tables. Encodes `code`; 0 if it is no
 * character. */
static size_t encode(uint32_t code, uint8_t *bytes)
{
    if (code < 0x80) {
        bytes[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (uint8_t)(0xC0 | code >> 6);
        bytes[1] = (uint8_t)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code >= 0xD800 && code <= 0xDFFF) {
        return 0;
    }
    if (code < 0x10000) {
        bytes[0] = (uint8_t)(0xE0 | code >> 12);
        bytes[1] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
        bytes[2] = (uint8_t)(0x80 | (code & 0x3F));
        return 3;
    }
    if (code > 0x10FFFF) {
        return 0;
    }
    bytes[0] = (uint8_t)(0xF0 | code >> 18);
    bytes[1] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
    bytes[2] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
    bytes[3] = (uint8_t)(0x80 | (code & 0x3F));
    return 4;
}

static bool may_pass(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7F && code <= 0x9F);
    bool turning = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
    return !control && !turning;
}

/* Whether n bytes are characters that may pass, each in the only right form, and nothing else. */
static bool is_clean(const uint8_t *bytes, size_t n)
{
    uint8_t again[4];
    size_t at = 0;
    while (at < n) {
        uint32_t code = bytes[at];
        size_t length = 1;
        if (bytes[at] >= 0xC0) {
            length = bytes[at] >= 0xF0 ? 4 : bytes[at] >= 0xE0 ? 3 : 2;
            code = bytes[at] & (0x7Fu >> length);
            for (size_t i = 1; i < length; i++) {
                code = code << 6 | (at + i < n ? bytes[at + i] & 0x3Fu : 0);
            }
        }
        if (at + length > n || !may_pass(code) || encode(code, again) != length ||
            memcmp(again, bytes + at, length) != 0) {
            return false;
        }
        at += length;
    }
    return true;
}

static void test_every_character(void)
{
    unsigned wrong = 0;
    for (uint32_t code = 0; code < 0x110400; code++) {
        uint8_t bytes[8];
        uint32_t got;
        size_t n = encode(code, bytes);
        if (n == 0) {
            continue;
        }
        wrong += utf8_decode(bytes, n, &got) != n || got != code ? 1 : 0;
        wrong += utf8_is_safe(code) != may_pass(code) ? 1 : 0;
        size_t safe = utf8_make_safe(bytes, n);
        if (code == '\t') {
            wrong += safe != 1 || bytes[0] != ' ' ? 1 : 0;
        } else if (may_pass(code)) {
            uint8_t same[4];
            wrong += safe != n || encode(code, same) != n || memcmp(same, bytes, n) != 0 ? 1 : 0;
        } else {
            wrong += safe != 1 || bytes[0] != '?' ? 1 : 0;
        }
    }
    EXPECT(wrong == 0);
}

/* Every string of `length` bytes with these first ones: clean after, and clean before stays. */
static unsigned count_wrong(const uint8_t *bytes, size_t n)
{
    uint8_t safe[8];
    memcpy(safe, bytes, n);
    size_t safe_bytes = utf8_make_safe(safe, n);
    unsigned wrong = safe_bytes > n || safe_bytes == 0 || !is_clean(safe, safe_bytes) ? 1 : 0;
    if (is_clean(bytes, n)) {
        wrong += safe_bytes != n || memcmp(safe, bytes, n) != 0 ? 1 : 0;
    } else if (safe_bytes == n) {
        wrong += memcmp(safe, bytes, n) == 0 ? 1 : 0;
    }
    return wrong;
}

static void test_every_short_string(void)
{
    uint8_t bytes[4];
    unsigned wrong = 0;
    for (unsigned a = 0; a < 256; a++) {
        bytes[0] = (uint8_t)a;
        wrong += count_wrong(bytes, 1);
        for (unsigned b = 0; b < 256; b++) {
            bytes[1] = (uint8_t)b;
            wrong += count_wrong(bytes, 2);
            for (unsigned c = 0; c < 256 && a >= 0xC0; c++) {
                bytes[2] = (uint8_t)c;
                wrong += count_wrong(bytes, 3);
            }
        }
    }
    EXPECT(wrong == 0);
}

/* Four-byte leads, with third and fourth bytes at the edges of what they may be. */
static void test_four_bytes(void)
{
    static const uint8_t edges[] = {0x00, 0x20, 0x7F, 0x80, 0x8F, 0x90,
                                    0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    uint8_t bytes[4];
    unsigned wrong = 0;
    for (unsigned a = 0xE0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            for (size_t c = 0; c < sizeof edges * sizeof edges; c++) {
                bytes[0] = (uint8_t)a;
                bytes[1] = (uint8_t)b;
                bytes[2] = edges[c / sizeof edges];
                bytes[3] = edges[c % sizeof edges];
                wrong += count_wrong(bytes, 4);
            }
        }
    }
    EXPECT(wrong == 0);
}

struct row {
    const char *dirty;
    const char *clean;
};

static const struct row rows[] = {
    {"plain", "plain"},
    {"tab\tbed", "tab bed"},
    {"\x1B[31mred\x1B[0m", "?[31mred?[0m"},
    {"\x7F\x01\x1F", "???"},
    {"\x9B" "31m", "?31m"},
    {"\xC2\x9B" "31m", "?31m"},
    {"\xE2\x80\xAE" "gnp.exe", "?gnp.exe"},
    {"\xE2\x81\xA6x\xE2\x81\xA9", "?x?"},
    {"\xC0\xAF", "??"},
    {"\xE0\x80\xAF", "???"},
    {"\xED\xA0\x80", "???"},
    {"\xF4\x90\x80\x80", "????"},
    {"\xE2\x82", "?"},
    {"\xE2\x82\xAC", "\xE2\x82\xAC"},
    {"\xE2\x82x", "?x"},
    {"\xF0\x9F\x98\x80!", "\xF0\x9F\x98\x80!"},
    {"\xF0\x9F\x98", "?"},
    {"\xC4\xE3\xBA\xC3", "???"},
    {"\xC2\xA0", "\xC2\xA0"}
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t bytes[32];
        size_t n = strlen(rows[i].dirty);
        memcpy(bytes, rows[i].dirty, n);
        size_t safe = utf8_make_safe(bytes, n);
        bool right = safe == strlen(rows[i].clean) && memcmp(bytes, rows[i].clean, safe) == 0;
        EXPECT(right);
        if (!right) {
            printf("row %u: %.*s\n", (unsigned)i, (int)safe, (const char *)bytes);
        }
    }
}

/* A text cut anywhere loses the broken character and nothing else. */
static void test_cut(void)
{
    static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
    static const size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    const uint8_t *bytes = (const uint8_t *)text;
    for (size_t n = 0; n < COUNT_OF(whole); n++) {
        EXPECT(utf8_cut(bytes, n) == whole[n]);
    }
    EXPECT(utf8_cut((const uint8_t *)"\x80\x80\x80\x80", 4) == 4);
    EXPECT(utf8_cut((const uint8_t *)"ab\xFF", 3) == 3);
}

static void test_valid(void)
{
    const uint8_t *text = (const uint8_t *)"a\xe4\xb8\xad\x1b\xc2\x80\xf0\x9f\x98\x80";
    for (size_t n = 0; n <= 11; n++) {
        bool whole = n <= 1 || n == 4 || n == 5 || n == 7 || n == 11;
        EXPECT(utf8_is_valid(text, n) == whole);
    }
    EXPECT(!utf8_is_valid((const uint8_t *)"\xd6\xd0", 2));
    EXPECT(!utf8_is_valid((const uint8_t *)"\xd6\xd0 and more", 11));
}

int main(void)
{
    test_every_character();
    test_every_short_string();
    test_four_bytes();
    test_rows();
    test_cut();
    test_valid();
    return check_report("utf8");
}
