/* SPDX-License-Identifier: MIT */
/* The desk: every guest alone with the operator; uses port/sim, uses fake_room.c. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

#define BYE_CHINESE "\xE5\x86\x8D\xE8\xA7\x81"
#define NIHAO "\xE4\xBD\xA0\xE5\xA5\xBD"

static const char waits[] = "*** This waits for its next question.\n";
static const char nobody[] = "*** Nobody here has that name.\n";

static void begin(unsigned guests)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, true, 8, "Welcome."};
    room_begin(true);
    for (unsigned i = 0; i < guests; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    for (unsigned i = 0; i < guests; i++) {
        EXPECT(room_said(i, "")); /* nothing is said before anybody asks */
    }
    room_forget(ROOM_CONSOLE);
}

static void type(const char *text)
{
    sim_console_type(text, strlen(text));
}

/* What the strictly alternating programs do: a text without a line end, one read for the answer. */
static void test_question_and_answer(void)
{
    begin(3);
    room_send(0, "hello");
    room_send(2, NIHAO);
    room_run(1250);
    EXPECT(room_said(ROOM_CONSOLE, ""));
    room_run(1252); /* sent at 1000, there at 1001, over at 1251 */
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] hello\n[3 192.0.2.3] " NIHAO "\n"));
    type("@1 good day\n");
    type("to who spoke last\n");
    room_run(1260);
    EXPECT(room_sends(0) == 1 && room_sends(2) == 1);
    EXPECT(room_said(0, "good day"));
    EXPECT(room_said(1, ""));
    EXPECT(room_said(2, "to who spoke last"));
    EXPECT(room_said(ROOM_CONSOLE, ""));
    room_send(0, "and now?");
    room_run(1600);
    type("/say @1   //now/\n");
    room_run(1610);
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] and now?\n"));
    EXPECT(room_said(0, "//now/"));
    room_end();
}

/* One answer to one question; what is more waits, and the console says so. */
static void test_one_answer(void)
{
    begin(2);
    type("@1 too early\n");
    room_run(1010);
    EXPECT(room_said(ROOM_CONSOLE, waits));
    EXPECT(room_said(0, ""));
    room_send(0, "first");
    room_run(1300);
    EXPECT(room_said(0, "too early"));
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] first\n"));
    room_send(0, "second");
    room_run(1600);
    type("one\ntwo\nthree\n");
    room_run(1610);
    EXPECT(room_count(ROOM_CONSOLE, waits) == 2);
    EXPECT(room_said(0, "one"));
    room_send(0, "third");
    room_run(1900);
    EXPECT(room_said(0, "two"));
    room_send(0, "fourth");
    room_run(2200);
    EXPECT(room_said(0, "three"));
    room_send(0, "fifth");
    room_run(2500);
    EXPECT(room_said(0, ""));
    room_forget(ROOM_CONSOLE);
    type("four\n");
    room_run(2510);
    EXPECT(room_said(0, "four"));
    EXPECT(room_said(ROOM_CONSOLE, ""));
    EXPECT(room_said(1, ""));
    /* Two questions before any answer have two answers. */
    room_send(1, "a");
    room_send(1, "b");
    room_run(2800);
    room_send(1, "cd");
    room_run(3100);
    type("@2 to ab\n");
    room_run(3110);
    EXPECT(room_said(1, "to ab"));
    type("@2 to cd\n@2 to nothing\n");
    room_run(3120);
    EXPECT(room_said(1, "to cd"));
    EXPECT(room_said(ROOM_CONSOLE, "[2 192.0.2.2] ab\n[2 192.0.2.2] cd\n"
                                   "*** This waits for its next question.\n"));
    room_end();
}

/* Who sent an LF gets lines: all of them, at once. */
static void test_line_clients(void)
{
    begin(3);
    room_send(0, "hello\n");
    room_send(1, "\xff\xfd\x01hello\r\n");
    room_run(1010);
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] hello\n[2 192.0.2.2] hello\n"));
    type("@1 one\n@1 two\n@2 three\n");
    room_run(1020);
    EXPECT(room_said(0, "one\ntwo\n"));
    EXPECT(room_said(1, "\xff\xfc\x01three\r\n"));
    EXPECT(room_said(ROOM_CONSOLE, ""));
    /* What waited for a question is read once it turns out to be a line client. */
    room_send(2, "no end");
    room_run(1300);
    type("@3 one\n@3 two\n@3 three\n");
    room_run(1310);
    EXPECT(room_said(2, "one"));
    room_send(2, "an end\n\n  \n");
    room_run(1320);
    EXPECT(room_said(2, "two\nthree\n"));
    room_send(2, "x\n");
    room_run(1330);
    room_forget(ROOM_CONSOLE);
    type("@3 four\n@3 five\n");
    room_run(1340);
    EXPECT(room_said(2, "four\nfive\n"));
    EXPECT(room_said(ROOM_CONSOLE, ""));
    room_end();
}

/* The same text cut behind each byte, by pauses below the gap: the same question. */
static void test_splits(void)
{
    static const char text[] = "a " NIHAO ", \xF0\x9F\x98\x80 z";
    enum { BYTES = sizeof text - 1 };
    char want[100];
    begin(BYTES);
    for (unsigned i = 1; i < BYTES; i++) {
        room_send_bytes(i, text, i);
    }
    room_run(1200);
    for (unsigned i = 1; i < BYTES; i++) {
        room_send_bytes(i, text + i, BYTES - i);
    }
    room_run(1400);
    EXPECT(room_said(ROOM_CONSOLE, ""));
    room_run(1460);
    for (unsigned i = 1; i < BYTES; i++) {
        (void)snprintf(want, sizeof want, "[%u 192.0.2.%u] %s\n", i + 1, i + 1, text);
        EXPECT(room_count(ROOM_CONSOLE, want) == 1);
        (void)snprintf(want, sizeof want, "@%u to %u\n", i + 1, i + 1);
        type(want);
        room_run(1460 + i * 2);
        (void)snprintf(want, sizeof want, "to %u", i + 1);
        EXPECT(room_said(i, want));
    }
    room_end();
}

/* A single byte, and a text that comes byte by byte, are questions as well; they may be typed. */
static void test_typed(void)
{
    begin(3);
    room_send(0, "?");
    for (unsigned i = 0; i < 5; i++) {
        room_send_bytes(1, &"slow!"[i], 1);
        room_run(1000 + (i + 1) * 500);
    }
    EXPECT(strcmp(room_text(ROOM_CONSOLE), "[1 192.0.2.1] ?\n") == 0); /* at 3001 */
    room_run(5002); /* the last byte came at 3001 */
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] ?\n[2 192.0.2.2] slow!\n"));
    type("@1 yes\n@2 fast\n");
    room_run(5010);
    EXPECT(room_said(0, "yes"));
    EXPECT(room_said(1, "fast"));
    room_send(0, "ok"); /* two bytes at once are typed no more */
    room_run(5300);
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] ok\n"));
    room_send(2, "a line\nand ha");
    room_run(9000);
    room_send(2, "lf\n"); /* lines end where they end */
    room_run(9010);
    EXPECT(room_said(ROOM_CONSOLE, "[3 192.0.2.3] a line\n[3 192.0.2.3] and half\n"));
    room_end();
}

static void test_goodbye(void)
{
    begin(6);
    room_send(0, "bye");
    room_send(1, BYE_CHINESE);
    room_send(2, "bye\n");
    room_send(3, "so long");
    room_run(1300);
    EXPECT(room_said(ROOM_CONSOLE, "[3 192.0.2.3] bye\n[1 192.0.2.1] bye\n"
                                   "[2 192.0.2.2] " BYE_CHINESE "\n[4 192.0.2.4] so long\n"));
    type("@2 " BYE_CHINESE "\n@4 farewell\n");
    room_run(1310);
    EXPECT(room_said(1, BYE_CHINESE));
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED);
    EXPECT(room_said(3, "farewell"));
    EXPECT(sim_peer_state(3) == SIM_PEER_OPEN);
    room_send(0, "never said");
    room_run(3000);
    EXPECT(room_said(0, ""));
    EXPECT(room_said(2, ""));
    room_run(3003); /* a line is a line at once: 2 s after 1001 */
    EXPECT(room_said(2, "bye\n"));
    EXPECT(sim_peer_state(2) == SIM_PEER_ENDED);
    EXPECT(room_said(0, ""));
    room_run(3254);
    EXPECT(room_said(0, "bye"));
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
    EXPECT(room_said(ROOM_CONSOLE, "[2 192.0.2.2] *** left\n[3 192.0.2.3] *** left\n"
                                   "[1 192.0.2.1] *** left\n"));
    /* The operator's goodbye is an answer; one that waits is the last word. */
    type("@4 bye\n");
    room_send(3, "bye");
    room_run(4000);
    EXPECT(room_said(3, "bye"));
    EXPECT(sim_peer_state(3) == SIM_PEER_ENDED);
    /* Whatever was asked before, a goodbye has one answer. */
    room_send(4, "one\ntwo\nthree\n/quit\n");
    room_run(4010);
    type("@5 well then\n");
    room_run(4020);
    EXPECT(room_said(4, "well then\n"));
    room_send(5, "never answered");
    room_run(4300);
    room_send(5, "bye");
    room_run(4600);
    type("@6 the end\n");
    room_run(4610);
    EXPECT(room_said(5, "the end"));
    EXPECT(sim_peer_state(5) == SIM_PEER_ENDED);
    EXPECT(sim_peer_state(4) == SIM_PEER_ENDED);
    room_end();
}

/* It said all it will say, and may still read the answer, for 30 s. */
static void test_half_close(void)
{
    begin(5);
    room_send(0, "one way");
    sim_peer_close(0);
    room_send(1, "asked and shut");
    sim_peer_shut(1);
    sim_peer_shut(2);
    room_send(3, "shut and forgotten");
    sim_peer_shut(3);
    room_run(1010);
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] one way\n[2 192.0.2.2] asked and shut\n"
                                   "[4 192.0.2.4] shut and forgotten\n"));
    EXPECT(!sim_held(2)); /* it asked nothing, and nobody heard of it */
    type("@2 answered\n@1 too late\n");
    room_run(1020);
    EXPECT(room_said(1, "answered"));
    EXPECT(!sim_held(1) && !sim_held(0));
    EXPECT(sim_held(3));
    room_run(31000);
    EXPECT(sim_held(3));
    room_run(31010);
    EXPECT(!sim_held(3));
    EXPECT(room_said(3, ""));
    room_send(4, "its last words");
    room_run(31012);
    sim_peer_reset(4);
    room_run(31020);
    EXPECT(room_count(ROOM_CONSOLE, "[5 192.0.2.5] its last words\n[5 192.0.2.5] *** left\n") == 1);
    room_end();
}

/* A program takes what comes for its answer: it is never told anything else. */
static void test_never_a_notice(void)
{
    char text[700];
    char want[700];
    begin(5);
    memset(text, 'x', sizeof text);
    text[CFG_CHAT_LINE_BYTES + 50] = '\0';
    room_send(0, text);
    room_send(1, "who is there");
    room_send(2, "a line\n");
    room_run(1300);
    memset(want, 'x', CFG_CHAT_LINE_BYTES);
    want[CFG_CHAT_LINE_BYTES] = '\0';
    EXPECT(room_count(ROOM_CONSOLE, want) == 1 && room_count(ROOM_CONSOLE, "xx\n") == 1);
    EXPECT(room_said(0, ""));
    type("/mute 2\n/mute 3\n");
    room_run(1310);
    room_send(1, "anybody");
    room_send(2, "anybody\n");
    room_run(1600);
    EXPECT(room_said(1, ""));
    EXPECT(room_count(2, "*** The operator has muted you") == 1);
    room_forget(2);
    EXPECT(room_count(ROOM_CONSOLE, "anybody") == 0);
    type("/kick 2\n/kick 3\n");
    room_run(1700);
    EXPECT(room_said(1, ""));
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED);
    EXPECT(room_said(2, "*** The operator removed you.\n"));
    /* The most that a program can be answered is one line, cut at a character. */
    room_send(4, "how long");
    room_run(2000);
    memset(text, 'y', sizeof text);
    memcpy(text, "@5 ", 3);
    memcpy(text + CFG_CHAT_LINE_BYTES - 1, "\xC3\xA4\n", 4); /* cut in its middle */
    type(text);
    room_run(2010);
    EXPECT(room_sends(4) == 1);
    EXPECT(strlen(room_text(4)) == CFG_CHAT_LINE_BYTES - 4);
    EXPECT(strspn(room_text(4), "y") == CFG_CHAT_LINE_BYTES - 4);
    room_forget(4);
    room_send(4, "half a li");
    sim_request(PORT_REQUEST_STOP);
    EXPECT(!room_run(9000));
    EXPECT(room_said(4, ""));
    EXPECT(room_said(0, ""));
    EXPECT(room_count(ROOM_CONSOLE, "*** The server goes down.\n") == 1);
    room_end();
}

static void test_console(void)
{
    begin(3);
    type("nobody has asked\n@9 x\n@ x\n@operator x\n/me x\n/msg 1 x\n/nick x\n/nope\n/quit\n \n");
    room_run(1010);
    EXPECT(room_count(ROOM_CONSOLE, nobody) == 4);
    EXPECT(room_count(ROOM_CONSOLE, "*** There is no such command") == 5);
    room_send(0, "/who");
    room_run(1300);
    room_forget(ROOM_CONSOLE);
    type("@1\n@1 \n/nop@\n/say\n/who\n/help\n"); /* nothing of a line before is looked at */
    room_run(1310);
    EXPECT(room_count(ROOM_CONSOLE, "*** Something is missing") == 3);
    EXPECT(room_count(ROOM_CONSOLE, "*** 4 here:\n***   operator\n***   1 192.0.2.1:40000\n"
                                    "***   2 192.0.2.2:40001\n***   3 192.0.2.3:40002\n") == 1);
    EXPECT(room_count(ROOM_CONSOLE, "@NUMBER TEXT") == 1);
    EXPECT(room_said(0, ""));
    room_forget(ROOM_CONSOLE);
    type("@\n"); /* nobody, not who spoke last */
    room_run(1315);
    EXPECT(room_said(ROOM_CONSOLE, nobody) && room_said(0, ""));
    sim_peer_reset(0);
    room_run(1320);
    room_forget(ROOM_CONSOLE);
    type("is it still there\n");
    room_run(1330);
    EXPECT(room_said(ROOM_CONSOLE, nobody));
    /* Another protocol is none of the operator's business. */
    room_join(5, 6, ROOM_WINDOW);
    room_run(1340);
    room_send(5, "GET / HTTP/1.1\r\n\r\n");
    room_run(1400);
    EXPECT(sim_peer_state(5) == SIM_PEER_ENDED);
    EXPECT(room_said(5, "") && room_said(ROOM_CONSOLE, ""));
    room_end();
}

/* Answers that a guest does not take are overwritten like any line; others get theirs. */
static void test_log_goes_round(void)
{
    char line[300];
    begin(3);
    room_send(0, "me first");
    room_run(1300);
    for (unsigned i = 0; i < CFG_CHAT_LOG_BYTES / 200; i++) {
        memset(line, 'a', sizeof line);
        memcpy(line, i == 0 ? "@1 " : "@2 ", 3);
        memcpy(line + 250, "\n", 2);
        type(line);
        room_run(1310 + i * 3);
        if (i == 0) {
            EXPECT(strlen(room_text(0)) == 247);
        }
        room_forget(ROOM_CONSOLE);
    }
    room_run(20000);
    EXPECT(room_said(1, ""));
    room_send(1, "what was it");
    room_send(2, "and I\n");
    room_run(20300);
    EXPECT(strlen(room_text(1)) == 247 && room_sends(1) == 1);
    type("@3 you\n");
    room_run(20310);
    EXPECT(room_said(2, "you\n"));
    room_forget(0);
    room_send(0, "once more");
    room_run(20600);
    type("@1 yes\n");
    room_run(20610);
    EXPECT(room_said(0, "yes"));
    room_end();
}

/* An answer through a window of a few bytes comes whole, and only once. */
static void test_small_window(void)
{
    begin(0);
    room_join(0, 1, 3);
    room_run(1002);
    room_send(0, "so");
    room_run(2000);
    type("@1 an answer of some length\n@1 another\n");
    room_run(2500);
    EXPECT(room_said(0, "an answer of some length"));
    room_end();
}

int main(void)
{
    test_question_and_answer();
    test_one_answer();
    test_line_clients();
    test_splits();
    test_typed();
    test_goodbye();
    test_half_close();
    test_never_a_notice();
    test_console();
    test_log_goes_round();
    test_small_window();
    return check_report("chat_desk");
}
