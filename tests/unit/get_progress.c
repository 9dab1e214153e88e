/* SPDX-License-Identifier: MIT */
/* The line that shows how a download goes on: its words, its width, its rate. */
#include "apps/get/get_progress.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

static const char *line(const struct get_progress *progress, uint64_t size, unsigned columns,
                        bool ended)
{
    static char bytes[300];
    struct text text;
    text_begin(&text, bytes, sizeof bytes - 1);
    get_progress_put(&text, progress, size, columns, ended);
    bytes[text.n] = '\0';
    return bytes;
}

static bool shows(const struct get_progress *progress, uint64_t size, unsigned columns, bool ended,
                  const char *wanted)
{
    bool right = strcmp(line(progress, size, columns, ended), wanted) == 0;
    if (!right) {
        printf("wanted: \"%s\"\n   got: \"%s\"\n", wanted, line(progress, size, columns, ended));
    }
    return right;
}

static void test_line(void)
{
    struct get_progress progress;
    get_progress_begin(&progress, 1000, 0);
    EXPECT(shows(&progress, 1000, 80, false,
                 "  0% [>                                       ]  0 B of 1.0 kB  0 B/s  "
                 "-:-- left"));
    get_progress_note(&progress, 2000, 250000);
    EXPECT(shows(&progress, 1000000, 70, false,
                 " 25% [=====>              ]  250.0 kB of 1.0 MB  250.0 kB/s  0:03 left"));
    EXPECT(shows(&progress, UINT64_MAX, 80, false, "250.0 kB  250.0 kB/s  0:01"));
    EXPECT(shows(&progress, 1000000, 50, false,
                 " 25%  250.0 kB of 1.0 MB  250.0 kB/s  0:03 left"));
    EXPECT(shows(&progress, 1000000, 47, false,
                 " 25%  250.0 kB of 1.0 MB  250.0 kB/s  0:03 left"));
    EXPECT(shows(&progress, 1000000, 46, false,
                 "250.0 kB of 1.0 MB  250.0 kB/s  0:03 left"));
    EXPECT(shows(&progress, 1000000, 20, false, "250.0 kB of 1.0 MB  "));
    EXPECT(shows(&progress, 1000000, 0, false, ""));
    EXPECT(shows(&progress, 250000 + 2 * 250000 + 1, 50, false,
                 " 33%  250.0 kB of 750.0 kB  250.0 kB/s  0:03 left")); /* a second begun counts */
    EXPECT(shows(&progress, 250000 + 2 * 250000, 50, false,
                 " 33%  250.0 kB of 750.0 kB  250.0 kB/s  0:02 left"));
    get_progress_note(&progress, 5000, 1000000);
    EXPECT(shows(&progress, 1000000, 60, true,
                 "100% [===========================]  1.0 MB  250.0 kB/s  0:04"));
    get_progress_begin(&progress, 1000, 0);
    EXPECT(shows(&progress, UINT64_MAX, 80, false, "0 B  0 B/s  0:00"));
    EXPECT(shows(&progress, 1, 47, false, "  0% [>         ]  0 B of 1 B  0 B/s  -:-- left"));
    EXPECT(shows(&progress, 1, 46, false, "  0%  0 B of 1 B  0 B/s  -:-- left"));
    get_progress_begin(&progress, 1000, 500000);
    get_progress_note(&progress, 3000, 1000000); /* half of it was there before */
    EXPECT(shows(&progress, 1000000, 60, true,
                 "100% [===========================]  1.0 MB  250.0 kB/s  0:02"));
    EXPECT(shows(&progress, 500, 60, true, "1.0 MB  250.0 kB/s  0:02")); /* more than it said */
    EXPECT(shows(&progress, 0, 60, true, "1.0 MB  250.0 kB/s  0:02"));
}

static void test_numbers(void)
{
    static const struct {
        uint64_t bytes;
        const char *shown;
    } rows[] = {
        {0, "0 B"}, {999, "999 B"}, {1000, "1.0 kB"}, {999949, "999.9 kB"}, {1000000, "1.0 MB"},
        {4294967296U, "4.2 GB"}, {UINT64_C(1000000000000), "1.0 TB"},
        {UINT64_C(9223372036854775807), "9.2 EB"},
    };
    static const struct {
        uint64_t seconds;
        const char *shown;
    } times[] = {{0, "0:00"}, {59, "0:59"}, {60, "1:00"}, {3599, "59:59"}, {3600, "1:00:00"},
                 {360000, "100:00:00"}};
    struct get_progress progress;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        get_progress_begin(&progress, 0, rows[i].bytes);
        const char *shown = line(&progress, UINT64_MAX, 80, false);
        size_t n = strlen(rows[i].shown);
        EXPECT(strncmp(shown, rows[i].shown, n) == 0 && shown[n] == ' ' && shown[n + 1] == ' ');
    }
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        get_progress_begin(&progress, 0, 0);
        get_progress_note(&progress, times[i].seconds * 1000, 0);
        const char *shown = line(&progress, UINT64_MAX, 80, false);
        const char *last = strrchr(shown, ' ');
        EXPECT(last != NULL && strcmp(last + 1, times[i].shown) == 0);
    }
}

/* Never wider than asked, whatever the numbers are. */
static void test_width(void)
{
    static const uint64_t values[] = {0, 1, 999, 123456, UINT64_C(99999999999),
                                      UINT64_C(9223372036854775807)};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        for (size_t j = 0; j < COUNT_OF(values); j++) {
            for (unsigned columns = 0; columns < 130; columns++) {
                struct get_progress progress;
                get_progress_begin(&progress, 5, 0);
                get_progress_note(&progress, 5 + values[j] % 100000000, values[i]);
                EXPECT(strlen(line(&progress, values[j], columns, false)) <= columns);
                EXPECT(strlen(line(&progress, values[j], columns, true)) <= columns);
                EXPECT(strlen(line(&progress, UINT64_MAX, columns, false)) <= columns);
            }
        }
    }
}

/* The bar and the per cent beside it say the same, however large the file; full is only whole. */
static void test_bar(void)
{
    static const uint64_t sizes[] = {100, 1000, 12345, UINT64_C(1) << 40, UINT64_MAX / 100 - 1,
                                     UINT64_MAX / 100, UINT64_MAX / 100 + 1, UINT64_MAX - 1};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        for (unsigned percent = 0; percent <= 100; percent++) {
            struct get_progress progress;
            uint64_t done = percent == 100 ? sizes[i] : sizes[i] / 100 * percent;
            get_progress_begin(&progress, 0, done);
            const char *text = line(&progress, sizes[i], 100, false);
            unsigned shown = (unsigned)atoi(text);
            size_t full = strspn(strchr(text, '[') + 1, "=");
            size_t bar = (size_t)(strchr(text, ']') - strchr(text, '[')) - 1;
            EXPECT(shown == percent ||
                   (percent < 100 && shown + 1 == percent && sizes[i] % 100 != 0));
            EXPECT(full == bar * shown / 100);
            EXPECT((strchr(text, '>') != NULL) == (shown < 100));
        }
    }
}

/* A steady rate is shown as it is; after a change it is near the new one in some seconds. */
static void test_rate(void)
{
    struct get_progress progress;
    uint64_t bytes = 0;
    uint64_t now = 100;
    get_progress_begin(&progress, now, 0);
    for (unsigned i = 0; i < 50; i++) {
        now += 200;
        bytes += 20000;
        get_progress_note(&progress, now, bytes);
    }
    EXPECT(progress.rate >= 99900 && progress.rate <= 100000);
    struct get_progress jump = progress;
    get_progress_note(&jump, now + 200, bytes + 200000); /* counts for 200 ms beside 1.5 s */
    EXPECT(jump.rate >= 205700 && jump.rate <= 205900);
    jump = progress;
    get_progress_note(&jump, now + 99, bytes);
    EXPECT(jump.rate == progress.rate);
    get_progress_note(&jump, now + 100, bytes);
    EXPECT(jump.rate < progress.rate);
    for (unsigned i = 0; i < 50; i++) {
        now += 200;
        bytes += 200000;
        get_progress_note(&progress, now, bytes);
    }
    EXPECT(progress.rate > 980000 && progress.rate <= 1000000);
    for (unsigned i = 0; i < 100; i++) {
        now += 200;
        get_progress_note(&progress, now, bytes);
    }
    EXPECT(progress.rate < 1000);
    uint64_t rate = progress.rate;
    get_progress_note(&progress, now + 10, bytes + 5000); /* too soon to say anything */
    EXPECT(progress.rate == rate && progress.bytes == bytes + 5000);
    get_progress_begin(&progress, 0, 0); /* up to a hundred hours are foretold */
    get_progress_note(&progress, 1000, 1);
    EXPECT(shows(&progress, 360000, 50, false, "  0%  1 B of 360.0 kB  1 B/s  99:59:59 left"));
    EXPECT(shows(&progress, 360001, 50, false, "  0%  1 B of 360.0 kB  1 B/s  -:-- left"));
    get_progress_begin(&progress, 7, 0); /* as if in one, where no millisecond went by */
    get_progress_note(&progress, 7, 1000);
    EXPECT(shows(&progress, UINT64_MAX, 80, true, "1.0 kB  1.0 MB/s  0:00"));
    get_progress_begin(&progress, 0, 0);
    get_progress_note(&progress, 1000, UINT64_MAX / 2);
    EXPECT(progress.rate == UINT64_MAX / 2);
    get_progress_begin(&progress, 0, 0);
    get_progress_note(&progress, 8000, 7999);
    EXPECT(progress.rate == 999);
    for (unsigned more = 0; more < 3; more++) { /* no product overflows */
        get_progress_begin(&progress, 0, 0);
        get_progress_note(&progress, 1000, UINT64_MAX / 1000 - 1 + more);
        EXPECT(shows(&progress, UINT64_MAX, 80, true, "18.4 PB  18.4 PB/s  0:01"));
    }
    get_progress_begin(&progress, 0, UINT64_C(1) << 40); /* what was there before is no speed */
    get_progress_note(&progress, 1000, (UINT64_C(1) << 40) + 1000);
    EXPECT(progress.rate == 1000);
}

int main(void)
{
    test_line();
    test_numbers();
    test_width();
    test_rate();
    test_bar();
    return check_report("get_progress");
}
