/* SPDX-License-Identifier: MIT */
/* A terminal that understands what an editor of lines may tell it, and nothing else. */
#ifndef TESTS_UNIT_FAKE_TERMINAL_H
#define TESTS_UNIT_FAKE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAKE_COLUMNS = 80, FAKE_ROW_BYTES = 4096, FAKE_SCREEN_BYTES = 1 << 17 };

struct fake_screen {
    char text[FAKE_SCREEN_BYTES]; /* the rows above, each with its line end */
    size_t n;
    char row[FAKE_ROW_BYTES];     /* in which the cursor is; longer than a real one */
    size_t cursor;
    size_t width;                 /* of the row, as far as it was written */
    unsigned bells;
    char escape[8];               /* a sequence that is not whole */
    size_t escape_n;
    bool wrong;                   /* it was told something else, or to write beyond the row's end */
};
extern struct fake_screen screen;

void screen_begin(void);
void screen_take(const uint8_t *bytes, size_t n);

/* A line of the log, which goes to the same terminal. */
void screen_log(const char *line, size_t n);

/* Whether the row in which the cursor is, or those above, are this text; says so if not. */
bool row_is(const char *text);
bool rows_are(const char *text);

#endif
