/* SPDX-License-Identifier: MIT */
/* What the parts of talk share: the state of the conversation. For talk_app.c and
 * talk_console.c. */
#ifndef APPS_TALK_TALK_STATE_H
#define APPS_TALK_TALK_STATE_H

#include "apps/talk/talk_app.h"
#include "apps/talk/talk_screen.h"
#include "apps/talk/talk_unsent.h"

enum {
    TALK_SLOT_TICK,    /* deadlines of the app: a second of the pause before the next attempt */
    TALK_SLOT_REST,    /* the server has ended; is there more to say? */
    TALK_SLOT_GAP = 0, /* deadlines of the server's connection: nothing came for a while */
    TALK_SLOT_ANSWER   /* no answer; runs on when one came, and means nothing then */
};

enum talk_phase {
    TALK_DIALLING,
    TALK_CONNECTED,
    TALK_PAUSING, /* until the next attempt */
    TALK_RESTING, /* the server ended before us: 18 if there is more to say */
    TALK_OVER
};

struct talk_state {
    struct editor editor;
    struct talk_screen screen;
    struct talk_unsent unsent;
    struct client_route route;
    struct conn *server;
    struct conn *console;
    uint64_t connected_ms;
    uint32_t pause_s;       /* before the next attempt */
    uint32_t pause_left_s;
    enum talk_phase phase;
    enum talk_status status;
    unsigned tick_kind;
    unsigned gap_kind;
    unsigned answer_kind;
    bool connected;         /* once at least */
    bool typed;             /* a person at a terminal */
    bool input_ended;
    bool shut;              /* the server was told so */
    bool server_ended;
    bool leaving;           /* the person is */
    bool awaiting;          /* --raw on pipes: the answer to the last message */
};
extern struct talk_state talk_state;

/* Ends the conversation, unless it has ended. */
void talk_over(enum talk_status status);

/* The same with a complaint: the host, and what it did. */
void talk_fail(const char *what);

/* ---- talk_console.c ------------------------------------------------------------------------ */

/* Does what is next, now that something changed: sends, or says that there is no more. */
void talk_advance(void);

/* --raw on pipes: the last message has its answer, or will have none. */
void talk_answered(void);

bool talk_produce(struct conn *conn, size_t room);

/* Bytes of the console, and their end. */
size_t talk_console_take(const uint8_t *bytes, size_t n);
void talk_console_ended(void);

#endif
