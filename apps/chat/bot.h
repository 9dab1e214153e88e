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

/* An answer that has come. */
struct bot_ready {
    unsigned link;         /* the slot of who asked + 1, 0: gone */
    size_t n;
    char *text;            /* is made clean in place */
};

enum { BOT_NO_RULE = UINT16_MAX };

/* All that the module holds; the type is public for its size alone. */
struct bot {
    struct rate budget;    /* of answers in a room */
    uint64_t answers;
    unsigned own_link;     /* who is to be answered without a service; 0: nobody */
    unsigned own_rule;     /* by this rule, or BOT_NO_RULE: too many questions wait */
    struct bot_ready next; /* here for the stack's sake */
    char answer[CFG_BOT_ANSWER_BYTES];
};

enum { BOT_STATIC_BYTES = sizeof(struct bot) + sizeof(struct bot_settings) };

void bot_start(void);

/* A guest at the desk asked this. The answer is said by bot_run, as all are. */
void bot_ask(struct conn *conn, const char *text, size_t n);

/* A member said this to the whole room. */
void bot_hear(struct conn *conn, const char *text, size_t n);

/* Says the answers that have come, and goes on asking. For the end of every hook, and of every line
 * that a member sends: a place of its own for the stack's sake. */
void bot_run(void);

/* A member that asked is gone. */
void bot_forget(struct conn *conn);

/* Somebody else answered a member that asked: it need not wait for the bot. */
void bot_release(struct conn *conn);

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

/* The built-in rule, by a number, for a question of n bytes; puts its answer. */
unsigned bot_rules_find(const char *question, size_t n);
void bot_rules_answer(unsigned number, struct text *answer);

#endif
