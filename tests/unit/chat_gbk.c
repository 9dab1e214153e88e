/* SPDX-License-Identifier: MIT */
/* Guests at the desk whose programs write GBK; uses port/sim, uses fake_room.c. */
#include "apps/chat/chat_gbk.h"

#include <stdio.h>
#include <string.h>

#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

/* Hello, goodbye and "in Chinese" in GBK and in UTF-8. */
#define HELLO_GBK "\xC4\xE3\xBA\xC3"
#define HELLO "\xE4\xBD\xA0\xE5\xA5\xBD"
#define BYE_GBK "\xD4\xD9\xBC\xFB"
#define BYE "\xE5\x86\x8D\xE8\xA7\x81"
#define CHINESE_GBK "\xD6\xD0\xCE\xC4"
#define CHINESE "\xE4\xB8\xAD\xE6\x96\x87"

static void begin(unsigned guests, bool desk)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, desk, 8, "Welcome."};
    room_begin(true);
    for (unsigned i = 0; i < guests; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    for (unsigned i = 0; i < guests; i++) {
        room_forget(i);
    }
    room_forget(ROOM_CONSOLE);
}

static void type(const char *text)
{
    sim_console_type(text, strlen(text));
}

/* Who writes GBK reads it, from then on; who writes UTF-8 reads that. */
static void test_in_kind(void)
{
    begin(4, true);
    room_send(0, HELLO_GBK);
    room_send(1, HELLO);
    room_send(2, "hello");
    room_send(3, HELLO_GBK ", 1\n");
    room_run(1300);
    EXPECT(room_said(ROOM_CONSOLE, "[4 192.0.2.4] " HELLO ", 1\n[1 192.0.2.1] " HELLO "\n"
                                   "[2 192.0.2.2] " HELLO "\n[3 192.0.2.3] hello\n"));
    type("@1 " CHINESE "!\n@2 " CHINESE "\n@3 " CHINESE "\n@4 " CHINESE "\n");
    room_run(1310);
    EXPECT(room_sends(0) == 1);
    EXPECT(room_said(0, CHINESE_GBK "!"));
    EXPECT(room_said(1, CHINESE) && room_said(2, CHINESE));
    EXPECT(room_said(3, CHINESE_GBK "\n"));
    room_send(0, "and now in ASCII");
    room_send(2, CHINESE_GBK);
    room_run(1600);
    room_forget(ROOM_CONSOLE);
    type("@1 " HELLO " \xC3\xA9 \xF0\x9F\x98\x80 x\n@3 " HELLO "\n");
    room_run(1610);
    EXPECT(room_said(0, HELLO_GBK " ? ? x")); /* a letter and a face that GBK lacks */
    EXPECT(room_said(2, HELLO_GBK));
    EXPECT(room_said(ROOM_CONSOLE, ""));
    /* What is in neither is made clean, as ever. */
    room_send(1, "\xFF\xFF x\x1b \x80");
    room_run(1900);
    EXPECT(room_count(ROOM_CONSOLE, "?") > 0 && room_count(ROOM_CONSOLE, "\x1b") == 0);
    room_end();
}

static void test_goodbye(void)
{
    begin(2, true);
    room_send(0, BYE_GBK);
    room_send(1, BYE_GBK);
    room_run(1300);
    EXPECT(room_count(ROOM_CONSOLE, "] " BYE "\n") == 2);
    type("@1 " BYE "\n");
    room_run(1310);
    EXPECT(room_said(0, BYE_GBK));
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
    room_run(3500);
    EXPECT(room_said(1, "bye"));
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED);
    room_end();
}

/* Cut behind each byte, also inside a character, by pauses below the gap. */
static void test_splits(void)
{
    static const char text[] = "a " HELLO_GBK CHINESE_GBK "? " HELLO_GBK;
    enum { BYTES = sizeof text - 1 };
    char want[100];
    begin(BYTES, true);
    for (unsigned i = 1; i < BYTES; i++) {
        room_send_bytes(i, text, i);
    }
    room_run(1200);
    for (unsigned i = 1; i < BYTES; i++) {
        room_send_bytes(i, text + i, BYTES - i);
    }
    room_run(1600);
    for (unsigned i = 1; i < BYTES; i++) {
        (void)snprintf(want, sizeof want, "[%u 192.0.2.%u] a " HELLO CHINESE "? " HELLO "\n", i + 1,
                       i + 1);
        EXPECT(room_count(ROOM_CONSOLE, want) == 1);
    }
    room_end();
}

/* The longest text, in GBK longer than in UTF-8: cut at a character, whichever way it goes. */
static void test_long(void)
{
    char text[3 * CFG_CHAT_LINE_BYTES + 10];
    unsigned most = (CFG_CHAT_LINE_BYTES - 1) / 3;
    begin(1, true);
    size_t n = 0;
    text[n++] = 'a';
    while (n < CFG_CHAT_LINE_BYTES + 40) {
        memcpy(text + n, "\xD6\xD0", 2);
        n += 2;
    }
    room_send_bytes(0, text, n);
    room_run(1300);
    EXPECT(room_count(ROOM_CONSOLE, "\xE4\xB8\xAD") == most);
    EXPECT(room_count(ROOM_CONSOLE, "?") == 0 && room_count(ROOM_CONSOLE, "] a\xE4") == 1);
    n = 0;
    while (n < CFG_CHAT_LINE_BYTES + 40) {
        memcpy(text + n, "\xE4\xB8\xAD", 3);
        n += 3;
    }
    memcpy(text + n, "\n", 2);
    type(text);
    room_run(1310);
    EXPECT(room_sends(0) == 1);
    EXPECT(room_count(0, "\xD6\xD0") == CFG_CHAT_LINE_BYTES / 3);
    EXPECT(strlen(room_text(0)) == CFG_CHAT_LINE_BYTES / 3 * 2);
    room_end();
}

/* An answer through a window of a few bytes comes whole, and only once. */
static void test_small_window(void)
{
    begin(0, true);
    room_join(0, 1, 5);
    room_run(1002);
    room_send(0, HELLO_GBK);
    room_run(2000);
    type("@1 " CHINESE " and " HELLO "\n");
    room_send(0, CHINESE_GBK);
    room_run(3000);
    EXPECT(room_said(0, CHINESE_GBK " and " HELLO_GBK));
    room_end();
}

/* The room is UTF-8 alone. */
static void test_room(void)
{
    begin(2, false);
    room_send(0, HELLO_GBK "\n");
    room_run(1010);
    EXPECT(room_count(1, HELLO) == 0 && room_count(1, "<guest1> ?") == 1);
    room_end();
}

int main(void)
{
    if (PORT_GBK == 0) {
        check_skip("built without converters");
        return check_report("chat_gbk");
    }
    test_in_kind();
    test_goodbye();
    test_splits();
    test_long();
    test_small_window();
    test_room();
    return check_report("chat_gbk");
}
