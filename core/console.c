/* SPDX-License-Identifier: MIT */
/* The operator's console where it is a terminal in raw mode. */
#include "core/console.h"

#if CFG_CONSOLE_EDITOR
#include <string.h>

#include "core/editor.h"

enum {
    KEYS_PER_PASS = 64, /* of what was pasted */
    KEPT_BYTES = 2 * EDITOR_DRAWN_BYTES
};

#define ERASE "\r\x1b[K"

static struct {
    struct editor editor;
    unsigned columns;  /* 0: does not edit */
    bool log;          /* goes to the same terminal */
    bool away;         /* others have it now */
    bool ended;        /* the input */
    bool shown;        /* the line being typed is on the screen, or kept to be */
    bool changed;      /* and is not what it was */
    bool within;       /* a line that is written goes on: all else waits for its end */
    size_t kept_from;  /* what the terminal did not take yet: from here */
    size_t kept_to;
    char kept[KEPT_BYTES];
} state;

const size_t console_static_bytes = sizeof state;

void console_start(void)
{
    memset(&state, 0, sizeof state);
}

/* ---- What goes out ------------------------------------------------------------------------- */

/* True: nothing is in the way of what is written next. */
static bool kept_flush(void)
{
    if (state.within) {
        return true;
    }
    if (state.kept_from < state.kept_to) {
        size_t n = state.kept_to - state.kept_from;
        int taken = port_console_write(state.kept + state.kept_from, n);
        state.kept_from += taken > 0 ? (size_t)taken : 0;
        if (taken == PORT_EOF) {
            state.kept_from = state.kept_to; /* nobody will ever read it */
        }
    }
    if (state.kept_from == state.kept_to) {
        state.kept_from = 0;
        state.kept_to = 0;
    }
    return state.kept_to == 0;
}

/* What is kept already, to be added to. */
static struct text kept_text(void)
{
    struct text text;
    text_begin(&text, state.kept, sizeof state.kept);
    text.n = state.kept_to;
    return text;
}

/* Keeps what was added, unless it has no room as a whole. */
static bool kept_add(const struct text *text)
{
    if (!text->cut) {
        state.kept_to = text->n;
    }
    (void)kept_flush();
    return !text->cut;
}

static bool kept_put(const char *string)
{
    struct text text = kept_text();
    text_put(&text, string);
    return kept_add(&text);
}

static void make_way(void)
{
    if (state.shown) {
        state.shown = !kept_put(ERASE);
    }
}

int console_write(const void *bytes, size_t n)
{
    make_way();
    if (state.shown || !kept_flush()) {
        return PORT_AGAIN;
    }
    int taken = port_console_write(bytes, n);
    if (taken > 0) {
        state.within = ((const char *)bytes)[taken - 1] != '\n';
    }
    return taken;
}

void console_make_way(void)
{
    if (state.log) {
        make_way();
    }
}

bool console_paint(void)
{
    if (!kept_flush()) {
        return false;
    }
    if (state.columns == 0 || state.within || (state.shown && !state.changed)) {
        return true;
    }
    struct text text = kept_text();
    editor_draw(&state.editor, state.columns, &text);
    state.shown = kept_add(&text);
    state.changed = false;
    CHECK(state.shown);
    return state.kept_to == 0;
}

/* ---- What comes in ------------------------------------------------------------------------- */

void console_edit(unsigned columns, bool log)
{
    state.away = columns == 0 && (state.columns > 0 || state.away);
    state.columns = state.ended ? 0 : columns;
    state.log = log;
    state.shown = state.kept_to > 0; /* others have written to it; what is kept comes yet */
    state.changed = true;
}

bool console_edits(void)
{
    return state.columns > 0;
}

bool console_is_away(void)
{
    return state.away;
}

/* The input is at its end; what is written goes on to be. */
static int leave(void)
{
    make_way();
    (void)kept_put("*** Nothing more is read here; the server goes on until Ctrl-C.\n");
    state.columns = 0;
    state.ended = true;
    return PORT_EOF;
}

/* The line that was typed becomes one of those above. Returns its length in `bytes`. */
static int line_typed(uint8_t *bytes)
{
    struct editor *editor = &state.editor;
    size_t n = editor->n;
    struct text text = kept_text();
    text_put(&text, ERASE EDITOR_PROMPT);
    text_put_bytes(&text, (const char *)editor->line, n);
    text_put(&text, "\n");
    if (kept_add(&text)) {
        state.shown = false;
    }
    memcpy(bytes, editor->line, n);
    bytes[n] = '\n';
    editor_next(editor);
    state.changed = true;
    return (int)n + 1;
}

/* Takes one key. Returns PORT_AGAIN, or what console_read returns. */
static int key_take(uint8_t key, uint8_t *bytes)
{
    switch (editor_take(&state.editor, key)) {
    case EDITOR_SAME:
        break;
    case EDITOR_CHANGED:
        state.changed = true;
        break;
    case EDITOR_LINE:
        return line_typed(bytes);
    case EDITOR_REFUSED:
        (void)kept_put("\a");
        break;
    case EDITOR_CLEAR:
        if (kept_put("\x1b[H\x1b[2J")) {
            state.shown = false;
        }
        break;
    case EDITOR_LEAVE:
        return leave();
    }
    return PORT_AGAIN;
}

/* Key by key, as only the editor knows where a line ends; what lies behind it stays where it is. */
int console_read(port_handle input, uint8_t *bytes, size_t n)
{
    CHECK(state.columns > 0);
    CHECK(n > CFG_EDITOR_LINE_BYTES);
    for (unsigned left = KEYS_PER_PASS; left > 0; left--) {
        uint8_t key = 0;
        int got = port_console_read(input, &key, 1);
        if (got == PORT_EOF) {
            return leave();
        }
        if (got != 1) {
            return PORT_AGAIN;
        }
        int result = key_take(key, bytes);
        if (result != PORT_AGAIN) {
            return result;
        }
    }
    return PORT_AGAIN;
}

void console_end(void)
{
    make_way();
}
#else
const size_t console_static_bytes = 0;
#endif
