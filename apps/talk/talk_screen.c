/* SPDX-License-Identifier: MIT */
/* What talk writes on standard output. */
#include "apps/talk/talk_screen.h"

#include <string.h>

#include "core/date.h"
#include "core/utf8.h"

enum { STAMP_BYTES = 16 };

static void print(struct talk_screen *screen, const void *bytes, size_t n)
{
    if (!screen->unread && port_print(PORT_STDOUT, bytes, n) != PORT_OK) {
        screen->unread = true;
    }
}

static void print_string(struct talk_screen *screen, const char *string)
{
    print(screen, string, strlen(string));
}

/* "12:34:56 ", the time of day in UTC, where lines are to begin with it. */
static void print_stamp(struct talk_screen *screen)
{
    char bytes[STAMP_BYTES];
    struct text text;
    struct date now;
    if (!screen->timestamps || !date_now(&now)) {
        return;
    }
    text_begin(&text, bytes, sizeof bytes);
    date_put_second(&text, &now);
    text_put_char(&text, ' ');
    print(screen, bytes, text.n);
}

/* The row for the next line of text. */
static void row_begin(struct talk_screen *screen)
{
    if (screen->drawn) {
        print_string(screen, "\r\x1b[K");
        screen->drawn = false;
    }
    print_stamp(screen);
}

/* ---- On a terminal ------------------------------------------------------------------------- */

/* Shows the first n of the bytes held as a line; the rest moves up. */
static void line_show(struct talk_screen *screen, size_t n)
{
    size_t rest = screen->n - n;
    uint8_t kept[4];
    CHECK(rest < sizeof kept);
    memcpy(kept, screen->line + n, rest);
    n = utf8_make_safe(screen->line, n);
    row_begin(screen);
    print(screen, screen->line, n);
    print_string(screen, "\n");
    memcpy(screen->line, kept, rest);
    screen->n = (uint16_t)rest;
}

static void line_take(struct talk_screen *screen, uint8_t byte)
{
    if (byte == '\n') {
        bool cr = screen->n > 0 && screen->line[screen->n - 1] == '\r';
        screen->n = (uint16_t)(screen->n - (cr ? 1 : 0));
        if (!screen->broken_off || screen->n > 0) { /* else only its end was missing */
            line_show(screen, screen->n);
        }
        screen->broken_off = false;
        return;
    }
    if (screen->n == sizeof screen->line) {
        line_show(screen, utf8_cut(screen->line, screen->n));
    }
    screen->line[screen->n] = byte;
    screen->n++;
}

/* ---- Elsewhere ----------------------------------------------------------------------------- */

static void pass_on(struct talk_screen *screen, const uint8_t *bytes, size_t n)
{
    while (n > 0 && !screen->unread) {
        const uint8_t *end = screen->timestamps ? memchr(bytes, '\n', n) : NULL;
        size_t part = end != NULL ? (size_t)(end - bytes) + 1 : n;
        if (!screen->within) {
            print_stamp(screen);
        }
        print(screen, bytes, part);
        screen->within = bytes[part - 1] != '\n';
        bytes += part;
        n -= part;
    }
}

/* ---- Both ---------------------------------------------------------------------------------- */

void talk_screen_edit(struct talk_screen *screen, struct editor *editor)
{
    screen->editor = editor;
    talk_screen_draw(screen, true);
}

void talk_screen_put(struct talk_screen *screen, const uint8_t *bytes, size_t n)
{
    if (!screen->terminal) {
        pass_on(screen, bytes, n);
        return;
    }
    for (size_t i = 0; i < n && !screen->unread; i++) {
        line_take(screen, bytes[i]);
    }
}

bool talk_screen_within(const struct talk_screen *screen)
{
    return screen->terminal ? screen->n > 0 : screen->within;
}

void talk_screen_break(struct talk_screen *screen, bool ends)
{
    if (screen->terminal && screen->n > 0) {
        size_t whole = utf8_cut(screen->line, screen->n);
        line_show(screen, ends || whole == 0 ? screen->n : whole);
        screen->broken_off = true;
    } else if (!screen->terminal && screen->within && ends) {
        print_string(screen, "\n");
        screen->within = false;
    }
}

void talk_screen_note(struct talk_screen *screen, const char *text, size_t n)
{
    if (screen->terminal) {
        row_begin(screen);
        print_string(screen, "*** ");
        print(screen, text, n);
        print_string(screen, "\n");
    }
}

void talk_screen_typed(struct talk_screen *screen)
{
    if (screen->editor == NULL) {
        return; /* the terminal itself has shown it */
    }
    row_begin(screen);
    print_string(screen, EDITOR_PROMPT);
    print(screen, screen->editor->line, screen->editor->n);
    print_string(screen, "\n");
}

void talk_screen_clear(struct talk_screen *screen)
{
    print_string(screen, "\x1b[H\x1b[2J");
}

void talk_screen_bell(struct talk_screen *screen)
{
    print_string(screen, "\a");
}

void talk_screen_draw(struct talk_screen *screen, bool changed)
{
    char bytes[EDITOR_DRAWN_BYTES];
    struct text text;
    if (screen->editor == NULL || (screen->drawn && !changed)) {
        return;
    }
    text_begin(&text, bytes, sizeof bytes);
    editor_draw(screen->editor, port_terminal_columns(PORT_STDOUT), &text);
    CHECK(!text.cut);
    print(screen, bytes, text.n);
    screen->drawn = true;
}

void talk_screen_end(struct talk_screen *screen)
{
    if (screen->drawn) {
        print_string(screen, "\r\x1b[K");
    }
    screen->drawn = false;
    screen->editor = NULL;
}
