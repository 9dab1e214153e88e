/* SPDX-License-Identifier: MIT */
/* Who hears what in the room, over the simulated port; uses port/sim, uses fake_room.c.
 * Hazards 10, 11, 84, 90, 91. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

static const struct chat_settings unlimited = {0, 0, 3, 250, false, 8, "Welcome."};

#define GREETING(name) "*** Welcome. You are " name "; /help lists what you can do.\n"

/* So many members, greeted; what they were told so far is forgotten. */
static void begin(unsigned members, uint32_t window_bytes)
{
    chat_settings = unlimited;
    room_begin(false);
    for (unsigned i = 0; i < members; i++) {
        room_join(i, 1, i == 0 ? window_bytes : (uint32_t)ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    for (unsigned i = 0; i < members; i++) {
        room_forget(i);
    }
}

/* How many lines it was told that it missed. */
static unsigned missed(unsigned peer)
{
    unsigned sum = 0;
    const char *at = room_text(peer);
    while ((at = strstr(at, "*** You missed ")) != NULL) {
        unsigned number = 0;
        EXPECT(sscanf(at, "*** You missed %u line", &number) == 1 && number > 0);
        sum += number;
        at++;
    }
    return sum;
}

static void test_everybody_but_the_speaker(void)
{
    begin(3, ROOM_WINDOW);
    room_send(1, "hello\n/me waves\n//x\n/msg guest3 psst\n");
    room_run(1010);
    EXPECT(room_said(0, "<guest2> hello\n* guest2 waves\n<guest2> /x\n"));
    EXPECT(room_said(1, ""));
    EXPECT(room_said(2, "<guest2> hello\n* guest2 waves\n<guest2> /x\n[private] <guest2> psst\n"));
    EXPECT(strstr(room_report(), " shared=1 ") != NULL); /* rendered once for the two of them */
    room_send(0, "/nick Ann\n/nick ann\n");
    room_run(1020);
    EXPECT(room_said(0, "*** You are now Ann.\n*** You are now ann.\n"));
    EXPECT(room_said(1, "*** guest1 is now Ann\n*** Ann is now ann\n"));
    room_send(1, "/nick ANN\n/nick a>b\n/nick Server\n/nick\n/nick x y\n");
    room_send(1, "/msg\n/msg x y\n/msg ann\n/nope\n/me\n");
    room_run(1030);
    EXPECT(room_count(1, "\n") == 10);
    EXPECT(room_count(1, "*** ") == 10);
    EXPECT(room_said(0, ""));
    room_forget(1);
    room_send(2, "\xff\xfd\x06\xff\xfb\x1f" "after Ctrl-C\r\n");
    room_run(1040);
    EXPECT(room_said(1, "<guest3> after Ctrl-C\n"));
    EXPECT(memcmp(room_text(2) + strlen(room_text(2)) - 6, "\xff\xfb\x06\xff\xfe\x1f", 6) == 0);
    room_forget(2);
    room_send(0, "to both kinds\n");
    room_run(1050);
    EXPECT(room_said(1, "<ann> to both kinds\n"));
    EXPECT(room_said(2, "<ann> to both kinds\r\n"));
    room_end();
}

/* History holds what was said to everybody; the newcomer's own view begins where it came. */
static void test_history(void)
{
    begin(2, ROOM_WINDOW);
    room_send(0, "one\ntwo\n/msg guest2 secret\n/me three\nfour\n");
    room_run(1010);
    room_join(2, 1, ROOM_WINDOW);
    room_run(1015);
    room_send(0, "five\n");
    room_run(1300);
    EXPECT(room_said(2, GREETING("guest3") "[history] <guest1> two\n[history] * guest1 three\n"
                        "[history] <guest1> four\n<guest1> five\n"));
    room_end();
}

/* A member that reads nothing: others have everything at once, and it is told the exact number. */
static void test_laggard(void)
{
    enum { LINES = 3000 };
    char line[128];
    begin(3, 512);
    room_deafen(0, true);
    for (unsigned i = 0; i < LINES; i++) {
        (void)snprintf(line, sizeof line, "line %u |%.*s\n", i, (int)(i % 60),
                       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        room_send(1, line);
        room_run(1003 + i * 5);
        EXPECT(strncmp(room_text(2), "<guest2> line ", 14) == 0);
        room_forget(2);
    }
    room_run(1003 + LINES * 5);
    EXPECT(sim_held(0));
    room_deafen(0, false);
    room_run(30000);
    unsigned number = missed(0);
    unsigned heard = room_count(0, "<guest2> line ");
    EXPECT(number > 1000 && heard > 10);
    EXPECT(number + heard == LINES);
    EXPECT(room_count(0, "*** You missed ") == 1);
    /* In order, each whole, and the last one is the newest. */
    unsigned last = 0;
    unsigned wrong = 0;
    for (const char *at = strstr(room_text(0), "line "); at != NULL; at = strstr(at + 1, "line ")) {
        unsigned i = 0;
        wrong += sscanf(at, "line %u ", &i) != 1 || (i != 0 && i <= last) ? 1 : 0;
        wrong += strspn(strchr(at, '|') + 1, "x") != i % 60 ? 1 : 0;
        last = i;
    }
    EXPECT(wrong == 0 && last == LINES - 1);
    room_end();
}

/* A member that takes nothing at all is cut after 30 s, and the others are told. */
static void test_stalled(void)
{
    char line[400];
    begin(2, 512);
    room_deafen(0, true);
    memset(line, 'x', sizeof line);
    memcpy(line + sizeof line - 2, "\n", 2);
    room_send(1, line);
    room_send(1, line); /* sent at 1001: the window takes 512 bytes, and then nothing more */
    room_run(31000);
    EXPECT(sim_held(0));
    EXPECT(room_said(1, ""));
    room_run(31010);
    EXPECT(!sim_held(0));
    EXPECT(room_said(1, "*** guest1 left: too slow\n"));
    room_end();
}

/* It types a long line while it is half through another: where there is no room for both it is cut,
 * else it gets the rest. */
static void test_half_a_line_each_way(void)
{
    char line[520];
    begin(3, 512);
    room_deafen(0, true);
    memset(line, 'y', sizeof line);
    line[500] = '\0';
    room_send(0, "y");
    room_send(0, line);                     /* 501 bytes of a line */
    memcpy(line + 499, "\n", 2);
    room_send(1, line);
    room_run(1005);
    room_send(1, line);                     /* a part of this one fits the window */
    room_run(1010);
    for (unsigned i = 0; i < 40; i++) {
        room_send(1, line);                 /* and these overwrite it */
        room_run(1010 + i);
    }
    room_run(1200);
    EXPECT(room_count(2, "<guest2> yyy") == 42);
    bool both = CHAT_FRONT_BYTES >= CHAT_BOTH_BYTES;
    EXPECT(sim_held(0) == both);
    EXPECT(room_count(2, "*** guest1 left\n") == (both ? 0 : 1));
    if (both) {
        room_deafen(0, false);
        room_send(0, "y\n");
        room_run(1300);
        EXPECT(missed(0) + room_count(0, "yyy\n") == 42);
        EXPECT(room_count(2, "<guest1> yyy") == 1);
    }
    room_end();
}

/* It reads on before anything is overwritten: the rest follows, whole. */
static void test_half_a_line_goes_on(void)
{
    char line[520];
    char want[1100] = "";
    begin(2, 560);
    room_deafen(0, true);
    memset(line, 'y', sizeof line);
    line[505] = '\0';
    room_send(0, "y");
    room_send(0, line);
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned j = 0; j < 499; j++) {
            line[j] = (char)('a' + j % 26);
        }
        memcpy(line + 499, "\n", 2);
        room_send(1, line);
        (void)snprintf(want + strlen(want), sizeof want - strlen(want), "<guest2> %s", line);
    }
    room_run(1010);
    room_deafen(0, false);
    room_run(1020);
    EXPECT(room_said(0, want));
    room_send(0, "\n");
    room_run(1030);
    EXPECT(room_count(1, "<guest1> yyy") == 1);
    room_end();
}

/* The same, but nothing is being typed: it stays, and the half line is finished. */
static void test_not_cut(void)
{
    enum { LINES = CFG_CHAT_LOG_BYTES / 270 };
    char line[520];
    begin(3, 512);
    room_deafen(0, true);
    memset(line, 'y', sizeof line);
    memcpy(line + 499, "\n", 2);
    for (unsigned i = 0; i < LINES; i++) {
        room_send(1, line);
        room_run(1005 + i);
    }
    EXPECT(sim_held(0));
    room_deafen(0, false);
    room_run(1200 + LINES);
    EXPECT(missed(0) > 0 && missed(0) + room_count(0, "yyy\n") == LINES);
    EXPECT(room_count(0, "y\n<guest2> y") > 10); /* no line in part, nothing between */
    room_end();
}

/* What is told one member alone comes whole through a window of a few bytes, and its input waits
 * meanwhile. */
static void test_rows_in_pieces(void)
{
    begin(2, 3);
    room_send(0, "/h");
    room_run(1010);
    room_send(0, "el");
    room_run(1020);
    room_send(0, "p\n");
    room_run(8000);
    EXPECT(room_count(0, "\n") == 9);
    EXPECT(strncmp(room_text(0), "*** Whatever you type", 21) == 0);
    EXPECT(strstr(room_text(0), "begins with /\n") != NULL);
    EXPECT(room_said(1, ""));
    room_end();
}

static void test_flood_of_members(void)
{
    begin(140, ROOM_WINDOW);
    room_run(2500);
    room_forget(0);
    for (unsigned i = 1; i < 140; i++) {
        if (i % 2 == 0) {
            sim_peer_reset(i);
        } else {
            sim_peer_close(i);
        }
    }
    room_run(2600);
    unsigned one_by_one = room_count(0, " left\n");
    EXPECT(one_by_one >= 40 && one_by_one <= CFG_CHAT_NOTICE_BURST);
    room_run(4000);
    unsigned number = 0;
    const char *rest = strstr(room_text(0), "*** 0 more joined, ");
    EXPECT(rest != NULL && sscanf(rest, "*** 0 more joined, %u more left\n", &number) == 1);
    EXPECT(room_count(0, "*** guest") + number == 139); /* the numbers match exactly */
    room_forget(0);
    room_send(0, "/who\n");
    room_run(4100);
    EXPECT(room_said(0, "*** 1 here: guest1\n"));
    room_end();
}

/* As long as one departure waits to be told, the next waits as well. */
static void test_one_too_many(void)
{
    enum { MEMBERS = CFG_CHAT_NOTICE_BURST + 3 };
    begin(MEMBERS, ROOM_WINDOW);
    room_run(9000);
    room_forget(0);
    for (unsigned i = 1; i < MEMBERS - 1; i++) {
        sim_peer_reset(i);
    }
    room_run(9100); /* one might be told at once by now */
    sim_peer_reset(MEMBERS - 1);
    room_run(9200);
    EXPECT(room_count(0, " left\n") == CFG_CHAT_NOTICE_BURST);
    room_run(10100);
    EXPECT(room_count(0, "*** 0 more joined, 2 more left\n") == 1);
    room_end();
}

/* Everybody talks at once, more than the log holds and than a reader's window lets through: of
 * every line each is told the text, or that it missed one. */
static void test_everybody_at_once(void)
{
    char line[500];
    begin(40, ROOM_WINDOW);
    memset(line, 'z', sizeof line);
    memcpy(line + sizeof line - 2, "\n", 2);
    for (unsigned i = 1; i < 40; i++) {
        for (unsigned j = 0; j < 3; j++) {
            room_send(i, line);
        }
    }
    room_run(1200);
    for (unsigned i = 0; i < 40; i++) {
        EXPECT(room_count(i, "zzz\n") + missed(i) == (i == 0 ? 39 * 3 : 38 * 3));
        EXPECT(room_count(i, "zzz\n") > 20);

    }
    room_end();
}

static void test_goodbye(void)
{
    begin(3, ROOM_WINDOW);
    room_send(1, "bye");
    room_run(1500);
    EXPECT(room_said(1, "bye\n"));
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED);
    room_send(2, "\xe5\x86\x8d\xe8\xa7\x81\nnever said\n");
    room_run(1600);
    EXPECT(room_said(2, "*** guest2 left\n\xe5\x86\x8d\xe8\xa7\x81\n"));
    EXPECT(room_said(0, "*** guest2 left\n*** guest3 left\n"));
    room_join(3, 1, ROOM_WINDOW);
    room_run(1610);
    room_send(3, "its only words");
    room_run(1615);
    sim_peer_reset(3);
    room_run(1620);
    EXPECT(room_said(0, "*** guest4 joined\n<guest4> its only words\n*** guest4 left\n"));
    room_end();
}

static void test_going_down(void)
{
    begin(2, ROOM_WINDOW);
    sim_request(PORT_REQUEST_STOP);
    EXPECT(!room_run(9000));
    room_end();
    EXPECT(room_said(0, "*** The server goes down.\n"));
    EXPECT(room_said(1, "*** The server goes down.\n"));
}

int main(void)
{
    test_everybody_but_the_speaker();
    test_history();
    test_laggard();
    test_stalled();
    test_half_a_line_each_way();
    test_half_a_line_goes_on();
    test_not_cut();
    test_rows_in_pieces();
    test_flood_of_members();
    test_one_too_many();
    test_everybody_at_once();
    test_goodbye();
    test_going_down();
    return check_report("chat_room");
}
