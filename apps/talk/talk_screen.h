/* SPDX-License-Identifier: MIT */
/* What talk writes on standard output: lines of the peer, and on a terminal the line being typed
 * below them. For talk_app.c. */
#ifndef APPS_TALK_TALK_SCREEN_H
#define APPS_TALK_TALK_SCREEN_H

#include "apps/talk/talk_config.h"
#include "core/editor.h"
#include "port/port_tool.h"

struct talk_screen {
    struct editor *editor; /* whose line is shown; NULL: none */
    bool terminal;         /* made safe, line by line; else every byte goes out as it came */
    bool timestamps;
    bool drawn;            /* the editor's line is on the screen */
    bool within;           /* the peer's line goes on */
    bool broken_off;       /* its first part was shown as a line, as nothing more came */
    bool unread;           /* nobody reads standard output any more */
    uint8_t line[CFG_TALK_SHOWN_BYTES]; /* of the peer, on a terminal until it is whole */
    uint16_t n;            /* of them */
};

/* Begins to show `editor`'s line, over the row in which the cursor stands; NULL: shows none. */
void talk_screen_edit(struct talk_screen *screen, struct editor *editor);

/* Bytes of the peer. */
void talk_screen_put(struct talk_screen *screen, const uint8_t *bytes, size_t n);

/* Whether the last line is not over. */
bool talk_screen_within(const struct talk_screen *screen);

/* The peer says no more for now, or for good: shows what there is of its last line. `ends` true:
 * elsewhere than on a terminal too, the line is ended. */
void talk_screen_break(struct talk_screen *screen, bool ends);

/* A sentence of our own; text on a terminal only. */
void talk_screen_note(struct talk_screen *screen, const char *text, size_t n);

/* The editor's line was typed; if it is shown, it becomes one of those above. */
void talk_screen_typed(struct talk_screen *screen);

void talk_screen_clear(struct talk_screen *screen);
void talk_screen_bell(struct talk_screen *screen);

/* Draws the editor's line, if it is not there (`changed`: in any case). */
void talk_screen_draw(struct talk_screen *screen, bool changed);

/* Takes the editor's line away for good. */
void talk_screen_end(struct talk_screen *screen);

#endif
