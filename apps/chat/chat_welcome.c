/* SPDX-License-Identifier: MIT */
/* What a newcomer reads first. */
#include "apps/chat/chat_welcome.h"

#include <string.h>

#include "core/utf8.h"

static const char mark[] = "*** ";

enum { PIECE_BYTES = CHAT_ROW_BYTES - (sizeof mark - 1) - 2 }; /* with its line end a row */

/* The longest of the other rows. */
STATIC_ASSERT(4 + CFG_CHAT_GREETING_BYTES + 9 + CFG_CHAT_NAME_BYTES + 32 <= CHAT_ROW_BYTES);
STATIC_ASSERT(4 + 7 + CFG_CHAT_TOPIC_BYTES + 2 <= CHAT_ROW_BYTES);

static struct chat_welcome state;

void chat_welcome_start(void)
{
    state.topic_bytes = 0;
}

bool chat_welcome_set(const char *text, size_t n)
{
    size_t begin = 0;
    if (n > CFG_CHAT_WELCOME_BYTES) {
        return false;
    }
    state.lines_bytes = 0;
    while (begin < n) {
        const char *end = memchr(text + begin, '\n', n - begin);
        size_t line_bytes = (end != NULL ? (size_t)(end - text) : n) - begin;
        uint8_t *line = (uint8_t *)state.lines + state.lines_bytes;
        memcpy(line, text + begin, line_bytes);
        begin += line_bytes + 1;
        line_bytes -= line_bytes > 0 && line[line_bytes - 1] == '\r' ? 1 : 0;
        line_bytes = utf8_make_safe(line, line_bytes);
        state.lines_bytes = (uint16_t)(state.lines_bytes + line_bytes);
        if (state.lines_bytes < sizeof state.lines) {
            state.lines[state.lines_bytes] = '\n';
            state.lines_bytes++;
        }
    }
    return true;
}

bool chat_welcome_topic_set(const char *text, size_t n)
{
    if (n > sizeof state.topic) {
        return false;
    }
    memcpy(state.topic, text, n);
    state.topic_bytes = (uint8_t)n;
    return true;
}

void chat_welcome_topic_row(struct text *text)
{
    text_put(text, mark);
    text_put(text, state.topic_bytes > 0 ? "Topic: " : "There is no topic; /topic TEXT sets one.");
    text_put_bytes(text, state.topic, state.topic_bytes);
}

static void put_greeting(const struct chat_member *member, struct text *text)
{
    text_put(text, mark);
    text_put_bytes(text, chat_settings.greeting, chat_settings.greeting_bytes);
    text_put(text, " You are ");
    text_put_bytes(text, member->name, member->name_bytes);
    text_put(text, "; /help lists what you can do.");
}

/* Puts what fits of the line that begins at `at`. Returns where the next row begins. */
static size_t put_line(struct text *text, size_t at)
{
    const char *line = state.lines + at;
    const char *end = memchr(line, '\n', state.lines_bytes - at);
    size_t left = end != NULL ? (size_t)(end - line) : state.lines_bytes - at;
    size_t n = left;
    if (left > PIECE_BYTES) {
        n = utf8_cut((const uint8_t *)line, PIECE_BYTES);
    }
    text_put(text, n > 0 ? mark : "***");
    text_put_bytes(text, line, n);
    return at + n + (n == left && end != NULL ? 1 : 0);
}

void chat_welcome_row(struct chat_member *member, struct text *text)
{
    size_t at = member->welcomed; /* 0, or behind so many bytes of the lines, plus 1 */
    CHECK(chat_has(member, CHAT_GREETING) && at <= state.lines_bytes + (size_t)1);
    if (at == 0) {
        put_greeting(member, text);
        at = 1;
    } else if (CFG_CHAT_WELCOME_BYTES > 0 && at - 1 < state.lines_bytes) {
        at = put_line(text, at - 1) + 1;
    } else {
        chat_welcome_topic_row(text);
        at++;
    }
    member->welcomed = (uint16_t)at;
    if (at - 1 > state.lines_bytes || (at - 1 == state.lines_bytes && state.topic_bytes == 0)) {
        chat_put(member, CHAT_GREETING, false);
    }
}
