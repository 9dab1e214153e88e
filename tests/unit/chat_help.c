/* SPDX-License-Identifier: MIT */
/* /help lists every command there is, and nothing else; uses port/sim, uses fake_room.c. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/chat_command.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

/* What the verbs are that the "/words" of a help text name. */
static bool listed[CHAT_VERB_STATS + 1];

static void read_help(const char *text)
{
    memset(listed, 0, sizeof listed);
    for (const char *at = strstr(text, " /"); at != NULL; at = strstr(at + 1, " /")) {
        size_t n = 1 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz");
        if (n == 1) {
            continue; /* the sign alone */
        }
        enum chat_verb verb = chat_command_parse(at + 1, n).verb;
        EXPECT(verb != CHAT_VERB_UNKNOWN);
        listed[verb] = true;
    }
}

static void ask(bool desk, bool console)
{
    chat_settings = (struct chat_settings){0, 0, 3, 250, desk, 8, "Welcome."};
    room_begin(console);
    room_join(0, 1, ROOM_WINDOW);
    room_run(1000);
    unsigned who = console ? (unsigned)ROOM_CONSOLE : 0u;
    room_forget(who);
    if (console) {
        sim_console_type("/help\n", 6);
    } else {
        room_send(0, "/help\n");
    }
    room_run(1010);
    read_help(room_text(who));
    room_end();
}

int main(void)
{
    ask(false, false);
    for (unsigned verb = CHAT_VERB_NICK; verb <= CHAT_VERB_STATS; verb++) {
        bool bye = verb == CHAT_VERB_QUIT_CHINESE; /* a word, no command */
        EXPECT(listed[verb] == (verb < CHAT_VERB_KICK && !bye));
    }
    ask(false, true);
    for (unsigned verb = CHAT_VERB_SAY; verb <= CHAT_VERB_STATS; verb++) {
        bool other = verb == CHAT_VERB_QUIT_CHINESE || verb == CHAT_VERB_UNKNOWN;
        EXPECT(listed[verb] == !other);
    }
    ask(true, true);
    EXPECT(listed[CHAT_VERB_SAY] && listed[CHAT_VERB_WHO] && !listed[CHAT_VERB_NICK]);
    for (unsigned verb = CHAT_VERB_KICK; verb <= CHAT_VERB_STATS; verb++) {
        EXPECT(listed[verb]);
    }
    return check_report("chat_help");
}
