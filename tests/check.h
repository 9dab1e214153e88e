/* SPDX-License-Identifier: MIT */
/* For every C test: EXPECT counts, names what failed, and goes on. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>

static unsigned check_passed;
static unsigned check_failed;

#define EXPECT(condition) check_note((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

static void check_note(int right, const char *what, const char *file, int line)
{
    if (right) {
        check_passed++;
    } else {
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
