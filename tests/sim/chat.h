/* SPDX-License-Identifier: MIT */
/* The chat room as its members see it, for chat.c and chat_check.c. */
#ifndef TESTS_SIM_CHAT_H
#define TESTS_SIM_CHAT_H

#include "tests/sim/world.h"

enum {
    ROOM_MEMBERS = 32,   /* clients that talk; others of a mixed world only listen */
    ROOM_LINES = 64,     /* of one of them */
    ROOM_MESSAGES = ROOM_MEMBERS * ROOM_LINES,
    ROOM_TEXT_BYTES = 5000,
    ROOM_LINE_BYTES = 700
};

/* What a client will say. */
struct talk {
    char text[ROOM_TEXT_BYTES];
    uint16_t text_bytes;
    uint16_t first_end;   /* where its first LF is */
    uint8_t lines;        /* of its own, numbered from 0 */
    bool nick;            /* it calls itself n<id> first */
    bool quits;           /* its last line is a good-bye */
    bool other;           /* it speaks another protocol */
    bool gap;             /* its one line has no end */
    uint64_t stay_ms;
    /* What it was sent. */
    char line[ROOM_LINE_BYTES];
    uint16_t line_bytes;
    uint8_t more;         /* bytes of a character still to come */
    uint32_t character;
    unsigned operator_next; /* lines of the operator's it heard all have lower numbers */
    uint8_t twin;         /* the client it knows by the name of twin, plus 1 */
    bool greeted;
    uint64_t greeted_ms;
    uint64_t missed;      /* lines it was told that it missed */
    uint32_t heard;       /* messages so far */
    uint16_t place[ROOM_MESSAGES]; /* when it heard each, 0: never; +0x8000: as history */
};

struct talk *chat_talk(const struct client *client);

/* Writes what line `seq` of a client is; returns its bytes. `said`: as others must see it. */
size_t chat_line(unsigned id, unsigned seq, bool said, char *bytes);

/* Takes what the server sends to a member: H1 to H7. */
void chat_check(struct client *client, struct talk *talk, const uint8_t *bytes, size_t n);
/* A quiet world's member leaves: it heard all that was said while it was there. */
void chat_check_leaving(const struct client *client, const struct talk *talk);
void chat_check_finish(void);
/* What the record of the room heard, against what each of its members did. */
void chat_check_record(const struct talk *record);

#endif
