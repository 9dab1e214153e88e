/* SPDX-License-Identifier: MIT */
/*
 * The bot, which answers guests at the desk, or in the room lines that name it: "bot: ...",
 * "@bot ...". It is no member, and hears neither itself nor history, nor members that call
 * themselves a bot. With BOT=0 it is left out: CHAT_BOT is 0, and nothing here is ever called.
 *
 *     bot.c          who is answered, and how
 *     bot_rules.c    --bot builtin: rules, without a network
 */
#ifndef APPS_CHAT_BOT_H
#define APPS_CHAT_BOT_H

#include "apps/chat/chat_member.h"
#include "core/text.h"

enum bot_kind { BOT_NONE, BOT_BUILTIN };

struct bot_settings {
    enum bot_kind kind;
};

extern struct bot_settings bot_settings;

/* All that the module holds; the type is public for its size alone. */
struct bot {
    struct rate budget;    /* of answers in a room */
    uint64_t answers;
    char answer[CFG_BOT_ANSWER_BYTES];
};

enum { BOT_STATIC_BYTES = sizeof(struct bot) + sizeof(struct bot_settings) };

void bot_start(void);

/* A guest at the desk asked this. */
void bot_ask(struct conn *conn, const char *text, size_t n);

/* A member said this to the whole room. */
void bot_hear(struct conn *conn, const char *text, size_t n);

/* Adds its counters to a log line. */
void bot_report(struct text *line);

/* The question in a line that names the bot: its first byte, and *n bytes; NULL: it does not. */
const char *bot_named(const char *text, size_t *n);

/* Puts the answer of the built-in rules to a question of n bytes. */
void bot_rules_answer(const char *question, size_t n, struct text *answer);

#endif
