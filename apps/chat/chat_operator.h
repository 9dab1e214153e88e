/* SPDX-License-Identifier: MIT */
/* What the operator alone may do: /kick, /mute, /unmute, /ban, /unban, /bans, /stats. */
#ifndef APPS_CHAT_OPERATOR_H
#define APPS_CHAT_OPERATOR_H

#include "apps/chat/chat_command.h"

/* Carries out a command of the console, one of CHAT_VERB_KICK and behind. */
void chat_operator_run(struct conn *conn, const struct chat_command *command);

/* Then: those that it removes leave. A call of its own, for the stack's sake. */
void chat_operator_remove(void);

#endif
