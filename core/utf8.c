/* SPDX-License-Identifier: MIT */
/* UTF-8 read strictly, and made safe to show. */
#include "core/utf8.h"

#include <string.h>

/* Which second bytes follow a lead byte (RFC 3629 section 4): where overlong forms, surrogates and
 * what is above U+10FFFF fall away. */
struct lead {
    uint8_t first;
    uint8_t last;
    uint8_t length;
    uint8_t second_low;
    uint8_t second_high;
};

static const struct lead leads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF},
    {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F},
    {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF},
    {0xF4, 0xF4, 4, 0x80, 0x8F}
};

static const struct lead *find_lead(uint8_t byte)
{
    size_t i;

    for (i = 0; i < COUNT_OF(leads); i++) {
        if (byte >= leads[i].first && byte <= leads[i].last) {
            return &leads[i];
        }
    }
    return NULL;
}

size_t utf8_decode(const uint8_t *bytes, size_t n, uint32_t *code)
{
    const struct lead *lead;
    uint32_t value;
    size_t i;

    CHECK(n > 0);
    *code = bytes[0];
    if (bytes[0] < 0x80) {
        return 1;
    }
    *code = UTF8_INVALID;
    lead = find_lead(bytes[0]);
    if (lead == NULL) {
        return 1;
    }
    value = bytes[0] & (0xFFu >> (lead->length + 1));
    for (i = 1; i < lead->length; i++) {
        uint8_t low = i == 1 ? lead->second_low : 0x80;
        uint8_t high = i == 1 ? lead->second_high : 0xBF;

        if (i == n || bytes[i] < low || bytes[i] > high) {
            return i;
        }
        value = value << 6 | (bytes[i] & 0x3Fu);
    }
    *code = value;
    return i;
}

bool utf8_is_safe(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code > 0x10FFFF) {
        return false;
    }
    return !(code >= 0x202A && code <= 0x202E) && !(code >= 0x2066 && code <= 0x2069);
}

size_t utf8_make_safe(uint8_t *bytes, size_t n)
{
    size_t from = 0;
    size_t to = 0;

    while (from < n) {
        uint32_t code;
        size_t length = utf8_decode(bytes + from, n - from, &code);

        if (code == '\t') {
            bytes[to] = ' ';
            to++;
        } else if (!utf8_is_safe(code)) {
            bytes[to] = '?';
            to++;
        } else {
            memmove(bytes + to, bytes + from, length);
            to += length;
        }
        from += length;
    }
    CHECK(to <= n);
    return to;
}

bool utf8_is_valid(const uint8_t *bytes, size_t n)
{
    uint32_t code = 0;

    for (size_t i = 0; i < n && code != UTF8_INVALID;) {
        i += utf8_decode(bytes + i, n - i, &code);
    }
    return code != UTF8_INVALID;
}

size_t utf8_cut(const uint8_t *bytes, size_t n)
{
    size_t back;

    for (back = 1; back <= 3 && back <= n; back++) {
        const struct lead *lead = find_lead(bytes[n - back]);

        if (lead != NULL) {
            return lead->length > back ? n - back : n;
        }
        if ((bytes[n - back] & 0xC0) != 0x80) {
            return n;
        }
    }
    return n;
}
