/* SPDX-License-Identifier: MIT */
/* The date and the time of the day. */
#include "core/date.h"

enum {
    DAY_SECONDS = 86400, /* divided by as unsigned: the signed 64-bit division is long, and
                          * nothing else needs it */
    DAYS_TO_1970 = 719468, /* from 1 March of the year 0 */
    DAYS_400 = 146097,
    DAYS_100 = 36524,
    DAYS_4 = 1461
};

#define SECONDS_MAX INT64_C(253402300799) /* 9999-12-31 23:59:59 */

bool date_is_known(int64_t seconds)
{
    return seconds >= 0 && seconds <= SECONDS_MAX;
}

/* How often `unit` goes into *rest, `most` times at most; what is left stays there. By subtracting,
 * because some processors divide by a function larger than all of this. */
static uint32_t take(uint32_t *rest, uint32_t unit, uint32_t most)
{
    uint32_t count = 0;

    while (count < most && *rest >= unit) {
        *rest -= unit;
        count++;
    }
    return count;
}

/* By multiplying with 2^32 / 7, right for all the days there are. */
static uint32_t divide_by_seven(uint32_t days)
{
    return (uint32_t)((uint64_t)days * 613566757u >> 32);
}

/* Years are counted from March, so that the leap day is the last of its year. */
void date_of(int64_t seconds, struct date *date)
{
    /* A day is 128 times 675 seconds, and the first division leaves 32 bits. */
    uint32_t days = (uint32_t)((uint64_t)seconds >> 7) / (DAY_SECONDS / 128);
    uint32_t rest = (uint32_t)((uint64_t)seconds - (uint64_t)days * DAY_SECONDS);
    uint32_t month;

    CHECK(date_is_known(seconds));
    date->hour = take(&rest, 3600, 23);
    date->minute = take(&rest, 60, 59);
    date->second = rest;
    date->week_day = days + 4 - divide_by_seven(days + 4) * 7;
    days += DAYS_TO_1970;
    date->year = take(&days, DAYS_400, 24) * 400;
    date->year += take(&days, DAYS_100, 3) * 100;
    date->year += take(&days, DAYS_4, 24) * 4;
    date->year += take(&days, 365, 3);
    month = (days * 5 + 2) * 857 >> 17; /* for a year's days: divided by 153 */
    date->day = days - (month * 153 + 2) / 5 + 1;
    date->month = month < 10 ? month + 2 : month - 10;
    date->year += date->month < 2 ? 1 : 0;
}

int64_t date_seconds(const struct date *date)
{
    uint32_t month = date->month < 2 ? date->month + 10 : date->month - 2;
    uint32_t year = date->year - (date->month < 2 ? 1 : 0);
    uint32_t days = year * 365 + year / 4 - year / 100 + year / 400;

    days += (month * 153 + 2) / 5 + date->day - 1;
    return ((int64_t)days - DAYS_TO_1970) * DAY_SECONDS + (int64_t)date->hour * 3600
           + date->minute * 60 + date->second;
}

bool date_now(struct date *date)
{
    int64_t seconds = 0;
    uint32_t nanoseconds = 0;

    if (!port_wall_time(&seconds, &nanoseconds) || !date_is_known(seconds)) {
        return false;
    }
    date_of(seconds, date);
    return true;
}

void date_put_day(struct text *text, const struct date *date)
{
    text_put_padded(text, date->year, 4, '0');
    text_put_char(text, '-');
    text_put_padded(text, date->month + 1, 2, '0');
    text_put_char(text, '-');
    text_put_padded(text, date->day, 2, '0');
}

void date_put_minute(struct text *text, const struct date *date)
{
    text_put_padded(text, date->hour, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, date->minute, 2, '0');
}

void date_put_second(struct text *text, const struct date *date)
{
    date_put_minute(text, date);
    text_put_char(text, ':');
    text_put_padded(text, date->second, 2, '0');
}
