/* SPDX-License-Identifier: MIT */
/* The bot under more questions than it can hold, guests that do not wait for it, and answers longer
 * than a line. uses port/sim, uses fake_room.c. Hazards 92 and 94. */
#include <string.h>

#include "apps/chat/bot.h"
#include "apps/chat/bot_api.h"
#include "port/sim/sim.h"
#include "tests/check.h"
#include "tests/unit/fake_room.h"

static const char head[] = "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"";
static const char tail[] = "\"}}]}";
static const char busy[] = "Too many questions at once; ask again in a while.";

static void set(bool desk)
{
    chat_settings = (struct chat_settings){0, 0, 5, 250, desk, 8, "Welcome."};
    bot_settings = (struct bot_settings){
        .kind = BOT_API, .format = BOT_OPENAI, .host_bytes = 4, .host = "host", .path_bytes = 2,
        .path = "/x", .to = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 99}, 0, 80}};
}

static void begin_with(bool console, unsigned members, const char *answer)
{
    set(true);
    room_begin(console);
    room_service(answer, false);
    for (unsigned i = 0; i < members; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
}

static void begin(unsigned members, const char *answer)
{
    begin_with(true, members, answer);
}

/* Each way in which a service can fail is told in words of its own, and counted. */
static void test_failures(void)
{
    static const struct {
        const char *answer;
        const char *told;
    } rows[] = {
        {"HTTP/1.1 500 x\r\n\r\n", "The answering service failed, with status 500."},
        {"HTTP/1.1 499 x\r\n\r\n",
         "The answering service did not accept the question, with status 499."},
        {"SSH-2.0\r\n", "The answering service does not speak HTTP/1.1."},
        {"HTTP/1.1 200 OK\r\n\r\n<html>", "The answer of the service was not JSON."},
        {"HTTP/1.1 200 OK\r\n\r\n{}",
         "The answer of the service held no text where its format has it."},
        {"HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"\"}}]}",
         "The answer of the service held no text where its format has it."},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
         "The answer of the service was too long."},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
         "The answering service broke off in the middle of its answer."},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(1, rows[i].answer);
        room_send(0, "question");
        room_run(2000);
        EXPECT(room_said(0, rows[i].told));
        EXPECT(!sim_held(SIM_DIALLED));
        EXPECT(strstr(room_request(), "Authorization") == NULL); /* there is no key */
        EXPECT(strstr(room_report(), " answers=1 failures=1") != NULL);
        room_end();
    }
}

/* A service that keeps its connection does not keep ours. */
static void test_service_stays(void)
{
    static const struct {
        const char *answer;
        enum sim_peer_state state;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n"
         "{\"choices\":[{\"message\":{\"content\":\"yes\"}}]}", SIM_PEER_ENDED},
        {"HTTP/1.1 404 x\r\n\r\n", SIM_PEER_RESET},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(1, rows[i].answer);
        room_service_stays();
        room_send(0, "question");
        room_run(2000);
        EXPECT(room_count(0, i == 0 ? "yes" : "status 404.") == 1);
        EXPECT(sim_peer_state(SIM_DIALLED) == rows[i].state);
        room_run(2000 + CFG_LINGER_MS);
        EXPECT(!sim_held(SIM_DIALLED));
        room_end();
    }
}

/* A key that is sent back is hidden, wherever it stands; one so short that it may be part of any
 * word is not. */
static void test_key_is_hidden(void)
{
    static const struct {
        const char *text;
        uint16_t key_bytes;
        const char *told;
    } rows[] = {
        {"sesame", 6, "******"}, {"a sesame, sesame.", 6, "a ******, ******."},
        {"a sesam sesame", 6, "a sesam ******"}, {"sesesame", 6, "se******"},
        {"sesame", 4, "****me"}, {"sesame", 3, "sesame"}, {"seso", 4, "seso"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char answer[200];
        strcpy(answer, head);
        strcat(answer, rows[i].text);
        strcat(answer, tail);
        begin(1, answer);
        memcpy(bot_settings.key, "sesame", 6);
        bot_settings.key_bytes = rows[i].key_bytes;
        room_send(0, "question");
        room_run(2000);
        EXPECT(room_said(0, rows[i].told));
        room_end();
    }
}

/* What a guest asked who is gone is answered to nobody, whoever has the first place by then. */
static void test_answer_to_nobody(void)
{
    begin_with(false, 2, NULL);
    room_send(1, "one");
    room_run(10000);
    room_send(0, "two");
    room_run(11000);
    sim_peer_reset(1);
    room_run(11000 + CFG_BOT_ANSWER_MS - 1000);
    EXPECT(room_said(0, ""));
    room_run(11000 + CFG_BOT_ANSWER_MS);
    EXPECT(room_count(0, "did not answer in time") == 1);
    room_end();
}

/* What a service may answer is cut between characters, and comes as one line in one piece after
 * the other, with nothing lost between them. */
static void test_long_answers(void)
{
    static const size_t lengths[] = {CFG_CHAT_LINE_BYTES - 1, CFG_CHAT_LINE_BYTES,
                                     CFG_CHAT_LINE_BYTES + 1, CFG_BOT_ANSWER_BYTES,
                                     CFG_BOT_ANSWER_BYTES + 400};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char answer[2600];
        size_t n = lengths[i];
        size_t whole = n < CFG_BOT_ANSWER_BYTES ? n : CFG_BOT_ANSWER_BYTES;
        whole = whole < 2 * CFG_CHAT_LINE_BYTES ? whole : 2 * CFG_CHAT_LINE_BYTES;
        strcpy(answer, head);
        for (size_t at = 0; at < n; at++) {
            answer[sizeof head - 1 + at] = (char)('a' + at % 23);
        }
        strcpy(answer + sizeof head - 1 + n, tail);
        begin(1, answer);
        room_send(0, "question");
        room_run(2000);
        const char *got = room_text(0);
        EXPECT(strlen(got) == whole);
        for (size_t at = 0; at < whole && at < strlen(got); at++) {
            EXPECT(got[at] == (char)('a' + at % 23));
        }
        room_end();
    }
}

/* A service that answers with nothing but blanks and line ends has not answered. */
static void test_line_ends(void)
{
    char answer[400];
    strcpy(answer, head);
    strcat(answer, "\\none\\r\\ntwo\\u0000\\u001b[2Jthree  \\n \\n");
    strcat(answer, tail);
    begin(1, answer);
    room_send(0, "question");
    room_run(2000);
    EXPECT(strncmp(room_text(0), " one  two", 9) == 0 && strstr(room_text(0), "three") != NULL);
    EXPECT(strpbrk(room_text(0), "\r\n\033") == NULL);
    EXPECT(room_text(0)[strlen(room_text(0)) - 1] == 'e');
    room_end();
}

/* The other format: who asks, with the key, in the body; nothing of it in the head. */
static void test_tuling(void)
{
    static const char body[] = "\r\n\r\n{\"reqType\":0,\"perception\":{\"inputText\":{\"text\":"
                               "\"hello\"}},\"userInfo\":{\"apiKey\":\"sesame\",\"userId\":\"";
    begin(1, "HTTP/1.1 200 OK\r\n\r\n{\"results\":[{\"values\":{\"text\":\"good day\"}}]}");
    bot_settings.format = BOT_TULING;
    bot_settings.key_bytes = 6;
    memcpy(bot_settings.key, "sesame", 6);
    room_send(0, "hello");
    room_run(2000);
    EXPECT(strstr(room_request(), body) != NULL);
    EXPECT(strcmp(room_request() + strlen(room_request()) - 3, "\"}}") == 0);
    EXPECT(strstr(room_request(), "Authorization") == NULL);
    EXPECT(room_said(0, "good day"));
    room_end();
}

/* As many questions as there are calls and places; who asks beyond them is told at once, where a
 * board has fewer places than guests. */
static void test_queue_is_full(void)
{
    enum { PLACES = CFG_BOT_CALLS + CFG_BOT_QUEUE, GUESTS = PLACES < 60 ? PLACES + 2 : 60 };
    unsigned told = 0;
    begin(GUESTS, NULL);
    for (unsigned i = 0; i < GUESTS; i++) {
        room_send(i, "question");
    }
    room_run(1400);
    for (unsigned i = 0; i < GUESTS; i++) {
        told += room_count(i, busy);
    }
    EXPECT(told == (GUESTS > PLACES ? GUESTS - PLACES : 0));
    EXPECT(room_calls() == (GUESTS < CFG_BOT_CALLS ? GUESTS : CFG_BOT_CALLS));
    room_run(400000);
    for (unsigned i = 0; i < GUESTS; i++) {
        EXPECT(room_count(i, ".") == 1); /* each has one answer, and only one */
    }
    room_end();
}

/* A question for which no call is free waits so long and is then answered at once, whatever else
 * happens or does not. */
static void test_waits_so_long(void)
{
    enum { GUESTS = 2 * CFG_BOT_CALLS + 1, LAST = GUESTS - 1 };
    begin(GUESTS, NULL);
    for (unsigned i = 0; i < GUESTS; i++) {
        room_run(1000 + i / CFG_BOT_CALLS * 2000);
        room_send(i, "question\n");
    }
    room_run(5000 + CFG_BOT_WAIT_MS);
    EXPECT(room_said(LAST, ""));
    room_run(5000 + CFG_BOT_WAIT_MS + 600);
    EXPECT(room_count(LAST, busy) == 1);
    room_end();
}

/* A question finds no place for its call: it is asked soon after there is one, however much is said
 * meanwhile, and however many leave. */
static void test_waits_for_a_place(void)
{
    enum { GUESTS = ROOM_PEERS, LEAVE = 60 };
    set(false);
    room_begin_small(false, GUESTS + 1);
    room_service(NULL, false);
    for (unsigned i = 0; i < GUESTS; i++) {
        room_join(i, (uint8_t)(i + 1), ROOM_WINDOW);
        room_run(2 + i);
    }
    room_run(1000);
    room_send(0, "bot: one\n");
    room_run(1100);
    room_send(1, "bot: two\n");
    room_run(2000);
    EXPECT(room_calls() == 1);
    for (unsigned i = GUESTS - LEAVE; i < GUESTS; i++) {
        sim_peer_reset(i);
    }
    for (uint64_t ms = 2000; ms < 3000; ms += 100) {
        room_send(2, "so much\n");
        room_run(ms);
    }
    EXPECT(room_calls() == 2);
    room_run(4000);
    EXPECT(room_count(2, " left") < LEAVE && room_count(2, " more left") > 0);
    room_end();
}

/* Guests that are gone before their turn cost no call, and their answers go to nobody. */
static void test_gone_before_the_answer(void)
{
    enum { GUESTS = CFG_BOT_CALLS + 3 };
    begin(GUESTS, NULL);
    for (unsigned i = 0; i < GUESTS; i++) {
        room_send(i, "question");
    }
    room_run(1500);
    EXPECT(room_calls() == CFG_BOT_CALLS);
    for (unsigned i = 0; i + 1 < GUESTS; i++) {
        sim_peer_reset(i); /* all but one, asked for or waiting */
    }
    room_run(1600);
    room_run(40000);
    EXPECT(room_calls() <= CFG_BOT_CALLS + 1);
    EXPECT(room_count(GUESTS - 1, ".") == 1);
    room_run(100000);
    EXPECT(room_count(GUESTS - 1, ".") == 1 && sim_held(GUESTS - 1));
    room_end();
}

/* The server goes down while a service is asked: nobody waits for it. */
static void test_going_down(void)
{
    begin(2, NULL);
    room_send(0, "question");
    room_run(1500);
    EXPECT(room_calls() == 1);
    sim_request(PORT_REQUEST_STOP);
    EXPECT(!room_run(1500 + CFG_DRAIN_MS + 100));
    room_end();
}

int main(void)
{
    test_failures();
    test_service_stays();
    test_key_is_hidden();
    test_answer_to_nobody();
    test_long_answers();
    test_line_ends();
    test_tuling();
    test_queue_is_full();
    test_waits_so_long();
    test_waits_for_a_place();
    test_gone_before_the_answer();
    test_going_down();
    return check_report("bot_rare");
}
