/* SPDX-License-Identifier: MIT */
/* Who gets a place when several apps serve, how much renews a deadline, when a connection is
 * closed at once, and when it is not read. uses port/sim, uses fake_conn.c */
#include <string.h>

#include "core/conn_table.h"
#include "core/counters.h"
#include "core/loop.h"
#include "tests/check.h"
#include "tests/unit/fake_conn.h"

static unsigned held(unsigned from, unsigned to)
{
    unsigned count = 0;
    for (unsigned id = from; id < to; id++) {
        count += sim_held(id) ? 1 : 0;
    }
    return count;
}

static void begin(size_t built, size_t listening)
{
    apps_built = built;
    apps_listening = listening;
    world_begin(NULL, 0);
}

/* A part of the table each, but so many at least; and never all of it. */
static void test_shares(void)
{
    enum { LEAST = CFG_PEER_CONN_MIN };
    EXPECT(loop_peer_limit(LEAST) == LEAST - 1 && loop_peer_limit(LEAST + 1) == LEAST);
    EXPECT(loop_peer_limit(CFG_PEER_SHARE * (LEAST + 1) - 1) == LEAST);
    EXPECT(loop_peer_limit(CFG_PEER_SHARE * (LEAST + 1)) == LEAST + 1);
}

/* One app alone may have the whole table; where two serve, an eighth is left, and one place at
 * least. */
static void test_limit_of_an_app(void)
{
    static const unsigned rows[][2] = {{2, 1}, {6, 5}, {8, 7}, {15, 14}, {16, 14}};
    begin(2, 2);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        conn_table.capacity = rows[i][0];
        conn_limit_apps(1);
        EXPECT(conn_table.limit == rows[i][0]);
        conn_limit_apps(2);
        EXPECT(conn_table.limit == rows[i][1]);
    }
    conn_table.capacity = CAPACITY;
    /* With what was promised to others in this pass; a place is reserved. */
    EXPECT(conn_room_for(0, 13, 0) && !conn_room_for(0, 14, 0));
    EXPECT(conn_room_for(0, 0, 14) && !conn_room_for(0, 0, 15));
    world_end();
}

/* Who is silent makes room for another app's newcomer, while nobody is at its own limit. */
static void test_evicts_of_another(void)
{
    begin(2, 2);
    seen.opening = SETTLE;
    for (unsigned id = 0; id < CAPACITY - 1; id++) {
        join(id, id < CAPACITY / 2 ? 0 : 1);
        run_until(2 + id);
    }
    run_until(100);
    EXPECT(held(0, CAPACITY - 1) == CAPACITY - 1);
    join(30, 0);
    run_until(110); /* nobody was silent for long enough */
    EXPECT(!sim_held(30) && held(0, CAPACITY - 1) == CAPACITY - 1);
    EXPECT(strstr(logged.text, "linnet: all connections are in use: newcomers ") != NULL);
    run_until(CFG_SILENT_MS + 500);
    EXPECT(sim_held(30) && !sim_held(CAPACITY / 2) && held(0, CAPACITY - 1) == CAPACITY - 2);
    world_end();
}

/* What renews the deadline is so many bytes taken since it began, in whatever pieces: not one
 * less. */
static void test_stall_quota(void)
{
    for (unsigned missing = 0; missing < 2; missing++) {
        uint8_t piece[SPARE_STALL_BYTES / 3];
        begin(3, 3);
        seen.opening = ANSWER;
        join(0, 2);
        run_until(1000);
        for (unsigned i = 0; i < 3; i++) {
            size_t n = sizeof piece - (i == 2 ? missing : 0);
            EXPECT(sim_peer_read(0, piece, n) == n);
            run_until(11000 + i * 1000);
        }
        run_until(29000);
        EXPECT(sim_held(0));
        run_until(35000);
        EXPECT(sim_held(0) == (missing == 0));
        run_until(50000);
        EXPECT(!sim_held(0) && seen.why == CONN_END_STALLED);
        world_end();
    }
}

/* Where an app does not say how much, a byte is enough. */
static void test_stall_byte(void)
{
    uint8_t piece[1];
    begin(2, 2);
    seen.opening = ANSWER;
    join(0, 0);
    run_until(CFG_STALL_MS - 1000);
    EXPECT(sim_peer_read(0, piece, 1) == 1);
    run_until(2 * CFG_STALL_MS - 2000);
    EXPECT(sim_held(0));
    run_until(2 * CFG_STALL_MS);
    EXPECT(!sim_held(0) && seen.why == CONN_END_STALLED);
    world_end();
}

/* What happens often is said once a minute, of whom, and how often it happened since. */
static void test_said_once(void)
{
    static const char once[] =
        "linnet: cut a peer that took too little of what it was owed (9.9.9.10)\nlinnet: core: ";
    static const char again[] =
        "\nlinnet: cut a peer that took too little of what it was owed (9.9.9.15), "
        "4 more times since the last such line\nlinnet: core: ";
    begin(3, 3);
    seen.opening = ANSWER;
    for (unsigned id = 0; id < 4; id++) {
        join(id, 2);
    }
    run_until(40000);
    EXPECT(held(0, 4) == 0);
    EXPECT(strncmp(logged.text, once, sizeof once - 1) == 0);
    join(4, 2);
    run_until(100000);
    join(5, 2);
    run_until(140000);
    EXPECT(strstr(logged.text, again) != NULL);
    join(6, 2);
    run_until(175000);
    join(7, 2);
    run_until(240000);
    EXPECT(strstr(logged.text, "(9.9.9.17), 1 more times since the last such line\n") != NULL);
    const char *cut = strstr(logged.text, "cut a peer");
    EXPECT(cut != NULL && strstr(cut + 1, "cut a peer") == strstr(logged.text, again) + 9);
    world_end();
}

/* A listener without a handle for its newcomer pauses once and asks again; who left is counted. */
static void test_pauses(void)
{
    const struct sim_fault full = {SIM_ACCEPT_FULL, 0, 0, 0};
    const struct sim_fault gone = {SIM_ACCEPT_SKIP, 0, 0, 0};
    for (unsigned app = 0; app < 2; app++) {
        world_begin(&full, 1);
        join(0, app);
        run_until(10);
        EXPECT(!sim_held(0) && counter_value(COUNTER_PAUSES) == 1);
        EXPECT(strstr(logged.text, "linnet: the system is out of handles or memory: newcomers ")
               == logged.text);
        EXPECT((strstr(logged.text, "newcomers wait\n") != NULL) == port_listener_queues());
        run_until(300);
        EXPECT(sim_held(0) && counter_value(COUNTER_PAUSES) == 1);
        world_end();
    }
    world_begin(&full, 1);
    join(0, 0);
    run_until(10);
    loop_close(0); /* while it pauses: what takes its place does not */
    struct port_address at = {{0}, 0, FIRST_PORT};
    EXPECT(loop_listen(0, &at, PORT_DUAL) == 0);
    join(1, 0);
    run_until(20);
    EXPECT(sim_held(1));
    world_end();
    world_begin(&gone, 1);
    join(0, 0);
    run_until(10);
    EXPECT(counter_value(COUNTER_VANISHED) == 1 && counter_value(COUNTER_PAUSES) == 0);
    world_end();
}

/* One newcomer for each app and room for one: one silent peer is cut for the other, and no more. */
static void test_two_at_once(void)
{
    for (unsigned open = CAPACITY - 4; open < CAPACITY - 1; open++) { /* one is reserved */
        begin(2, 2);
        for (unsigned id = 0; id < open; id++) {
            join(id, id % 2);
        }
        run_until(CFG_SILENT_MS + 100);
        EXPECT(held(0, open) == open);
        join(30, 0);
        join(31, 1);
        run_until(CFG_SILENT_MS + 110);
        EXPECT(sim_held(30) && sim_held(31));
        EXPECT(held(0, open) == (open + 2 < CAPACITY ? open : CAPACITY - 3));
        world_end();
    }
}

/* Whatever is built in: who serves alone leaves others what they reserve, and no more. The console
 * takes a place that is reserved, and none beside. */
static void test_serving_alone(size_t built, bool console)
{
    begin(built, 1);
    if (console) {
        EXPECT(loop_console(1));
    }
    seen.opening = SETTLE;
    for (unsigned id = 0; id < CAPACITY; id++) {
        join(id, 0);
    }
    run_until(100);
    EXPECT(held(0, CAPACITY) == CAPACITY - (console ? 2u : 1u));
    world_end();
}

/* Closed at once where nothing is left to be received; else, and when it is ending already, it
 * lingers, for the system would send a reset. */
static void test_close(void)
{
    static const struct {
        enum deed deed;
        size_t n; /* 256 are offered at once */
        bool shuts;
        bool at_once;
    } rows[] = {
        {CLOSE, 2, false, true}, {CLOSE, 256, false, true}, {CLOSE, 257, false, false},
        {FINISH_AND_CLOSE, 2, false, false}, {CLOSE, 2, true, false},
    };
    static const uint8_t bytes[300];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(2, 2);
        seen.deed = rows[i].deed;
        join(0, 0);
        run_until(10);
        EXPECT(sim_peer_send(0, bytes, rows[i].n) == rows[i].n);
        if (rows[i].shuts) {
            sim_peer_shut(0);
        }
        run_until(20);
        EXPECT(sim_peer_state(0) == SIM_PEER_ENDED && seen.inputs == 1);
        bool ends = rows[i].at_once || rows[i].shuts;
        EXPECT(sim_held(0) != ends);
        EXPECT(seen.closed == 0 || seen.why == CONN_END_DONE);
        world_end();
    }
}

/* Newcomers are taken one by one, until they have come faster for a while: then twice as many in
 * each pass as in the one before, up to the last, and one by one again. */
static void test_newcomers_expected(void)
{
    static const unsigned opened[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 15};
    begin(2, 1);
    for (unsigned first = 0; first < 30; first += 15) {
        unsigned before = seen.opened;
        unsigned passes = 0;
        for (unsigned id = first; id < first + 15; id++) { /* one place is reserved */
            join(id, 0);
        }
        for (unsigned left = 100; left > 0 && seen.opened < before + 15; left--) {
            unsigned told = seen.opened;
            (void)loop_turn();
            if (seen.opened != told) {
                EXPECT(seen.opened - before == opened[passes]);
                passes++;
            }
        }
        EXPECT(passes == COUNT_OF(opened));
        for (unsigned id = first; id < first + 15; id++) {
            sim_peer_close(id);
        }
        run_until(sim_now() + 50);
        EXPECT(conn_open_count() == 0);
    }
    world_end();
}

/* Who left before being accepted does not keep the next one waiting. */
static void test_one_vanishes(void)
{
    static const unsigned opened[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14};
    const struct sim_fault gone = {SIM_ACCEPT_SKIP, 8, 0, 0};
    unsigned passes = 0;
    apps_built = 2;
    apps_listening = 1;
    world_begin(&gone, 1);
    for (unsigned id = 0; id < 15; id++) {
        join(id, 0);
    }
    for (unsigned left = 100; left > 0 && passes < COUNT_OF(opened); left--) {
        unsigned told = seen.opened;
        (void)loop_turn();
        if (seen.opened != told) {
            EXPECT(seen.opened == opened[passes]);
            passes++;
        }
    }
    EXPECT(counter_value(COUNTER_VANISHED) == 1 && seen.opened == 14);
    world_end();
}

/* The limit that was given holds for every peer; 0 is none. */
static void test_peer_limit_given(void)
{
    loop_settings.peer_limit_given = true;
    for (uint16_t limit = 0; limit < 3; limit++) {
        loop_settings.peer_limit = limit;
        begin(2, 2);
        for (unsigned i = 0; i < 8; i++) {
            struct port_address from = somebody;
            struct port_address to = here;
            from.port = (uint16_t)(40000 + i);
            EXPECT(sim_peer_connect(i, &from, &to, 1, WINDOW) == PORT_OK);
        }
        run_until(50);
        EXPECT(held(0, 8) == (limit > 0 ? limit : 8));
        EXPECT(counter_value(COUNTER_REFUSED) == 8 - held(0, 8));
        world_end();
    }
    loop_settings.peer_limit_given = false;
}

/* Told to stop at once: who is owed something is reset, who has it all is not. */
static void test_stop_now(void)
{
    begin(2, 2);
    seen.opening = ANSWER;
    join(0, 0);
    run_until(5);
    seen.opening = NOTHING;
    join(1, 0);
    run_until(10);
    seen.deed = FINISH;
    EXPECT(sim_peer_send(1, "a", 1) == 1);
    run_until(20);
    EXPECT(sim_peer_state(1) == SIM_PEER_ENDED && sim_held(1) && seen.resets == 0);
    loop_stop(true);
    while (loop_turn()) {
    }
    EXPECT(seen.closed == 2 && seen.resets == 1 && sim_held_count() == 0);
    port_end();
}

/* Nothing is read while the app has not taken what came before, were it one byte. */
static void test_one_byte_kept(void)
{
    world_begin(NULL, 0);
    seen.deed = ONE_LEFT;
    seen.opening = ANSWER; /* nothing was kept when that was written: it offers nothing later */
    seen.to_write = 10;
    join(0, 0);
    run_until(10);
    (void)sim_peer_send(0, "ab", 2);
    run_until(20);
    (void)sim_peer_send(0, "c", 1);
    run_until(30);
    EXPECT(seen.written == 10 && seen.inputs == 1 && sim_server_readable(0) == 1);
    seen.deed = NOTHING;
    conn_resume(seen.last);
    run_until(40);
    EXPECT(seen.inputs == 3 && seen.input_bytes == 3 && sim_server_readable(0) == 0);
    world_end();
}

/* What goes through all slots ends with the last one, when all are in use: behind it lies what a
 * peer sent, which may look like a slot. */
static void test_all_slots(void)
{
    struct conn forged;
    begin(2, 0);
    EXPECT(conn_table.capacity == CAPACITY);
    conn_table.capacity = CFG_CONN_MAX;
    for (unsigned i = 0; i < CFG_CONN_MAX; i++) {
        (void)conn_take(0, PORT_NONE, NULL, CONN_OPEN, CONN_DIALLED);
    }
    memset(&forged, 0, sizeof forged);
    forged.phase = CONN_OPEN;
    forged.flags = (uint16_t)((unsigned)CONN_SLEEPING | (unsigned)CONN_CONSOLE);
    memcpy(conn_table.buffers, &forged, sizeof forged);
    conn_wake_sleepers();
    conn_follow_console();
    conn_stop_begin();
    conn_stop_now();
    EXPECT(conn_open_count() == CFG_CONN_MAX && conn_pending());
    conn_sweep();
    EXPECT(conn_open_count() == 0 && seen.closed == CFG_CONN_MAX);
    memset(conn_table.buffers, 0, sizeof forged);
    world_end();
}

static void test_verbose(void)
{
    begin(2, 2);
    loop_settings.verbose = true;
    join(0, 0);
    run_until(10);
    seen.deed = FINISH;
    (void)sim_peer_send(0, "a", 1);
    sim_peer_shut(0);
    run_until(20);
    loop_settings.verbose = false;
    EXPECT(strstr(logged.text, "linnet: full 0 9.9.9.10:40000 opened\n") != NULL);
    EXPECT(strstr(logged.text, "linnet: full 0 9.9.9.10:40000 done\n") != NULL);
    world_end();
}

int main(void)
{
    if (CFG_CONN_MAX < CAPACITY) {
        check_skip("shares: this board has no room for as many");
        return check_report("conn_shares");
    }
    test_shares();
    test_limit_of_an_app();
    test_evicts_of_another();
    test_stall_quota();
    test_stall_byte();
    test_said_once();
    test_pauses();
    test_two_at_once();
    test_serving_alone(3, false);
    test_serving_alone(4, true);
    test_close();
    test_newcomers_expected();
    test_one_vanishes();
    test_peer_limit_given();
    test_stop_now();
    test_one_byte_kept();
    test_all_slots();
    test_verbose();
    return check_report("conn_shares");
}
