/* SPDX-License-Identifier: MIT */
/* The file that keeps what everybody could read; uses port/sim, uses fake_room.c. */
#include "apps/chat/chat_record.h"

#include <stdio.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "apps/chat/chat_report.h"
#include "port/port_tool.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

#define TIME "2026-11-20T14:55:03Z "

static char kept[65536];

static void begin(const char *file)
{
    port_handle record;
    chat_settings = (struct chat_settings){0, 0, 3, 250, false, 8, "Welcome."};
    room_begin(true);
    EXPECT(port_record_open(file, &record) == PORT_OK);
    chat_record_set(record);
    sim_wall_set(true, 1795186503);
    room_join(0, 1, ROOM_WINDOW);
    room_join(1, 2, ROOM_WINDOW);
    room_run(1000);
    sim_wall_set(true, 1795186503);
}

static const char *read_file(const char *file)
{
    int n = port_text_read(file, kept, sizeof kept - 1);
    EXPECT(n >= 0);
    kept[n > 0 ? n : 0] = '\0';
    return kept;
}

static unsigned long reported(void)
{
    char bytes[300];
    struct text text;
    text_begin(&text, bytes, sizeof bytes - 1);
    chat_report(&text);
    bytes[text.n] = '\0';
    unsigned long lost = 0;
    const char *at = strstr(bytes, " unrecorded=");
    EXPECT(at != NULL && sscanf(at, " unrecorded=%lu", &lost) == 1);
    return lost;
}

static void test_lines(void)
{
    begin("a");
    room_send(0, "hello\n/me waves\n/msg guest2 secret\n/nick ann\n/topic t\n/who\n");
    sim_console_type("good day\n/msg ann psst\n", 22);
    room_run(1010);
    sim_wall_set(false, 0);
    room_send(1, "no \x1b[2J line end");
    room_run(1300);
    room_send(1, "bye\n");
    room_run(1310);
    const char *text = read_file("a");
    bool right = strcmp(text, TIME "*** guest1 joined\n" TIME "*** guest2 joined\n"
                              TIME "<operator> good day\n" TIME "<guest1> hello\n"
                              TIME "* guest1 waves\n" TIME "*** guest1 is now ann\n"
                              TIME "*** ann set the topic: t\n"
                              "- <guest2> no ?[2J line end\n- *** guest2 left\n") == 0;
    EXPECT(right);
    if (!right) {
        printf("%s", text);
    }
    EXPECT(reported() == 0);
    chat_record_set(PORT_NONE);
    room_end();
}

/* How many lines are missing, as a file says. */
static unsigned long missing(const char *text)
{
    unsigned long sum = 0;
    const char *at = text;
    while ((at = strstr(at, "Z *** ")) != NULL) {
        unsigned long number = 0;
        char word[8] = "";
        at += 6;
        if (sscanf(at, "%lu line%*[s] are %7s", &number, word) == 2 ||
            sscanf(at, "%lu line is %7s", &number, word) == 2) {
            sum += strcmp(word, "missing") == 0 ? number : 0;
        }
    }
    return sum;
}

/* A device that takes no more: the room goes on, lines are counted, and the file says so later. */
static void test_full(void)
{
    char line[200];
    port_handle other;
    begin("b");
    room_forget(1);
    memset(line, 'x', sizeof line);
    memcpy(line + 150, "\n", 2);
    for (unsigned i = 0; i < 200; i++) {
        room_send(0, line);
        room_run(1003 + i * 3);
    }
    EXPECT(room_count(1, "xx\n") == 200);
    unsigned long lost = reported();
    EXPECT(lost > 100 && lost < 200);
    EXPECT(room_complaints() == 1); /* once a minute */
    const char *text = read_file("b");
    unsigned there = 0;
    for (const char *at = text; (at = strstr(at, "xx\n")) != NULL; at += 3) {
        there++;
    }
    EXPECT(there + lost == 200);
    EXPECT(text[strlen(text) - 1] == '\n');
    unsigned long told = missing(text); /* what is short may still fit */
    EXPECT(port_record_open("c", &other) == PORT_OK);
    chat_record_set(other); /* as if there were room again */
    sim_wall_set(true, 1795186503);
    room_send(0, "room again\nand more\n");
    room_run(2000);
    text = read_file("c");
    EXPECT(missing(text) > 0 && told + missing(text) == lost);
    text = strchr(text, '\n');
    EXPECT(text != NULL &&
           strcmp(text + 1, TIME "<guest1> room again\n" TIME "<guest1> and more\n") == 0);
    EXPECT(reported() == lost);
    chat_record_set(PORT_NONE);
    room_end();
}

/* Every minute the log says that lines are lost. */
static void test_complaints(void)
{
    char line[200];
    begin("d");
    memset(line, 'x', sizeof line);
    memcpy(line + 150, "\n", 2);
    uint64_t first_ms = 0;
    for (unsigned i = 0; i < 200; i++) {
        room_send(0, line);
        room_run(1003 + i * 3);
        first_ms = first_ms == 0 && reported() > 0 ? sim_now() : first_ms;
    }
    EXPECT(first_ms > 0 && room_complaints() == 1);
    room_run(first_ms + CFG_LOG_INTERVAL_MS - 10);
    room_send(0, line);
    room_run(first_ms + CFG_LOG_INTERVAL_MS - 5);
    EXPECT(room_complaints() == 1);
    room_run(first_ms + CFG_LOG_INTERVAL_MS + 5);
    room_send(0, line);
    room_run(first_ms + CFG_LOG_INTERVAL_MS + 10);
    EXPECT(room_complaints() == 2);
    chat_record_set(PORT_NONE);
    room_end();
}

/* When the server goes down nobody leaves: it does. */
static void test_going_down(void)
{
    begin("e");
    sim_request(PORT_REQUEST_STOP);
    EXPECT(!room_run(9000));
    const char *text = read_file("e");
    EXPECT(strstr(text, "*** The server goes down.\n") != NULL && strstr(text, " left") == NULL);
    chat_record_set(PORT_NONE);
    room_end();
}

int main(void)
{
    if (!CFG_CHAT_RECORD) {
        check_skip("this board has no --chat-log");
        return check_report("chat_record");
    }
    test_lines();
    test_full();
    test_complaints();
    test_going_down();
    return check_report("chat_record");
}
