/* SPDX-License-Identifier: MIT */
/* When chat does what, to the millisecond; uses port/sim, uses fake_room.c. Hazards 81, 86, 87. */
#include <string.h>

#include "apps/chat/chat.h"
#include "core/counters.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

static const struct chat_settings defaults = {10, 20, 20, 250, false, 8, "Welcome."};

#define GREETING(name) "*** Welcome. You are " name "; /help lists what you can do.\n"

static void begin(void)
{
    chat_settings = defaults;
    room_begin(false);
}

static void test_greeting(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);   /* accepted at 1 ms */
    room_run(201);
    EXPECT(room_said(0, ""));
    room_run(202);                  /* 200 ms of silence, and 1 ms to get here */
    EXPECT(room_said(0, GREETING("guest1")));
    room_join(1, 1, ROOM_WINDOW);
    room_run(210);
    room_send(1, "hi");
    room_run(212);
    EXPECT(room_said(1, GREETING("guest2"))); /* at once: it spoke */
    EXPECT(room_said(0, "*** guest2 joined\n"));
    room_end();
}

static void test_another_protocol_is_not_greeted(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(300);
    room_forget(0);
    room_forget(1);
    room_join(2, 3, ROOM_WINDOW);
    room_run(310);
    room_send(2, "GE");
    room_run(400);
    room_send(2, "T / HTT");
    room_run(590);
    EXPECT(room_said(2, "")); /* less than 200 ms of silence, ever */
    room_send(2, "P/1.1\r\nHost: x\r\n\r\n");
    room_run(600);
    EXPECT(room_said(2, ""));
    EXPECT(sim_peer_state(2) == SIM_PEER_ENDED);
    EXPECT(room_said(0, "")); /* neither its coming nor its going */
    room_join(3, 3, ROOM_WINDOW);
    room_run(610);
    room_send(3, "GET");
    room_run(900); /* a gap: it was the text of somebody after all */
    EXPECT(room_said(0, "*** guest4 joined\n<guest4> GET\n"));
    room_end();
}

/* A request line longer than a line may be is still a request. */
static void test_long_request_is_not_chat(void)
{
    char line[700] = "POST /";
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_run(300);
    room_forget(0);
    memset(line + 6, 'a', sizeof line - 6);
    memcpy(line + sizeof line - 12, " HTTP/1.1\r\n", 12);
    room_join(1, 2, ROOM_WINDOW);
    room_run(310);
    room_send(1, line);
    room_run(400);
    EXPECT(room_said(1, ""));
    EXPECT(room_said(0, ""));
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED);
    room_end();
}

static void test_silent_arrival_is_a_member(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_run(300);
    room_forget(0);
    room_join(1, 2, ROOM_WINDOW);
    room_run(310);
    room_send(0, "said while it was silent\n");
    room_run(520);
    EXPECT(room_said(1, GREETING("guest2") "<guest1> said while it was silent\n"));
    EXPECT(room_said(0, "*** guest2 joined\n"));
    room_end();
}

static void test_gap(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1000);
    room_forget(0);
    room_send(1, "in two");
    room_run(1240);
    room_send(1, " pieces"); /* arrives at 1241, and restarts the gap */
    room_run(1491);
    EXPECT(room_said(0, ""));
    room_run(1492); /* 1241 + 250, and 1 to get here */
    EXPECT(room_said(0, "<guest2> in two pieces\n"));
    room_send(1, "a line\nand half");
    room_run(5000);
    EXPECT(room_said(0, "<guest2> a line\n")); /* no gap any more */
    room_end();
}

/* In a room, what is typed key by key ends where its sender ends it. */
static void test_typed(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1000);
    room_forget(0);
    room_send(1, "h");
    room_run(1500);
    room_send(1, "al");
    room_run(9000);
    EXPECT(room_said(0, ""));
    room_send(1, "f\n");
    room_run(9010);
    EXPECT(room_said(0, "<guest2> half\n"));
    room_end();
}

/* What is here already, but waits because its sender does not read, belongs to the message. */
static void test_gap_waits_for_what_is_here(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_run(1000);
    room_forget(0);
    room_join(1, 2, 8);
    room_deafen(1, true);
    room_run(1002);
    room_send(1, "/nick n1"); /* it is greeted, with 8 bytes */
    room_run(1005);
    room_send(1, "7\n");
    room_run(2000);
    EXPECT(room_said(0, "*** guest2 joined\n"));
    room_deafen(1, false);
    room_run(2100);
    EXPECT(room_said(0, "*** guest2 is now n17\n"));
    room_end();
}

static void test_rate(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_join(2, 3, ROOM_WINDOW);
    room_run(1000);
    room_forget(0);
    for (unsigned i = 0; i < 35; i++) {
        room_send(1, "flood\n");
    }
    room_run(1002);
    EXPECT(room_count(0, "<guest2> flood\n") == 20);
    room_run(1101);
    EXPECT(room_count(0, "<guest2> flood\n") == 20);
    room_run(1102); /* a token each 100 ms */
    EXPECT(room_count(0, "<guest2> flood\n") == 21);
    room_send(2, "others are free\n");
    room_run(1104);
    EXPECT(room_count(0, "<guest3> others are free\n") == 1);
    room_run(2501);
    EXPECT(room_count(0, "<guest2> flood\n") == 34);
    room_run(2502);
    EXPECT(room_count(0, "<guest2> flood\n") == 35); /* nothing was dropped */
    room_run(9000);
    EXPECT(room_count(0, "<guest2> flood\n") == 35);
    room_end();
}

/* Two members, and the smallest rate there is: a line each second, after two at once. */
static void begin_slowly(void)
{
    chat_settings = defaults;
    chat_settings.rate = 1;
    room_begin(false);
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1000);
}

static void test_slowest_rate(void)
{
    begin_slowly();
    room_forget(0);
    room_send(1, "a\nb\nc\nd\n");
    room_run(2001);
    EXPECT(room_said(0, "<guest2> a\n<guest2> b\n"));
    uint64_t passes = counter_value(COUNTER_PASSES);
    room_run(2002);
    EXPECT(room_said(0, "<guest2> c\n"));
    room_run(3002);
    EXPECT(room_said(0, "<guest2> d\n"));
    EXPECT(counter_value(COUNTER_PASSES) - passes < 20); /* it sleeps meanwhile */
    room_end();
}

/* A line of up to so many bytes costs what any line costs; one byte more, as much as two. */
static void test_price_of_a_line(void)
{
    for (unsigned more = 0; more < 2; more++) {
        char text[1100];
        memset(text, 'x', sizeof text);
        memcpy(text + 1023 + more, "\nb\n", 4);
        begin_slowly();
        room_send(1, text);
        room_run(1990);
        EXPECT(room_count(0, "<guest2> b\n") == 1 - more);
        room_run(2010);
        EXPECT(room_count(0, "<guest2> xxx") == 1 && room_count(0, "<guest2> b\n") == 1);
        room_end();
    }
}

/* The operator may say as much as there is to say. */
static void test_operator_has_no_rate(void)
{
    chat_settings = defaults;
    room_begin(true);
    room_join(0, 1, ROOM_WINDOW);
    room_run(1000);
    for (unsigned i = 0; i < 50; i++) {
        sim_console_type("x\n", 2);
    }
    room_run(1010);
    EXPECT(room_count(0, "<operator> x\n") == 50);
    room_end();
}

/* A line that comes in pieces costs no more. */
static void test_line_in_pieces(void)
{
    begin_slowly();
    room_forget(0);
    for (unsigned i = 0; i < 6; i++) {
        room_send_bytes(1, &"piece\n"[i], 1);
        room_run(1005 + i * 5);
    }
    EXPECT(room_said(0, "<guest2> piece\n"));
    room_end();
}

/* Bytes that end no line are read at the pace of lines, and no faster. */
static void test_endless_line(void)
{
    static char bytes[4096];
    size_t sent = 0;
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_run(1000);
    memset(bytes, 'x', sizeof bytes);
    for (uint64_t ms = 1000; ms < 11000; ms += 10) {
        sent += sim_peer_send(0, bytes, sizeof bytes);
        room_run(ms);
    }
    EXPECT(sent > 50000);
    EXPECT(sent < 150000);
    room_run(60000);
    EXPECT(sim_held(0));
    room_end();
}

/* Two members, of whom the second has said a line, and begun one more at 1011. */
static void begin_with_half_a_line(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1000);
    room_send(1, "first\n");
    room_run(1010);
    room_forget(0);
    room_forget(1);
    room_send(1, "be");
}

static void test_unfinished_line(void)
{
    begin_with_half_a_line();
    for (uint64_t ms = 2000; ms < 31000; ms += 1000) {
        room_run(ms);
        room_send(1, "g"); /* one more byte does not keep it alive */
    }
    room_run(31011);
    EXPECT(room_said(1, ""));
    room_run(31012);
    EXPECT(room_said(1, "*** Your line was not finished in time and was dropped.\n"));
    room_send(1, "un\nnext\n");
    room_run(31020);
    EXPECT(room_said(0, "<guest2> next\n"));
    EXPECT(room_said(1, ""));
    room_end();
}

/* Each line has its own time, also one that came with the end of another. */
static void test_line_behind_line(void)
{
    begin_with_half_a_line();
    room_run(20000);
    room_send(1, "gun\nand"); /* arrives at 20001 */
    room_run(50000);
    EXPECT(room_said(0, "<guest2> begun\n"));
    EXPECT(room_said(1, ""));
    room_run(50002);
    EXPECT(room_said(1, "*** Your line was not finished in time and was dropped.\n"));
    room_end();
}

static void test_half_close(void)
{
    begin();
    room_join(0, 1, ROOM_WINDOW);
    room_run(1000);
    room_forget(0);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1002);
    room_send(1, "/who\nthe last one"); /* no gap for it: the end comes first */
    sim_peer_shut(1);
    room_run(1010);
    EXPECT(room_said(0, "*** guest2 joined\n<guest2> the last one\n*** guest2 left\n"));
    EXPECT(room_said(1, GREETING("guest2") "*** 2 here: guest1, guest2\n"));
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED);
    EXPECT(!sim_held(1));
    room_end();
}

static unsigned held(unsigned from, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = from; i < from + count; i++) {
        sum += sim_held(i) ? 1 : 0;
    }
    return sum;
}

static void test_join_rate(void)
{
    begin();
    for (unsigned i = 0; i < 25; i++) {
        room_join(i, 7, ROOM_WINDOW);
    }
    room_run(10);
    for (unsigned i = 30; i < 55; i++) {
        room_join(i, 0, ROOM_WINDOW);
    }
    room_join(60, 8, ROOM_WINDOW);
    room_run(20);
    EXPECT(held(0, 25) == 20);
    EXPECT(held(30, 25) == 25); /* loopback is exempt */
    EXPECT(strstr(room_report(), " refused=5 ") != NULL);
    EXPECT(held(60, 1) == 1);   /* and nobody pays for another */
    room_run(600); /* 599 ms after the first: 12 tokens, hardly */
    for (unsigned i = 100; i < 125; i++) {
        room_join(i, 7, ROOM_WINDOW);
    }
    room_run(610);
    EXPECT(held(100, 25) == 12);
    room_end();
}

int main(void)
{
    test_greeting();
    test_another_protocol_is_not_greeted();
    test_long_request_is_not_chat();
    test_silent_arrival_is_a_member();
    test_gap();
    test_typed();
    test_gap_waits_for_what_is_here();
    test_rate();
    test_slowest_rate();
    test_price_of_a_line();
    test_line_in_pieces();
    test_operator_has_no_rate();
    test_endless_line();
    test_unfinished_line();
    test_line_behind_line();
    test_half_close();
    test_join_rate();
    return check_report("chat_time");
}
