/* SPDX-License-Identifier: MIT */
/* The date and the time of the day, in UTC, of seconds since 1970; the Gregorian calendar. */
#ifndef CORE_DATE_H
#define CORE_DATE_H

#include "core/text.h"

struct date {
    unsigned year;
    unsigned month; /* 0 to 11 */
    unsigned day;   /* 1 to 31 */
    unsigned hour;
    unsigned minute;
    unsigned second;
    unsigned week_day; /* 0: Sunday */
};

/* True for what can be written as a date: from 1970 to the end of 9999. */
bool date_is_known(int64_t seconds);

/* Sets all fields; the date must be known. */
void date_of(int64_t seconds, struct date *date);

/* The inverse, without the week day; the fields must be in range, but a day past its month's end is
 * not noticed. */
int64_t date_seconds(const struct date *date);

/* What it is now. False: nobody here knows. */
bool date_now(struct date *date);

/* "2026-11-20", "14:55", "14:55:03", as ISO 8601 has them. */
void date_put_day(struct text *text, const struct date *date);
void date_put_minute(struct text *text, const struct date *date);
void date_put_second(struct text *text, const struct date *date);

#endif
