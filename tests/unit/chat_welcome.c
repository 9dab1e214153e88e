/* SPDX-License-Identifier: MIT */
/* What newcomers read, the topic, and who is here for how long; uses port/sim, uses fake_room.c.
 * Hazards 85, 90. */
#include "apps/chat/chat_welcome.h"

#include <stdio.h>
#include <string.h>

#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

#define GREETING(name) "*** Welcome. You are " name "; /help lists what you can do.\n"

static void begin(unsigned members)
{
    chat_settings = (struct chat_settings){0, 0, 3, 250, false, 8, "Welcome."};
    room_begin(false);
    for (unsigned i = 0; i < members; i++) {
        room_join(i, 1, ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    for (unsigned i = 0; i < members; i++) {
        room_forget(i);
    }
}

static void test_topic(void)
{
    char line[CFG_CHAT_TOPIC_BYTES + 20];
    begin(2);
    room_send(0, "/topic\n");
    room_run(1010);
    EXPECT(room_said(0, "*** There is no topic; /topic TEXT sets one.\n"));
    room_send(0, "/topic  what \xc3\xa4 b\x1b[31m \xe2\x80\xae is\n/nick ann\n");
    room_run(1020);
    EXPECT(room_said(0, "*** Done.\n*** You are now ann.\n"));
    EXPECT(room_said(1, "*** guest1 set the topic: what \xc3\xa4 b?[31m ? is\n"
                        "*** guest1 is now ann\n"));
    room_send(1, "/TOPIC\nhello\n");
    room_join(2, 1, ROOM_WINDOW);
    room_run(1300);
    EXPECT(room_said(1, "*** Topic: what \xc3\xa4 b?[31m ? is\n*** guest3 joined\n"));
    EXPECT(room_said(2, GREETING("guest3") "*** Topic: what \xc3\xa4 b?[31m ? is\n"
                        "[history] <guest2> hello\n"));
    /* The longest, and one that is longer. */
    memcpy(line, "/topic ", 7);
    memset(line + 7, 't', CFG_CHAT_TOPIC_BYTES + 1);
    memcpy(line + 7 + CFG_CHAT_TOPIC_BYTES, "\n", 2);
    room_forget(0);
    room_send(0, line);
    room_run(1310);
    EXPECT(room_count(2, "ann set the topic: tttt") == 1);
    memcpy(line + 7 + CFG_CHAT_TOPIC_BYTES, "t\n", 3);
    room_forget(2);
    room_send(0, line);
    room_send(0, "/topic\n");
    room_run(1320);
    EXPECT(room_count(0, "*** A topic has at most ") == 1);
    EXPECT(room_count(0, "*** Topic: ttt") == 1);
    EXPECT(room_said(2, ""));
    room_send(2, "/topic -\n/topic\n");
    room_run(1330);
    EXPECT(room_said(2, "*** Done.\n*** There is no topic; /topic TEXT sets one.\n"));
    EXPECT(room_count(0, "*** guest3 took the topic away\n") == 1);
    room_end();
    begin(1); /* another run begins without */
    room_send(0, "/topic\n");
    room_run(1010);
    EXPECT(room_said(0, "*** There is no topic; /topic TEXT sets one.\n"));
    room_end();
}

/* Clean lines, each whole, however small the window; and nothing that anybody types comes between.
 */
static void test_lines(void)
{
    static const char text[] = "First line.\r\n\n\tred \x1b[31m \xff \xc2\x9b \xe2\x80\xae.\r\n"
                               "<ann> hi";
    char want[1000];
    EXPECT(chat_welcome_set(text, sizeof text - 1));
    begin(1);
    room_send(0, "/topic of the day\n");
    (void)snprintf(want, sizeof want, "%s", GREETING("guest2")
                   "*** First line.\n***\n***  red ?[31m ? ? ?.\n*** <ann> hi\n"
                   "*** Topic: of the day\n*** 2 here: guest1, guest2\n");
    room_join(1, 1, 7);
    room_run(1050);
    room_send(1, "/who\n");
    room_run(9000);
    EXPECT(room_said(1, want));
    room_join(2, 1, ROOM_WINDOW);
    room_run(9010);
    room_send(2, "\xff\xfd\x06/quit\r\n");
    room_run(9300);
    EXPECT(room_count(2, "\r\n") == 7 && room_count(2, "bye\r\n") == 1);
    room_end();
}

/* A line that is too long for a row goes on in the next, in whole characters, and all of them. */
static void test_long_line(void)
{
    char text[CFG_CHAT_WELCOME_BYTES + 1];
    size_t characters = 0;
    memset(text, 'x', sizeof text);
    EXPECT(!chat_welcome_set(text, sizeof text));
    size_t n = 0;
    while (n + 3 <= CFG_CHAT_WELCOME_BYTES) {
        memcpy(text + n, "\xe4\xbd\xa0", 3);
        n += 3;
        characters++;
    }
    EXPECT(chat_welcome_set(text, n));
    begin(1);
    room_join(1, 1, ROOM_WINDOW);
    room_run(1300);
    EXPECT(room_count(1, "\xe4\xbd\xa0") == characters);
    for (const char *row = room_text(1); *row != '\0'; row = strchr(row, '\n') + 1) {
        EXPECT(strcspn(row, "\n") <= CHAT_ROW_BYTES - 2 && strncmp(row, "*** ", 4) == 0);
    }
    EXPECT(strchr(room_text(1), '?') == NULL);
    memset(text, 'x', sizeof text); /* no room for a line end */
    EXPECT(chat_welcome_set(text, CFG_CHAT_WELCOME_BYTES));
    room_join(3, 1, ROOM_WINDOW);
    room_run(1600);
    EXPECT(room_count(3, "x") == CFG_CHAT_WELCOME_BYTES);
    EXPECT(chat_welcome_set("", 0));
    room_join(2, 1, ROOM_WINDOW);
    room_run(1900);
    EXPECT(room_said(2, GREETING("guest4")));
    room_end();
}

/* Who said nothing for a minute and more is listed so. */
static void test_idle(void)
{
    begin(2);
    room_run(59000);
    room_send(0, "/who\n");
    room_run(59010);
    EXPECT(room_said(0, "*** 2 here: guest1, guest2\n"));
    room_run(63000);
    room_send(0, "/who\n");
    room_run(63010);
    EXPECT(room_said(0, "*** 2 here: guest1, guest2 (idle 1 min)\n"));
    room_send(1, "\n");
    room_run(5 * 60000);
    room_send(0, "/who\n");
    room_run(5 * 60000 + 10);
    EXPECT(room_said(0, "*** 2 here: guest1, guest2 (idle 3 min)\n"));
    room_run(UINT64_C(3) * 3600000);
    room_send(0, "/who\n");
    room_run(UINT64_C(3) * 3600000 + 10);
    EXPECT(room_said(0, "*** 2 here: guest1, guest2 (idle 2 h)\n"));
    room_run(UINT64_C(50) * 24 * 3600000);
    room_send(0, "/who\n");
    room_run(UINT64_C(50) * 24 * 3600000 + 10);
    EXPECT(room_said(0, "*** 2 here: guest1, guest2 (idle 49 d)\n"));
    room_end();
}

/* Many names: rows of whole names, each once. */
static void test_many(void)
{
    char name[20];
    begin(140);
    room_send(7, "/who\n");
    room_run(1100);
    EXPECT(strncmp(room_text(7), "*** 140 here: guest1, guest2, ", 30) == 0);
    for (unsigned i = 1; i <= 140; i++) {
        (void)snprintf(name, sizeof name, " guest%u,", i);
        unsigned here = room_count(7, name);
        (void)snprintf(name, sizeof name, " guest%u\n", i);
        EXPECT(here + room_count(7, name) == 1);
    }
    EXPECT(room_count(7, "\n***   guest") == room_count(7, "\n") - 1);
    room_end();
}

int main(void)
{
    test_topic();
    test_lines();
    test_long_line();
    test_idle();
    test_many();
    return check_report("chat_welcome");
}
