/* SPDX-License-Identifier: MIT */
/*
 * What a line means at the desk, where every guest is alone with who answers.
 *
 *     guest    = "bye", or its Chinese form, alone: the last word is asked for; else a question
 *     operator = "@" number blanks answer | answer, for the guest that spoke last
 *              | "/say " one of these | "/who" | "/help" | what chat_operator.h lists
 *
 * A guest that never sent an LF, CHAT_BARE, reads exactly one answer to each of its questions; any
 * further one waits for its next question. Line clients read what there is.
 */
#ifndef APPS_CHAT_DESK_H
#define APPS_CHAT_DESK_H

#include "apps/chat/chat_command.h"

/* All that the module holds; the type is public for its size alone. */
struct chat_desk {
    char last[CFG_CHAT_NAME_BYTES]; /* the guest that spoke last */
    uint8_t last_bytes;             /* 0: nobody did */
};

enum { CHAT_DESK_STATIC_BYTES = sizeof(struct chat_desk) };

void chat_desk_start(void);

/* Takes a guest's safe text of n bytes. True: it was a goodbye, and the last word is still to come;
 * once it comes, CHAT_LAST makes the guest leave. */
bool chat_desk_take(struct conn *conn, const char *text, size_t n);

/* The bot answers a guest: n bytes of safe text, at most CFG_BOT_ANSWER_BYTES. Dropped if the guest
 * was answered meanwhile. */
void chat_desk_reply(struct conn *conn, const char *text, size_t n);

/* Takes what the operator typed, which is no command of chat_operator.h. */
void chat_desk_answer(struct conn *console, const struct chat_command *command);

#endif
