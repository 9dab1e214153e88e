/* SPDX-License-Identifier: MIT */
/*
 * file-get's Range, against a model that compares positions as strings of digits.
 *
 * Input: 8 bytes, the size of the file; the value of the field.
 */
#include <string.h>

#include "apps/fileget/http_head.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

enum { VALUE_MAX = CFG_FILEGET_FIELD_BYTES };

/* A run of digits; what does not fit into 64 bits is the largest number. */
static uint64_t position(const char *digits, size_t n)
{
    char limit[20];
    struct text text;
    uint64_t value = 0;
    text_begin(&text, limit, sizeof limit);
    text_put_number(&text, UINT64_MAX);
    while (n > 1 && digits[0] == '0') {
        digits++;
        n--;
    }
    if (n > text.n || (n == text.n && memcmp(digits, limit, n) > 0)) {
        return UINT64_MAX;
    }
    for (size_t i = 0; i < n; i++) {
        value = value * 10 + (unsigned)(digits[i] - '0');
    }
    return value;
}

static bool all_digits(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return false;
        }
    }
    return true;
}

struct model {
    enum http_status status;
    uint64_t first;
    uint64_t end;
};

static struct model whole(uint64_t size)
{
    struct model model = {HTTP_OK, 0, size};
    return model;
}

/* RFC 9110 section 14.1.2 and 14.2, with what is not understood ignored. */
static struct model model_of(const char *value, size_t n, uint64_t size)
{
    static const char unit[] = "bytes=";
    struct model model = whole(size);
    size_t unit_n = sizeof unit - 1;
    for (size_t i = 0; i < unit_n; i++) {
        if (i >= n || (value[i] != unit[i] && (value[i] < 'A' || value[i] > 'Z' ||
                                               (value[i] | 0x20) != unit[i]))) {
            return model;
        }
    }
    value += unit_n;
    n -= unit_n;
    const char *dash = n == 0 ? NULL : memchr(value, '-', n);
    if (dash == NULL) {
        return model;
    }
    size_t left = (size_t)(dash - value);
    size_t right = n - left - 1;
    if (!all_digits(value, left) || !all_digits(dash + 1, right) || left + right == 0) {
        return model;
    }
    uint64_t last = right > 0 ? position(dash + 1, right) : UINT64_MAX;
    model.first = left > 0 ? position(value, left) : 0;
    if (left > 0 && right > 0 && last < model.first) {
        return whole(size);
    }
    if (left == 0 && last > 0 && size == 0) {
        return model; /* all of nothing */
    }
    model.status = left == 0 ? (last == 0 ? HTTP_RANGE_NOT_SATISFIABLE : HTTP_PARTIAL)
                             : (model.first < size ? HTTP_PARTIAL : HTTP_RANGE_NOT_SATISFIABLE);
    if (left == 0) {
        model.first = last < size ? size - last : 0;
    } else {
        model.end = last < size ? last + 1 : size;
    }
    return model;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    struct http_head head;
    uint64_t size = fuzz_number(&input, 8);
    const uint8_t *value = fuzz_bytes(&input, VALUE_MAX, &n);
    value = fuzz_copy(0, value, n);
    struct model model = model_of((const char *)value, n, size);
    http_head_begin(&head, 0);
    http_range_read(&head, (const char *)value, n);
    head.facts |= HTTP_RANGE;
    struct http_head other = head;

    enum http_status status = http_head_range(&head, size, true);
    REQUIRE(status == model.status);
    if (status == HTTP_RANGE_NOT_SATISFIABLE) {
        return 0;
    }
    REQUIRE(head.range_first == model.first && head.range_end == model.end);
    REQUIRE(head.range_first <= head.range_end && head.range_end <= size);
    REQUIRE(status == HTTP_OK || head.range_first < head.range_end);

    REQUIRE(http_head_range(&other, size, false) == HTTP_OK); /* nobody asks for a part */
    REQUIRE(other.range_first == 0 && other.range_end == size);
    return 0;
}
