/* SPDX-License-Identifier: MIT */
/*
 * The bot, which answers guests at the desk, or in the room lines that name it: "bot: ...",
 * "@bot ...". It is no member, and hears neither itself nor history, nor members that call
 * themselves a bot. With BOT=0 it is left out: CHAT_BOT is 0, and nothing here is ever called.
 *
 *     bot.c          who is answered, and how
 *     bot_rules.c    --bot builtin: rules, without a network
 *     bot_api.c      --bot URL: asks an HTTP JSON service, without ever waiting for it
 *     bot_http.c     what that answers; json_read.c, json_write.c
 */
#ifndef APPS_CHAT_BOT_H
#define APPS_CHAT_BOT_H

#include "apps/chat/chat_member.h"
#include "core/text.h"

enum bot_kind { BOT_NONE, BOT_BUILTIN, BOT_API };
enum bot_format { BOT_OPENAI, BOT_TULING };

enum { BOT_HOST_BYTES = 128, BOT_PATH_BYTES = 128, BOT_MODEL_BYTES = 64, BOT_KEY_BYTES = 256 };

/* All texts are printable ASCII without blanks, quotes and backslashes. */
struct bot_settings {
    enum bot_kind kind;
    enum bot_format format;
    struct port_address to;
    uint16_t host_bytes;
    uint16_t path_bytes;
    uint16_t model_bytes;
    uint16_t key_bytes;
    char host[BOT_HOST_BYTES];   /* as the Host field has it */
    char path[BOT_PATH_BYTES];
    char model[BOT_MODEL_BYTES];
    char key[BOT_KEY_BYTES];     /* appears in requests and nowhere else */
};

enum { BOT_SETTINGS_BYTES = BOT_HOST_BYTES + BOT_PATH_BYTES + BOT_MODEL_BYTES + BOT_KEY_BYTES };

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

/* The answer for a member that asked: n bytes, which are made clean in place. */
void bot_answer(struct conn *conn, char *text, size_t n);

/* A member that asked is gone. */
void bot_forget(struct conn *conn);

/* The app's hooks for the connections that the bot dials; conn NULL: the app's own deadline. */
void bot_opened(struct conn *conn);
size_t bot_input(struct conn *conn, const uint8_t *bytes, size_t n);
void bot_ended(struct conn *conn);
bool bot_produce(struct conn *conn);
void bot_due(struct conn *conn);
void bot_closed(struct conn *conn, enum conn_end why);

/* Adds its counters to a log line. */
void bot_report(struct text *line);

/* The question in a line that names the bot: its first byte, and *n bytes; NULL: it does not. */
const char *bot_named(const char *text, size_t *n);

/* Puts the answer of the built-in rules to a question of n bytes. */
void bot_rules_answer(const char *question, size_t n, struct text *answer);

#endif
