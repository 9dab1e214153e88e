/* SPDX-License-Identifier: MIT */
/* What was typed or piped in and the server has not taken yet: lines, each with its end. For
 * talk_app.c and the tests. */
#ifndef APPS_TALK_TALK_UNSENT_H
#define APPS_TALK_TALK_UNSENT_H

#include "apps/talk/talk_config.h"
#include "port/port.h"

enum { TALK_GOODBYE_BYTES = 8 }; /* more than a goodbye has */

/* All zero at first. */
struct talk_unsent {
    uint8_t bytes[CFG_TALK_UNSENT_BYTES];
    uint16_t n;        /* of them */
    bool begun;        /* a part of the first line was taken already */
    bool lost;         /* and the connection broke: the rest of that line is dropped as it comes */
    bool goodbye;      /* the last whole line put in says goodbye: /quit, bye, or in Chinese */
    uint8_t last_n;    /* bytes of the line coming in, as far as `last` holds them */
    uint8_t last[TALK_GOODBYE_BYTES];
};

struct talk_message {
    const uint8_t *bytes;
    size_t n;         /* without the line end */
    size_t end_bytes; /* of the line end behind it */
    bool whole;       /* else it had no room: more of it follows */
};

/* Takes, or drops, what there is room for of n bytes; returns how many. */
size_t talk_unsent_put(struct talk_unsent *unsent, const uint8_t *bytes, size_t n);

/* Takes a line without its end, and adds that. False: there is no room for it. */
bool talk_unsent_line(struct talk_unsent *unsent, const uint8_t *line, size_t n);

bool talk_unsent_any(const struct talk_unsent *unsent);

/* The first message to be sent; n and end_bytes 0: there is none yet. `ended`: there will be no
 * more input. */
struct talk_message talk_unsent_message(const struct talk_unsent *unsent, bool ended);

/* The first n bytes were taken. */
void talk_unsent_drop(struct talk_unsent *unsent, size_t n);

/* The connection is gone, and with it the first part of a line: its rest is of no use, whether it
 * is here or still to come. */
void talk_unsent_broken(struct talk_unsent *unsent);

#endif
