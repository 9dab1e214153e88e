/* SPDX-License-Identifier: MIT */
/* The bot and its service, in virtual time; uses port/sim, uses fake_room.c. Hazards 92 to 94. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/bot.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

#define ANSWER(text) \
    "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"" text "\"}}]}"

static const char late[] = "The answering service did not answer in time.";
static const char busy[] = "Too many questions at once; ask again in a while.";
static const char refused[] = "The answering service refuses connections.";

static void begin(bool desk, unsigned members, const char *answer, bool refuses)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, desk, 8, "Welcome."};
    bot_settings = (struct bot_settings){
        .kind = BOT_API, .format = BOT_OPENAI, .host_bytes = 4, .host = "host", .path_bytes = 2,
        .path = "/x", .model_bytes = 1, .model = "m", .key_bytes = 6, .key = "sesame",
        .to = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 99}, 0, 80}};
    room_begin(true);
    room_service(answer, refuses);
    for (unsigned i = 0; i < members; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
    }
    room_run(1000);
    for (unsigned i = 0; i < members; i++) {
        room_forget(i);
    }
    room_forget(ROOM_CONSOLE);
}

static void test_request(void)
{
    static const char want[] = "{\"model\":\"m\",\"stream\":false,\"messages\":[{\"role\":\"user\","
                               "\"content\":\"a \\\"b\\\" \\\\ \xE4\xBD\xA0\"}]}";
    begin(true, 1, ANSWER("\\u4f60 \\\"x\\\"\\n."), false);
    room_send(0, "a \"b\" \\ \xE4\xBD\xA0\n");
    room_run(1100);
    EXPECT(room_said(0, "\xE4\xBD\xA0 \"x\" .\n"));
    EXPECT(room_said(ROOM_CONSOLE, "[1 192.0.2.1] a \"b\" \\ \xE4\xBD\xA0\n"
                                   "[bot to 1] \xE4\xBD\xA0 \"x\" .\n"));
    const char *body = strstr(room_request(), "\r\n\r\n");
    char length[40];
    EXPECT(strncmp(room_request(), "POST /x HTTP/1.1\r\nHost: host\r\n", 30) == 0);
    EXPECT(strstr(room_request(), "\r\nAuthorization: Bearer sesame\r\n") != NULL);
    EXPECT(body != NULL && strcmp(body + 4, want) == 0);
    (void)snprintf(length, sizeof length, "\r\nContent-Length: %u\r\n", (unsigned)strlen(body + 4));
    EXPECT(strstr(room_request(), length) != NULL);
    room_end();
}

/* One question, one answer; what is asked meanwhile waits for it. */
static void test_one_at_a_time(void)
{
    begin(true, 1, NULL, false);
    room_send(0, "one\ntwo\n");
    room_run(31000);
    EXPECT(room_said(0, ""));
    EXPECT(room_calls() == 1);
    room_run(31100);
    EXPECT(strncmp(room_text(0), late, strlen(late)) == 0 && room_count(0, "\n") == 1);
    EXPECT(room_calls() == 2);
    EXPECT(strstr(room_request(), "\"content\":\"two\"") != NULL);
    room_end();
}

static void test_refused(void)
{
    begin(true, 2, NULL, true);
    room_send(0, "hello");
    room_send(1, "hello\nagain\n");
    room_run(1400);
    EXPECT(room_sends(0) == 1);
    EXPECT(room_said(0, refused));
    EXPECT(room_count(1, refused) == 2);
    room_end();
}

/* More guests than calls: they wait 30 s at most, and each has one answer. */
static void test_queue(void)
{
    enum { GUESTS = CFG_BOT_CALLS + 3 };
    begin(true, GUESTS, NULL, false);
    for (unsigned i = 0; i < GUESTS; i++) {
        room_send(i, "question");
    }
    sim_peer_reset(GUESTS - 1);
    room_run(31200);
    EXPECT(room_calls() == CFG_BOT_CALLS);
    room_run(32000);
    unsigned timed_out = 0;
    unsigned told_busy = 0;
    for (unsigned i = 0; i < GUESTS; i++) {
        timed_out += strcmp(room_text(i), late) == 0 ? 1 : 0;
        told_busy += strcmp(room_text(i), busy) == 0 ? 1 : 0;
    }
    EXPECT(timed_out == CFG_BOT_CALLS);
    EXPECT(timed_out + told_busy == GUESTS - 1 || room_calls() > CFG_BOT_CALLS);
    room_run(70000);
    for (unsigned i = 0; i + 1 < GUESTS; i++) {
        EXPECT(room_count(i, ".") == 1);
    }
    EXPECT(room_said(GUESTS - 1, ""));
    room_end();
}

/* Who waits behind others is told after 30 s, whatever those that are asked for are doing then. */
static void test_expires_on_its_own(void)
{
    enum { GUESTS = 2 * CFG_BOT_CALLS + 1 };
    begin(true, GUESTS - 1, NULL, false);
    room_join(GUESTS - 1, 1, ROOM_WINDOW);
    room_run(1010);
    for (unsigned i = 0; i < GUESTS; i++) {
        if (i == CFG_BOT_CALLS) {
            room_run(10000);
        }
        room_send(i, "question");
    }
    room_run(40000); /* the first were told at 31 s, and as many are being asked for */
    EXPECT(room_said(GUESTS - 1, ""));
    EXPECT(room_said(0, late));
    room_run(41200);
    EXPECT(room_said(GUESTS - 1, busy));
    EXPECT(room_said(CFG_BOT_CALLS, ""));
    room_end();
}

/* A goodbye waits for the bot as for the operator; an answer that comes after the operator's is
 * dropped. */
static void test_goodbye(void)
{
    begin(true, 3, NULL, false);
    room_send(0, "bye");
    room_send(1, "hello");
    room_run(1300);
    sim_console_type("@2 I was faster\n", 16);
    room_run(3300);
    EXPECT(room_said(0, "bye"));
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
    EXPECT(room_said(1, "I was faster"));
    room_run(40000);
    EXPECT(room_said(1, ""));
    room_send(1, "once more");
    room_run(40400);
    EXPECT(strstr(room_request(), "\"content\":\"once more\"") != NULL);
    room_end();
}

/* In a room: who asks again is told to wait, others are not; a long answer is several lines. */
static void test_room(void)
{
    char answer[2000] = "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"";
    begin(false, 2, NULL, false);
    room_send(0, "bot: one\nbot: two\nplain\n");
    room_run(1100);
    EXPECT(room_count(0, "*** The bot still has your last question.\n") == 1);
    EXPECT(room_said(1, "<guest1> bot: one\n<guest1> bot: two\n<guest1> plain\n"));
    EXPECT(room_calls() == 1);
    memset(answer + strlen(answer), 'l', 1200);
    strcat(answer, "\"}}]}");
    room_service(answer, true);
    room_forget(0);
    room_send(1, "@bot hello\n");
    room_run(1200);
    EXPECT(room_count(0, "<bot> l") == 2);
    EXPECT(room_count(0, "\n") == 3);
    EXPECT(strlen(room_text(1)) == CFG_BOT_ANSWER_BYTES + 2 * strlen("<bot> \n"));
    room_end();
}

/* What a guest asks with its last words is not asked, as its slot will be another's. */
static void test_last_words(void)
{
    begin(true, 1, NULL, false);
    room_send(0, "my last question");
    room_run(1010);
    sim_peer_reset(0);
    room_run(1100);
    EXPECT(room_calls() == 0);
    EXPECT(room_count(ROOM_CONSOLE, "] my last question\n") == 1);
    room_end();
}

/* Whom the operator answered need not wait until the bot gives up. */
static void test_operator_first(void)
{
    begin(true, 1, NULL, false);
    room_send(0, "one");
    room_run(1400);
    EXPECT(room_calls() == 1);
    sim_console_type("@1 here you are\n", 16);
    room_run(1500);
    EXPECT(room_said(0, "here you are"));
    room_send(0, "two");
    room_run(2000);
    EXPECT(room_calls() == 2);
    EXPECT(strstr(room_request(), "\"content\":\"two\"") != NULL);
    room_run(40000);
    EXPECT(strncmp(room_text(0), late, strlen(late)) == 0 && room_count(0, ".") == 1);
    room_end();
}

int main(void)
{
    test_request();
    test_one_at_a_time();
    test_refused();
    test_queue();
    test_expires_on_its_own();
    test_goodbye();
    test_room();
    test_operator_first();
    test_last_words();
    return check_report("bot_api");
}
