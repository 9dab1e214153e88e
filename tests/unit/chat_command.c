/* SPDX-License-Identifier: MIT */
/* apps/chat/chat_command: taking lines apart; hazards 82, 83. */
#include "apps/chat/chat_command.h"

#include <string.h>

#include "tests/check.h"

struct row {
    const char *line;
    enum chat_verb verb;
    const char *word;
    const char *rest;
};

static const struct row rows[] = {
    {"hello there", CHAT_VERB_SAY, "", "hello there"},
    {" spaced ", CHAT_VERB_SAY, "", " spaced "},
    {"", CHAT_VERB_NOTHING, "", ""},
    {"   ", CHAT_VERB_NOTHING, "", "   "},
    {"bye", CHAT_VERB_QUIT, "", "bye"},
    {" Bye ", CHAT_VERB_QUIT, "", " Bye "},
    {"bye all", CHAT_VERB_SAY, "", "bye all"},
    {"byebye", CHAT_VERB_SAY, "", "byebye"},
    {"\xE5\x86\x8D\xE8\xA7\x81", CHAT_VERB_QUIT_CHINESE, "", "\xE5\x86\x8D\xE8\xA7\x81"},
    {"//usr/bin", CHAT_VERB_SAY, "", "/usr/bin"},
    {"/", CHAT_VERB_UNKNOWN, "", ""},
    {"/ nick x", CHAT_VERB_UNKNOWN, "x", ""},
    {"/nope", CHAT_VERB_UNKNOWN, "", ""},
    {"/nickname x", CHAT_VERB_UNKNOWN, "x", ""},
    {"/nick", CHAT_VERB_NICK, "", ""},
    {"/nick  bob", CHAT_VERB_NICK, "bob", ""},
    {"/NICK bob the builder", CHAT_VERB_NICK, "bob", "the builder"},
    {"/who", CHAT_VERB_WHO, "", ""},
    {"/me  waves  twice", CHAT_VERB_ME, "", "waves  twice"},
    {"/me", CHAT_VERB_ME, "", ""},
    {"/say /quit", CHAT_VERB_SAY, "", "/quit"},
    {"/msg bob  hi there ", CHAT_VERB_MSG, "bob", "hi there "},
    {"/msg bob", CHAT_VERB_MSG, "bob", ""},
    {"/msg", CHAT_VERB_MSG, "", ""},
    {"/help me", CHAT_VERB_HELP, "me", ""},
    {"/quit", CHAT_VERB_QUIT, "", ""},
    {"/kick bob", CHAT_VERB_KICK, "bob", ""},
    {"/mute bob", CHAT_VERB_MUTE, "bob", ""},
    {"/unmute bob", CHAT_VERB_UNMUTE, "bob", ""},
    {"/ban 192.0.2.1", CHAT_VERB_BAN, "192.0.2.1", ""},
    {"/unban 192.0.2.1", CHAT_VERB_UNBAN, "192.0.2.1", ""},
    {"/bans", CHAT_VERB_BANS, "", ""},
    {"/stats", CHAT_VERB_STATS, "", ""}
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = strlen(rows[i].line);
        struct chat_command command = chat_command_parse(rows[i].line, n);
        bool right = command.verb == rows[i].verb &&
                     command.word_bytes == strlen(rows[i].word) &&
                     command.rest_bytes == strlen(rows[i].rest);
        if (right) {
            right = command.word_bytes == 0 ||
                    memcmp(command.word, rows[i].word, command.word_bytes) == 0;
            right = right && memcmp(command.rest, rows[i].rest, command.rest_bytes) == 0;
        }
        EXPECT(right);
        if (!right) {
            printf("row %u: %s\n", (unsigned)i, rows[i].line);
        }
    }
}

/* Every command with 0 to 16 words behind it, at every length up to the longest line: the pieces
 * always lie inside the line. */
static void test_pieces_lie_inside(void)
{
    static char line[CFG_CHAT_LINE_BYTES];
    unsigned wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned words = 0; words <= 16; words++) {
            size_t n = strlen(rows[i].line);
            memcpy(line, rows[i].line, n);
            for (unsigned w = 0; w < words && n + 30 <= sizeof line; w++) {
                memset(line + n, w % 3 == 0 ? ' ' : 'w', 30);
                line[n] = ' ';
                n += 30;
            }
            for (size_t cut = 0; cut <= n; cut++) {
                struct chat_command command = chat_command_parse(line, cut);
                bool word = command.word_bytes == 0 ||
                            (command.word >= line &&
                             command.word + command.word_bytes <= line + cut);
                bool rest = command.rest >= line && command.rest + command.rest_bytes <= line + cut;
                wrong += word && rest ? 0 : 1;
            }
        }
    }
    EXPECT(wrong == 0);
}

int main(void)
{
    test_rows();
    test_pieces_lie_inside();
    return check_report("chat_command");
}
