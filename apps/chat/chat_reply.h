/* SPDX-License-Identifier: MIT */
/* What one member alone is told in answer to what it sent, row by row as its connection takes it:
 * a number and a row are kept, never text. While a reply is owed, no more input is taken. */
#ifndef APPS_CHAT_REPLY_H
#define APPS_CHAT_REPLY_H

#include "apps/chat/chat_member.h"

enum chat_reply {
    CHAT_REPLY_NONE,
    CHAT_REPLY_CUT,
    CHAT_REPLY_LATE,
    CHAT_REPLY_UNKNOWN,
    CHAT_REPLY_NOBODY,
    CHAT_REPLY_NAME_TAKEN,
    CHAT_REPLY_NAME_BAD,
    CHAT_REPLY_NAME_RESERVED,
    CHAT_REPLY_TEXT_MISSING,
    CHAT_REPLY_MUTED,
    CHAT_REPLY_DONE,
    CHAT_REPLY_BANS_FULL,
    CHAT_REPLY_MINUTES,  /* are not a number */
    CHAT_REPLY_NOT_BANNED,
    CHAT_REPLY_AT_BOT,   /* an earlier question */
    CHAT_REPLY_WAITS,    /* the answer, for a question */
    CHAT_REPLY_TOPIC_LONG,
    CHAT_REPLY_TOPIC,
    CHAT_REPLY_NAME,     /* what it is called now */
    CHAT_REPLY_WHO,
    CHAT_REPLY_HELP,
    CHAT_REPLY_STATS,
    CHAT_REPLY_BANS,
    CHAT_REPLY_TELNET,   /* the answer to line.asked */
    CHAT_REPLY_KICKED,   /* this and the next are the last that is sent */
    CHAT_REPLY_BYE,
    CHAT_REPLY_BYE_CHINESE
};

/* Puts the next row, of at most CHAT_ROW_BYTES bytes, and moves member->reply_row on; after the
 * last row, member->reply is CHAT_REPLY_NONE. */
void chat_reply_row(struct chat_member *member, struct text *text);

/* Whether there is a next row. A list that has become shorter may end without one. */
bool chat_reply_owed(struct chat_member *member);

/* Begins a reply, if none is owed yet; a CHAT_BARE member is told nothing but telnet's answers. */
void chat_reply(struct conn *conn, enum chat_reply reply);

void chat_reply_missed(const struct chat_member *member, struct text *text);

#endif
