/* SPDX-License-Identifier: MIT */
/* apps/chat: what a line means, against a model that works on a list of words. */
#include "apps/chat/chat_command.h"

#include <string.h>

#include "core/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = CFG_CHAT_LINE_BYTES };

static const struct {
    const char *word;
    enum chat_verb verb;
} words[] = {
    {"/nick", CHAT_VERB_NICK},   {"/who", CHAT_VERB_WHO},     {"/me", CHAT_VERB_ME},
    {"/msg", CHAT_VERB_MSG},     {"/help", CHAT_VERB_HELP},   {"/quit", CHAT_VERB_QUIT},
    {"/say", CHAT_VERB_SAY},     {"/kick", CHAT_VERB_KICK},   {"/mute", CHAT_VERB_MUTE},
    {"/unmute", CHAT_VERB_UNMUTE}, {"/ban", CHAT_VERB_BAN},   {"/unban", CHAT_VERB_UNBAN},
    {"/bans", CHAT_VERB_BANS},   {"/stats", CHAT_VERB_STATS}, {"bye", CHAT_VERB_QUIT},
    {"\xe5\x86\x8d\xe8\xa7\x81", CHAT_VERB_QUIT_CHINESE},
};

/* A piece of the line, from one place to another. */
struct piece {
    size_t begin;
    size_t end;
};

static struct piece word_at(const char *text, size_t n, size_t at)
{
    struct piece word;
    while (at < n && text[at] == ' ') {
        at++;
    }
    word.begin = at;
    while (at < n && text[at] != ' ') {
        at++;
    }
    word.end = at;
    return word;
}

static enum chat_verb verb_of(const char *text, struct piece word)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t n = word.end - word.begin;
        bool same = strlen(words[i].word) == n;
        for (size_t at = 0; same && at < n; at++) {
            char c = text[word.begin + at];
            same = (c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c) == words[i].word[at];
        }
        if (same) {
            return words[i].verb;
        }
    }
    return CHAT_VERB_UNKNOWN;
}

static bool is_piece(const char *text, const char *begin, size_t n, struct piece expected)
{
    return n == expected.end - expected.begin &&
           (n == 0 || (size_t)(begin - text) == expected.begin);
}

static void check(const char *text, size_t n, const struct chat_command *command)
{
    struct piece first = word_at(text, n, 0);
    struct piece second = word_at(text, n, first.end);
    struct piece rest = {0, n};
    if (n > 0 && text[0] == '/') {
        if (n > 1 && text[1] == '/') {
            rest.begin = 1;
            REQUIRE(command->verb == CHAT_VERB_SAY);
            REQUIRE(is_piece(text, command->rest, command->rest_bytes, rest));
            return;
        }
        bool bare = n == 1 || text[1] == ' ';
        if (bare) { /* a slash alone: the word behind it is no command */
            first = word_at(text, n, 1);
            second = word_at(text, n, first.end);
        }
        enum chat_verb verb = bare ? CHAT_VERB_UNKNOWN : verb_of(text, first);
        REQUIRE(command->verb == verb);
        rest.begin = second.begin;
        if (verb != CHAT_VERB_SAY && verb != CHAT_VERB_ME) {
            REQUIRE(is_piece(text, command->word, command->word_bytes, second));
            rest.begin = word_at(text, n, second.end).begin;
        }
        REQUIRE(is_piece(text, command->rest, command->rest_bytes, rest));
        return;
    }
    if (first.begin == first.end) {
        REQUIRE(command->verb == CHAT_VERB_NOTHING);
        return;
    }
    enum chat_verb verb = second.begin == second.end ? verb_of(text, first) : CHAT_VERB_SAY;
    verb = verb == CHAT_VERB_QUIT_CHINESE || (verb == CHAT_VERB_QUIT && text[first.begin] != '/')
               ? verb : CHAT_VERB_SAY;
    REQUIRE(command->verb == verb);
    REQUIRE(is_piece(text, command->rest, command->rest_bytes, rest));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static uint8_t safe[BYTES_MAX];
    n = n < BYTES_MAX ? n : BYTES_MAX;
    if (n > 0) {
        memcpy(safe, bytes, n);
    }
    n = utf8_make_safe(safe, utf8_cut(safe, n)); /* as a line comes to it */
    const char *text = (const char *)fuzz_copy(0, safe, n);
    struct chat_command command = chat_command_parse(text, n);
    REQUIRE(fuzz_within(command.rest, command.rest_bytes, text, n));
    REQUIRE(fuzz_within(command.word, command.word_bytes, text, n));
    check(text, n, &command);
    return 0;
}
