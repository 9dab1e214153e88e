/* SPDX-License-Identifier: MIT */
/*
 * The line a person types on a terminal in raw mode: keys in, the line and the bytes that show it
 * out. Pure: it reads and writes nothing itself.
 *
 * The line is always valid UTF-8 of safe characters (core/utf8.h), shown in one row whose left part
 * is scrolled out where the terminal is too narrow. Drawing uses CR and "erase to the end of the
 * line" alone, and puts the cursor in its place by writing what stands before it once more: so it
 * is right even where the terminal has other ideas of a character's width.
 */
#ifndef CORE_EDITOR_H
#define CORE_EDITOR_H

#include "core/config.h"
#include "core/editor_keys.h"
#include "core/text.h"

enum editor_event {
    EDITOR_SAME,    /* nothing to be drawn */
    EDITOR_CHANGED, /* draw */
    EDITOR_LINE,    /* Enter: the line is `n` bytes of `line`, until editor_next */
    EDITOR_REFUSED, /* the line is full */
    EDITOR_CLEAR,   /* clear the screen, and draw */
    EDITOR_LEAVE    /* ^D on an empty line, or ^C */
};

struct editor_entry {
    uint16_t n;
    uint8_t bytes[CFG_EDITOR_LINE_BYTES];
};

/* All zero at first. */
struct editor {
    struct editor_keys keys;
    uint16_t cursor;   /* where the next character goes, in bytes */
    uint16_t first;    /* the first byte that is shown */
    uint16_t count;    /* lines remembered */
    uint16_t newest;   /* the newest of them */
    uint16_t browsing; /* which one is shown: 0 none, 1 the newest */
    uint16_t n;
    uint8_t line[CFG_EDITOR_LINE_BYTES];
    struct editor_entry draft; /* what was typed before browsing */
    struct editor_entry history[CFG_EDITOR_HISTORY];
};

/* What editor_draw writes at most. */
enum { EDITOR_DRAWN_BYTES = 2 * CFG_EDITOR_LINE_BYTES + 16 };

/* Shown before the line where the terminal is wide enough for it. */
#define EDITOR_PROMPT "> "

enum editor_event editor_take(struct editor *editor, uint8_t byte);

/* Remembers the line, unless it is empty or the last one again, and begins an empty one. */
void editor_next(struct editor *editor);

/* Draws the line over the row in which the cursor stands, of a terminal `columns` wide. */
void editor_draw(struct editor *editor, unsigned columns, struct text *out);

#endif
