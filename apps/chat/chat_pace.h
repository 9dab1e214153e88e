/* SPDX-License-Identifier: MIT */
/* How fast a member may talk: over its rate, and while the log takes no more in this pass, its
 * input is left to wait; nothing is dropped. */
#ifndef APPS_CHAT_PACE_H
#define APPS_CHAT_PACE_H

#include "apps/chat/chat_member.h"

/* All that the module holds; the type is public for its size alone. */
struct chat_pace {
    unsigned rate_kind;
    unsigned flow_kind;
};

enum { CHAT_PACE_STATIC_BYTES = sizeof(struct chat_pace) };

void chat_pace_start(void);

/* A newcomer's rate begins. */
void chat_pace_begin(struct chat_member *member);

/* How many bytes of its input the member may be taken now. 0: none until the deadline that this has
 * set in slot 0, and CHAT_PAUSED says so. Endless lines are paid for in pieces, so that they are
 * read at the pace of lines. */
size_t chat_pace_most(struct conn *conn);

/* So many were taken. */
void chat_pace_took(struct chat_member *member, size_t n);

/* The line that they belong to is over. */
void chat_pace_line_over(struct chat_member *member);

/* Whether a deadline of this kind ends a pause, which is then over. */
bool chat_pace_due(struct chat_member *member, unsigned kind);

#endif
