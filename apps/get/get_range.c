/* SPDX-License-Identifier: MIT */
/* The Content-Range of an answer. */
#include "apps/get/get_range.h"

#include <string.h>

#include "core/text.h"

/* Reads the number before `end`, which must be there; moves behind it. */
static bool number_read(const char **bytes, size_t *n, char end, uint64_t *number)
{
    const char *stop = memchr(*bytes, end, *n);
    if (stop == NULL) {
        return false;
    }
    size_t digits = (size_t)(stop - *bytes);
    bool right = text_read_number(*bytes, digits, (uint64_t)GET_SIZE_MAX, number);
    *bytes += digits + 1;
    *n -= digits + 1;
    return right;
}

bool get_range_read(const char *value, size_t n, struct get_range *range)
{
    static const char unit[] = "bytes ";
    const size_t unit_bytes = sizeof unit - 1;
    memset(range, 0, sizeof *range);
    range->size = GET_SIZE_UNKNOWN;
    if (n <= unit_bytes) {
        return false;
    }
    for (size_t i = 0; i < unit_bytes; i++) {
        char c = value[i] >= 'A' && value[i] <= 'Z' ? (char)(value[i] + ('a' - 'A')) : value[i];
        if (c != unit[i]) {
            return false;
        }
    }
    value += unit_bytes;
    n -= unit_bytes;
    if (n >= 2 && value[0] == '*' && value[1] == '/') {
        return text_read_number(value + 2, n - 2, (uint64_t)GET_SIZE_MAX, &range->size);
    }
    range->satisfied = true;
    if (!number_read(&value, &n, '-', &range->first) ||
        !number_read(&value, &n, '/', &range->last) || range->first > range->last) {
        return false;
    }
    if (n == 1 && value[0] == '*') {
        return true;
    }
    return text_read_number(value, n, (uint64_t)GET_SIZE_MAX, &range->size) &&
           range->last < range->size;
}
