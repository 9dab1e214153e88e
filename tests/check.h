/* SPDX-License-Identifier: MIT */
/*
 * For every C test: EXPECT counts, names what failed, and goes on. The last line of output says how
 * it went. In a program of several files, all but one define CHECK_PART before including this.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>

/* However often it is asked, a question that was always answered right counts once. */
#define EXPECT(condition) \
    do { \
        static char check_seen; \
        check_note((condition) ? 1 : 0, &check_seen, #condition, __FILE__, __LINE__); \
    } while (0)

void check_note(int right, char *seen, const char *what, const char *file, int line);
/* Says that something could not be tried here. */
void check_skip(const char *what);
/* The exit status of the program; the last line says how it went. */
int check_report(const char *name);

/* A test in a child process adds what it counted there to these. */
extern unsigned check_passed;
extern unsigned check_failed;
extern unsigned check_skipped;

#ifndef CHECK_PART

/* Where standard output may be something else for a while, the program says how to show text. */
#ifndef CHECK_FLUSH
#define CHECK_FLUSH() ((void)fflush(stdout))
#endif

unsigned check_passed;
unsigned check_failed;
unsigned check_skipped;

void check_note(int right, char *seen, const char *what, const char *file, int line)
{
    if (!right) {
        check_failed++;
        printf("%s:%d: %s\n", file, line, what);
        CHECK_FLUSH(); /* what comes next may end the program */
    } else if (*seen == 0) {
        *seen = 1;
        check_passed++;
    }
}

void check_skip(const char *what)
{
    check_skipped++;
    printf("skipped: %s\n", what);
}

int check_report(const char *name)
{
    printf("%s:\n%u passed, %u failed", name, check_passed, check_failed);
    if (check_skipped > 0) {
        printf(", %u skipped", check_skipped);
    }
    printf("\n");
    return check_failed == 0 ? 0 : 1;
}

#endif

#endif
