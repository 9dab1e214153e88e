/* SPDX-License-Identifier: MIT */
/*
 * file-get's dates: what is written is read again as the same second, what is read is a date of the
 * calendar, and both agree with one that is counted year by year.
 *
 * Input: a byte, 8 of "now"; if the byte is even, a date as text, else 8 bytes of seconds.
 */
#include "apps/fileget/http_date.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { DATE_MAX = 64, DAY_S = 86400 };

static const char names[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct calendar {
    unsigned year;
    unsigned month; /* 0 to 11 */
    unsigned day;   /* 1 to 31 */
    unsigned week_day;
    unsigned second; /* of the day */
};

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 1 && is_leap(year) ? 1u : 0u);
}

static struct calendar calendar_of(int64_t seconds)
{
    struct calendar date = {1970, 0, 1, 0, 0};
    unsigned days = (unsigned)(seconds / DAY_S);
    date.second = (unsigned)(seconds % DAY_S);
    date.week_day = (4 + days) % 7;
    while (days >= (is_leap(date.year) ? 366u : 365u)) {
        days -= is_leap(date.year) ? 366u : 365u;
        date.year++;
    }
    while (days >= days_in(date.year, date.month)) {
        days -= days_in(date.year, date.month);
        date.month++;
    }
    date.day += days;
    return date;
}

static void put_time(struct text *text, const struct calendar *date)
{
    text_put_padded(text, date->second / 3600, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, date->second / 60 % 60, 2, '0');
    text_put_char(text, ':');
    text_put_padded(text, date->second % 60, 2, '0');
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static void put_imf(struct text *text, const struct calendar *date)
{
    text_put_bytes(text, names + date->week_day * 3, 3);
    text_put(text, ", ");
    text_put_padded(text, date->day, 2, '0');
    text_put_char(text, ' ');
    text_put_bytes(text, months + date->month * 3, 3);
    text_put_char(text, ' ');
    text_put_padded(text, date->year, 4, '0');
    text_put_char(text, ' ');
    put_time(text, date);
    text_put(text, " GMT");
}

/* Sun Nov  6 08:49:37 1994 */
static void put_asctime(struct text *text, const struct calendar *date)
{
    text_put_bytes(text, names + date->week_day * 3, 3);
    text_put_char(text, ' ');
    text_put_bytes(text, months + date->month * 3, 3);
    text_put_char(text, ' ');
    text_put_padded(text, date->day, 2, ' ');
    text_put_char(text, ' ');
    put_time(text, date);
    text_put_char(text, ' ');
    text_put_padded(text, date->year, 4, '0');
}

/* Sunday, 06-Nov-94 08:49:37 GMT */
static void put_rfc850(struct text *text, const struct calendar *date)
{
    static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
                                       "Friday", "Saturday"};
    text_put(text, days[date->week_day]);
    text_put(text, ", ");
    text_put_padded(text, date->day, 2, '0');
    text_put_char(text, '-');
    text_put_bytes(text, months + date->month * 3, 3);
    text_put_char(text, '-');
    text_put_padded(text, date->year % 100, 2, '0');
    text_put_char(text, ' ');
    put_time(text, date);
    text_put(text, " GMT");
}

static bool reads(const struct text *text, int64_t now, int64_t *seconds)
{
    return http_date_read((char *)fuzz_copy(1, text->bytes, text->n), text->n, now, seconds);
}

/* A second of the calendar, in all the forms that there are of it. */
static void check_second(int64_t seconds, int64_t now)
{
    char bytes[DATE_MAX];
    char other[DATE_MAX];
    struct text text;
    struct text expected;
    int64_t again = -1;
    struct calendar date = calendar_of(seconds);
    text_begin(&text, bytes, sizeof bytes);
    http_date_put(&text, seconds);
    text_begin(&expected, other, sizeof other);
    put_imf(&expected, &date);
    REQUIRE(!text.cut && text.n == expected.n && memcmp(bytes, other, text.n) == 0);
    REQUIRE(reads(&text, now, &again) && again == seconds);

    text_begin(&text, bytes, sizeof bytes);
    put_asctime(&text, &date);
    REQUIRE(reads(&text, now, &again) && again == seconds);

    /* Two digits of a year mean the one that is not more than 50 years ahead. */
    text_begin(&text, bytes, sizeof bytes);
    put_rfc850(&text, &date);
    unsigned this_year = date_is_known(now) ? calendar_of(now).year : 1970;
    unsigned year = this_year - this_year % 100 + date.year % 100;
    year -= year > this_year + 50 ? 100 : 0;
    if (year == date.year) {
        REQUIRE(reads(&text, now, &again) && again == seconds);
    } else if (reads(&text, now, &again)) {
        REQUIRE(calendar_of(again).year == year);
    }

    text_begin(&text, bytes, sizeof bytes);
    http_date_put_short(&text, seconds);
    REQUIRE(text.n == 16 && bytes[4] == '-' && bytes[7] == '-' && bytes[10] == ' ');
    text_begin(&text, bytes, sizeof bytes);
    http_date_put_log(&text, seconds);
    REQUIRE(text.n == 26 && bytes[2] == '/' && memcmp(bytes + 20, " +0000", 6) == 0);
}

/* What was read is what the text says, but for the day's name and a leap second. */
static void check_read(const char *bytes, size_t n, int64_t seconds, int64_t now)
{
    char imf[DATE_MAX];
    struct text text;
    REQUIRE(date_is_known(seconds));
    check_second(seconds, now);
    bool is_imf = n == 29 && bytes[3] == ',' && bytes[4] == ' ';
    if (is_imf && memcmp(bytes + 23, "60", 2) != 0) {
        text_begin(&text, imf, sizeof imf);
        http_date_put(&text, seconds);
        REQUIRE(memcmp(bytes + 3, imf + 3, 26) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    uint8_t kind = fuzz_byte(&input);
    int64_t now = (int64_t)(fuzz_number(&input, 8) & UINT64_C(0x8000007fffffffff));
    int64_t seconds = -1;
    if (kind % 2 == 1) {
        seconds = (int64_t)(fuzz_number(&input, 8) & UINT64_C(0x8000007fffffffff));
        REQUIRE(date_is_known(seconds) == (seconds >= 0 && seconds < INT64_C(253402300800)));
        if (date_is_known(seconds)) {
            check_second(seconds, now);
        }
        return 0;
    }
    const uint8_t *given = fuzz_bytes(&input, DATE_MAX, &n);
    const char *text = (const char *)fuzz_copy(0, given, n);
    if (http_date_read(text, n, now, &seconds)) {
        check_read(text, n, seconds, now);
    }
    return 0;
}
