/* SPDX-License-Identifier: MIT */
/* What happens seldom in a room and at the desk: one line missed and no more, who is muted, words
 * of the operator about himself, lines both late and long. uses port/sim, uses fake_room.c */
#include <stdio.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

#define BYE_CHINESE "\xE5\x86\x8D\xE8\xA7\x81"

static void begin(bool desk, unsigned members)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, desk, 8, "Welcome."};
    room_begin(true);
    for (unsigned i = 0; i < members; i++) {
        room_join(i, (uint8_t)(i + 1), i == 0 ? 256 : ROOM_WINDOW);
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

/* What others say in private fills the log too, but only what was for everybody is missed: here one
 * line, which is no plural. What was half sent comes whole. */
static void test_one_line_missed(void)
{
    enum { FILL = CFG_CHAT_LOG_BYTES / 400 + 5 };
    char line[600];
    begin(false, 3);
    room_deafen(0, true);
    memset(line, 'x', 400);
    (void)snprintf(line + 400, sizeof line - 400, ".\n");
    room_send(1, line);
    room_send(1, "one\n");
    room_run(1010);
    memcpy(line, "/msg guest3 ", 12);
    for (unsigned i = 0; i < FILL; i++) {
        room_send(1, line);
        room_run(1020 + i * 5);
    }
    room_deafen(0, false);
    room_run(5000);
    EXPECT(room_count(0, "*** You missed 1 line.\n") == 1);
    EXPECT(room_count(0, "x.\n") == 1 && room_count(0, "one") == 0);
    type("/stats\n");
    room_run(5005);
    EXPECT(strstr(room_text(ROOM_CONSOLE), " members=4 lines=") != NULL);
    EXPECT(strstr(room_text(ROOM_CONSOLE), " missed=1 cut=0 refused=0") != NULL);
    char counts[100];
    (void)snprintf(counts, sizeof counts,
                   "linnet: chat: members=4 lines=%d missed=1 cut=0 refused=0 ", FILL + 2);
    EXPECT(strncmp(room_report(), counts, strlen(counts)) == 0);
    room_send(1, "two\n");
    room_run(5010);
    EXPECT(room_count(0, "<guest2> two\n") == 1);
    EXPECT(room_count(2, "<guest2> ") >= FILL);
    room_end();
}

static void test_who_is_muted(void)
{
    begin(false, 3);
    type("/mute guest2\n/who\n");
    room_run(1010);
    EXPECT(room_count(ROOM_CONSOLE, " muted\n") == 1);
    EXPECT(room_count(ROOM_CONSOLE, "guest2") == 1);
    room_send(0, "/who\n");
    room_run(1020);
    EXPECT(room_count(0, "muted") == 0); /* that is between the two of them */
    room_end();
}

/* He cannot be removed, muted or banned, nor an address whose zone says nothing here. */
static void test_operator_on_himself(void)
{
    begin(false, 2);
    room_send(0, "hello\n");
    type("/kick operator\n/mute operator\n/ban operator\n/ban fe80::1%eth0\n/bans\n");
    room_run(1010);
    EXPECT(room_count(ROOM_CONSOLE, "*** Nobody here has that name.\n") == 4);
    EXPECT(room_count(ROOM_CONSOLE, "*** Done.\n") == 0);
    type("still here\n");
    room_run(1020);
    EXPECT(room_said(1, "<guest1> hello\n<operator> still here\n"));
    room_end();
}

/* Late and too long: one sentence, about the time it took, and the next line is as any other. */
static void test_late_and_long(void)
{
    char text[1200];
    begin(false, 2);
    memset(text, 'y', sizeof text);
    room_send(0, "first\n");
    room_run(1010);
    room_send(0, "begun ");
    room_run(31100);
    room_forget(0);
    room_forget(1);
    room_send_bytes(0, text, 250);
    room_run(31200);
    room_send_bytes(0, text, 250);
    room_run(31300);
    room_send_bytes(0, text, 250);
    room_run(31400);
    room_send(0, "\nshort\n");
    room_run(31500);
    EXPECT(room_said(1, "<guest1> short\n"));
    EXPECT(room_said(0, ""));
    room_end();
}

/* Muted at the desk: told so for each question, but a goodbye is heard. */
static void test_muted_guest(void)
{
    begin(true, 2);
    type("/mute 1\n");
    room_run(1010);
    room_forget(ROOM_CONSOLE);
    room_send(0, "hello\n");
    room_run(1020);
    EXPECT(room_count(0, "muted") == 1);
    EXPECT(room_said(ROOM_CONSOLE, ""));
    room_send(0, "bye\n");
    room_run(1030);
    EXPECT(room_count(ROOM_CONSOLE, "[1 192.0.2.1] bye\n") == 1);
    type("@1 bye\n");
    room_run(1040);
    EXPECT(room_count(0, "bye") == 1 && sim_peer_state(0) == SIM_PEER_ENDED);
    room_end();
}

/* An empty line of a line client asks nothing; goodbyes of the operator, in both languages, are
 * answers when there is a text, and nothing he would have to be told twice when not. */
static void test_desk_words(void)
{
    begin(true, 2);
    room_send(0, "a line\n");
    room_run(1010);
    type("@1 yes\n");
    room_run(1020);
    EXPECT(room_count(0, "yes\n") == 1);
    room_forget(ROOM_CONSOLE);
    room_send(0, "\n");
    room_run(1030);
    EXPECT(room_said(ROOM_CONSOLE, ""));
    room_send(0, "and?\n");
    room_run(1040);
    type(BYE_CHINESE " " BYE_CHINESE "\n");
    room_run(1050);
    EXPECT(room_count(0, BYE_CHINESE "\n") <= 1);
    type("/quit\n" BYE_CHINESE "\n\n");
    room_run(1060);
    EXPECT(sim_held(0) && sim_held(1));
    room_end();
}

/* Who said goodbye and is gone, or goes on, is asked nothing more and told nothing. */
static void test_after_goodbye(void)
{
    begin(true, 2);
    room_send(0, "bye\n");
    room_run(1010);
    room_send(0, "and one thing more\n");
    room_run(1100);
    EXPECT(room_count(ROOM_CONSOLE, "] ") == 1);
    type("@1 see you\n@1 once more\n");
    room_run(1110);
    EXPECT(room_said(0, "see you\n"));
    EXPECT(room_count(ROOM_CONSOLE, "*** Nobody here has that name.\n") == 1);
    room_end();
}

/* Who has said a line is a member: what it says later may look like another protocol. */
static void test_sniffed_once(void)
{
    begin(false, 2);
    room_send(0, "hello\n");
    room_run(1010);
    room_send(0, "GET / HTTP/1.1\nNICK x\n");
    room_run(1400);
    EXPECT(room_said(1, "<guest1> hello\n<guest1> GET / HTTP/1.1\n<guest1> NICK x\n"));
    EXPECT(sim_held(0));
    room_end();
}

/* For how long somebody was silent: in minutes up to an hour, then in hours, then in days. */
static void test_silent_for(void)
{
    static const struct {
        uint32_t minutes;
        const char *text;
    } rows[] = {{59, "59 min"}, {60, "1 h"}, {119, "1 h"}, {120, "2 h"}, {1439, "23 h"},
                {1440, "1 d"}, {2880, "2 d"}};
    begin(false, 2);
    room_send(0, "hello\n");
    room_run(1010);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        room_run(1010 + rows[i].minutes * UINT64_C(60000));
        room_forget(1);
        room_send(1, "/who\n");
        room_run(1020 + rows[i].minutes * UINT64_C(60000));
        EXPECT(room_count(1, rows[i].text) == 2); /* guest1, and the operator */
    }
    room_end();
}

int main(void)
{
    test_one_line_missed();
    test_who_is_muted();
    test_operator_on_himself();
    test_late_and_long();
    test_muted_guest();
    test_desk_words();
    test_after_goodbye();
    test_sniffed_once();
    test_silent_for();
    return check_report("chat_rare");
}
