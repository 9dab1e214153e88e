/* SPDX-License-Identifier: MIT */
/* What a line means: something to say, or a command. */
#include "apps/chat/chat_command.h"

#include "apps/chat/bot.h"
#include "apps/chat/chat_name.h"

/* ---- Taking apart -------------------------------------------------------------------------- */

struct verb {
    const char *word;
    size_t word_bytes;
    enum chat_verb verb;
};

#define WORD(text) text, sizeof text - 1

static const struct verb verbs[] = {
    {WORD("nick"), CHAT_VERB_NICK},     {WORD("who"), CHAT_VERB_WHO},
    {WORD("me"), CHAT_VERB_ME},         {WORD("msg"), CHAT_VERB_MSG},
    {WORD("help"), CHAT_VERB_HELP},     {WORD("quit"), CHAT_VERB_QUIT},
    {WORD("say"), CHAT_VERB_SAY},       {WORD("kick"), CHAT_VERB_KICK},
    {WORD("mute"), CHAT_VERB_MUTE},     {WORD("unmute"), CHAT_VERB_UNMUTE},
    {WORD("ban"), CHAT_VERB_BAN},       {WORD("unban"), CHAT_VERB_UNBAN},
    {WORD("bans"), CHAT_VERB_BANS},     {WORD("stats"), CHAT_VERB_STATS},
    {WORD("topic"), CHAT_VERB_TOPIC}
};

/* Alone on a line, as /quit. */
static const struct verb goodbyes[] = {
    {WORD("bye"), CHAT_VERB_QUIT},
    {WORD("\xE5\x86\x8D\xE8\xA7\x81"), CHAT_VERB_QUIT_CHINESE}
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The verb that n bytes name, or CHAT_VERB_UNKNOWN. */
static enum chat_verb find_verb(const struct verb *table, size_t count, const char *text, size_t n)
{
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        while (n == table[i].word_bytes && same < n && small(text[same]) == table[i].word[same]) {
            same++;
        }
        if (n > 0 && same == n) {
            return table[i].verb;
        }
    }
    return CHAT_VERB_UNKNOWN;
}

/* Takes blanks, then a word, off the front of *n bytes. */
static const char *take_word(const char **text, size_t *n, size_t *word_bytes)
{
    size_t begin = 0;
    while (begin < *n && (*text)[begin] == ' ') {
        begin++;
    }
    size_t end = begin;
    while (end < *n && (*text)[end] != ' ') {
        end++;
    }
    const char *word = *text + begin;
    *word_bytes = end - begin;
    *text += end;
    *n -= end;
    return word;
}

static void skip_blanks(const char **text, size_t *n)
{
    while (*n > 0 && **text == ' ') {
        (*text)++;
        (*n)--;
    }
}

static enum chat_verb verb_of_line(const char *text, size_t n)
{
    size_t word_bytes = 0;
    const char *word = take_word(&text, &n, &word_bytes);
    skip_blanks(&text, &n);
    if (word_bytes == 0) {
        return CHAT_VERB_NOTHING;
    }
    if (n > 0) {
        return CHAT_VERB_SAY;
    }
    enum chat_verb verb = find_verb(goodbyes, COUNT_OF(goodbyes), word, word_bytes);
    return verb == CHAT_VERB_UNKNOWN ? CHAT_VERB_SAY : verb;
}

struct chat_command chat_command_parse(const char *text, size_t n)
{
    struct chat_command command = {.verb = CHAT_VERB_UNKNOWN, .rest = text, .rest_bytes = n};
    if (n == 0 || text[0] != '/') {
        command.verb = verb_of_line(text, n);
        return command;
    }
    if (n >= 2 && text[1] == '/') {
        command.verb = CHAT_VERB_SAY;
        command.rest = text + 1;
        command.rest_bytes = n - 1;
        return command;
    }
    size_t verb_bytes = 0;
    const char *rest = text + 1;
    size_t left = n - 1;
    const char *verb = take_word(&rest, &left, &verb_bytes);
    if (verb == text + 1) {
        command.verb = find_verb(verbs, COUNT_OF(verbs), verb, verb_bytes);
    }
    skip_blanks(&rest, &left);
    if (command.verb != CHAT_VERB_SAY && command.verb != CHAT_VERB_ME &&
        command.verb != CHAT_VERB_TOPIC) {
        command.word = take_word(&rest, &left, &command.word_bytes);
        skip_blanks(&rest, &left);
    }
    command.rest = rest;
    command.rest_bytes = left;
    return command;
}

/* ---- Carrying out -------------------------------------------------------------------------- */

void chat_command_leave(struct conn *conn, enum chat_reply reply, enum chat_departure why)
{
    struct chat_member *member = chat_member_of(conn);
    if (chat_has(member, CHAT_LEAVING)) {
        return;
    }
    chat_room_leave(conn, why);
    if (reply == CHAT_REPLY_KICKED && chat_protocol_of(member) == CHAT_BARE) {
        reply = CHAT_REPLY_NONE; /* it would take it for an answer */
    }
    if (reply != CHAT_REPLY_NONE) {
        member->reply = (uint8_t)reply; /* of one row */
    }
    conn_deadline_clear(conn, 0);
    conn_deadline_clear(conn, 1);
    conn_output_ask(conn);
}

static void say(struct conn *conn, enum chat_kind kind, uint16_t to, const char *text, size_t n)
{
    if (n == 0) {
        chat_reply(conn, CHAT_REPLY_TEXT_MISSING);
    } else {
        chat_room_say(conn, kind, to, text, n);
        if (CHAT_BOT && kind == CHAT_SAY && to == CHAT_EVERYBODY) {
            bot_hear(conn, text, n);
        }
    }
}

static void run_nick(struct conn *conn, const struct chat_command *command)
{
    if (conn_is_console(conn)) {
        chat_reply(conn, CHAT_REPLY_UNKNOWN);
        return;
    }
    switch (chat_name_check(command->word, command->word_bytes)) {
    case CHAT_NAME_BAD:
        chat_reply(conn, CHAT_REPLY_NAME_BAD);
        break;
    case CHAT_NAME_RESERVED:
        chat_reply(conn, CHAT_REPLY_NAME_RESERVED);
        break;
    case CHAT_NAME_GOOD:
        if (command->rest_bytes > 0) {
            chat_reply(conn, CHAT_REPLY_NAME_BAD);
        } else if (chat_room_rename(conn, command->word, command->word_bytes)) {
            chat_reply(conn, CHAT_REPLY_NAME);
        } else {
            chat_reply(conn, CHAT_REPLY_NAME_TAKEN);
        }
        break;
    }
}

struct conn *chat_command_named(struct conn *conn, const struct chat_command *command)
{
    struct conn *found = NULL;
    if (command->word_bytes > 0) {
        found = chat_room_find(command->word, command->word_bytes);
    }
    if (found == NULL) {
        chat_reply(conn, command->word_bytes > 0 ? CHAT_REPLY_NOBODY : CHAT_REPLY_TEXT_MISSING);
    }
    return found;
}

static void run_msg(struct conn *conn, const struct chat_command *command)
{
    struct conn *found = chat_command_named(conn, command);
    if (found != NULL) {
        say(conn, CHAT_SAY, (uint16_t)conn_index(found), command->rest, command->rest_bytes);
    }
}

/* Alone it shows the topic; "-" takes it away. */
static void run_topic(struct conn *conn, const struct chat_command *command)
{
    size_t n = command->rest_bytes;
    bool away = n == 1 && command->rest[0] == '-';
    if (n == 0) {
        chat_reply(conn, CHAT_REPLY_TOPIC);
    } else if (!chat_room_set_topic(conn, command->rest, away ? 0 : n)) {
        chat_reply(conn, CHAT_REPLY_TOPIC_LONG);
    } else {
        chat_reply(conn, CHAT_REPLY_DONE);
    }
}

static bool speaks(enum chat_verb verb)
{
    return verb == CHAT_VERB_SAY || verb == CHAT_VERB_ME || verb == CHAT_VERB_MSG ||
           verb == CHAT_VERB_NICK || verb == CHAT_VERB_TOPIC;
}

enum chat_reply chat_command_run(struct conn *conn, const char *text, size_t n)
{
    struct chat_command command = chat_command_parse(text, n);
    struct chat_member *member = chat_member_of(conn);
    bool console = conn_is_console(conn);
    if (chat_has(member, CHAT_MUTED) && speaks(command.verb)) {
        chat_reply(conn, CHAT_REPLY_MUTED);
        return CHAT_REPLY_NONE;
    }
    switch (command.verb) {
    case CHAT_VERB_NOTHING:
        break;
    case CHAT_VERB_SAY:
        say(conn, CHAT_SAY, CHAT_EVERYBODY, command.rest, command.rest_bytes);
        break;
    case CHAT_VERB_ME:
        say(conn, CHAT_ME, CHAT_EVERYBODY, command.rest, command.rest_bytes);
        break;
    case CHAT_VERB_MSG:
        run_msg(conn, &command);
        break;
    case CHAT_VERB_TOPIC:
        run_topic(conn, &command);
        break;
    case CHAT_VERB_NICK:
        run_nick(conn, &command);
        break;
    case CHAT_VERB_WHO:
        chat_reply(conn, CHAT_REPLY_WHO);
        break;
    case CHAT_VERB_HELP:
        chat_reply(conn, CHAT_REPLY_HELP);
        break;
    case CHAT_VERB_QUIT:
        return console ? CHAT_REPLY_NONE : CHAT_REPLY_BYE;
    case CHAT_VERB_QUIT_CHINESE:
        return console ? CHAT_REPLY_NONE : CHAT_REPLY_BYE_CHINESE;
    case CHAT_VERB_KICK: /* for the operator alone: chat_operator.c */
    case CHAT_VERB_MUTE:
    case CHAT_VERB_UNMUTE:
    case CHAT_VERB_BAN:
    case CHAT_VERB_UNBAN:
    case CHAT_VERB_BANS:
    case CHAT_VERB_STATS:
    case CHAT_VERB_UNKNOWN:
        chat_reply(conn, CHAT_REPLY_UNKNOWN);
        break;
    }
    return CHAT_REPLY_NONE;
}
