/* SPDX-License-Identifier: MIT */
/* What the operator alone may do: /kick, /mute, /unmute, /ban, /unban, /bans, /stats; and at the
 * desk, answer. */
#ifndef APPS_CHAT_OPERATOR_H
#define APPS_CHAT_OPERATOR_H

#include "apps/chat/chat_command.h"

/* All that the module holds: the command being carried out. The type is public for its size. */
struct chat_operator {
    struct chat_command command;
    struct port_address address;
    uint32_t minutes;    /* of /ban; 0: for good */
    bool has_address;
    bool has_fault;      /* the minutes are no such number */
};

enum { CHAT_OPERATOR_STATIC_BYTES = sizeof(struct chat_operator) };

/* In three steps, for the stack's sake. Reads a safe text of n bytes: true if it is a command for
 * the operator alone. */
bool chat_operator_read(const char *text, size_t n);

/* Carries it out for the console. */
void chat_operator_run(struct conn *conn);

/* Those that it removes leave. */
void chat_operator_remove(void);

#endif
