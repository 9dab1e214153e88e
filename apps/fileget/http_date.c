/* SPDX-License-Identifier: MIT */
/* Dates as HTTP, listings and logs write them. */
#include "apps/fileget/http_date.h"

#include <string.h>

enum {
    DAY_SECONDS = 86400,
    DAYS_TO_1970 = 719468, /* from 1 March of the year 0 */
    DAYS_400 = 146097,
    DAYS_100 = 36524,
    DAYS_4 = 1461
};

#define SECONDS_MAX INT64_C(253402300799) /* 9999-12-31 23:59:59 */

static const char day_names[] = "SunMonTueWedThuFriSat";
static const char day_endings[7][7] = {"day", "day", "sday", "nesday", "rsday", "day", "urday"};
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct date {
    unsigned year;
    unsigned month; /* 0 to 11 */
    unsigned day;   /* 1 to 31 */
    unsigned hour;
    unsigned minute;
    unsigned second;
    unsigned week_day; /* 0: Sunday */
};

bool http_date_known(int64_t seconds)
{
    return seconds >= 0 && seconds <= SECONDS_MAX;
}

/* Years are counted from March, so that the leap day is the last of its year. */
static struct date date_of(int64_t seconds)
{
    struct date date;
    uint32_t days = (uint32_t)(seconds / DAY_SECONDS);
    uint32_t rest = (uint32_t)(seconds % DAY_SECONDS);
    uint32_t century;
    uint32_t year;
    uint32_t month;

    CHECK(http_date_known(seconds));
    date.hour = rest / 3600;
    date.minute = rest / 60 % 60;
    date.second = rest % 60;
    date.week_day = (days + 4) % 7;
    days += DAYS_TO_1970;
    date.year = days / DAYS_400 * 400;
    days %= DAYS_400;
    century = days / DAYS_100 < 3 ? days / DAYS_100 : 3;
    days -= century * DAYS_100;
    date.year += century * 100 + days / DAYS_4 * 4;
    days %= DAYS_4;
    year = days / 365 < 3 ? days / 365 : 3;
    days -= year * 365;
    date.year += year;
    month = (days * 5 + 2) / 153;
    date.day = days - (month * 153 + 2) / 5 + 1;
    date.month = (month + 2) % 12;
    date.year += date.month < 2 ? 1 : 0;
    return date;
}

/* The inverse; the fields must be in range, but a day past its month's end is not noticed. */
static int64_t date_seconds(const struct date *date)
{
    uint32_t month = (date->month + 10) % 12;
    uint32_t year = date->year - (date->month < 2 ? 1 : 0);
    uint32_t days = year * 365 + year / 4 - year / 100 + year / 400;

    days += (month * 153 + 2) / 5 + date->day - 1;
    return ((int64_t)days - DAYS_TO_1970) * DAY_SECONDS + (int64_t)date->hour * 3600
           + date->minute * 60 + date->second;
}

static void put_clock(struct text *text, const struct date *date)
{
    text_put_padded(text, date->hour, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, date->minute, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, date->second, 2, '0');
}

void http_date_put(struct text *text, int64_t seconds)
{
    struct date date = date_of(seconds);

    text_put_bytes(text, day_names + date.week_day * 3, 3);
    text_put(text, ", ");
    text_put_padded(text, date.day, 2, '0');
    text_put_char(text, ' ');
    text_put_bytes(text, month_names + date.month * 3, 3);
    text_put_char(text, ' ');
    text_put_padded(text, date.year, 4, '0');
    text_put_char(text, ' ');
    put_clock(text, &date);
    text_put(text, " GMT");
}

void http_date_put_short(struct text *text, int64_t seconds)
{
    struct date date = date_of(seconds);

    text_put_padded(text, date.year, 4, '0');
    text_put_char(text, '-');
    text_put_padded(text, date.month + 1, 2, '0');
    text_put_char(text, '-');
    text_put_padded(text, date.day, 2, '0');
    text_put_char(text, ' ');
    text_put_padded(text, date.hour, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, date.minute, 2, '0');
}

void http_date_put_log(struct text *text, int64_t seconds)
{
    struct date date = date_of(seconds);

    text_put_padded(text, date.day, 2, '0');
    text_put_char(text, '/');
    text_put_bytes(text, month_names + date.month * 3, 3);
    text_put_char(text, '/');
    text_put_padded(text, date.year, 4, '0');
    text_put_char(text, ':');
    put_clock(text, &date);
    text_put(text, " +0000");
}

/* ---- Reading ------------------------------------------------------------------------------- */

static bool digits_read(const char *bytes, size_t n, unsigned *number)
{
    uint64_t read;

    if (!text_read_number(bytes, n, 9999, &read)) {
        return false;
    }
    *number = (unsigned)read;
    return true;
}

static bool month_read(const char *bytes, unsigned *month)
{
    for (unsigned i = 0; i < 12; i++) {
        if (memcmp(bytes, month_names + i * 3, 3) == 0) {
            *month = i;
            return true;
        }
    }
    return false;
}

static bool clock_read(const char *bytes, struct date *date)
{
    return bytes[2] == ':' && bytes[5] == ':' && digits_read(bytes, 2, &date->hour)
           && digits_read(bytes + 3, 2, &date->minute) && digits_read(bytes + 6, 2, &date->second);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool imf_read(const char *bytes, size_t n, struct date *date)
{
    return n == 29 && memcmp(bytes + 3, ", ", 2) == 0 && digits_read(bytes + 5, 2, &date->day)
           && bytes[7] == ' ' && month_read(bytes + 8, &date->month) && bytes[11] == ' '
           && digits_read(bytes + 12, 4, &date->year) && bytes[16] == ' '
           && clock_read(bytes + 17, date) && memcmp(bytes + 25, " GMT", 4) == 0;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT": more than 50 years ahead means the century before. */
static bool rfc850_read(const char *bytes, size_t n, int64_t now, struct date *date)
{
    const char *comma = memchr(bytes, ',', n);
    unsigned this_year = date_of(http_date_known(now) ? now : 0).year;

    if (comma == NULL || n != (size_t)(comma - bytes) + 24) {
        return false;
    }
    if (comma[1] != ' ' || comma[4] != '-' || comma[8] != '-' || comma[11] != ' '
        || memcmp(comma + 20, " GMT", 4) != 0) {
        return false;
    }
    if (!digits_read(comma + 2, 2, &date->day) || !month_read(comma + 5, &date->month)
        || !digits_read(comma + 9, 2, &date->year) || !clock_read(comma + 12, date)) {
        return false;
    }
    date->year += this_year - this_year % 100;
    if (date->year > this_year + 50) {
        date->year -= 100;
    }
    return true;
}

/* "Sun Nov  6 08:49:37 1994" */
static bool asctime_read(const char *bytes, size_t n, struct date *date)
{
    bool short_day = n == 24 && bytes[8] == ' ';

    return n == 24 && bytes[3] == ' ' && month_read(bytes + 4, &date->month) && bytes[7] == ' '
           && digits_read(bytes + 8 + (short_day ? 1 : 0), short_day ? 1 : 2, &date->day)
           && bytes[10] == ' ' && clock_read(bytes + 11, date) && bytes[19] == ' '
           && digits_read(bytes + 20, 4, &date->year);
}

/* The name of the day at the front: three letters, or all of them before a comma. Which day it
 * was is not checked. */
static bool week_day_read(const char *bytes, size_t n)
{
    if (n < 24) { /* the shortest date */
        return false;
    }
    for (unsigned i = 0; i < 7; i++) {
        size_t at = 3;

        if (memcmp(bytes, day_names + i * 3, 3) != 0) {
            continue;
        }
        while (day_endings[i][at - 3] != '\0' && bytes[at] == day_endings[i][at - 3]) {
            at++;
        }
        return bytes[3] == ',' || bytes[3] == ' '
               || (day_endings[i][at - 3] == '\0' && bytes[at] == ',');
    }
    return false;
}

bool http_date_read(const char *bytes, size_t n, int64_t now, int64_t *seconds)
{
    struct date date;
    struct date again;

    if (!week_day_read(bytes, n)) {
        return false;
    }
    if (!imf_read(bytes, n, &date) && !rfc850_read(bytes, n, now, &date)
        && !asctime_read(bytes, n, &date)) {
        return false;
    }
    if (date.year < 1970 || date.day < 1 || date.day > 31 || date.hour > 23 || date.minute > 59
        || date.second > 60) {
        return false;
    }
    *seconds = date_seconds(&date);
    if (!http_date_known(*seconds)) {
        return false;
    }
    /* The 31st of a short month comes back as another day. A leap second may, too. */
    again = date_of(*seconds);
    return again.day == date.day || date.second == 60;
}
