/* SPDX-License-Identifier: MIT */
/* The bot: who is answered, and how. */
#include "apps/chat/bot.h"

#include <string.h>

#include "apps/chat/bot_api.h"
#include "apps/chat/chat_desk.h"
#include "core/utf8.h"

static const char own_name[] = "bot";

enum { OWN_NAME_BYTES = sizeof own_name - 1 };

struct bot_settings bot_settings = {.model_bytes = 7, .model = "default"};

static struct bot state;

void bot_start(void)
{
    memset(&state, 0, sizeof state);
    rate_begin(&state.budget, port_now_ms(), CFG_BOT_BURST);
    bot_api_start();
}

void bot_report(struct text *line)
{
    text_put_count(line, "answers", state.answers);
    text_put_count(line, "failures", bot_api_failures());
}

/* ---- Who is answered ----------------------------------------------------------------------- */

static bool is_name(const char *text, size_t n)
{
    size_t same = 0;
    while (same < OWN_NAME_BYTES && same < n &&
           (text[same] == own_name[same] || text[same] == own_name[same] - 'a' + 'A')) {
        same++;
    }
    return same == OWN_NAME_BYTES;
}

const char *bot_named(const char *text, size_t *n)
{
    size_t at = *n > 0 && text[0] == '@' ? 1 : 0;
    size_t end = at + OWN_NAME_BYTES;
    if (!is_name(text + at, *n - at) || end == *n) {
        return NULL;
    }
    bool marked = text[end] == ':' || text[end] == ',';
    if (!marked && (at == 0 || text[end] != ' ')) {
        return NULL;
    }
    end++;
    while (end < *n && text[end] == ' ') {
        end++;
    }
    *n -= end;
    return *n > 0 ? text + end : NULL;
}

/* Calls itself a bot: its name begins or ends so. */
static bool is_bot(const struct chat_member *member)
{
    size_t n = member->name_bytes;
    return is_name(member->name, n) ||
           (n > OWN_NAME_BYTES && is_name(member->name + n - OWN_NAME_BYTES, OWN_NAME_BYTES));
}

/* ---- Answers ------------------------------------------------------------------------------- */

/* Makes n bytes of an answer one line of clean text. Returns its bytes. */
static size_t clean(char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            text[i] = ' ';
        }
    }
    while (n > 0 && text[n - 1] == ' ') {
        n--;
    }
    return utf8_make_safe((uint8_t *)text, utf8_cut((const uint8_t *)text, n));
}

/* To a guest at the desk, else to the whole room, in several lines if it is long. */
static void say(struct conn *conn, char *text, size_t n)
{
    n = clean(text, n);
    state.answers++;
    if (chat_settings.desk) {
        chat_desk_reply(conn, text, n);
        return;
    }
    while (n > 0) {
        size_t piece = n;
        if (piece > CFG_CHAT_LINE_BYTES) {
            piece = utf8_cut((const uint8_t *)text, CFG_CHAT_LINE_BYTES);
        }
        chat_room_tell(CHAT_SAY, CHAT_EVERYBODY, own_name, OWN_NAME_BYTES, text, piece);
        text += piece;
        n -= piece;
    }
}

static void say_next(void)
{
    struct conn *conn = conn_at(state.next.link - 1);
    struct chat_member *member = chat_member_of(conn);
    chat_put(member, CHAT_AT_BOT, false);
    say(conn, state.next.text, state.next.n);
    if (chat_has(member, CHAT_REFUSED)) {
        conn_resume(conn);
    }
}

/* The answer that needed no service. */
static void take_own(void)
{
    struct text answer;
    text_begin(&answer, state.answer, sizeof state.answer);
    if (state.own_rule == BOT_NO_RULE) {
        bot_api_explain(BOT_BUSY, 0, &answer);
    } else {
        bot_rules_answer(state.own_rule, &answer);
    }
    state.next = (struct bot_ready){state.own_link, answer.n, answer.bytes};
    state.own_link = 0;
}

void bot_run(void)
{
    if (state.own_link != 0) {
        take_own();
        say_next();
    }
    if (bot_settings.kind != BOT_API) {
        return;
    }
    for (unsigned left = CFG_BOT_CALLS + CFG_BOT_QUEUE; left > 0; left--) {
        if (!bot_api_take(&state.next)) {
            break;
        }
        if (state.next.link != 0) {
            say_next();
        }
    }
    bot_api_run();
}

void bot_forget(struct conn *conn)
{
    if (chat_has(chat_member_of(conn), CHAT_AT_BOT)) {
        bot_api_forget(conn);
    }
}

void bot_release(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    bot_forget(conn);
    chat_put(member, CHAT_AT_BOT, false);
    if (chat_has(member, CHAT_REFUSED)) {
        conn_resume(conn);
    }
}

void bot_ask(struct conn *conn, const char *question, size_t n)
{
    unsigned rule = BOT_NO_RULE;
    if (bot_settings.kind == BOT_NONE) {
        return;
    }
    if (bot_settings.kind == BOT_BUILTIN) {
        rule = bot_rules_find(question, n);
    } else {
        chat_put(chat_member_of(conn), CHAT_AT_BOT, true);
        if (bot_api_ask(conn, question, n)) {
            return;
        }
    }
    CHECK(state.own_link == 0);
    state.own_link = conn_index(conn) + 1;
    state.own_rule = rule;
}

void bot_hear(struct conn *conn, const char *text, size_t n)
{
    const char *question = bot_named(text, &n);
    const struct chat_member *member = chat_member_of(conn);
    if (bot_settings.kind == BOT_NONE || question == NULL || is_bot(member)) {
        return;
    }
    if (chat_has(member, CHAT_AT_BOT)) {
        chat_reply(conn, CHAT_REPLY_AT_BOT);
    } else if (rate_take(&state.budget, port_now_ms(), CFG_BOT_RATE, CFG_BOT_BURST)) {
        bot_ask(conn, question, n);
    }
}
