/* SPDX-License-Identifier: MIT */
/* One range of bytes (RFC 9110 section 14). */
#include <string.h>

#include "apps/fileget/http_head.h"

/* Reads the digits at the front, any number of them; what 64 bits cannot hold is UINT64_MAX.
 * Returns how many there were. */
static size_t position_read(const char *bytes, size_t n, uint64_t *position)
{
    size_t i = 0;

    *position = 0;
    while (i < n && bytes[i] >= '0' && bytes[i] <= '9') {
        unsigned digit = (unsigned)(bytes[i] - '0');

        if (*position > UINT64_MAX / 10 || *position * 10 > UINT64_MAX - digit) {
            *position = UINT64_MAX;
        } else {
            *position = *position * 10 + digit;
        }
        i++;
    }
    return i;
}

void http_range_read(struct http_head *head, const char *value, size_t n)
{
    static const char unit[] = "bytes=";
    const size_t unit_bytes = sizeof unit - 1;
    size_t first_digits;
    size_t last_digits;

    head->facts |= HTTP_RANGE_BAD;
    if (n <= unit_bytes || !http_equal((const uint8_t *)value, unit_bytes, unit)) {
        return;
    }
    value += unit_bytes;
    n -= unit_bytes;
    first_digits = position_read(value, n, &head->range_first);
    if (first_digits == n || value[first_digits] != '-') {
        return;
    }
    value += first_digits + 1;
    n -= first_digits + 1;
    last_digits = position_read(value, n, &head->range_end);
    if (last_digits != n || first_digits + last_digits == 0) {
        return;
    }
    if (first_digits == 0) {
        head->range_first = head->range_end;
        head->facts |= HTTP_RANGE_SUFFIX;
    } else if (last_digits == 0) {
        head->range_end = UINT64_MAX;
    } else if (head->range_end < head->range_first) {
        return;
    }
    head->facts &= ~(uint32_t)HTTP_RANGE_BAD;
}

enum http_status http_head_range(struct http_head *head, uint64_t size, bool wanted)
{
    uint64_t first = head->range_first;
    uint64_t last = head->range_end;

    head->range_first = 0;
    head->range_end = size;
    if (!wanted || (head->facts & HTTP_RANGE) == 0 || (head->facts & HTTP_RANGE_BAD) != 0) {
        return HTTP_OK;
    }
    if ((head->facts & HTTP_RANGE_SUFFIX) != 0) {
        if (first == 0) {
            return HTTP_RANGE_NOT_SATISFIABLE;
        }
        if (size == 0) {
            return HTTP_OK; /* no Content-Range can say "none of nothing" */
        }
        head->range_first = first < size ? size - first : 0;
        return HTTP_PARTIAL;
    }
    if (first >= size) {
        return HTTP_RANGE_NOT_SATISFIABLE;
    }
    head->range_first = first;
    head->range_end = last < size ? last + 1 : size;
    return HTTP_PARTIAL;
}
