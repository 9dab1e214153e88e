/* SPDX-License-Identifier: MIT */
/* The operator at the console, over the simulated port; uses port/sim, uses fake_room.c.
 * Hazard 97: addresses are for the operator alone. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

#define GREETING(name) "*** Welcome. You are " name "; /help lists what you can do.\n"

static void begin(unsigned members)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, false, 8, "Welcome."};
    room_begin(true);
    for (unsigned i = 0; i < members; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    for (unsigned i = 0; i < members; i++) {
        room_forget(i);
    }
    room_forget(ROOM_CONSOLE);
}

static void type(const char *text)
{
    sim_console_type(text, strlen(text));
}

static void test_sees_everything(void)
{
    begin(0);
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1300);
    EXPECT(room_said(ROOM_CONSOLE, "[192.0.2.1] *** guest1 joined\n"
                                   "[192.0.2.2] *** guest2 joined\n"));
    room_send(0, "hello\n/me waves\n/msg guest2 secret\n/nick ann\n/quit\n");
    room_run(1310);
    EXPECT(room_said(ROOM_CONSOLE, "[192.0.2.1] <guest1> hello\n[192.0.2.1] * guest1 waves\n"
                                   "[192.0.2.1] [private] <guest1> secret\n"
                                   "[192.0.2.1] *** guest1 is now ann\n"
                                   "[192.0.2.1] *** ann left\n"));
    EXPECT(strstr(room_text(1), "192") == NULL);
    /* One text and the end: the address is there though the sender is gone. */
    room_join(2, 3, ROOM_WINDOW);
    room_run(1312);
    room_send(2, "one way");
    sim_peer_close(2);
    room_run(1320);
    EXPECT(room_said(ROOM_CONSOLE, "[192.0.2.3] *** guest3 joined\n"
                                   "[192.0.2.3] <guest3> one way\n[192.0.2.3] *** guest3 left\n"));
    room_end();
}

static void test_speaks(void)
{
    begin(2);
    type("good day\n/say /all/ of you\n/me nods\n/msg guest2 psst\n/nick boss\n/msg nobody x\n");
    room_run(1010);
    EXPECT(room_said(0, "<operator> good day\n<operator> /all/ of you\n* operator nods\n"));
    EXPECT(room_said(1, "<operator> good day\n<operator> /all/ of you\n* operator nods\n"
                        "[private] <operator> psst\n"));
    EXPECT(room_said(ROOM_CONSOLE, "*** There is no such command; /help lists them.\n"
                                   "*** Nobody here has that name.\n"));
    room_send(0, "/msg operator a complaint\n/who\n/kick guest2\n/stats\n");
    room_run(1020);
    EXPECT(room_said(ROOM_CONSOLE, "[192.0.2.1] [private] <guest1> a complaint\n"));
    EXPECT(room_said(0, "*** 3 here: operator, guest1, guest2\n"
                        "*** There is no such command; /help lists them.\n"
                        "*** There is no such command; /help lists them.\n"));
    type("/who\n");
    room_run(1030);
    EXPECT(room_said(ROOM_CONSOLE, "*** 3 here:\n***   operator\n"
                                   "***   guest1 192.0.2.1:40000\n"
                                   "***   guest2 192.0.2.2:40001\n"));
    type("bye\n/quit\n/help\n/stats\n");
    room_run(1040);
    EXPECT(room_count(ROOM_CONSOLE, "\n") == 15);
    EXPECT(room_said(0, ""));
    room_end();
}

static void test_removes(void)
{
    begin(4);
    type("/kick guest2\n/kick guest2\n/kick operator\n/kick\n");
    room_run(1010);
    EXPECT(room_said(1, "*** The operator removed you.\n"));
    EXPECT(!sim_held(1) || sim_peer_state(1) == SIM_PEER_ENDED);
    EXPECT(room_said(0, "*** guest2 left: removed by the operator\n"));
    EXPECT(room_said(ROOM_CONSOLE, "*** Done.\n"
                                   "[192.0.2.2] *** guest2 left: removed by the operator\n"
                                   "*** Nobody here has that name.\n"
                                   "*** Nobody here has that name.\n"
                                   "*** Something is missing; /help shows how it is written.\n"));
    type("/mute GUEST3\n");
    room_run(1020);
    room_send(2, "anything\n/me waves\n/msg guest1 x\n/nick other\n/who\n");
    room_run(1030);
    EXPECT(room_said(0, ""));
    EXPECT(room_count(2, "*** The operator has muted you") == 4);
    EXPECT(room_count(2, "*** 4 here: ") == 1);
    type("/unmute guest3\n");
    room_run(1040);
    room_send(2, "free\n");
    room_run(1050);
    EXPECT(room_said(0, "<guest3> free\n"));
    room_end();
}

static void test_bans(void)
{
    begin(3);
    room_join(10, 2, ROOM_WINDOW);
    room_run(1300);
    room_forget(0);
    type("/ban guest2\n");
    room_run(1310);
    EXPECT(room_count(1, "*** The operator removed you.\n") == 1);
    EXPECT(room_count(10, "*** The operator removed you.\n") == 1); /* the same address */
    EXPECT(room_said(0, "*** guest2 left: removed by the operator\n"
                        "*** guest4 left: removed by the operator\n"));
    room_join(11, 2, ROOM_WINDOW);
    room_join(12, 9, ROOM_WINDOW);
    room_run(1600);
    EXPECT(!sim_held(11) && sim_held(12));
    EXPECT(room_said(11, ""));
    room_forget(ROOM_CONSOLE);
    type("/ban 2001:db8::7\n/bans\n/unban 192.0.2.2\n/unban 192.0.2.2\n/unban x\n/ban nobody\n");
    room_run(1610);
    EXPECT(room_said(ROOM_CONSOLE, "*** Done.\n*** 2 banned:\n***   192.0.2.2\n***   2001:db8::7\n"
                                   "*** Done.\n*** That is not an address that is banned.\n"
                                   "*** That is not an address that is banned.\n"
                                   "*** Nobody here has that name.\n"));
    room_join(13, 2, ROOM_WINDOW);
    room_run(1900);
    EXPECT(sim_held(13));
    char line[32];
    room_forget(ROOM_CONSOLE);
    for (unsigned i = 0; i < CFG_CHAT_BANS_MAX; i++) {
        (void)snprintf(line, sizeof line, "/ban 198.51.100.%u\n", i);
        type(line);
        room_run(1910 + i);
    }
    room_run(2000);
    EXPECT(room_count(ROOM_CONSOLE, "*** Done.\n") == CFG_CHAT_BANS_MAX - 1);
    EXPECT(room_count(ROOM_CONSOLE, "*** No more addresses can be banned.\n") == 1);
    room_end();
}

/* A ban with an end ends then, and one without never does; it shows how long it still lasts. */
static void test_bans_end(void)
{
    begin(1);
    type("/ban 192.0.2.7 2\n/ban 192.0.2.8 90\n/ban 192.0.2.9 0\n/ban 192.0.2.9 1000001\n");
    type("/ban 192.0.2.9 soon\n/ban 192.0.2.9 -1\n/ban 192.0.2.6\n/bans\n");
    room_run(1010);
    EXPECT(room_count(ROOM_CONSOLE, "*** A ban lasts 1 to 1000000 minutes, or has no end.\n") == 4);
    EXPECT(room_count(ROOM_CONSOLE, "*** 3 banned:\n***   192.0.2.7 for another 2 min\n"
                                    "***   192.0.2.8 for another 1 h\n***   192.0.2.6\n") == 1);
    room_join(10, 7, ROOM_WINDOW);
    room_run(119000);
    EXPECT(!sim_held(10));
    room_join(11, 7, ROOM_WINDOW);
    room_run(119500);
    EXPECT(!sim_held(11));
    room_run(122500);
    room_join(12, 7, ROOM_WINDOW);
    room_join(13, 8, ROOM_WINDOW);
    room_run(123000);
    EXPECT(sim_held(12) && !sim_held(13));
    room_forget(ROOM_CONSOLE);
    type("/ban 192.0.2.8 1\n/ban 192.0.2.6 3\n/bans\n"); /* the last word counts */
    room_run(123010);
    EXPECT(room_said(ROOM_CONSOLE, "*** Done.\n*** Done.\n*** 2 banned:\n"
                                   "***   192.0.2.6 for another 3 min\n"
                                   "***   192.0.2.8 for another 1 min\n"));
    room_run(400000);
    type("/bans\n/unban 192.0.2.6\n");
    room_run(400010);
    EXPECT(room_said(ROOM_CONSOLE, "*** 0 banned.\n"
                                   "*** That is not an address that is banned.\n"));
    type("/ban 192.0.2.6\n/ban guest1 5\n"); /* a name: its address */
    room_run(400020);
    room_run(4000000);
    room_forget(ROOM_CONSOLE);
    type("/bans\n");
    room_run(4000010);
    EXPECT(room_said(ROOM_CONSOLE, "*** 1 banned:\n***   192.0.2.6\n"));
    EXPECT(!sim_held(0));
    room_end();
}

/* How long it lasts is told in whole hours and days, too. */
static void test_long_bans(void)
{
    begin(0);
    type("/ban 192.0.2.5 600\n/ban 192.0.2.6 1000000\n/ban 192.0.2.7 59\n/bans\n");
    room_run(1010);
    EXPECT(room_said(ROOM_CONSOLE, "*** Done.\n*** Done.\n*** Done.\n*** 3 banned:\n"
                                   "***   192.0.2.5 for another 10 h\n"
                                   "***   192.0.2.6 for another 694 d\n"
                                   "***   192.0.2.7 for another 59 min\n"));
    room_end();
}

/* A console at ^S misses lines like anybody, is told how many, and is never cut; nobody waits. */
static void test_stalled(void)
{
    enum { LINES = CFG_CHAT_LOG_BYTES / 54 };
    char line[150];
    begin(2);
    memset(line, 'x', sizeof line);
    memcpy(line + sizeof line - 2, "\n", 2);
    type("half a line");
    sim_console_stall(true);
    for (unsigned i = 0; i < LINES; i++) {
        room_send(0, line);
        room_run(1004 + i * 5);
        EXPECT(room_count(1, "xxx\n") == 1);
        room_forget(1);
    }
    room_run(60000);
    EXPECT(room_count(ROOM_CONSOLE, "xxx\n") == 0);
    sim_console_stall(false);
    room_run(61000);
    unsigned number = 0;
    const char *missed = strstr(room_text(ROOM_CONSOLE), "*** You missed ");
    EXPECT(missed != NULL && sscanf(missed, "*** You missed %u lines.\n", &number) == 1);
    EXPECT(number + room_count(ROOM_CONSOLE, "xxx\n") == LINES);
    type(" is finished\n");
    room_run(61100);
    EXPECT(strstr(room_text(1), "<operator> half a line is finished\n") != NULL);
    room_end();
}

/* The end of its input is not the end of the console. */
static void test_input_ends(void)
{
    begin(1);
    type("the last thing said");
    sim_console_end();
    room_run(1010);
    EXPECT(room_said(0, "<operator> the last thing said\n"));
    room_send(0, "are you there\n");
    room_run(1020);
    EXPECT(room_said(ROOM_CONSOLE, "[192.0.2.1] <guest1> are you there\n"));
    room_end();
}

int main(void)
{
    test_sees_everything();
    test_speaks();
    test_removes();
    test_bans();
    test_bans_end();
    test_long_bans();
    test_stalled();
    test_input_ends();
    return check_report("chat_console");
}
