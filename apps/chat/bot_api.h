/* SPDX-License-Identifier: MIT */
/*
 * Questions to an HTTP/1.1 JSON service, one connection each, CFG_BOT_CALLS at a time; the others
 * wait in a queue. Nothing here blocks: what takes too long is answered by a sentence that says so.
 */
#ifndef APPS_CHAT_BOT_API_H
#define APPS_CHAT_BOT_API_H

#include "apps/chat/bot.h"
#include "apps/chat/bot_http.h"

struct bot_question {
    uint32_t since_ms;    /* low half of the clock when it was asked */
    uint16_t link;        /* the slot of who asked + 1, 0: gone */
    uint16_t text_bytes;
    char text[CFG_CHAT_LINE_BYTES];
};

struct bot_call {
    struct conn *conn;    /* NULL: free, or */
    bool over;            /* its answer is here, or `failure`, and not taken yet */
    uint8_t failure;      /* enum bot_failure */
    size_t sent;          /* of the request */
    struct bot_http http;
    struct bot_question question;
    char answer[CFG_BOT_ANSWER_BYTES];
};

/* The longest request: its fixed parts, what --bot and its companions gave, and a question of which
 * every byte is escaped. */
enum { BOT_REQUEST_BYTES = 512 + BOT_SETTINGS_BYTES + 2 * CFG_CHAT_LINE_BYTES };

/* All that the module holds; the type is public for its size alone. */
struct bot_api {
    unsigned answer_kind;
    unsigned wait_kind;
    unsigned first;       /* of the queue */
    unsigned waiting;
    bool fresh;           /* a call may begin, which could not before */
    bool ticking;         /* the deadline runs */
    uint64_t failures;
    struct bot_call calls[CFG_BOT_CALLS];
    struct bot_question queue[CFG_BOT_QUEUE];
    char sentence[128];
    char request[BOT_REQUEST_BYTES];
};

enum { BOT_API_STATIC_BYTES = sizeof(struct bot_api) };

void bot_api_start(void);

/* Asks for a member that has no other question here; bot_api_take has the answer once it comes.
 * False: too many wait. */
bool bot_api_ask(struct conn *conn, const char *text, size_t n);

/* Takes an answer that has come, or the sentence for its failure. The text stays until the next
 * call of bot_api_run. False: there is none. */
bool bot_api_take(struct bot_ready *ready);

/* Begins the calls that can be. */
void bot_api_run(void);

/* This member is gone. */
void bot_api_forget(const struct conn *conn);

/* The sentence for a failure. */
void bot_api_explain(enum bot_failure failure, unsigned status, struct text *text);

uint64_t bot_api_failures(void);

#endif
