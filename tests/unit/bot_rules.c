/* SPDX-License-Identifier: MIT */
/* The built-in bot, in a room and at the desk; uses port/sim, uses fake_room.c. Hazards 93, 96. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/bot.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

static void begin(bool desk, bool console)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, desk, 8, "Welcome."};
    bot_settings.kind = BOT_BUILTIN;
    room_begin(console);
    for (unsigned i = 0; i < 3; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    for (unsigned i = 0; i < 3; i++) {
        room_forget(i);
    }
    room_forget(ROOM_CONSOLE);
}

/* Which lines name it, and what the question is. */
static void test_named(void)
{
    static const struct {
        const char *line;
        const char *question; /* NULL: it is not named */
    } rows[] = {
        {"bot: hello", "hello"},   {"BOT:hello", "hello"},      {"Bot, what", "what"},
        {"@bot hello", "hello"},   {"@bot: hello", "hello"},    {"@BOT,   hello ", "hello "},
        {"bot hello", NULL},       {"bot", NULL},               {"bot:", NULL},
        {"bot:  ", NULL},          {"@bot", NULL},              {"@bot ", NULL},
        {"robot: hello", NULL},    {"both: hello", NULL},       {"@both hello", NULL},
        {" bot: hello", NULL},     {"", NULL},                  {"@", NULL},
        {"bo", NULL},              {"<bot> hello", NULL},       {"bot\xC3\xA4: x", NULL}
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = strlen(rows[i].line);
        const char *found = bot_named(rows[i].line, &n);
        const char *want = rows[i].question;
        EXPECT((found == NULL) == (want == NULL));
        EXPECT(found == NULL || want == NULL ||
               (n == strlen(want) && memcmp(found, want, n) == 0));
    }
}

static void test_rules(void)
{
    static const struct {
        const char *question;
        const char *answer;
    } rows[] = {
        {"hello", "Hello."}, {"Oh, HI there", "Hello."}, {"PING", "pong"}, {"bye", "bye"},
        {"thanks!", "You are welcome."}, {"what is your name", "I am a bot of a few rules."},
        {"\xE4\xBD\xA0\xE5\xA5\xBD", "\xE4\xBD\xA0\xE5\xA5\xBD"},
        {"Help!", "Ask me about the time, who is here, my name, or say hello, ping, bye."},
        {"(hi)", "Hello."}, {"@hi", "Hello."}, {"[hi", "Hello."}, {"`hi", "Hello."},
        {"{hi", "Hello."},
        {"which one", "I have no answer to that; say help, and I tell what I know."},
        {"ahi", "I have no answer to that; say help, and I tell what I know."},
        {"zhi", "I have no answer to that; say help, and I tell what I know."},
        {"Ahi", "I have no answer to that; say help, and I tell what I know."},
        {"Zhi", "I have no answer to that; say help, and I tell what I know."},
        {"", "I have no answer to that; say help, and I tell what I know."}
    };
    char bytes[200];
    struct text answer;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        text_begin(&answer, bytes, sizeof bytes);
        bot_rules_answer(bot_rules_find(rows[i].question, strlen(rows[i].question)), &answer);
        EXPECT(answer.n == strlen(rows[i].answer) &&
               memcmp(bytes, rows[i].answer, answer.n) == 0);
    }
    EXPECT(bot_rules_find("say hello", 7) == bot_rules_find("", 0)); /* a part of it is no word */
}

static void expect_time(bool known, int64_t seconds, const char *want)
{
    char bytes[100];
    struct text answer;
    sim_wall_set(known, seconds);
    text_begin(&answer, bytes, sizeof bytes);
    bot_rules_answer(bot_rules_find("time", 4), &answer);
    EXPECT(answer.n == strlen(want) && memcmp(bytes, want, answer.n) == 0);
}

static void test_time(void)
{
    begin(false, false);
    expect_time(false, 0, "I do not know the time.");
    expect_time(true, -1, "I do not know the time.");
    expect_time(true, 0, "It is 00:00 UTC, 1970-01-01.");
    expect_time(true, 951782399, "It is 23:59 UTC, 2000-02-28.");
    expect_time(true, 951782400, "It is 00:00 UTC, 2000-02-29.");
    expect_time(true, 1735689599, "It is 23:59 UTC, 2024-12-31.");
    expect_time(true, 4107542400, "It is 00:00 UTC, 2100-03-01.");
    expect_time(true, 4294967295, "It is 06:28 UTC, 2106-02-07.");
    room_end();
}

/* It answers who names it, to everybody; neither itself, nor another bot, nor a private line. */
static void test_room(void)
{
    begin(false, false);
    room_send(0, "bot: ping\n");
    room_run(1010);
    EXPECT(room_said(0, "<bot> pong\n"));
    EXPECT(room_said(1, "<guest1> bot: ping\n<bot> pong\n"));
    room_send(1, "/me bot: ping\n/msg guest3 bot: ping\nping\n//bot: ping\n");
    room_run(1020);
    EXPECT(room_said(0, "* guest2 bot: ping\n<guest2> ping\n<guest2> /bot: ping\n"));
    room_send(1, "/nick Bot\n/nick aBot\nbot: ping\n/nick bottom\nbot: ping\n");
    room_send(1, "/nick ann\n@bot ping\n");
    room_run(1030);
    EXPECT(room_count(1, "*** Nobody may take that name.\n") == 1);
    EXPECT(room_count(0, "bot: ping\n") == 2 && room_count(0, "<bot> pong\n") == 1);
    room_forget(0);
    room_send(2, "@bot who\n");
    room_run(1040);
    EXPECT(room_said(0, "<guest3> @bot who\n<bot> Connected: 3.\n"));
    room_join(3, 9, ROOM_WINDOW);
    room_run(1500);
    EXPECT(room_count(3, "[history]") == 5); /* that it hears of again is nobody's question */
    room_forget(0);
    for (unsigned i = 0; i < 100; i++) {
        room_send(1, "bot: ping\n");
    }
    room_run(1600);
    EXPECT(room_count(0, "<ann> bot: ping\n") == 100);
    unsigned pongs = room_count(0, "<bot> pong\n");
    EXPECT(pongs >= 5 && pongs <= 10);
    char answers[40];
    (void)snprintf(answers, sizeof answers, " answers=%u failures=0", pongs + 3); /* before, too */
    EXPECT(strstr(room_report(), answers) != NULL);
    room_end();
}

static void test_desk(void)
{
    begin(true, true);
    room_send(0, "ping");
    room_send(1, "ping\nhello\n");
    room_run(1300);
    EXPECT(room_sends(0) == 1);
    EXPECT(room_said(0, "pong"));
    EXPECT(room_said(1, "pong\nHello.\n"));
    EXPECT(room_said(2, ""));
    EXPECT(room_said(ROOM_CONSOLE, "[2 192.0.2.2] ping\n[bot to 2] pong\n[2 192.0.2.2] hello\n"
                                   "[bot to 2] Hello.\n[1 192.0.2.1] ping\n[bot to 1] pong\n"));
    room_send(0, "bye");
    room_run(1600);
    EXPECT(room_said(0, "bye"));
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
    room_send(2, "\xE5\x86\x8D\xE8\xA7\x81");
    sim_peer_shut(2);
    room_run(1610);
    EXPECT(room_said(2, "\xE5\x86\x8D\xE8\xA7\x81"));
    EXPECT(!sim_held(2));
    room_end();
}

int main(void)
{
    test_named();
    test_rules();
    test_time();
    test_room();
    test_desk();
    return check_report("bot_rules");
}
