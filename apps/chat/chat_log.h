/* SPDX-License-Identifier: MIT */
/*
 * The room's log: a ring of entries, each in one piece, that every reader reads by a position of
 * its own. Adding an entry drops the oldest ones that are in its way. Positions count bytes ever
 * written, in 32 bits, and wrap; two that are both in the log compare by their difference.
 */
#ifndef APPS_CHAT_LOG_H
#define APPS_CHAT_LOG_H

#include "apps/chat/chat_config.h"
#include "port/port.h"

enum chat_kind {
    CHAT_SAY,    /* <name> text; at the desk a question, or an answer */
    CHAT_PART,   /* at the desk, of an answer that goes on in the next entry */
    CHAT_ME,     /* * name text */
    CHAT_JOIN,   /* name came */
    CHAT_LEAVE,  /* name went; text: why, may be empty */
    CHAT_NICK,   /* name is now called text */
    CHAT_TOPIC,  /* name made text the topic; may be empty: took it away */
    CHAT_NOTICE, /* text of the server; no name */
    CHAT_PAD     /* the log's own: nothing, up to the end of the ring */
};

/* For `to` and `from`: slot numbers of connections, or these. */
enum { CHAT_EVERYBODY = UINT16_MAX, CHAT_NOBODY = UINT16_MAX - 1 };

struct chat_entry {
    enum chat_kind kind;
    uint16_t from;
    uint16_t to;           /* one slot alone: a private line */
    const void *address;   /* of who said it, for the console: the bytes of a struct port_address,
                              not aligned; or NULL */
    const char *name;
    size_t name_bytes;     /* up to CFG_CHAT_NAME_BYTES */
    const char *text;
    size_t text_bytes;     /* up to CFG_CHAT_LINE_BYTES */
};

struct chat_log {
    uint32_t head;           /* where the next entry goes */
    uint32_t tail;           /* the oldest entry */
    uint32_t history;        /* the oldest entry of the history */
    uint32_t history_lines;  /* lines that everybody may see, from there to the head */
    uint32_t history_max;
    uint8_t bytes[CFG_CHAT_LOG_BYTES];
};

void chat_log_begin(struct chat_log *log, uint32_t history_max);

/* Where the tail will be when this entry has been added: readers before it must go on first. */
uint32_t chat_log_tail_after(const struct chat_log *log, const struct chat_entry *entry);

void chat_log_add(struct chat_log *log, const struct chat_entry *entry);

/* Reads the entry at *at and moves *at behind it. The entry's name and text lie in the log and stay
 * until the next chat_log_add. False: *at is at the head. */
bool chat_log_read(const struct chat_log *log, uint32_t *at, struct chat_entry *entry);

/* Whether a newcomer may see it: what was said to everybody. */
bool chat_log_is_history(const struct chat_entry *entry);

/* Position a lies before b; both in the log, or less than 2^31 bytes apart. */
bool chat_log_before(uint32_t a, uint32_t b);

#endif
