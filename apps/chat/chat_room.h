/* SPDX-License-Identifier: MIT */
/*
 * The room: its members, their names, and the log they all read from. A line that is said is copied
 * once, into the log; readers that were owed nothing are asked to produce, the others come to it.
 *
 * A reader that is overtaken by the end of the log goes on from its middle and is told how many
 * lines it missed. One that is overtaken in the middle of a line, because its buffer had no room
 * for the rest (chat_output.h), is cut. A reader that takes nothing at all of what it is owed is
 * cut by the core, after CFG_STALL_MS. The console never is.
 *
 * Arrivals and departures beyond CFG_CHAT_NOTICE_RATE are announced together, as numbers.
 *
 * At the desk, members are called by numbers, guests read only what is said to them, and notices
 * are for the operator alone. What is said to a guest waits in the log until it is due.
 */
#ifndef APPS_CHAT_ROOM_H
#define APPS_CHAT_ROOM_H

#include "apps/chat/chat_log.h"
#include "apps/chat/chat_member.h"

struct chat_counts {
    uint32_t members;   /* the console included */
    uint64_t lines;     /* said */
    uint64_t missed;    /* lines by readers that were too slow for them */
    uint64_t cut;       /* readers cut, with half a line */
};

/* All that the module holds; the type is public for its size alone. */
struct chat_room {
    struct chat_log log;
    struct chat_counts counts;
    struct rate notices;
    uint32_t slowest;              /* no reader's position lies before it */
    uint32_t fresh;                /* bytes added to the log since anybody was produced for */
    uint32_t guests;               /* guest names given */
    uint32_t came;                 /* members not announced one by one */
    uint32_t gone;
    unsigned notice_kind;
    uint16_t first;                /* readers, as slot + 1; those that are idle come first */
    uint16_t last;
    struct port_address peer;      /* of the entry that is added */
    struct chat_entry adding;      /* here, and the next, for the stack's sake */
    struct chat_entry passed;      /* that a laggard is taken past */
    uint16_t console;              /* its slot + 1, 0: there is none */
    bool stopping;
    uint16_t names[CFG_CONN_MAX];  /* the hash of each member's name; 0: no member */
};

enum { CHAT_ROOM_STATIC_BYTES = sizeof(struct chat_room) };

/* notice_kind: the app's deadline in slot 0, at which chat_room_announce_rest is called. */
void chat_room_start(unsigned notice_kind);

/* The connection becomes a reader, and a member with a name. */
void chat_room_enter(struct conn *conn);

/* Everybody is told that it came; at the desk nobody is. */
void chat_room_announce(struct conn *conn);

enum chat_departure { CHAT_LEFT, CHAT_LEFT_REMOVED, CHAT_LEFT_SLOW };

/* It is no longer a member: its name is free, and everybody is told (if they knew it), and why. It
 * still reads up to here. */
void chat_room_leave(struct conn *conn, enum chat_departure why);

/* The connection is gone. */
void chat_room_remove(struct conn *conn);

/* A member says a line to everybody, to the slot `to` alone, or to nobody but the operator. */
void chat_room_say(struct conn *conn, enum chat_kind kind, uint16_t to, const char *text,
                   size_t n);

/* One who is no member says a line to everybody, or to the slot `to` alone. */
void chat_room_tell(enum chat_kind kind, uint16_t to, const char *name, size_t name_bytes,
                    const char *text, size_t n);

/* A guest has read all that is for it: what was said to others is passed over at once. */
void chat_room_catch_up(struct conn *conn);

/* The server says something to everybody. */
void chat_room_notice(const char *text, size_t n);

/* A member sets the topic, or takes it away (n 0). False: it is too long. */
bool chat_room_set_topic(struct conn *conn, const char *text, size_t n);

/* Announces those who came and left without a notice of their own. */
void chat_room_announce_rest(void);

/* The member of that name, or NULL. */
struct conn *chat_room_find(const char *name, size_t n);

/* Changes a name that chat_name_check finds good. False: another member has it. */
bool chat_room_rename(struct conn *conn, const char *name, size_t n);

/* The first member in slot `from` or behind it, or NULL. */
struct conn *chat_room_next(unsigned from);

/* Reads the next entry that this member, in slot `index`, may see, and moves its position behind
 * it. False: there is none. */
bool chat_room_read(struct chat_member *member, unsigned index, struct chat_entry *entry);

/* The member has all it is owed. */
void chat_room_rest(struct conn *conn);

/* The log took as much as one pass may add: later lines wait, so that a reader that keeps up never
 * misses one. Output, or time, clears it (chat_room_flow). */
bool chat_room_is_full(void);
void chat_room_flow(void);

/* The end of the log. */
uint32_t chat_room_head(void);

/* The server goes down: departures are no longer announced. */
void chat_room_stop(void);

const struct chat_counts *chat_room_counts(void);

#endif
