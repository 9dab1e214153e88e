/* SPDX-License-Identifier: MIT */
/* Talk against a server that comes and goes, to the millisecond: how long it waits before it
 * connects again, what of the words said meanwhile arrives, and when an answer is given up.
 * uses port/sim */
#include <string.h>

#include "apps/talk/talk_app.h"
#include "core/loop.h"
#include "port/sim/sim.h"
#include "tests/check.h"

enum { SERVER_PORT = 6667, DIALS_MAX = 32, HEARD_BYTES = 1024, PAUSE_MAX_MS = 30000 };
enum { WAY_MS = 50 }; /* what is on its way has come after this long */

STATIC_ASSERT(CFG_TALK_PAUSE_MAX_S == 30);

static struct {
    uint64_t target_ms;
    uint64_t dialled_ms[DIALS_MAX];
    unsigned dials;
    unsigned heard_from;     /* the connection that `heard` is from */
    char heard[HEARD_BYTES];
    size_t heard_n;
    bool alive;
} world;

static const struct app *const apps[] = {&talk_app};

/* ---- The world ----------------------------------------------------------------------------- */

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < world.target_ms) {
        return world.target_ms;
    }
    sim_request(PORT_REQUEST_REPORT); /* ends the wait */
    return UINT64_MAX;
}

static void world_arrived(unsigned connection)
{
    if (connection != world.heard_from) {
        world.heard_from = connection;
        world.heard_n = 0;
    }
    world.heard_n += sim_peer_read(connection, world.heard + world.heard_n,
                                   sizeof world.heard - world.heard_n);
}

static void world_trace(const char *call, int32_t connection, int64_t result)
{
    (void)connection;
    (void)result;
    if (strcmp(call, "Connect") == 0 && world.dials < DIALS_MAX) {
        world.dialled_ms[world.dials] = sim_now();
        world.dials++;
    }
}

static const struct sim_hooks hooks = {.step = world_step, .arrived = world_arrived,
                                       .trace = world_trace};

static void run_ms(uint64_t ms)
{
    world.target_ms = sim_now() + ms;
    sim_step_at(world.target_ms);
    while (world.alive && sim_now() < world.target_ms) {
        world.alive = loop_turn();
    }
}

/* The server's end of the connection dialled last. */
static unsigned server(void)
{
    return SIM_DIALLED + world.dials - 1;
}

static bool heard(const char *text)
{
    return world.heard_from == server() && world.heard_n == strlen(text) &&
           memcmp(world.heard, text, world.heard_n) == 0;
}

static void say(const char *text)
{
    sim_console_type(text, strlen(text));
    run_ms(WAY_MS);
}

static void begin(enum talk_reconnect reconnect, bool raw)
{
    struct sim_plan plan = sim_plan_quiet(1);
    struct client_route route;
    memset(&world, 0, sizeof world);
    memset(&route, 0, sizeof route);
    memset(&talk_settings, 0, sizeof talk_settings);
    talk_settings.target = (struct target){"server", SERVER_PORT};
    talk_settings.reconnect = reconnect;
    talk_settings.raw = raw;
    memset(route.addresses[0].ip, 1, sizeof route.addresses[0].ip);
    route.addresses[0].port = SERVER_PORT;
    route.count = 1;
    sim_begin(&plan, &hooks);
    sim_peer_listen(&route.addresses[0]);
    EXPECT(port_start() == PORT_OK);
    EXPECT(client_start(apps));
    world.alive = true;
    talk_begin(&route);
    run_ms(WAY_MS);
    EXPECT(talk_connected() && world.dials == 1);
    talk_input(loop_console(0), false);
}

static void end(void)
{
    if (world.alive) {
        client_end(true, false);
    }
    port_end();
}

/* ---- Connecting again ---------------------------------------------------------------------- */

/* Whether it connects again `pause_ms` after now, but for the time that the news is on its way. */
static bool pauses(uint64_t pause_ms)
{
    uint64_t from_ms = sim_now();
    unsigned before = world.dials;
    run_ms(pause_ms + 2 * WAY_MS);
    return world.dials == before + 1 && world.dialled_ms[before] >= from_ms + pause_ms &&
           world.dialled_ms[before] <= from_ms + pause_ms + WAY_MS;
}

/* Each pause is twice as long as the one before, up to the longest; one connection that lasted as
 * long as that, and the next pause is the shortest. */
static void test_pauses(void)
{
    static const uint64_t seconds[] = {1, 2, 4, 8, 16, 30, 30};
    begin(TALK_RECONNECT_YES, false);
    for (size_t i = 0; i < COUNT_OF(seconds); i++) {
        sim_peer_close(server());
        EXPECT(pauses(seconds[i] * 1000));
        EXPECT(!talk_ended());
    }
    run_ms(PAUSE_MAX_MS + 1);
    sim_peer_reset(server()); /* a reset is no other reason to stay away longer */
    EXPECT(pauses(1000));
    end();
}

/* What is said while nobody listens is said when somebody does; a line that was cut in the middle
 * is not said again in halves. */
static void test_words_kept(void)
{
    begin(TALK_RECONNECT_YES, false);
    say("one\ntw");
    EXPECT(heard("one\ntw"));
    sim_peer_close(server());
    run_ms(WAY_MS);
    say("o\nthree\n");
    EXPECT(world.dials == 1);
    run_ms(1000 + WAY_MS);
    EXPECT(world.dials == 2 && heard("three\n"));
    end();
}

/* All was said, and the input has ended: then there is nothing to connect again for. */
static void test_nothing_left(void)
{
    begin(TALK_RECONNECT_YES, false);
    say("bye for now\n");
    sim_console_end();
    run_ms(1);
    sim_peer_close(server());
    run_ms(2000);
    EXPECT(talk_ended() && talk_status() == TALK_DONE && world.dials == 1);
    end();
}

/* Elsewhere than on a terminal a lost connection is the end, unless it is asked for. */
static void test_not_again(void)
{
    begin(TALK_RECONNECT_ON_TERMINAL, false);
    say("hello\n");
    sim_peer_reset(server());
    run_ms(2000);
    EXPECT(talk_ended() && talk_status() == TALK_BROKEN && world.dials == 1);
    end();
}

/* Ended while it waits to connect again. */
static void test_stopped_meanwhile(void)
{
    begin(TALK_RECONNECT_YES, false);
    say("hello\n");
    sim_peer_close(server());
    run_ms(500);
    EXPECT(!talk_ended());
    sim_request(PORT_REQUEST_STOP);
    run_ms(1);
    EXPECT(talk_ended() && talk_status() == TALK_BROKEN);
    end();
}

/* ---- Answers ------------------------------------------------------------------------------- */

/* --raw on pipes: the next message goes when the last was answered, which a pause ends, or when
 * nobody answers. */
static void test_answers(void)
{
    begin(TALK_RECONNECT_NO, true);
    say("one\ntwo\nthree\n");
    EXPECT(heard("one"));
    run_ms(CFG_TALK_GAP_MS);
    EXPECT(heard("one"));
    (void)sim_peer_send(server(), "an answer", 9);
    run_ms(CFG_TALK_GAP_MS);
    EXPECT(heard("one"));
    run_ms(2 * WAY_MS);
    EXPECT(heard("onetwo"));
    run_ms(CFG_TALK_ANSWER_MS - 2 * WAY_MS);
    EXPECT(heard("onetwo"));
    run_ms(3 * WAY_MS);
    EXPECT(heard("onetwothree"));
    (void)sim_peer_send(server(), "a line\n", 7);
    run_ms(WAY_MS);
    say("four\n"); /* a line's end needs no pause behind it */
    EXPECT(heard("onetwothreefour"));
    end();
}

int main(void)
{
    test_pauses();
    test_words_kept();
    test_nothing_left();
    test_not_again();
    test_stopped_meanwhile();
    test_answers();
    return check_report("talk_time");
}
