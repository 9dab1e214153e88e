/* SPDX-License-Identifier: MIT */
/* The date and the time of the day, in UTC. */
#include "apps/chat/chat_date.h"

enum { DAY_SECONDS = 86400, YEAR_FIRST = 1970 };

bool chat_date_now(uint32_t *seconds)
{
    int64_t now = 0;
    uint32_t nanoseconds = 0;
    if (!port_wall_time(&now, &nanoseconds) || now < 0 || now > UINT32_MAX) {
        return false;
    }
    *seconds = (uint32_t)now;
    return true;
}

static bool is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 1 && is_leap(year) ? 29 : days[month];
}

void chat_date_put_day(struct text *text, uint32_t seconds)
{
    uint32_t day = seconds / DAY_SECONDS;
    uint32_t year = YEAR_FIRST;
    uint32_t month = 0;
    while (day >= (is_leap(year) ? 366u : 365u)) { /* at most 136 years */
        day -= is_leap(year) ? 366u : 365u;
        year++;
    }
    while (day >= days_of_month(year, month)) {
        day -= days_of_month(year, month);
        month++;
    }
    text_put_number(text, year);
    text_put_char(text, '-');
    text_put_padded(text, month + 1, 2, '0');
    text_put_char(text, '-');
    text_put_padded(text, day + 1, 2, '0');
}

void chat_date_put_minute(struct text *text, uint32_t seconds)
{
    uint32_t rest = seconds % DAY_SECONDS;
    uint32_t hour = 0;
    uint32_t minute = 0;
    /* By subtracting: signed division, to which a compiler turns here, is large on some boards. */
    while (rest >= 3600) {
        rest -= 3600;
        hour++;
    }
    while (rest >= 60) {
        rest -= 60;
        minute++;
    }
    text_put_padded(text, hour, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, minute, 2, '0');
}

void chat_date_put(struct text *text, uint32_t seconds)
{
    chat_date_put_day(text, seconds);
    text_put_char(text, 'T');
    chat_date_put_minute(text, seconds);
    text_put_char(text, ':');
    text_put_padded(text, seconds % 60, 2, '0');
    text_put_char(text, 'Z');
}
