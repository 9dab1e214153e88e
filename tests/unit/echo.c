/* SPDX-License-Identifier: MIT */
/* Echo over the simulated port: whom its datagrams answer, and the fixed reply. uses port/sim */
#include "apps/echo/echo.h"

#include <string.h>

#include "core/loop.h"
#include "port/sim/sim.h"
#include "tests/check.h"

enum { CAPACITY = 8, SERVICE = 7007 };

static const struct app *const apps[] = {&echo_app};
static uint64_t target_ms;
static unsigned answers;
static char report[512];
static char core_report[512]; /* without the passes, which come first */

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < target_ms) {
        return target_ms;
    }
    sim_request(PORT_REQUEST_REPORT); /* ends the wait */
    return UINT64_MAX;
}

static void world_datagram(const struct port_address *from, const struct port_address *to,
                           const uint8_t *bytes, size_t n)
{
    (void)from;
    (void)to;
    EXPECT(n == 0 || (n == 4 && memcmp(bytes, "ping", 4) == 0));
    answers++;
}

static void world_log(const char *line, size_t n)
{
    if (n > 13 && n < sizeof report && memcmp(line, "linnet: echo:", 13) == 0) {
        memcpy(report, line, n);
        report[n] = '\0';
    }
    if (n > 13 && n < sizeof core_report && memcmp(line, "linnet: core:", 13) == 0) {
        memcpy(core_report, line, n);
        core_report[n] = '\0';
        char *passes = strstr(core_report, " passes=");
        EXPECT(passes != NULL);
        if (passes != NULL) {
            size_t digits = strspn(passes + 8, "0123456789");
            memmove(passes, passes + 8 + digits, strlen(passes + 8 + digits) + 1);
        }
    }
}

static const struct sim_hooks hooks = {.step = world_step, .datagram = world_datagram,
                                       .log = world_log};

static void run_until(uint64_t ms)
{
    target_ms = ms;
    sim_step_at(ms);
    for (unsigned left = 100000; left > 0 && sim_now() < ms && loop_turn(); left--) {
    }
}

static void world_begin(const struct sim_fault *fault)
{
    struct sim_plan plan = sim_plan_quiet(1);
    struct port_address at = {{0}, 0, SERVICE};
    plan.listed = fault != NULL;
    plan.list = fault;
    plan.list_count = fault != NULL ? 1 : 0;
    answers = 0;
    report[0] = '\0';
    sim_begin(&plan, &hooks);
    EXPECT(port_start() == PORT_OK);
    EXPECT(loop_start(apps, 1, CAPACITY));
    EXPECT(loop_listen(0, &at, PORT_DUAL) >= 0);
    EXPECT(loop_datagrams(0, &at, PORT_DUAL) >= 0);
}

static void world_end(void)
{
    loop_stop(true);
    for (unsigned left = 100; left > 0 && loop_turn(); left--) {
    }
    EXPECT(sim_held_count() == 0 && sim_handles_open() == 0);
    port_end();
}

static struct port_address peer_at(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
    struct port_address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}, 0, port};
    return address;
}

/* How many of `count` datagrams from there, sent at once, are answered. */
static unsigned answered(struct port_address from, unsigned count, bool to_many)
{
    struct port_address to = peer_at(127, 0, 0, 1, SERVICE);
    unsigned before = answers;
    for (unsigned i = 0; i < count; i++) {
        sim_datagram_send(&from, &to, "ping", 4, 1, to_many);
        run_until(sim_now() + (i % 8 == 7 ? 2 : 0));
    }
    run_until(sim_now() + 5);
    return answers - before;
}

/* Hazard 33: what another service might answer is not answered. */
static void test_sources(void)
{
    static const uint16_t services[] = {0,    7,    19,   53,   1023, 1434, 1900, 3283,
                                        3702, 5351, 5353, 5683, 11211, 27015, SERVICE};
    world_begin(NULL);
    EXPECT(answered(peer_at(192, 0, 2, 1, 40000), 1, false) == 1);
    EXPECT(answered(peer_at(192, 0, 2, 1, 1024), 1, false) == 1);
    for (size_t i = 0; i < COUNT_OF(services); i++) {
        EXPECT(answered(peer_at(192, 0, 2, 1, services[i]), 1, false) == 0);
    }
    EXPECT(answered(peer_at(192, 0, 2, 1, 40000), 1, true) == 0); /* asked of many */
    EXPECT(answered(peer_at(224, 0, 0, 1, 40000), 1, false) == 0);
    EXPECT(answered(peer_at(255, 255, 255, 255, 40000), 1, false) == 0);
    EXPECT(answered(peer_at(0, 0, 0, 0, 40000), 1, false) == 0);
    struct port_address nobody = {{0}, 0, 40000};
    EXPECT(answered(nobody, 1, false) == 0);
    run_until(sim_now() + 10);
    sim_request(PORT_REQUEST_REPORT);
    run_until(sim_now() + 10);
    EXPECT(strcmp(report, "linnet: echo: udp_answered=2 udp_unanswered=20 udp_limited=0") == 0);
    world_end();
}

/* Hazard 35: per source, with a burst; ports of servers are held to 20 a second. */
static void test_rates(void)
{
    world_begin(NULL);
    echo_settings.udp_rate = 10;
    unsigned burst = answered(peer_at(192, 0, 2, 1, 40000), 400, false);
    EXPECT(burst > 10 && burst < 400);
    EXPECT(answered(peer_at(192, 0, 2, 2, 40000), 10, false) == 10); /* another source */
    EXPECT(answered(peer_at(127, 0, 0, 1, 40000), 400, false) == 400); /* this machine */
    unsigned low = answered(peer_at(127, 0, 0, 1, 2000), 100, false);
    EXPECT(low >= 20 && low <= 30);
    low = answered(peer_at(127, 0, 0, 2, 32767), 100, false);
    EXPECT(low >= 20 && low <= 30);
    EXPECT(answered(peer_at(127, 0, 0, 3, 32768), 100, false) == 100);
    echo_settings.udp_rate = 0;
    EXPECT(answered(peer_at(192, 0, 2, 1, 40000), 400, false) == 400);
    world_end();
}

/* A datagram that cannot go is lost, and counted as such: no reply waits. */
static void test_lost(void)
{
    struct sim_fault fault = {SIM_DATAGRAM_SEND_FULL, SIM_NOBODY, 0, 0};
    world_begin(&fault);
    EXPECT(answered(peer_at(192, 0, 2, 1, 40000), 2, false) == 1);
    world_end();
}

/* What a peer reads is what it sent, in whatever pieces it does both, and all of it. */
static void test_slow_reader(void)
{
    struct port_address from = peer_at(192, 0, 2, 1, 40000);
    struct port_address to = peer_at(127, 0, 0, 1, SERVICE);
    uint8_t bytes[300];
    size_t sent = 0;
    size_t got = 0;
    bool right = true;
    world_begin(NULL);
    EXPECT(sim_peer_connect(0, &from, &to, 1, 150) == PORT_OK);
    for (unsigned turn = 0; turn < 2000 || got < sent; turn++) {
        size_t n = turn < 2000 ? 1 + turn * 7919 % sizeof bytes : 0;
        for (size_t i = 0; i < n; i++) {
            bytes[i] = (uint8_t)((sent + i) % 251);
        }
        sent += n > 0 ? sim_peer_send(0, bytes, n) : 0;
        if (turn == 2000) {
            sim_peer_shut(0);
        }
        run_until(sim_now() + 2);
        n = sim_peer_read(0, bytes, 1 + turn * 104729 % 200);
        for (size_t i = 0; i < n; i++) {
            right = right && bytes[i] == (uint8_t)((got + i) % 251);
        }
        got += n;
        if (turn > 20000) {
            break;
        }
    }
    EXPECT(right && got == sent && sent > 50000);
    run_until(sim_now() + 10);
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED && !sim_held(0));
    world_end();
}

/* Everything that comes and goes is counted once. */
static void test_counted(void)
{
    static const uint8_t large[CFG_DATAGRAM_BYTES + 1];
    struct sim_fault fault = {SIM_DATAGRAM_SEND_FULL, SIM_NOBODY, 0, 0};
    struct port_address to = peer_at(127, 0, 0, 1, SERVICE);
    struct port_address from = peer_at(192, 0, 2, 1, 40000);
    char got[8];
    world_begin(&fault);
    EXPECT(answered(from, 3, false) == 2);
    sim_datagram_send(&from, &to, large, sizeof large, 1, false);
    sim_datagram_send(&from, &to, large, 0, 1, false);
    for (unsigned id = 0; id < 3; id++) {
        from.port = (uint16_t)(50000 + id);
        EXPECT(sim_peer_connect(id, &from, &to, 1, 4096) == PORT_OK);
        run_until(sim_now() + 5);
        EXPECT(sim_peer_send(id, "abcde", id + 1) == id + 1);
        run_until(sim_now() + 5);
        EXPECT(sim_peer_read(id, got, sizeof got) == id + 1);
    }
    sim_peer_reset(0);
    sim_peer_shut(1);
    run_until(sim_now() + 10);
    sim_request(PORT_REQUEST_REPORT);
    run_until(sim_now() + 10);
    EXPECT(strcmp(core_report, "linnet: core: open=1 accepted=3 reset=1 bytes_in=6 bytes_out=6 "
                               "datagrams_in=5 datagrams_out=3 datagrams_long=1 "
                               "datagrams_lost=1") == 0);
    EXPECT(strcmp(report, "linnet: echo: udp_answered=3 udp_unanswered=0 udp_limited=0") == 0);
    world_end();
}

/* The whole reply, once, whatever is sent and in however many pieces it has to go. */
static void test_reply(void)
{
    char got[300];
    memset(echo_settings.reply, 'r', CFG_ECHO_REPLY_BYTES);
    echo_settings.reply_bytes = CFG_ECHO_REPLY_BYTES;
    for (unsigned i = 0; i < 3; i++) {
        struct port_address from = peer_at(192, 0, 2, 1, 40000);
        struct port_address to = peer_at(127, 0, 0, 1, SERVICE);
        struct sim_fault fault = {i == 2 ? SIM_SEND_SHORT : SIM_SEND_AGAIN, 0, 0, 0};
        world_begin(&fault);
        EXPECT(sim_peer_connect(0, &from, &to, 1, 4096) == PORT_OK);
        run_until(10);
        if (i != 1) { /* who says nothing is answered too */
            EXPECT(sim_peer_send(0, "a", 1) == 1);
            run_until(12);
            EXPECT(sim_peer_readable(0) > 0 || i == 0); /* at once, but for a system that is full */
            EXPECT(sim_peer_send(0, "b", 1) == 1);
            sim_peer_shut(0);
            run_until(40);
            EXPECT(sim_peer_readable(0) > 0);
        } else {
            run_until(CFG_ECHO_REPLY_MS);
            EXPECT(sim_peer_readable(0) == 0);
        }
        run_until(CFG_ECHO_REPLY_MS + 10);
        EXPECT(sim_peer_read(0, got, sizeof got) == CFG_ECHO_REPLY_BYTES);
        EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
        world_end();
    }
    echo_settings.reply_bytes = 0;
}

/* The shortest reply comes as the longest does, to who speaks and to who does not. */
static void test_short_reply(void)
{
    struct port_address from = peer_at(192, 0, 2, 1, 40000);
    struct port_address to = peer_at(127, 0, 0, 1, SERVICE);
    char got[8];
    echo_settings.reply[0] = 'r';
    echo_settings.reply_bytes = 1;
    for (size_t said = 0; said < 2; said++) {
        world_begin(NULL);
        EXPECT(sim_peer_connect(0, &from, &to, 1, 4096) == PORT_OK);
        run_until(10);
        EXPECT(sim_peer_send(0, "ab", said) == said);
        run_until(CFG_ECHO_REPLY_MS + 10);
        EXPECT(sim_peer_read(0, got, sizeof got) == 1 && got[0] == 'r');
        EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
        world_end();
    }
    echo_settings.reply_bytes = 0;
}

int main(void)
{
    test_sources();
    test_rates();
    test_lost();
    test_slow_reader();
    test_counted();
    test_reply();
    test_short_reply();
    return check_report("echo");
}
