/* SPDX-License-Identifier: MIT */
/* `linnet talk` as a whole, from its command line to its exit status, in a simulated world that
 * follows a script: what is typed, what the server does, and what must be seen by then. With
 * fake_terminal.c. */
#ifndef TESTS_UNIT_FAKE_TALK_H
#define TESTS_UNIT_FAKE_TALK_H

#include "port/sim/sim.h"

enum talk_deed {
    OVER,       /* the script ends, and talk does, as the session says */
    TYPE,       /* text at the console */
    FILL,       /* `number` lines of 70 bytes at the console, one each 10 ms */
    INPUT_ENDS,
    SEND,       /* text from the server */
    SHUT,       /* the server ends its direction */
    CLOSE,
    RESET,
    WIDTH,      /* the terminal has `number` columns now, 0: it is not ours */
    REDRAW,     /* the terminal was away, or has another width */
    ASKED_TO_STOP,
    UNREAD,     /* nobody reads standard output any more */
    OTHERS,     /* others write text to the terminal */
    /* What is so by now: */
    HEARD,      /* the server heard this text on its last connection, and nothing else */
    HEARD_SHUT, /* the same, and the end behind it */
    HEARD_BYTES,/* the number of bytes it heard there */
    SHOWN,      /* all of standard output, or of the rows above the cursor's on a terminal */
    ROW,        /* the row in which the cursor is */
    BELLS,
    SILENT,     /* nothing was shown since the step before */
    DIALS       /* how often talk has connected, or tried to */
};

struct talk_step {
    uint32_t after_ms; /* the step before */
    enum talk_deed deed;
    const char *text;
    unsigned number;
};

enum { TALK_STEPS = 24, TALK_ARGUMENTS = 6, TALK_FAULTS = 4, ENDS_SOON_MS = 150 };

/* How the last connection ended. */
enum talk_ending { NOT_ENDED, SHUT_ALONE, CLOSED, ABORTED };

struct talk_session {
    const char *arguments[TALK_ARGUMENTS]; /* behind "linnet talk" */
    unsigned columns;                      /* 0: pipes */
    const char *term;                      /* NULL: TERM is not set */
    bool no_console;
    struct sim_fault faults[TALK_FAULTS];
    struct talk_step steps[TALK_STEPS];
    int status;
    const char *shown; /* as SHOWN */
    bool shown_begins; /* so, and goes on */
    const char *said;  /* standard error */
    enum talk_ending ending;
    uint32_t takes_ms; /* from the last step to the end of talk, give or take ENDS_SOON_MS */
};

void talk_session_play(const char *name, const struct talk_session *session, size_t number);

#define TALK_SESSIONS_PLAY(sessions) \
    for (size_t i = 0; i < COUNT_OF(sessions); i++) { \
        talk_session_play(#sessions, &sessions[i], i); \
    }

#endif
