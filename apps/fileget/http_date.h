/* SPDX-License-Identifier: MIT */
/* Dates as HTTP, listings and logs write them; seconds since 1970 in UTC, as date_is_known. */
#ifndef APPS_FILEGET_HTTP_DATE_H
#define APPS_FILEGET_HTTP_DATE_H

#include "core/date.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7); the date must be known. */
enum { HTTP_DATE_BYTES = 29 };
void http_date_put(struct text *text, int64_t seconds);

/* "1994-11-06 08:49"; the date must be known. */
void http_date_put_short(struct text *text, int64_t seconds);

/* "06/Nov/1994:08:49:37 +0000"; the date must be known. */
void http_date_put_log(struct text *text, int64_t seconds);

/* Reads one of the three formats of RFC 9110 section 5.6.7, strictly. `now` decides the century of
 * a two-digit year. False: not a date, or outside 1970 to 9999. */
bool http_date_read(const char *bytes, size_t n, int64_t now, int64_t *seconds);

#endif
