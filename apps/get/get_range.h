/* SPDX-License-Identifier: MIT */
/* The Content-Range of an answer (RFC 9110 section 14.4). Pure. For get and its tests. */
#ifndef APPS_GET_RANGE_H
#define APPS_GET_RANGE_H

#include "port/port.h"

#define GET_SIZE_UNKNOWN UINT64_MAX
#define GET_SIZE_MAX INT64_MAX /* what any file can have, and more than any has */

struct get_range {
    uint64_t first; /* position of the first byte ... */
    uint64_t last;  /* ... and of the last; 0 and 0 if there is no range */
    uint64_t size;  /* of the whole, or GET_SIZE_UNKNOWN */
    bool satisfied; /* there is a range; false: the form that comes with a 416 */
};

/* Reads "bytes 0-99/1000", "bytes 0-99/" and an asterisk, or "bytes *" and "/1000". False: neither
 * of them, or positions that cannot be: a first above the last, a last not below the size, a number
 * above GET_SIZE_MAX. */
bool get_range_read(const char *value, size_t n, struct get_range *range);

#endif
