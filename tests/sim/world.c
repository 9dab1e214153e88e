/* SPDX-License-Identifier: MIT */
/* One run: the server is started, clients come and go, the world heals, the server is stopped. */
#include "tests/sim/world.h"

#include <stdio.h>
#include <string.h>

#include "apps/echo/echo.h"
#include "tests/sim/files.h"
#include "tests/sim/matrix.h"
#include "tests/sim/script.h"
#include "tests/sim/seen.h"
#include "core/address.h"
#include "core/config.h"
#include "core/loop.h"
#include "port/port_tool.h"
#if APP_FILEGET
#include "apps/fileget/fileget.h"
#endif
#if APP_CHAT
#include "apps/chat/chat.h"
#include "tests/sim/desk.h"
#include "tests/sim/screen.h"
#endif

enum {
    TURNS_MAX = 20000000,
    ARRIVALS_MS = 20000,   /* clients come within this time */
    CROWD_MS = 1500,       /* or all at once */
    QUIET_MS = 200000,     /* after the last client nothing may move for longer */
    PATIENCE_MS = 600000   /* a healthy client is served so long after the world healed */
};

struct world world;

/* ---- The world's own course ---------------------------------------------------------------- */

static bool all_done(void)
{
    for (unsigned i = 0; i < world.count; i++) {
        if (world.clients[i].stage != CLIENT_DONE) {
            return false;
        }
    }
    return true;
}

/* The first time it is to end in order, the second time at once. */
static void stop_server(void)
{
    if (!world_stopping()) {
        world.stop_ms = sim_now();
        sim_request(PORT_REQUEST_STOP);
    } else if (world.stop_now_ms == UINT64_MAX) {
        world.stop_now_ms = sim_now();
        sim_request(PORT_REQUEST_STOP_NOW);
    }
}

/* Every eighth world ends in the middle, and every other of these in a hurry. Returns when. */
static uint64_t stop_in_the_middle(uint64_t now)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x7374, 9);
    uint64_t first_ms = world.heal_ms / 2;
    uint64_t second_ms = first_ms + (hash >> 16) % (CFG_DRAIN_MS / 2);
    if (hash % 8 != 0 || world.scenario.soak_ms > 0 || world.scenario.isolated) {
        return UINT64_MAX;
    }
    if (now >= first_ms && !world_stopping()) {
        stop_server();
    }
    if ((hash >> 8) % 2 != 0 || !world_stopping()) {
        return UINT64_MAX;
    }
    if (now >= second_ms && world.stop_now_ms == UINT64_MAX) {
        stop_server();
    }
    return now < second_ms ? second_ms : UINT64_MAX;
}

/* After a while the world is kind, and later those who wait must have been served. */
static void heal(uint64_t now)
{
    if (now == world.heal_ms) {
        sim_faults_off();
        sim_request(PORT_REQUEST_REDRAW);
    }
    for (unsigned i = 0; i < world.count && now == world.heal_ms + PATIENCE_MS; i++) {
        if (world.clients[i].stage != CLIENT_DONE && world.clients[i].patient &&
            !world.scenario.soak_ms) {
            sim_fail("C14", (int32_t)i, "a healthy peer is not served though the world healed");
        }
    }
    if (now >= world.heal_ms + PATIENCE_MS + QUIET_MS && !world_stopping()) {
        sim_fail("C14", SIM_NOBODY, "the server does not come to rest");
    }
}

/* When the course goes on. Once all have gone, nothing is left to wait for but the server's own
 * timers: when it has none, it is at rest, and world_idle is called. */
static uint64_t next_of_course(uint64_t now)
{
    const uint64_t times[] = {world.heal_ms, world.heal_ms + PATIENCE_MS,
                              world.heal_ms + PATIENCE_MS + QUIET_MS};
    if (now >= world.heal_ms && world.timeout_ms < 0 && all_done()) {
        return UINT64_MAX;
    }
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        if (times[i] > now) {
            if (now < world.scenario.soak_ms) {
                return now + 10000; /* to see who may come again */
            }
            return now >= world.heal_ms && all_done() ? now + 1000 : times[i];
        }
    }
    return UINT64_MAX;
}

/* The operator at the console, and the service that the bot asks. */
static uint64_t others_step(uint64_t now)
{
#if APP_CHAT
    uint64_t service = service_step(now);
    uint64_t console = operator_step(now);
    return service < console ? service : console;
#else
    (void)now;
    return UINT64_MAX;
#endif
}

/* Begins the run, and they with it. */
static void others_begin(const struct sim_hooks *hooks)
{
#if APP_CHAT
    const struct script *script = world.scenario.script;
    bool desk = script != NULL ? script->desk : world.scenario.app == WORLD_DESK;
    bool room = world.scenario.app == WORLD_CHAT || world.scenario.app == WORLD_MIXED;
    uint64_t hash = sim_mix(world.scenario.seed, 0x6f74, 8);
    operator_begin(desk);
    if (script == NULL) {
        world.plan.console = (desk || room) && operator_manner() != OPERATOR_NONE;
    }
    chat_settings.desk = desk;
    world.plan.record_bytes = record_room();
    sim_begin(&world.plan, hooks);
    service_begin(script != NULL ? script->service : (desk || room) && hash % 2 == 0);
#else
    world.plan.console = false;
    sim_begin(&world.plan, hooks);
#endif
}

static void world_console(const uint8_t *bytes, size_t n)
{
#if APP_CHAT
    operator_console(bytes, n);
#else
    (void)bytes;
    (void)n;
#endif
}

/* The course of a script. */
static uint64_t world_script_step(uint64_t now)
{
    uint64_t next = script_step(now);
    uint64_t others = others_step(now);
    return others < next ? others : next;
}

static uint64_t world_step(uint64_t now)
{
    uint64_t next = UINT64_MAX;
    if (world.finishing) {
        return UINT64_MAX;
    }
    if (world.scenario.script != NULL) {
        return world_script_step(now);
    }
    heal(now);
    files_step(now);
    for (unsigned i = 0; i < world.count; i++) {
        struct client *client = &world.clients[i];
        if (client->next_ms <= now) {
            client_act(client);
        }
        if (now < world.scenario.soak_ms && client->stage == CLIENT_DONE && !sim_held(i) &&
            world_takes_part(&world.scenario, i)) {
            client_begin(client, i, client->life + 1);
            client->next_ms = now + 1000 + client_hash(client, now) % 600000;
        }
        next = client->next_ms < next ? client->next_ms : next;
    }
    if (world.udp) {
        uint64_t udp = udp_step(now);
        next = udp < next ? udp : next;
    }
    uint64_t others = others_step(now);
    next = others < next ? others : next;
    uint64_t stop = stop_in_the_middle(now);
    next = stop < next ? stop : next;
    if (!world.reported && now >= world.heal_ms / 3) {
        world.reported = true;
        sim_request(PORT_REQUEST_REPORT | PORT_REQUEST_REDRAW);
    }
    uint64_t course = next_of_course(now);
    return course < next ? course : next;
}

static void world_arrived(unsigned id)
{
    if (id < world.count && world.scenario.script != NULL) {
        script_arrived(id);
    } else if (id < world.count) {
        client_act(&world.clients[id]);
#if APP_CHAT
    } else if (id >= SIM_DIALLED) {
        service_arrived(id);
#endif
    }
}

static void world_idle(uint64_t now)
{
    (void)now;
    if (world.scenario.script != NULL) {
        world.finishing = true;
        script_over();
    } else if (!world_stopping()) {
        for (unsigned i = 0; i < world.count; i++) {
            if (world.clients[i].stage != CLIENT_DONE) {
                sim_fail("C14", (int32_t)i, "a peer waits for ever");
            }
        }
        if (sim_files_open() != 0) {
            sim_fail("F7", SIM_NOBODY, "a file is open though nobody is there");
        }
        world.finishing = true;
        stop_server();
    }
}

static void world_datagram(const struct port_address *from, const struct port_address *to,
                           const uint8_t *bytes, size_t n)
{
    seen_answered(n);
    udp_reply(from, to, bytes, n);
}

static void world_waiting(const struct port_event *events, size_t n, int32_t timeout_ms)
{
    seen_waiting(events, n);
    udp_waiting();
    oracle_waiting(events, n, timeout_ms);
}

static void world_waited(const struct port_event *events, size_t n, int ready)
{
    seen_waited(events, n);
    oracle_waited(events, n, ready);
}

static void world_datagram_received(const struct port_datagram *info, const uint8_t *bytes,
                                    size_t kept, size_t n)
{
    seen_datagram(info, n);
    udp_received(info, bytes, kept, n);
}

/* Calls and their results, and faults, whose names have a dot. */
static void world_trace(const char *call, int32_t connection, int64_t result)
{
    seen_trace(call, connection, result);
    if (sim_fault_count() != world.faults) {
        world.faults = sim_fault_count();
        matrix_fault();
    }
    if (!world.scenario.verbose) {
        return;
    }
    printf("%8llu.%03llu  %5ld  %-16s %lld\n", (unsigned long long)(sim_now() / 1000),
           (unsigned long long)(sim_now() % 1000), (long)connection, call, (long long)result);
}

/* For people who replay a run: bytes as they were. */
static void say_bytes(const char *who, const uint8_t *bytes, size_t n)
{
    printf("                            %s \"", who);
    for (size_t i = 0; i < n && i < 200; i++) {
        if (bytes[i] >= 0x20 && bytes[i] < 0x7f) {
            putchar(bytes[i]);
        } else {
            printf(bytes[i] == '\n' ? "\\n" : bytes[i] == '\r' ? "\\r" : "\\x%02x", bytes[i]);
        }
    }
    printf(n > 200 ? "\"...\n" : "\"\n");
}

static void world_accepted(unsigned id)
{
    seen_accepted(id);
    oracle_accepted(id);
}

static void world_ended(unsigned id)
{
    seen_ended(id);
    oracle_ended(id);
}

static void world_broken(unsigned id)
{
    seen_broken(id);
    oracle_broken(id);
}

static void world_ending(unsigned id, enum sim_ending how, size_t unread_bytes)
{
    seen_ending(id, how);
    oracle_ending(id, how, unread_bytes);
}

static void world_received(unsigned id, const uint8_t *bytes, size_t n)
{
    seen_received(id, bytes, n);
    if (world.scenario.verbose) {
        say_bytes("in ", bytes, n);
    }
    oracle_received(id, bytes, n);
}

static void world_sent(unsigned id, const uint8_t *bytes, size_t n)
{
    seen_sent(id, bytes, n);
    if (world.scenario.verbose) {
        say_bytes("out", bytes, n);
    }
    oracle_sent(id, bytes, n);
}

static void world_log(const char *line, size_t n)
{
#if APP_CHAT
    screen_log();
#endif
    if (world.scenario.verbose) {
        printf("                     log  %.*s\n", (int)n, line);
    }
}

/* ---- The run ------------------------------------------------------------------------------- */

static void world_play(void)
{
    if (!server_begin()) {
        return;
    }
    if (world.scenario.script != NULL) {
        script_world_begin();
    }
    for (unsigned i = 0; i < world.count && world.scenario.script == NULL; i++) {
        client_begin(&world.clients[i], i, 0);
        bool crowd = world.scenario.one_kind && world.scenario.seed % 2 == 0;
        world.clients[i].next_ms =
            client_hash(&world.clients[i], 3) % (crowd ? CROWD_MS : ARRIVALS_MS);
        if (!world_takes_part(&world.scenario, i)) {
            world.clients[i].stage = CLIENT_DONE;
            world.clients[i].next_ms = UINT64_MAX;
        }
    }
    sim_step_at(0);
    for (unsigned turn = 0; turn < TURNS_MAX; turn++) {
        if (!loop_turn()) {
            world.over = true;
            break;
        }
        if (loop_terminal_changed()) {
            server_follow_console();
        }
    }
    server_end();
    oracle_finish();
    port_end();
}

static void world_begin(const struct scenario *scenario)
{
    static const struct sim_hooks hooks = {
        .step = world_step, .arrived = world_arrived, .accepted = world_accepted,
        .received = world_received, .ended = world_ended, .broken = world_broken,
        .sent = world_sent, .ending = world_ending, .datagram = world_datagram,
        .datagram_received = world_datagram_received,
        .console = world_console, .log = world_log, .record = record_wrote,
        .waiting = world_waiting,
        .waited = world_waited, .idle = world_idle, .trace = world_trace,
    };
    memset(&world, 0, sizeof world);
    world.scenario = *scenario;
    world.count = scenario->clients;
    world.stop_ms = UINT64_MAX;
    world.stop_now_ms = UINT64_MAX;
    world.heal_ms = ARRIVALS_MS + 25000;
    if (scenario->soak_ms > 0) {
        world.heal_ms = scenario->soak_ms;
    }
    world.udp = scenario->app == WORLD_UDP || scenario->app == WORLD_MIXED;
    if (scenario->app == WORLD_UDP) {
        world.count = scenario->clients / 8;
    }
    world.other = scenario->script != NULL ? &trade_script : &trade_desk;
    if (scenario->script != NULL) {
        script_plan(scenario->script, &world.plan);
    } else {
        plan_faults(&world.scenario, &world.plan);
    }
    others_begin(&hooks);
    files_begin();
    seen_begin();
    oracle_begin();
    udp_begin();
    chat_check_begin();
}

/* A run that failed leaves nothing to the next one. */
static void world_forget(void)
{
#if APP_CHAT
    if (setjmp(*sim_failure_jump()) == 0) {
        record_close();
    }
#endif
}

void world_run(const struct scenario *scenario, struct outcome *outcome)
{
    world_begin(scenario);
    memset(outcome, 0, sizeof *outcome);
    if (setjmp(*sim_failure_jump()) == 0) {
        world_play();
    } else {
        outcome->failed = true;
        outcome->failure = *sim_failure();
        world_forget();
    }
    sim_failure_end();
    outcome->hash = sim_hash();
    outcome->connections = world.connections;
    outcome->calls = sim_calls();
    outcome->virtual_ms = sim_now();
    outcome->faults = sim_fault_count();
}

bool world_patient(unsigned id)
{
    return world.clients[id].patient;
}

uint64_t world_stream(unsigned id, bool *whole)
{
    *whole = world.clients[id].whole;
    return world.clients[id].stream;
}
