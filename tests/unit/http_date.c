/* SPDX-License-Identifier: MIT */
/* Dates, hazards 18 and 65: the days of four centuries against the C library, every format, and
 * what only looks like a date. */
#include "apps/fileget/http_date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/check.h"

static const char *written(void (*put)(struct text *, int64_t), int64_t seconds)
{
    static char bytes[64];
    struct text text;

    text_begin(&text, bytes, sizeof bytes - 1);
    put(&text, seconds);
    bytes[text.n] = '\0';
    return bytes;
}

static void test_every_day(void)
{
    size_t wrong = 0;

    for (int64_t day = 0; day < 146097 + 40000; day++) {
        int64_t seconds = day * 86400 + day * 7919 % 86400;
        time_t clock = (time_t)seconds;
        struct tm parts;
        char expected[64];
        int64_t back = -1;
        const char *own;

        (void)gmtime_r(&clock, &parts);
        (void)strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        own = written(http_date_put, seconds);
        if (strcmp(own, expected) != 0 || !http_date_read(own, strlen(own), 0, &back)
            || back != seconds) {
            wrong++;
        }
    }
    EXPECT(wrong == 0);
}

static void test_written(void)
{
    EXPECT(strcmp(written(http_date_put, 784111777), "Sun, 06 Nov 1994 08:49:37 GMT") == 0);
    EXPECT(strcmp(written(http_date_put_short, 784111777), "1994-11-06 08:49") == 0);
    EXPECT(strcmp(written(http_date_put_log, 784111777), "06/Nov/1994:08:49:37 +0000") == 0);
    EXPECT(strcmp(written(http_date_put, INT64_C(253402300799)),
                  "Fri, 31 Dec 9999 23:59:59 GMT") == 0);
    EXPECT(date_is_known(0) && date_is_known(INT64_C(253402300799)));
    EXPECT(!date_is_known(-1) && !date_is_known(INT64_C(253402300800)));
    EXPECT(!date_is_known(INT64_MIN) && !date_is_known(INT64_MAX));
}

struct row {
    const char *date;
    int64_t seconds; /* -1: not a date */
};

static const struct row rows[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Wednesday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"Wed Nov 16 08:49:37 1994", 784975777},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Tue, 29 Feb 2000 00:00:00 GMT", 951782400},
    {"Fri, 31 Dec 2016 23:59:60 GMT", 1483228800},
    {"Fri, 31 Dec 9999 23:59:59 GMT", INT64_C(253402300799)},
    {"", -1},
    {"x", -1},
    {"Sun", -1},
    {"Sun,", -1},
    {"Sunday,", -1},
    {"Sun, 06 Nov 1994 08:49:37", -1},
    {"Sun, 06 Nov 1994 08:49:37 UTC", -1},
    {"Sun, 06 Nov 1994 08:49:37 GMTx", -1},
    {"Sun, 06 Nov 1994 08:49:37  GMT", -1},
    {"sun, 06 nov 1994 08:49:37 gmt", -1},
    {"Xyz, 06 Nov 1994 08:49:37 GMT", -1},
    {"Sun, 6 Nov 1994 08:49:37 GMT", -1},
    {"Sun, 00 Nov 1994 08:49:37 GMT", -1},
    {"Sun, 31 Nov 1994 08:49:37 GMT", -1},
    {"Sun, 32 Nov 1994 08:49:37 GMT", -1},
    {"Wed, 29 Feb 2023 08:49:37 GMT", -1},
    {"Sun, 06 Abc 1994 08:49:37 GMT", -1},
    {"Sun, 06 Nov 1969 08:49:37 GMT", -1},
    {"Sun, 06 Nov -994 08:49:37 GMT", -1},
    {"Sun, 06 Nov 1994 24:49:37 GMT", -1},
    {"Sun, 06 Nov 1994 08:60:37 GMT", -1},
    {"Sun, 06 Nov 1994 08:49:61 GMT", -1},
    {"Sun, 06 Nov 1994 08:49:+7 GMT", -1},
    {"Sun, 06 Nov 99999 08:49:37 GMT", -1},
    {"Sunday, 06-Nov-1994 08:49:37 GMT", -1},
    {"Sunda, 06-Nov-94 08:49:37 GMT", -1},
    {"Sun Nov 06 08:49:37 94", -1},
    {"Sun, 06 Nov 1994 24:00:60 GMT", -1}, /* nor with a leap second */
    {"Sun, 06 Nov 1994 08:60:60 GMT", -1},
    {"Sun, 00 Nov 1994 08:49:60 GMT", -1},
    {"Sun, 32 Nov 1994 08:49:60 GMT", -1},
    {"Wed, 31 Dec 1969 23:59:60 GMT", -1},
    {"784111777", -1}
};

static void test_read(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t seconds = -2;
        bool valid = http_date_read(rows[i].date, strlen(rows[i].date), 784111777, &seconds);

        EXPECT(valid == (rows[i].seconds >= 0) && (!valid || seconds == rows[i].seconds));
        if (valid != (rows[i].seconds >= 0)) {
            printf("# %s\n", rows[i].date);
        }
    }
}

/* A two-digit year more than fifty years ahead is in the past (RFC 9110 section 5.6.7). */
static void test_century(void)
{
    const char *date = "Sunday, 06-Nov-80 08:49:37 GMT";
    int64_t in_2026 = 1795000000;
    int64_t seconds = 0;

    EXPECT(http_date_read(date, strlen(date), in_2026, &seconds) && seconds < 400000000);
    EXPECT(http_date_read(date, strlen(date), in_2026 + INT64_C(5) * 365 * 86400, &seconds));
    EXPECT(seconds > INT64_C(3400000000));
    EXPECT(http_date_read(date, strlen(date), -1, &seconds));
    date = "Sunday, 06-Nov-76 08:49:37 GMT"; /* in fifty years, and in fifty-one */
    EXPECT(http_date_read(date, strlen(date), in_2026, &seconds) && seconds > 3300000000);
    date = "Sunday, 06-Nov-77 08:49:37 GMT";
    EXPECT(http_date_read(date, strlen(date), in_2026, &seconds) && seconds < 300000000);
}

/* Every byte of a date replaced by every other: an answer each time, and no byte too far. */
static void test_mutations(void)
{
    size_t valid = 0;

    for (size_t i = 0; i < 4; i++) {
        size_t n = strlen(rows[i].date);

        for (size_t at = 0; at < n; at++) {
            for (int byte = 0; byte < 256; byte++) {
                char copy[64];
                int64_t seconds;

                memcpy(copy, rows[i].date, n);
                copy[at] = (char)byte;
                valid += http_date_read(copy, n, 0, &seconds) ? 1 : 0;
            }
        }
    }
    EXPECT(valid > 4 * 20 && valid < 4 * 200);
}

int main(void)
{
    test_every_day();
    test_written();
    test_read();
    test_century();
    test_mutations();
    return check_report("http_date");
}
