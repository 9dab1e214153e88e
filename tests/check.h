/* SPDX-License-Identifier: MIT */
/* For every C test: EXPECT counts, names what failed, and goes on. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>

static unsigned check_passed;
static unsigned check_failed;

/* However often it is asked, a question that was always right counts once. */
#define EXPECT(condition) \
    do { \
        static char check_seen; \
        check_note((condition) ? 1 : 0, &check_seen, #condition, __FILE__, __LINE__); \
    } while (0)

static void check_note(int right, char *seen, const char *what, const char *file, int line)
{
    if (right && *seen == 0) {
        *seen = 1;
        check_passed++;
    } else if (!right) {
        check_failed++;
        printf("%s:%d: %s\n", file, line, what);
    }
}

/* The exit status of the program; the last line says how it went. */
static int check_report(const char *name)
{
    printf("%s:\n%u passed, %u failed\n", name, check_passed, check_failed);
    return check_failed == 0 ? 0 : 1;
}

#endif
