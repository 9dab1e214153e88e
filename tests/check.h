/* SPDX-License-Identifier: MIT */
/*
 * For every C test: EXPECT counts, names what failed, and goes on. The last line of output says how
 * it went. In a program of several files, all but one define CHECK_PART before including this.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>

extern unsigned check_passed;
extern unsigned check_failed;

#define EXPECT(condition) check_note((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

void check_note(int right, const char *what, const char *file, int line);
/* Says that something could not be tried here. */
void check_skip(const char *what);
/* The exit status of the program; the last line says how it went. */
int check_report(const char *name);

#ifndef CHECK_PART

unsigned check_passed;
unsigned check_failed;

void check_note(int right, const char *what, const char *file, int line)
{
    if (right) {
        check_passed++;
    } else {
        check_failed++;
        printf("%s:%d: %s\n", file, line, what);
    }
}

void check_skip(const char *what)
{
    printf("skipped: %s\n", what);
}

int check_report(const char *name)
{
    printf("%s:\n%u passed, %u failed\n", name, check_passed, check_failed);
    return check_failed == 0 ? 0 : 1;
}

#endif

#endif
