/* SPDX-License-Identifier: MIT */
/* The life of a connection where it goes wrong, over the simulated port: dialling that fails in
 * each way, ends that meet a reset, the console, apps with the fewest hooks.
 * uses port/sim, uses fake_conn.c */
#include "core/conn.h"

#include <string.h>

#include "core/counters.h"
#include "core/log.h"
#include "core/loop.h"
#include "tests/check.h"
#include "tests/unit/fake_conn.h"

static bool refuses_to_start(void)
{
    return false;
}

static size_t takes_nothing(struct conn *conn, const uint8_t *bytes, size_t n)
{
    (void)conn;
    (void)bytes;
    (void)n;
    return 0;
}

static const struct app broken_app = {.name = "broken", .start = refuses_to_start,
                                      .input = takes_nothing};
static const struct app *const broken[] = {&plain_app, &broken_app};

/* ---- Dialling ------------------------------------------------------------------------------ */

static void dial_with(uint8_t kind, enum conn_end wanted, uint64_t within_ms)
{
    struct sim_fault fault = {kind, SIM_DIALLED, 0, 0};
    world_begin(&fault, 1);
    EXPECT(conn_dial(&full_app, &somebody) != NULL);
    run_until(within_ms);
    EXPECT(seen.opened == 0 && seen.closed == 1 && seen.why == wanted);
    world_end();
}

static void test_dial_fails(void)
{
    dial_with(SIM_CONNECTED_REFUSED, CONN_END_REFUSED, 200);
    dial_with(SIM_CONNECTED_RESET, CONN_END_REFUSED, 200);
    dial_with(SIM_CONNECTED_UNREACHABLE, CONN_END_UNREACHABLE, 200);
    dial_with(SIM_CONNECT_REFUSED, CONN_END_REFUSED, 10);
    dial_with(SIM_CONNECT_DENIED, CONN_END_UNREACHABLE, 10);
    dial_with(SIM_CONNECTED_TIMEDOUT, CONN_END_TIMEDOUT, CFG_CONNECT_MS + 1);
    EXPECT(seen.closed_ms == CFG_CONNECT_MS); /* to the millisecond */
}

static void test_dial_has_no_place(void)
{
    struct sim_fault full = {SIM_CONNECT_FULL, SIM_DIALLED, 0, 0};
    world_begin(&full, 1);
    EXPECT(conn_dial(&full_app, &somebody) == NULL); /* no handle */
    for (unsigned i = 0; i < CAPACITY; i++) {
        EXPECT(conn_dial(&full_app, &somebody) != NULL);
    }
    EXPECT(conn_dial(&full_app, &somebody) == NULL); /* no slot */
    EXPECT(conn_open_count() == CAPACITY);
    run_until(100);
    EXPECT(seen.opened == CAPACITY && counter_value(COUNTER_DIALLED) == CAPACITY);
    world_end();

    world_begin(NULL, 0);
    struct conn *conn = conn_dial(&plain_app, &somebody); /* for another app than the first */
    EXPECT(conn != NULL);
    run_until(100);
    EXPECT(conn_open_count() == 1 && seen.opened == 0 && conn_is_dialled(conn));
    world_end();
}

/* What was dialled took its place from what is reserved: all the others are there for newcomers. */
static void test_dialled_is_reserved(void)
{
    world_begin(NULL, 0);
    EXPECT(conn_dial(&full_app, &somebody) != NULL);
    run_until(50);
    for (unsigned id = 0; id < CAPACITY - 1; id++) {
        join(id, id < 2 ? 1 : 0);
        run_until(52 + 2 * id);
    }
    run_until(300);
    EXPECT(conn_open_count() == CAPACITY && seen.closed == 0);
    world_end();
}

/* An app may lose interest before anybody answered: closed, and never opened. */
static void test_dial_given_up(void)
{
    for (unsigned i = 0; i < 2; i++) {
        struct sim_fault slow = {SIM_CONNECTED_TIMEDOUT, SIM_DIALLED, 0, 0};
        world_begin(&slow, 1);
        struct conn *conn = conn_dial(&full_app, &somebody);
        run_until(5);
        if (i == 0) {
            conn_finish(conn);
        } else {
            conn_shut(conn); /* nothing to shut yet */
            EXPECT(seen.closed == 0);
            conn_abort(conn);
            conn_abort(conn); /* it is over already */
            conn_finish(conn);
        }
        run_until(6);
        EXPECT(seen.opened == 0 && seen.closed == 1 && seen.why == CONN_END_ABORTED);
        run_until(CFG_CONNECT_MS + 100); /* and its deadline is gone with it */
        EXPECT(seen.closed == 1);
        world_end();
    }
}

/* Readiness is a hint: nothing is known yet, and the dial goes on. */
static void test_dial_woken_early(void)
{
    struct sim_fault faults[2] = {{SIM_CONNECTED_TIMEDOUT, SIM_DIALLED, 0, 0},
                                  {SIM_WAIT_SPURIOUS, SIM_NOBODY, 0, 0}};
    for (uint32_t ms = 0; ms < 2; ms++) {
        faults[1].nth = ms;
        world_begin(faults, 2);
        EXPECT(conn_dial(&full_app, &somebody) != NULL);
        run_until(CFG_CONNECT_MS - 1);
        EXPECT(seen.opened == 0 && seen.closed == 0);
        world_end();
    }
}

/* The server goes down while it dials: orderly, and at once. */
static void test_stopped_while_dialling(void)
{
    for (unsigned now = 0; now < 2; now++) {
        struct sim_fault slow = {SIM_CONNECTED_TIMEDOUT, SIM_DIALLED, 0, 0};
        world_begin(&slow, 1);
        EXPECT(conn_dial(&full_app, &somebody) != NULL);
        run_until(5);
        loop_stop(now == 1);
        run_until(50);
        EXPECT(seen.opened == 0 && seen.closed == 1 && seen.why == CONN_END_STOPPED);
        EXPECT(sim_held_count() == 0);
        port_end();
    }
}

/* ---- Ends ---------------------------------------------------------------------------------- */

/* The peer's reset is found out by sending the end. */
static void test_end_meets_reset(void)
{
    struct sim_fault fault = {SIM_SHUT_RESET, 0, 0, 0};
    static const enum deed deeds[] = {FINISH, SHUT};
    for (unsigned i = 0; i < 2; i++) {
        world_begin(&fault, 1);
        seen.deed = deeds[i];
        join(0, 0);
        run_until(10);
        EXPECT(sim_peer_send(0, "a", 1) == 1);
        run_until(20);
        EXPECT(seen.closed == 1 && seen.why == CONN_END_RESET && counter_value(COUNTER_RESET) == 1);
        world_end();
    }
}

/* Our direction alone: input goes on, and only once it is ended too the slot is free. */
static void test_shut(void)
{
    world_begin(NULL, 0);
    seen.deed = SHUT;
    join(0, 0);
    run_until(10);
    (void)sim_peer_send(0, "a", 1);
    run_until(20);
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED && sim_held(0));
    seen.deed = NOTHING;
    (void)sim_peer_send(0, "more", 4);
    run_until(30);
    EXPECT(seen.input_bytes == 5 && seen.closed == 0);
    sim_peer_shut(0);
    run_until(40);
    EXPECT(seen.ends == 1 && seen.closed == 1 && seen.why == CONN_END_DONE);
    conn_shut(conn_at(0)); /* of one that is gone: nothing */
    world_end();
}

/* Without hooks but `input`, the peer's end is answered by ours. */
static void test_plain_app(void)
{
    world_begin(NULL, 0);
    join(0, 1);
    run_until(10);
    EXPECT(sim_held(0) && seen.opened == 0);
    conn_room_set(conn_at(0), 10);
    (void)sim_peer_send(0, "abc", 3);
    sim_peer_shut(0);
    run_until(20);
    EXPECT(seen.input_bytes == 3 && !sim_held(0) && sim_peer_state(0) == SIM_PEER_ENDED);
    world_end();
    EXPECT(!loop_start(broken, 2, CAPACITY)); /* an app that cannot work says so */
}

/* Both are ready; the first one's input has the other taken no notice of. */
static void test_quiet_after_ready(void)
{
    world_begin(NULL, 0);
    join(0, 0);
    run_until(5);
    struct conn *first = seen.last;
    join(1, 0);
    run_until(10);
    seen.other = seen.last;
    EXPECT(seen.other != first);
    seen.deed = QUIET_OTHER;
    (void)sim_peer_send(0, "a", 1);
    (void)sim_peer_send(1, "b", 1);
    run_until(20);
    EXPECT(seen.inputs == 1 && sim_server_readable(1) == 1);
    seen.deed = NOTHING;
    conn_room_set(seen.other, 8);
    run_until(30);
    EXPECT(seen.inputs == 2 && sim_server_readable(1) == 0);
    world_end();
}

/* Hazard 21: in its own hook a connection ends itself, and another that is ready as well: no hook
 * of either comes but `closed`, and their handles are not used again. */
static void test_ends_another(void)
{
    world_begin(NULL, 0);
    join(0, 0);
    run_until(5);
    seen.other = seen.last;
    join(1, 0);
    run_until(10);
    seen.deed = ABORT_ALL;
    (void)sim_peer_send(1, "b", 1);
    (void)sim_peer_send(0, "a", 1);
    run_until(20);
    EXPECT(seen.inputs == 1 && seen.closed == 2 && seen.why == CONN_END_ABORTED);
    EXPECT(sim_held_count() == 0 && seen.ends == 0 && seen.written == 0);
    EXPECT(sim_peer_state(0) == SIM_PEER_RESET && sim_peer_state(1) == SIM_PEER_RESET);
    join(2, 0);
    run_until(30);
    EXPECT(sim_held(2) && seen.opened == 3);
    world_end();
}

/* What is taken byte by byte takes more passes than one, so that others have their turn between. */
static void test_pipeline_budget(void)
{
    char many[250];
    memset(many, 'x', sizeof many);
    world_begin(NULL, 0);
    seen.deed = ONE_BYTE;
    join(0, 0);
    run_until(10);
    EXPECT(sim_peer_send(0, many, sizeof many) == sizeof many);
    while (seen.inputs == 0 && loop_turn()) {
    }
    EXPECT(seen.inputs > CFG_PIPELINE_BUDGET && seen.inputs < sizeof many);
    run_until(20);
    EXPECT(seen.inputs == sizeof many && seen.input_bytes == sizeof many);
    world_end();
}

/* A silent peer that does not read is cut for that; once it spoke, only for that. */
static void test_settled_while_owed(void)
{
    world_begin(NULL, 0);
    seen.opening = ANSWER;
    join(0, 0);
    run_until(100);
    EXPECT(seen.written > 0);
    conn_settle(seen.last); /* the deadline that runs is not that of silence, and stays */
    run_until(CFG_STALL_MS + 200);
    EXPECT(seen.closed == 1 && seen.why == CONN_END_STALLED);
    world_end();
}

/* An app at its own limit makes room from its own; another's silent one stays, though older. */
static void test_evicts_its_own(void)
{
    world_begin(NULL, 0);
    join(0, 1);
    run_until(10);
    for (unsigned id = 1; id < CAPACITY - 1; id++) { /* an eighth is left to others */
        join(id, 0);
        run_until(10 + id);
    }
    run_until(CFG_SILENT_MS + 100);
    EXPECT(seen.opened == CAPACITY - 2 && conn_open_count() == CAPACITY - 1);
    join(20, 0);
    run_until(CFG_SILENT_MS + 500);
    EXPECT(sim_held(20) && sim_held(0) && !sim_held(1) && sim_held(2));
    EXPECT(counter_value(COUNTER_EVICTED) == 1);
    world_end();
}

/* Who was greeted, and read it, is as silent as before: it is counted from then. */
static void test_silent_after_greeting(void)
{
    char block[1024];
    world_begin(NULL, 0);
    seen.opening = ANSWER;
    seen.to_write = WINDOW + 100;
    for (unsigned id = 0; id < CAPACITY - 2; id++) {
        join(id, 0);
        run_until(10 + id);
        seen.opening = NOTHING;
    }
    EXPECT(seen.written == WINDOW);
    run_until(CFG_SILENT_MS - 100);
    for (unsigned i = 0; i < 8; i++) {
        (void)sim_peer_read(0, block, sizeof block);
        run_until(sim_now() + 2);
    }
    EXPECT(seen.written == WINDOW + 100);
    join(20, 0);
    run_until(CFG_SILENT_MS + 500);
    EXPECT(sim_held(20) && sim_held(0) && !sim_held(1)); /* the oldest, but not for so long */
    for (unsigned id = 2; id < CAPACITY - 2; id++) {
        join(20 + id, 0);
        run_until(sim_now() + 10);
    }
    EXPECT(sim_held(0) && !sim_held(2) && !sim_held(CAPACITY - 3));
    run_until(2 * CFG_SILENT_MS);
    join(50, 0);
    run_until(sim_now() + 300);
    EXPECT(sim_held(50) && !sim_held(0));
    world_end();
}

/* What is written after the end goes nowhere. */
static void test_write_after_end(void)
{
    char block[8];
    world_begin(NULL, 0);
    seen.deed = FINISH_AND_WRITE;
    join(0, 0);
    run_until(10);
    (void)sim_peer_send(0, "a", 1);
    run_until(20);
    EXPECT(seen.written == 0 && sim_peer_read(0, block, sizeof block) == 0);
    EXPECT(sim_peer_state(0) == SIM_PEER_ENDED);
    world_end();
}

/* ---- The console, and the log -------------------------------------------------------------- */

static void console_with(uint8_t kind, enum deed opening)
{
    struct sim_fault fault = {kind, SIM_NOBODY, 0, 0};
    world_begin(&fault, 1);
    seen.opening = opening;
    EXPECT(loop_console(0));
    EXPECT(conn_is_console(seen.last));
}

static void test_console(void)
{
    loop_settings.verbose = true;
    console_with(SIM_ACCEPT_SKIP, NOTHING);
    EXPECT(strstr(logged.text, "full 0 console opened\n") != NULL);
    conn_shut(seen.last); /* has no direction of its own */
    sim_console_type("abc", 3);
    run_until(20);
    EXPECT(seen.input_bytes == 3);
    sim_console_end();
    run_until(40);
    EXPECT(seen.ends == 1 && seen.closed == 1 && seen.why == CONN_END_DONE);
    EXPECT(strstr(logged.text, "full 0 console done\n") != NULL);
    world_end();
    loop_settings.verbose = false;

    console_with(SIM_ACCEPT_SKIP, ABORT);
    run_until(10);
    EXPECT(seen.closed == 1 && seen.why == CONN_END_ABORTED);
    world_end();

    console_with(SIM_CONSOLE_GONE, ANSWER); /* nobody will ever read it: all is written */
    run_until(10);
    EXPECT(seen.closed == 0 && seen.written > 0);
    world_end();

    console_with(SIM_CONSOLE_STALL, ANSWER); /* it is tried again, and costs nobody anything */
    size_t before = seen.written;
    run_until(CFG_RETRY_MS + 10);
    EXPECT(before == 0 && seen.written > 0);
    world_end();

    console_with(SIM_CONSOLE_SHORT, ANSWER);
    run_until(CFG_RETRY_MS + 10);
    EXPECT(seen.written > 0);
    world_end();

    struct sim_fault none = {SIM_CONSOLE_NOENT, SIM_NOBODY, 0, 0};
    world_begin(&none, 1);
    EXPECT(!loop_console(0) && seen.opened == 0);
    world_end();
}

/* A line that does not fit shows that it was cut, and never exceeds its bytes. */
static void test_long_log_line(void)
{
    world_begin(NULL, 0);
    struct text *line = log_begin();
    for (unsigned i = 0; i < CFG_LOG_LINE_BYTES; i++) {
        text_put_char(line, 'x');
    }
    log_end();
    EXPECT(logged.n == CFG_LOG_LINE_BYTES + 1);
    EXPECT(strcmp(logged.text + logged.n - 5, "x...\n") == 0);
    log_line("short");
    EXPECT(strcmp(logged.text + logged.n - 14, "linnet: short\n") == 0);
    world_end();
}

/* ---- Addresses ----------------------------------------------------------------------------- */

/* The zone of a link-local peer is kept within the address; no other address is touched. */
static void test_peer_zone(void)
{
    enum { ZONE = 0x07010203 };
    static const uint8_t firsts[][2] = {{0xfe, 0x80}, {0x20, 0x01}};
    struct port_address mapped = here; /* 169.254/16 is link-local too, but has no zone */
    mapped.ip[12] = 169;
    mapped.ip[13] = 254;
    world_begin(NULL, 0);
    for (unsigned i = 0; i < 2; i++) {
        struct port_address peer = {{firsts[i][0], firsts[i][1], 0, 0, 1, 2, 3, 4, 9}, ZONE, 99};
        memset(peer.ip + 4, i == 0 ? 0 : 5, 4);
        struct conn *conn = conn_take(0, PORT_NONE, &peer, CONN_OPEN, CONN_DIALLED);
        struct port_address back = conn_peer(conn);
        EXPECT(memcmp(back.ip, peer.ip, 16) == 0 && back.port == 99);
        EXPECT(back.zone == (i == 0 ? (uint32_t)ZONE : 0));
        conn_cut(conn, CONN_END_DONE);
    }
    mapped.zone = 3;
    struct conn *conn = conn_take(0, PORT_NONE, &mapped, CONN_OPEN, CONN_DIALLED);
    struct port_address back = conn_peer(conn);
    EXPECT(memcmp(back.ip, mapped.ip, 16) == 0 && back.zone == 0);
    conn_cut(conn, CONN_END_DONE);
    world_end();
}

/* ---- Sockets ------------------------------------------------------------------------------- */

static void test_sockets(void)
{
    world_begin(NULL, 0);
    int last = 0;
    int result = 0;
    for (unsigned i = 0; i < CFG_SOCKETS_MAX && result >= 0; i++) {
        struct port_address at = {{0}, 0, (uint16_t)(8000 + i)};
        result = loop_listen(0, &at, PORT_DUAL);
        last = result >= 0 ? result : last;
    }
    EXPECT(result == PORT_FULL && last == CFG_SOCKETS_MAX - 1);
    loop_close((unsigned)last); /* and its place can be taken again */
    struct port_address at = {{0}, 0, 9000};
    EXPECT(loop_listen(0, &at, PORT_DUAL) == last);
    world_end();
}

int main(void)
{
    if (CFG_CONN_MAX < 16) {
        check_skip("connections: this board has no room for as many");
        return check_report("conn");
    }
    test_dial_fails();
    test_dial_has_no_place();
    test_dialled_is_reserved();
    test_dial_given_up();
    test_dial_woken_early();
    test_stopped_while_dialling();
    test_end_meets_reset();
    test_shut();
    test_plain_app();
    test_quiet_after_ready();
    test_ends_another();
    test_pipeline_budget();
    test_settled_while_owed();
    test_evicts_its_own();
    test_silent_after_greeting();
    test_write_after_end();
    test_console();
    test_long_log_line();
    test_peer_zone();
    test_sockets();
    return check_report("conn");
}
