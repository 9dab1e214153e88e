/* SPDX-License-Identifier: MIT */
/*
 * The whole server over the simulated port: the input says what goes wrong, who comes and what they
 * do. README.md beside this file has its form; an input of zeros is a quiet world.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/chat/chat.h"
#include "apps/echo/echo.h"
#include "apps/fileget/fileget.h"
#include "core/address.h"
#include "core/config.h"
#include "core/loop.h"
#include "port/port_tool.h"
#include "tests/fuzz/ops.h"

struct world world;
struct fuzz_state fuzz_state;

/* ---- What oracle.c asks for ---------------------------------------------------------------- */

struct client *world_client(unsigned id)
{
    return id < FUZZ_CLIENTS ? &world.clients[id] : NULL;
}

bool world_stopping(void)
{
    return world.stop_ms != UINT64_MAX;
}

void udp_finish(void)
{
}

struct fuzz_client *fuzz_client_of(const struct client *client)
{
    return &fuzz_state.clients[client->id];
}

bool fuzz_world_disturbed(void)
{
    return sim_fault_count() > 0 || (fuzz_state.flags & FLAG_FEW_HANDLES) != 0 ||
           fuzz_files_changed();
}

bool fuzz_world_operated(void)
{
    return fuzz_state.typed > 0;
}

/* ---- The input ----------------------------------------------------------------------------- */

static void add_fault(unsigned kind, int32_t connection, uint32_t nth, uint16_t sticky_ms)
{
    if (fuzz_state.faults_count < FAULTS_MAX) {
        struct sim_fault *fault = &fuzz_state.faults[fuzz_state.faults_count];
        fault->kind = (uint8_t)kind;
        fault->connection = connection;
        fault->nth = nth;
        fault->sticky_ms = sticky_ms;
        fuzz_state.faults_count++;
    }
}

/* Kinds that are named by a connection; all others belong to nobody. */
static bool is_of_stream(unsigned kind)
{
    return kind >= SIM_ACCEPT_AGAIN && kind <= SIM_SHUT_RESET;
}

static void read_faults(struct fuzz_input *input)
{
    static const uint16_t durations_ms[] = {0, 50, 250, 5000};
    unsigned count = fuzz_byte(input) % (GIVEN_FAULTS_MAX + 1u);
    for (unsigned i = 0; i < count; i++) {
        unsigned kind = SIM_LISTEN_INUSE + fuzz_byte(input) % (SIM_TOOL_NOENT - SIM_LISTEN_INUSE);
        uint8_t who = fuzz_byte(input);
        uint8_t nth = fuzz_byte(input);
        uint16_t sticky_ms = durations_ms[fuzz_byte(input) % COUNT_OF(durations_ms)];
        add_fault(kind, is_of_stream(kind) ? who % FUZZ_CLIENTS : SIM_NOBODY, nth, sticky_ms);
    }
}

static uint64_t read_op(struct fuzz_input *input, uint64_t now)
{
    static const uint16_t times_ms[] = {1, 2, 10, 49, 50, 100, 199, 200, 250, 300, 1000, 2000,
                                        5000, 10000, 15000, 30000};
    uint8_t first = fuzz_byte(input);
    struct op *op = &fuzz_state.ops[fuzz_state.ops_count];
    memset(op, 0, sizeof *op);
    op->at_ms = now;
    op->code = first % 16;
    op->extra = first / 16;
    op->who = fuzz_byte(input);
    if (op->code == OP_BYTES) {
        size_t n = 0;
        op->bytes = fuzz_bytes(input, op->extra + 1u, &n);
        op->n = (uint8_t)n;
    }
    if (op->code == OP_WAIT_FAULT) { /* one byte could not name a millisecond: it is now */
        for (unsigned i = 0; i <= op->who % 4u; i++) {
            add_fault(SIM_WAIT_EARLY + op->extra % 3u, SIM_NOBODY, (uint32_t)now + i, 0);
        }
    }
    fuzz_state.ops_count++;
    return op->code == OP_ADVANCE ? now + times_ms[op->extra] + op->who : now;
}

static void read_input(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    uint64_t now = 0;
    memset(&fuzz_state, 0, sizeof fuzz_state);
    fuzz_state.flags = fuzz_byte(&input);
    world.capacity = CAPACITY_MAX - fuzz_byte(&input) % (CAPACITY_MAX - 5u);
    if (world.capacity > CFG_CONN_MAX) {
        world.capacity = CFG_CONN_MAX;
    }
    read_faults(&input);
    while (input.n > 0 && fuzz_state.ops_count < OPS_MAX) {
        now = read_op(&input, now);
    }
    fuzz_state.end_ms = now + 1;
}

/* ---- The end: everybody hears what there is and goes, and the server is stopped -------------- */

static bool still_there(const struct client *client)
{
    return client->stage == CLIENT_OPEN && sim_peer_state(client->id) == SIM_PEER_OPEN;
}

/* The world is kind by now, so one that ends its side and reads is served to the end. */
static void check_served(const struct client *client)
{
    if (client->accepted && client->app == WORLD_ECHO && client->window >= 256 &&
        client->received > 0 && !world_stopping()) {
        sim_fail("C14", (int32_t)client->id, "healthy, and not served though the world healed");
    }
}

static uint64_t last_step(void)
{
    bool waiting = false;
    for (unsigned i = 0; i < FUZZ_CLIENTS; i++) {
        struct client *client = &world.clients[i];
        if (client->stage != CLIENT_OPEN) {
            continue;
        }
        fuzz_client_read(client, SIZE_MAX);
        if (!client->shut && client->app == WORLD_ECHO) {
            client->shut = true;
            sim_peer_shut(i);
        }
        fuzz_client_check_end(client);
        waiting = waiting || (still_there(client) && client->app == WORLD_ECHO);
    }
    bool paused = sim_waits() == fuzz_state.last_waits;
    fuzz_state.last_step += paused ? 0u : 1u;
    fuzz_state.last_waits = sim_waits();
    if (waiting && fuzz_state.last_step < LAST_STEPS && !world.over) {
        return sim_now() + LAST_STEP_MS;
    }
    for (unsigned i = 0; i < FUZZ_CLIENTS; i++) {
        if (still_there(&world.clients[i])) {
            check_served(&world.clients[i]);
        }
        if (world.clients[i].stage == CLIENT_OPEN) {
            sim_peer_close(i);
            world.clients[i].stage = CLIENT_DONE;
        }
    }
    if (!world_stopping()) {
        fuzz_udp_finish();
    }
    world.finishing = true;
    fuzz_stop_server(PORT_REQUEST_STOP);
    return UINT64_MAX;
}

static uint64_t world_step(uint64_t now)
{
    if (world.finishing) {
        return UINT64_MAX;
    }
    while (fuzz_state.next < fuzz_state.ops_count && fuzz_state.ops[fuzz_state.next].at_ms <= now) {
        fuzz_state.next++;
        fuzz_run_op(&fuzz_state.ops[fuzz_state.next - 1]);
    }
    if (fuzz_state.next < fuzz_state.ops_count) {
        return fuzz_state.ops[fuzz_state.next].at_ms;
    }
    if (now < fuzz_state.end_ms) {
        return fuzz_state.end_ms;
    }
    sim_faults_off();
    return last_step();
}

/* ---- The run ------------------------------------------------------------------------------- */

#ifdef FUZZ_COUNTERS
/* What coverage does not see: which call came out how in which state of its connection. */
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[8192];

static void count(const char *call, int32_t connection, int64_t result)
{
    const struct client *client = connection < 0 ? NULL : world_client((unsigned)connection);
    unsigned outcome = result < 0 ? (unsigned)(-result) : result == 0 ? 0 : result < 64 ? 13 : 14;
    unsigned conn = client == NULL ? 0
                                   : 1u + client->app * 16u + (client->server_ended ? 1u : 0u) +
                                         (client->server_shut ? 2u : 0u) +
                                         (client->owed_ms != UINT64_MAX ? 4u : 0u) +
                                         (world_stopping() ? 8u : 0u);
    unsigned at = (unsigned)(sim_mix((unsigned)call[0] * 256u + (unsigned)call[1], outcome, conn) %
                             sizeof counters);
    counters[at] = counters[at] < 255 ? (uint8_t)(counters[at] + 1) : 255;
}
#endif

static void trace(const char *call, int32_t connection, int64_t result)
{
    if (fuzz_verbose) {
        printf("%8llu.%03llu  %5ld  %-16s %lld\n", (unsigned long long)(sim_now() / 1000),
               (unsigned long long)(sim_now() % 1000), (long)connection, call, (long long)result);
    }
#ifdef FUZZ_COUNTERS
    count(call, connection, result);
#endif
}

static void world_waiting(const struct port_event *events, size_t n, int32_t timeout_ms)
{
    if (!fuzz_state.console) {
        oracle_waiting(events, n, timeout_ms);
        return;
    }
    for (unsigned i = 0; i < FUZZ_CLIENTS; i++) { /* the core counts the console as one of them */
        if (sim_held(i) && oracle_trade(&world.clients[i])->waiting != NULL) {
            oracle_trade(&world.clients[i])->waiting(&world.clients[i]);
        }
    }
}

static void world_ending(unsigned id, enum sim_ending how, size_t unread_bytes)
{
    if (!fuzz_state.stopped_now) {
        oracle_ending(id, how, unread_bytes);
    }
}

static void world_idle(uint64_t now)
{
    sim_step_at(now);
}

static bool serve(void)
{
    static const struct app *const apps[] = {&echo_app, &fileget_app, &chat_app};
    static const uint16_t ports[] = {7007, 8080, 6667};
    if (port_start() != PORT_OK || port_root_open("/", 0) != PORT_OK) {
        return false;
    }
    size_t handles = port_handles(2 * CAPACITY_MAX + 8);
    if (handles < 2 * CAPACITY_MAX + 8) {
        unsigned most = (unsigned)(handles - 6) * 3 / 4;
        world.capacity = world.capacity < most ? world.capacity : most;
    }
    if (chat_app.reserved > 0) { /* with a bot the table is never full: the oracle knows none */
        world.capacity = 3 * FUZZ_CLIENTS + chat_app.reserved;
        world.capacity = world.capacity < CFG_CONN_MAX ? world.capacity : CFG_CONN_MAX;
    }
    CHECK(loop_start(apps, COUNT_OF(apps), world.capacity));
    for (unsigned socket = 0; socket < COUNT_OF(apps) + 1; socket++) {
        bool datagrams = socket == COUNT_OF(apps);
        struct port_address at = address_any(PORT_DUAL, datagrams ? 7007 : ports[socket]);
        int result = -1;
        for (unsigned tries = 0; tries < 4 && result < 0; tries++) {
            result = datagrams ? loop_datagrams(0, &at, PORT_DUAL)
                               : loop_listen(socket, &at, PORT_DUAL);
        }
        if (result < 0) {
            return false;
        }
        world.sockets++;
    }
    fuzz_state.console = (fuzz_state.flags & FLAG_CONSOLE) != 0 && loop_console(2);
    return true;
}

static void play(void)
{
    if (!serve()) {
        return;
    }
    sim_step_at(0);
    for (unsigned turn = 0; turn < TURNS_MAX && !world.over; turn++) {
        world.over = !loop_turn();
    }
    oracle_finish();
    port_end();
}

static void begin(void)
{
    static const struct sim_hooks hooks = {
        .step = world_step, .accepted = oracle_accepted, .received = oracle_received,
        .ended = oracle_ended, .broken = oracle_broken, .sent = oracle_sent,
        .ending = world_ending, .datagram = fuzz_udp_reply, .waiting = world_waiting,
        .waited = oracle_waited, .idle = world_idle, .trace = trace,
    };
    world.scenario.app = WORLD_MIXED;
    world.count = FUZZ_CLIENTS;
    world.stop_ms = UINT64_MAX;
    world.plan = sim_plan_quiet(1);
    world.plan.strict = true;
    world.plan.listed = true;
    world.plan.list = fuzz_state.faults;
    world.plan.list_count = fuzz_state.faults_count;
    world.plan.queues = (fuzz_state.flags & FLAG_NO_QUEUE) == 0;
    world.plan.files_sent = (fuzz_state.flags & FLAG_NO_SEND_FILE) == 0;
    world.plan.wall_known = (fuzz_state.flags & FLAG_NO_DATE) == 0;
    world.plan.handles = (fuzz_state.flags & FLAG_FEW_HANDLES) != 0 ? 16 : 200;
    world.plan.start_ms = (fuzz_state.flags & FLAG_NEAR_2_31) != 0 ? (UINT64_C(1) << 31) - 3000
                          : (fuzz_state.flags & FLAG_NEAR_2_32) != 0 ? (UINT64_C(1) << 32) - 3000
                                                                : 0;
    world.plan.cost_each_us16 = (fuzz_state.flags & FLAG_DEAR_WAITS) != 0 ? 4096 : 1;
    for (unsigned i = 0; i < FUZZ_CLIENTS; i++) {
        world.clients[i].id = i;
        world.clients[i].owed_ms = UINT64_MAX;
    }
    sim_begin(&world.plan, &hooks);
    fuzz_files_begin();
    fuzz_udp_begin();
    fuzz_chat_begin();
    oracle_begin();
}

static void say_failure(const struct sim_failure *failure)
{
    printf("FAIL inv=%s t=%llu.%03llus conn=%ld  \"%s %s:%d\"\n", failure->invariant,
           (unsigned long long)(failure->at_ms / 1000), (unsigned long long)(failure->at_ms % 1000),
           (long)failure->connection, failure->text, failure->file, failure->line);
    fflush(stdout);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    memset(&world, 0, sizeof world);
    read_input(bytes, n);
    begin();
    if (setjmp(*sim_failure_jump()) != 0) {
        say_failure(sim_failure());
        abort();
    }
    play();
    sim_failure_end();
    return 0;
}
