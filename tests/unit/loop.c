/* SPDX-License-Identifier: MIT */
/* The core's policies, to the millisecond: shares, stalls, lingering, dialling. uses port/sim */
#include "core/loop.h"

#include <string.h>

#include "core/counters.h"
#include "port/sim/sim.h"
#include "tests/check.h"

enum { CAPACITY = 16, PEERS = 40, WINDOW = 1024, FIRST_PORT = 7007 };

/* What the test app does and saw. App 0 and app 1 share the hooks. */
static struct {
    size_t take;          /* input: how many bytes it takes of each offer, SIZE_MAX: all */
    bool settles;
    bool finishes;        /* at the first input */
    bool writes;          /* without end */
    unsigned opened;
    unsigned closed;
    enum conn_end why;
    uint64_t closed_at;
    unsigned inputs;
    size_t input_bytes;
    unsigned ends;
    unsigned due_conn;
    unsigned due_app;
    unsigned kind;
    struct conn *last;
} seen;

static void app_opened(struct conn *conn)
{
    seen.opened++;
    seen.last = conn;
    conn_room_set(conn, 512);
    if (seen.settles) {
        conn_settle(conn);
    }
    if (seen.writes) {
        conn_output_ask(conn);
    }
}

static size_t app_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    (void)bytes;
    size_t taken = n < seen.take ? n : seen.take;
    seen.inputs++;
    seen.input_bytes += taken;
    if (seen.finishes) {
        conn_finish(conn);
    }
    return taken;
}

static void app_ended(struct conn *conn)
{
    seen.ends++;
    conn_finish(conn);
}

static bool app_produce(struct conn *conn, size_t room)
{
    uint8_t block[4096];
    memset(block, 'x', sizeof block);
    EXPECT(room > 0 && room <= CFG_WRITE_BUDGET_BYTES);
    (void)conn_write(conn, block, sizeof block, false);
    return seen.writes;
}

static void app_due(struct conn *conn, unsigned kind)
{
    EXPECT(kind == seen.kind);
    if (conn == NULL) {
        seen.due_app++;
    } else {
        seen.due_conn++;
    }
}

static void app_closed(struct conn *conn, enum conn_end why)
{
    (void)conn;
    seen.closed++;
    seen.why = why;
    seen.closed_at = sim_now();
}

static bool app_start(void)
{
    seen.kind = deadline_kind(70);
    return true;
}

#define APP(its_name, its_reserve, its_stall) \
    {.name = its_name, .start = app_start, .opened = app_opened, .input = app_input, \
     .ended = app_ended, .produce = app_produce, .due = app_due, .closed = app_closed, \
     .stall_bytes = its_stall, .reserved = its_reserve}

static const struct app first_app = APP("first", 0, 1);
static const struct app second_app = APP("second", 1, 3000);
static const struct app *const apps[] = {&first_app, &second_app};

/* ---- The world ----------------------------------------------------------------------------- */

static uint64_t target_ms;

/* A request for the counters ends the wait at the time the test waits for. */
static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < target_ms) {
        return target_ms;
    }
    sim_request(PORT_REQUEST_REPORT);
    return UINT64_MAX;
}

static enum sim_ending last_ending;

static void world_ending(unsigned connection, enum sim_ending how, size_t unread_bytes)
{
    (void)connection;
    (void)unread_bytes;
    last_ending = how;
}

static const struct sim_hooks hooks = {.step = world_step, .ending = world_ending};

static struct port_address address_of(uint8_t network, uint8_t host, uint16_t port)
{
    struct port_address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, 0, 0};
    address.ip[14] = network;
    address.ip[15] = host;
    address.port = port;
    return address;
}

static bool run_until(uint64_t ms)
{
    bool on = true;
    target_ms = ms;
    sim_step_at(ms);
    for (unsigned left = 100000; left > 0 && sim_now() < ms && on; left--) {
        on = loop_turn();
    }
    EXPECT(sim_now() >= ms || !on);
    return on;
}

static void world_begin_with(size_t apps_count, const struct sim_fault *fault)
{
    struct sim_plan plan = sim_plan_quiet(1);
    plan.listed = fault != NULL;
    plan.list = fault;
    plan.list_count = fault != NULL ? 1 : 0;
    memset(&seen, 0, sizeof seen);
    seen.take = SIZE_MAX;
    sim_begin(&plan, &hooks);
    EXPECT(port_start() == PORT_OK && loop_start(apps, 2, CAPACITY));
    for (unsigned i = 0; i < apps_count; i++) {
        struct port_address at = address_of(0, 0, (uint16_t)(FIRST_PORT + i));
        memset(at.ip, 0, sizeof at.ip);
        EXPECT(loop_listen(i, &at, PORT_DUAL) >= 0);
    }
}

static void world_begin(size_t apps_count)
{
    world_begin_with(apps_count, NULL);
}

static void world_end(void)
{
    loop_stop(true);
    for (unsigned left = 100; left > 0 && loop_turn(); left--) {
    }
    EXPECT(sim_held_count() == 0);
    port_end();
}

static void join(unsigned id, uint8_t network, uint8_t host, unsigned app)
{
    struct port_address from = address_of(network, host, (uint16_t)(40000 + id));
    struct port_address to = address_of(2, 250, (uint16_t)(FIRST_PORT + app));
    EXPECT(sim_peer_connect(id, &from, &to, 1, WINDOW) == PORT_OK);
}

static unsigned held(unsigned from, unsigned to)
{
    unsigned count = 0;
    for (unsigned id = from; id < to; id++) {
        count += sim_held(id) ? 1 : 0;
    }
    return count;
}

/* How a peer's end stands once all that came to it was read. */
static enum sim_peer_state state_after_reading(unsigned id)
{
    uint8_t block[512];
    for (unsigned left = 1000; left > 0 && sim_peer_read(id, block, sizeof block) > 0; left--) {
    }
    return sim_peer_state(id);
}

/* ---- Tests --------------------------------------------------------------------------------- */

static void test_peer_share(void)
{
    world_begin(1);
    for (unsigned id = 0; id < 8; id++) { /* 6: the least, for 16 / 4 is less */
        join(id, 1, 7, 0);
    }
    run_until(10);
    EXPECT(held(0, 8) == 6 && counter_value(COUNTER_REFUSED) == 2);
    EXPECT(sim_peer_state(6) == SIM_PEER_RESET && sim_peer_state(7) == SIM_PEER_RESET);
    join(8, 1, 8, 0); /* hazard 27: another IPv4 peer is another peer */
    run_until(20);
    EXPECT(sim_held(8));
    sim_peer_close(0);
    run_until(30);
    join(9, 1, 7, 0); /* what is closed no longer counts */
    run_until(40);
    EXPECT(sim_held(9));
    world_end();
}

static void test_eviction(void)
{
    world_begin(1);
    seen.settles = true;
    join(0, 1, 100, 0); /* settled, and the oldest of all: stays */
    run_until(5);
    seen.settles = false;
    for (unsigned id = 1; id < CAPACITY - 1; id++) {
        join(id, 1, (uint8_t)id, 0);
        run_until(5 + id);
    }
    EXPECT(held(0, PEERS) == CAPACITY - 1); /* one is reserved */
    join(20, 2, 1, 0);
    run_until(1000);
    EXPECT(!sim_held(20) && seen.closed == 0); /* nobody was silent for long enough */
    run_until(2300); /* silent for 2 s, and the listener asks again every 250 ms */
    EXPECT(sim_held(20) && sim_held(0) && !sim_held(1) && sim_held(2)); /* the oldest silent one */
    EXPECT(seen.closed == 1 && seen.why == CONN_END_EVICTED);
    join(21, 2, 2, 0);
    run_until(2302);
    EXPECT(sim_held(21) && !sim_held(2)); /* now at once */
    world_end();
}

static void test_speaking_is_not_silent(void)
{
    world_begin(1);
    for (unsigned id = 0; id < CAPACITY - 1; id++) {
        join(id, 1, (uint8_t)id, 0);
    }
    run_until(1500);
    EXPECT(sim_peer_send(0, "a", 1) == 1);
    run_until(2100);
    join(20, 2, 1, 0);
    run_until(2110);
    EXPECT(sim_held(20) && sim_held(0) && !sim_held(1));
    world_end();
}

static void test_last_eighth(void)
{
    world_begin(2);
    seen.settles = true;
    for (unsigned id = 0; id < CAPACITY; id++) {
        join(id, 1, (uint8_t)id, 0);
    }
    run_until(100);
    EXPECT(held(0, CAPACITY) == CAPACITY - CAPACITY / 8);
    join(20, 2, 1, 1);
    run_until(110);
    EXPECT(sim_held(20));
    sim_peer_close(3); /* a free slot is taken by who waits, at once */
    run_until(115);
    EXPECT(held(0, CAPACITY) == CAPACITY - CAPACITY / 8);
    world_end();
}

static void test_stall(void)
{
    world_begin(2);
    seen.writes = true;
    join(0, 1, 1, 0);
    run_until(10);
    uint8_t some[64];
    run_until(29000);
    EXPECT(sim_held(0) && sim_peer_read(0, some, sizeof some) > 0); /* any byte renews 30 s */
    run_until(58900);
    EXPECT(sim_held(0));
    run_until(59100);
    EXPECT(!sim_held(0) && seen.why == CONN_END_STALLED);
    EXPECT(state_after_reading(0) == SIM_PEER_RESET); /* it must not look complete */
    join(1, 1, 1, 1);
    run_until(80000);
    EXPECT(sim_peer_read(1, some, sizeof some) > 0); /* not enough for app 1 */
    run_until(89500);
    EXPECT(!sim_held(1) && seen.closed == 2 && counter_value(COUNTER_STALLED) == 2);
    world_end();
}

static void test_linger(void)
{
    world_begin(1);
    seen.finishes = true;
    join(0, 1, 1, 0);
    join(1, 1, 2, 0);
    run_until(10);
    (void)sim_peer_send(0, "ab", 2);
    (void)sim_peer_send(1, "ab", 2);
    run_until(15);
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED && sim_held(0));
    (void)sim_peer_send(0, "more", 4); /* read past, so that nothing is answered by a reset */
    sim_peer_close(1);
    run_until(30);
    EXPECT(sim_held(0) && !sim_held(1) && seen.why == CONN_END_DONE && seen.inputs == 2);
    run_until(2005);
    EXPECT(sim_held(0));
    run_until(2030);
    EXPECT(!sim_held(0) && seen.why == CONN_END_DONE);
    world_end();
}

static void test_kept_input(void)
{
    world_begin(1);
    seen.take = 3;
    join(0, 1, 1, 0);
    run_until(10);
    (void)sim_peer_send(0, "abcdefgh", 8);
    run_until(20);
    EXPECT(seen.inputs == 1 && seen.input_bytes == 3);
    (void)sim_peer_send(0, "ij", 2); /* not received while something is kept */
    run_until(30);
    EXPECT(seen.inputs == 1 && sim_server_readable(0) == 2);
    conn_resume(seen.last);
    run_until(40);
    EXPECT(seen.inputs == 2 && seen.input_bytes == 6);
    sim_peer_shut(0);
    run_until(50);
    EXPECT(seen.ends == 0); /* the end comes after all input was taken */
    seen.take = SIZE_MAX;
    conn_resume(seen.last);
    run_until(60);
    EXPECT(seen.input_bytes == 10 && seen.ends == 1 && seen.closed == 1);
    world_end();
}

static void test_room(void)
{
    world_begin(1);
    join(0, 1, 1, 0);
    run_until(10);
    conn_room_set(seen.last, 0);
    (void)sim_peer_send(0, "abcdefgh", 8);
    run_until(20);
    EXPECT(seen.inputs == 0 && sim_server_readable(0) == 8);
    conn_room_set(seen.last, 5);
    run_until(30);
    EXPECT(seen.inputs == 2 && seen.input_bytes == 8);
    world_end();
}

static void test_deadlines(void)
{
    world_begin(1);
    join(0, 1, 1, 0);
    run_until(10);
    uint64_t set_at = sim_now();
    conn_deadline_set(seen.last, 1, seen.kind);
    app_deadline_set(&first_app, 1, seen.kind);
    app_deadline_set(&second_app, 0, seen.kind);
    run_until(set_at + 69);
    EXPECT(seen.due_conn + seen.due_app == 0 && conn_deadline_runs(seen.last, 1));
    run_until(set_at + 71);
    EXPECT(seen.due_conn == 1 && seen.due_app == 2 && !conn_deadline_runs(seen.last, 1));
    conn_deadline_set(seen.last, 0, seen.kind);
    conn_deadline_clear(seen.last, 0);
    app_deadline_set(&second_app, 1, seen.kind);
    app_deadline_clear(&second_app, 1);
    run_until(set_at + 500);
    EXPECT(seen.due_conn == 1 && seen.due_app == 2);
    world_end();
}

static void test_dial(void)
{
    world_begin(1);
    struct port_address somebody = address_of(9, 9, 900);
    struct port_address nobody = address_of(9, 9, 901);
    sim_peer_listen(&somebody);
    struct conn *conn = conn_dial(&second_app, &somebody);
    run_until(100);
    EXPECT(conn != NULL && conn_is_dialled(conn) && seen.last == conn && seen.closed == 0);
    EXPECT(conn_dial(&second_app, &nobody) != NULL);
    run_until(200);
    EXPECT(seen.opened == 1 && seen.closed == 1 && seen.why == CONN_END_REFUSED);
    sim_peer_close(SIM_DIALLED);
    run_until(300);
    EXPECT(seen.closed == 2 && seen.ends == 1);
    /* More dialled than reserved, and gone again: as much is reserved as before. */
    EXPECT(conn_dial(&second_app, &nobody) != NULL && conn_dial(&second_app, &nobody) != NULL);
    run_until(400);
    EXPECT(seen.closed == 4);
    for (unsigned id = 0; id < CAPACITY; id++) {
        join(id, 1, (uint8_t)id, 0);
    }
    run_until(500);
    EXPECT(held(0, CAPACITY) == CAPACITY - 1);
    world_end();
}

/* A dial that fails at once is told in a turn that does not sleep: an app may wait for it. */
static void test_dial_fails_at_once(void)
{
    struct sim_fault fault = {SIM_CONNECT_UNREACHABLE, SIM_DIALLED, 0, 0};
    world_begin_with(1, &fault);
    run_until(10);
    struct port_address somebody = address_of(9, 9, 900);
    EXPECT(conn_dial(&second_app, &somebody) != NULL && seen.closed == 0);
    uint64_t before_ms = sim_now();
    (void)loop_turn();
    EXPECT(seen.closed == 1 && seen.why == CONN_END_UNREACHABLE && sim_now() == before_ms);
    world_end();
}

static void test_stop(void)
{
    world_begin(1);
    join(0, 1, 1, 0);
    run_until(10);
    seen.writes = true;
    join(1, 1, 2, 0); /* owes without end */
    run_until(20);
    sim_request(PORT_REQUEST_STOP);
    run_until(30);
    EXPECT(!sim_held(0) && sim_held(1) && seen.why == CONN_END_STOPPED);
    join(2, 1, 3, 0);
    run_until(40);
    EXPECT(sim_peer_state(2) == SIM_PEER_RESET); /* nobody listens any more */
    EXPECT(!run_until(2100)); /* the last turn */
    EXPECT(last_ending == SIM_ENDING_ABORT && sim_now() <= 2025);
    port_end();

    world_begin(1);
    seen.writes = true;
    join(1, 1, 2, 0);
    run_until(20);
    sim_request(PORT_REQUEST_STOP);
    run_until(30);
    sim_request(PORT_REQUEST_STOP_NOW);
    EXPECT(!run_until(100) && sim_now() <= 35);
    port_end();
}

static void test_restart_is_clean(void)
{
    uint64_t hashes[2];
    for (unsigned i = 0; i < 2; i++) {
        world_begin(1);
        join(0, 1, 1, 0);
        run_until(10);
        (void)sim_peer_send(0, "abc", 3);
        run_until(2500);
        hashes[i] = sim_hash();
        world_end();
        if (i == 0) {
            test_eviction();
            test_stall();
        }
    }
    EXPECT(hashes[0] == hashes[1]);
}

int main(void)
{
    if (CFG_CONN_MAX < CAPACITY) { /* the smallest boards */
        return check_report("loop");
    }
    test_peer_share();
    test_eviction();
    test_speaking_is_not_silent();
    test_last_eighth();
    test_stall();
    test_linger();
    test_kept_input();
    test_room();
    test_deadlines();
    test_dial();
    test_dial_fails_at_once();
    test_stop();
    test_restart_is_clean();
    return check_report("loop");
}
