/* SPDX-License-Identifier: MIT */
/*
 * What a line means: something to say, or a command.
 *
 *     line     = [ "/" command [ blanks rest ] ] | "//" text | text
 *     command  = letters of chat_command.c, in either case
 *     "bye", or its Chinese form U+518D U+89C1, alone on a line: as /quit
 */
#ifndef APPS_CHAT_COMMAND_H
#define APPS_CHAT_COMMAND_H

#include "apps/chat/chat_member.h"
#include "apps/chat/chat_reply.h"
#include "apps/chat/chat_room.h"

enum chat_verb {
    CHAT_VERB_NOTHING,   /* blanks alone */
    CHAT_VERB_SAY,       /* the text, or /say */
    CHAT_VERB_UNKNOWN,
    CHAT_VERB_NICK,
    CHAT_VERB_WHO,
    CHAT_VERB_ME,
    CHAT_VERB_MSG,
    CHAT_VERB_TOPIC,
    CHAT_VERB_HELP,
    CHAT_VERB_QUIT,
    CHAT_VERB_QUIT_CHINESE,
    CHAT_VERB_KICK,      /* from here on: for the operator */
    CHAT_VERB_MUTE,
    CHAT_VERB_UNMUTE,
    CHAT_VERB_BAN,
    CHAT_VERB_UNBAN,
    CHAT_VERB_BANS,
    CHAT_VERB_STATS      /* the last */
};

struct chat_command {
    enum chat_verb verb;
    const char *word;    /* the first word behind the command: a name */
    size_t word_bytes;
    const char *rest;    /* CHAT_VERB_SAY, /me, /topic: the text; else what follows the word */
    size_t rest_bytes;
};

/* Takes a safe text of n bytes apart; the pieces lie in it. */
struct chat_command chat_command_parse(const char *text, size_t n);

/* Carries out what a member typed, or the operator as a member. Returns the reply with which the
 * member now leaves, or CHAT_REPLY_NONE. */
enum chat_reply chat_command_run(struct conn *conn, const char *text, size_t n);

/* The member that a command names; NULL, and the one who typed it is told, if there is none. */
struct conn *chat_command_named(struct conn *conn, const struct chat_command *command);

/* The member leaves the room; it is sent what it is owed, and `reply` last unless that is
 * CHAT_REPLY_NONE, and then goes. */
void chat_command_leave(struct conn *conn, enum chat_reply reply, enum chat_departure why);

#endif
