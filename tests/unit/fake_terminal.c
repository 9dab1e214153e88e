/* SPDX-License-Identifier: MIT */
/* A terminal that understands what an editor of lines may tell it, and nothing else. */
#include "tests/unit/fake_terminal.h"

#include <stdio.h>
#include <string.h>

#include "port/compiler.h"

struct fake_screen screen;

void screen_begin(void)
{
    memset(&screen, 0, sizeof screen);
}

static void screen_escape(char c)
{
    screen.escape[screen.escape_n] = c;
    screen.escape_n++;
    if (screen.escape_n == 3 && memcmp(screen.escape, "\x1b[K", 3) == 0) {
        screen.width = screen.cursor;
    } else if (screen.escape_n == 3 && memcmp(screen.escape, "\x1b[H", 3) == 0) {
        screen.n = 0;
        screen.cursor = 0;
    } else if (screen.escape_n == 4 && memcmp(screen.escape, "\x1b[2J", 4) == 0) {
        screen.width = 0;
    } else {
        screen.wrong = screen.wrong || screen.escape_n > 3;
        return;
    }
    screen.escape_n = 0;
}

void screen_take(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = (char)bytes[i];
        if (screen.escape_n > 0 || c == '\x1b') {
            screen_escape(c);
        } else if (c == '\r') {
            screen.cursor = 0;
        } else if (c == '\a') {
            screen.bells++;
        } else if (c == '\n') {
            CHECK(screen.n + screen.width < sizeof screen.text);
            memcpy(screen.text + screen.n, screen.row, screen.width);
            screen.n += screen.width;
            screen.text[screen.n] = '\n';
            screen.n++;
            screen.cursor = 0;
            screen.width = 0;
        } else {
            screen.wrong = screen.wrong || c < ' ' || screen.cursor >= FAKE_COLUMNS;
            screen.row[screen.cursor % sizeof screen.row] = c;
            screen.cursor++;
            screen.width = screen.cursor > screen.width ? screen.cursor : screen.width;
        }
    }
}

void screen_log(const char *line, size_t n)
{
    screen_take((const uint8_t *)line, n);
    screen_take((const uint8_t *)"\n", 1);
}

bool row_is(const char *text)
{
    size_t n = screen.width;
    while (n > 0 && screen.row[n - 1] == ' ') {
        n--;
    }
    bool right = strlen(text) == n && memcmp(text, screen.row, n) == 0 && !screen.wrong;
    if (!right) {
        printf("the row is \"%.*s\", not \"%s\"%s\n", (int)n, screen.row, text,
               screen.wrong ? ", and something is wrong" : "");
    }
    return right;
}

bool rows_are(const char *text)
{
    bool right = strlen(text) == screen.n && memcmp(text, screen.text, screen.n) == 0;
    if (!right) {
        printf("the rows are \"%.*s\", not \"%s\"\n", (int)screen.n, screen.text, text);
    }
    return right;
}
