/* SPDX-License-Identifier: MIT */
/* Dates as HTTP, listings and logs write them. */
#include "apps/fileget/http_date.h"

#include <string.h>

static const char day_names[] = "SunMonTueWedThuFriSat";
static const char day_endings[7][7] = {"day", "day", "sday", "nesday", "rsday", "day", "urday"};
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* The formats. Each letter of "wDdBNYyhms" stands for a part: w the short name of the day, B that
 * of the month, Y four digits and y the last two of the year, N the month as a number, the others
 * two digits; d is a day whose first digit may be a space. All else stands for itself. */
static const char imf_format[] = "w, D B Y h:m:s GMT";
static const char rfc850_format[] = ", D-B-y h:m:s GMT"; /* behind the long name of the day */
static const char asctime_format[] = "w B d h:m:s Y";
static const char log_format[] = "D/B/Y:h:m:s +0000";
static const char short_format[] = "Y-N-D h:m";

/* The part that a letter of a format stands for, if it is a number; NULL otherwise. */
static unsigned *number_of(struct date *date, char letter, size_t *digits)
{
    *digits = 2;
    switch (letter) {
    case 'D':
    case 'd':
        return &date->day;
    case 'h':
        return &date->hour;
    case 'm':
        return &date->minute;
    case 's':
        return &date->second;
    case 'y':
        return &date->year;
    case 'Y':
        *digits = 4;
        return &date->year;
    default:
        return NULL;
    }
}

static void put_by(struct text *text, int64_t seconds, const char *format)
{
    struct date date;

    date_of(seconds, &date);
    for (; *format != '\0'; format++) {
        size_t digits;
        const unsigned *number = number_of(&date, *format, &digits);

        if (number != NULL) {
            text_put_padded(text, *number, (unsigned)digits, '0');
        } else if (*format == 'N') {
            text_put_padded(text, date.month + 1, 2, '0');
        } else if (*format == 'B') {
            text_put_bytes(text, month_names + date.month * 3, 3);
        } else if (*format == 'w') {
            text_put_bytes(text, day_names + date.week_day * 3, 3);
        } else {
            text_put_char(text, *format);
        }
    }
}

void http_date_put(struct text *text, int64_t seconds)
{
    put_by(text, seconds, imf_format);
}

void http_date_put_short(struct text *text, int64_t seconds)
{
    put_by(text, seconds, short_format);
}

void http_date_put_log(struct text *text, int64_t seconds)
{
    put_by(text, seconds, log_format);
}

/* ---- Reading ------------------------------------------------------------------------------- */

/* The number of the name at the front of `bytes`, three letters of one of `names`; 12: none. */
static unsigned name_read(const char *bytes, const char *names, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (memcmp(bytes, names + i * 3, 3) == 0) {
            return i;
        }
    }
    return 12;
}

/* How many bytes a letter of a format takes. */
static size_t length_of(char letter, size_t digits)
{
    return letter == 'B' || letter == 'w' ? 3 : digits;
}

/* Reads all n bytes by a format. */
static bool read_by(const char *bytes, size_t n, const char *format, struct date *date)
{
    for (; *format != '\0'; format++) {
        size_t length;
        unsigned *number = number_of(date, *format, &length);
        uint64_t value;

        length = length_of(*format, number != NULL ? length : 1);
        if (length > n) {
            return false;
        }
        if (*format == 'B') {
            date->month = name_read(bytes, month_names, 12);
            if (date->month == 12) {
                return false;
            }
        } else if (*format == 'w') {
            if (name_read(bytes, day_names, 7) == 12) {
                return false;
            }
        } else if (number != NULL) {
            size_t blank = *format == 'd' && bytes[0] == ' ' ? 1 : 0;

            if (!text_read_number(bytes + blank, length - blank, 9999, &value)) {
                return false;
            }
            *number = (unsigned)value;
        } else if (bytes[0] != *format) {
            return false;
        }
        bytes += length;
        n -= length;
    }
    return n == 0;
}

/* How many bytes the long name of a day at the front takes; 0: it is none. */
static size_t long_day(const char *bytes, size_t n)
{
    unsigned day = n < 12 ? 12 : name_read(bytes, day_names, 7);
    size_t at = 3;

    if (day == 12) {
        return 0;
    }
    while (day_endings[day][at - 3] != '\0' && bytes[at] == day_endings[day][at - 3]) {
        at++;
    }
    return day_endings[day][at - 3] == '\0' ? at : 0;
}

/* A two-digit year more than 50 years ahead is of the century before. */
static bool rfc850_read(const char *bytes, size_t n, int64_t now, struct date *date)
{
    size_t day = long_day(bytes, n);
    unsigned this_year;

    date_of(date_is_known(now) ? now : 0, date);
    this_year = date->year;
    if (day == 0 || !read_by(bytes + day, n - day, rfc850_format, date)) {
        return false;
    }
    date->year += this_year / 100 * 100;
    if (date->year > this_year + 50) {
        date->year -= 100;
    }
    return true;
}

bool http_date_read(const char *bytes, size_t n, int64_t now, int64_t *seconds)
{
    struct date date;
    unsigned day;

    if (!read_by(bytes, n, imf_format, &date) && !read_by(bytes, n, asctime_format, &date)
        && !rfc850_read(bytes, n, now, &date)) {
        return false;
    }
    if (date.year < 1970 || date.day < 1 || date.day > 31 || date.hour > 23 || date.minute > 59
        || date.second > 60) {
        return false;
    }
    *seconds = date_seconds(&date);
    if (!date_is_known(*seconds)) {
        return false;
    }
    if (date.second == 60) {
        return true; /* a leap second, which comes back as another one */
    }
    day = date.day;
    date_of(*seconds, &date); /* the 31st of a short month comes back as another day */
    return date.day == day;
}
