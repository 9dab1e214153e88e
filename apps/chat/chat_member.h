/* SPDX-License-Identifier: MIT */
/* What the room knows of one connection; it lies in the connection's app bytes. */
#ifndef APPS_CHAT_MEMBER_H
#define APPS_CHAT_MEMBER_H

#include "apps/chat/chat.h"
#include "core/line.h"
#include "core/rate.h"

enum chat_flag {
    CHAT_INSIDE = 1,      /* reads the log */
    CHAT_GREETED = 2,     /* announced; before, it may still turn out to speak another protocol */
    CHAT_SNIFFED = 4,     /* its first line is over: it speaks this protocol for good */
    CHAT_LIVE = 8,        /* reads what was said since it came; before, the history */
    CHAT_IDLE = 16,       /* owed nothing: output is to be asked for when there is something */
    CHAT_LEAVING = 32,    /* said goodbye; goes when it has what it is owed */
    CHAT_GREETING = 64,   /* owed the greeting */
    CHAT_PAID = 128,      /* the line that begins, or goes on, is within its rate */
    CHAT_PAUSED = 256,    /* takes no input until the deadline in slot 0 */
    CHAT_REFUSED = 512,   /* input was left to the core */
    CHAT_LATE = 1024,     /* the line took too long: what is still to come of it is dropped */
    CHAT_MUTED = 2048,
    CHAT_OPERATOR = 4096, /* the console */
    CHAT_REMOVED = 8192,  /* by the operator */
    CHAT_LAST = 16384,    /* at the desk: it will ask no more, and goes when it is answered */
    CHAT_AT_BOT = 32768,  /* a question of its own is not answered by the bot yet */
    CHAT_GBK = 65536      /* at the desk: it writes and reads GBK */
};

struct chat_member {
    struct rate rate;
    uint32_t at;           /* its position in the log: all before was sent, or missed */
    uint32_t came_at;      /* where the log stood when it came */
    uint32_t left_at;      /* and when it left */
    uint32_t own_at;       /* the last entry that looks different, or not at all, to it */
    uint32_t missed;       /* lines that it was not told of yet */
    uint32_t heard_at;     /* when it last said anything, by chat_time */
    uint32_t flags;        /* enum chat_flag */
    struct line line;
    uint16_t next;         /* readers of the log, as slot + 1 */
    uint16_t previous;
    uint16_t sent;         /* bytes sent of the rendering of the entry at `at` */
    uint16_t debt;         /* bytes before CHAT_FRONT_BYTES of the buffer that go out first */
    uint16_t unpaid;       /* bytes received since a line was begun or paid for */
    uint16_t asked;        /* at the desk: questions that are not answered yet, */
    uint16_t due;          /* answers in the log that it may read, */
    uint16_t waiting;      /* and answers that wait for its next question */
    uint16_t reply_row;
    uint16_t welcomed;     /* how far, with CHAT_GREETING: chat_welcome.c */
    uint8_t reply;         /* enum chat_reply: what it is told alone; one at a time */
    uint8_t name_bytes;
    char name[CFG_CHAT_NAME_BYTES];
};

STATIC_ASSERT(sizeof(struct chat_member) <= CFG_CONN_APP_BYTES);
STATIC_ASSERT(CHAT_FRONT_BYTES <= UINT16_MAX && CFG_CHAT_NAME_BYTES <= UINT8_MAX);

static inline struct chat_member *chat_member_of(struct conn *conn)
{
    return (struct chat_member *)conn_state(conn);
}

static inline bool chat_has(const struct chat_member *member, enum chat_flag flag)
{
    return (member->flags & (unsigned)flag) != 0;
}

static inline void chat_put(struct chat_member *member, enum chat_flag flag, bool on)
{
    member->flags = on ? member->flags | (uint32_t)flag : member->flags & ~(uint32_t)flag;
}

/* A clock for what lasts minutes, in units of 1,024 ms, of which so many are a minute, and a time
 * in seconds. */
static inline uint32_t chat_time(void)
{
    return (uint32_t)(port_now_ms() >> 10);
}

static inline uint32_t chat_time_of_minutes(uint32_t minutes)
{
    return minutes / 32 * 1875 + minutes % 32 * 1875 / 32;
}

static inline uint32_t chat_time_in_seconds(uint32_t time)
{
    return time + time / 125 * 3 + time % 125 * 3 / 125;
}

/* At the desk, where it reads what is said to it, one answer for each question. */
static inline bool chat_is_guest(const struct chat_member *member)
{
    return chat_settings.desk && !chat_has(member, CHAT_OPERATOR);
}

/* Which way its output is written. */
enum chat_protocol {
    CHAT_PLAIN,   /* lines for nc: LF */
    CHAT_TELNET,  /* lines for telnet: CR LF (RFC 854) */
    CHAT_BARE,    /* at the desk, for a program that never sent an LF: answers and nothing else,
                     without a line end */
    CHAT_CONSOLE  /* lines for the operator, with addresses */
};

enum chat_protocol chat_protocol_of(const struct chat_member *member);

#endif
