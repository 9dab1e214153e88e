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
#include "tests/fuzz/world.h"

enum {
    OPS_MAX = 300,
    FAULTS_MAX = 96,
    GIVEN_FAULTS_MAX = 16,
    TURNS_MAX = 30000,
    CAPACITY_MAX = 16,
    TYPED_MAX = 900,    /* the simulated console holds about so much */
    LAST_STEP_MS = 100, /* at the end all read what there is, so often ... */
    LAST_STEPS = 30     /* ... and so many times */
};

enum op_code {
    OP_ADVANCE,
    OP_CONNECT_ECHO,
    OP_CONNECT_FILE,
    OP_CONNECT_CHAT,
    OP_PHRASE,
    OP_PIECE,
    OP_BYTES,
    OP_READ,
    OP_SHUT,
    OP_RESET,
    OP_CLOSE,
    OP_DATAGRAM,
    OP_WAIT_FAULT,
    OP_CONSOLE,
    OP_FILE,
    OP_SERVER
};

struct op {
    uint64_t at_ms;
    uint8_t code;  /* enum op_code */
    uint8_t extra; /* 0 to 15 */
    uint8_t who;
    uint8_t n;
    const uint8_t *bytes; /* OP_BYTES */
};

struct world world;

static struct {
    uint8_t flags;
    struct sim_fault faults[FAULTS_MAX];
    size_t faults_count;
    struct op ops[OPS_MAX];
    unsigned ops_count;
    unsigned next;      /* the op that comes next */
    unsigned last_step; /* at the end */
    uint64_t last_waits;
    uint64_t end_ms;
    uint64_t reported; /* the wait in which a report was asked for */
    bool console;
    bool stopped_now;   /* which cuts anybody */
    size_t typed;       /* at the console */
    struct fuzz_client clients[FUZZ_CLIENTS];
} state;

enum {
    FLAG_NO_QUEUE = 1,
    FLAG_NO_SEND_FILE = 2,
    FLAG_NO_DATE = 4,
    FLAG_FEW_HANDLES = 8,
    FLAG_CONSOLE = 16,
    FLAG_NEAR_2_31 = 32,
    FLAG_NEAR_2_32 = 64,
    FLAG_DEAR_WAITS = 128
};

static const char *const op_names[] = {"advance", "connect to echo", "connect to file",
                                       "connect to chat", "phrase", "piece", "bytes", "read",
                                       "shut", "reset", "close", "datagram", "wait fault",
                                       "console", "file", "server"};

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
    return &state.clients[client->id];
}

bool fuzz_world_disturbed(void)
{
    return sim_fault_count() > 0 || (state.flags & FLAG_FEW_HANDLES) != 0 ||
           fuzz_files_changed();
}

bool fuzz_world_operated(void)
{
    return state.typed > 0;
}

/* ---- The input ----------------------------------------------------------------------------- */

static void add_fault(unsigned kind, int32_t connection, uint32_t nth, uint16_t sticky_ms)
{
    if (state.faults_count < FAULTS_MAX) {
        struct sim_fault *fault = &state.faults[state.faults_count];
        fault->kind = (uint8_t)kind;
        fault->connection = connection;
        fault->nth = nth;
        fault->sticky_ms = sticky_ms;
        state.faults_count++;
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
    struct op *op = &state.ops[state.ops_count];
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
    state.ops_count++;
    return op->code == OP_ADVANCE ? now + times_ms[op->extra] + op->who : now;
}

static void read_input(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    uint64_t now = 0;
    memset(&state, 0, sizeof state);
    state.flags = fuzz_byte(&input);
    world.capacity = CAPACITY_MAX - fuzz_byte(&input) % (CAPACITY_MAX - 5u);
    if (world.capacity > CFG_CONN_MAX) {
        world.capacity = CFG_CONN_MAX;
    }
    read_faults(&input);
    while (input.n > 0 && state.ops_count < OPS_MAX) {
        now = read_op(&input, now);
    }
    state.end_ms = now + 1;
}

/* ---- Operations ---------------------------------------------------------------------------- */

struct port_address fuzz_server(bool ipv4, uint16_t port)
{
    struct port_address address;
    memset(&address, 0, sizeof address);
    if (ipv4) {
        memset(address.ip + 10, 0xff, 2);
        memcpy(address.ip + 12, "\xc6\x33\x64", 3);
    } else {
        address.ip[0] = 0xfd;
    }
    address.ip[15] = 1;
    address.port = port;
    return address;
}

/* Each has an address of its own, or one of three for all. */
static void client_connect_to(struct client *client, unsigned app, const struct op *op)
{
    static const uint16_t ports[] = {7007, 7007, 8080, 6667};
    static const uint16_t windows[] = {4096, 1460, 256, 1};
    static const uint8_t latencies_ms[] = {0, 0, 5, 40};
    unsigned place = op->who / FUZZ_CLIENTS;
    uint32_t life = fuzz_client_of(client)->life;
    unsigned id = client->id;
    struct port_address from;
    struct port_address to;
    memset(&from, 0, sizeof from);
    if (place % 2 == 0) {
        memset(from.ip + 10, 0xff, 2);
        from.ip[12] = 10;
    } else {
        memcpy(from.ip, "\x20\x01\x0d\xb8", 4);
    }
    from.ip[15] = (uint8_t)(place < 6 ? 2 + id : 1 + place % 3);
    from.ip[6] = place % 2 == 0 ? 0 : from.ip[15];
    from.port = (uint16_t)(32768 + id);
    to = fuzz_server(place % 2 == 0, ports[app]);
    if (client->stage == CLIENT_OPEN ||
        sim_peer_connect(id, &from, &to, latencies_ms[op->extra / 4], windows[op->extra % 4]) !=
            PORT_OK) {
        return;
    }
    memset(client, 0, sizeof *client);
    client->id = id;
    client->app = (uint8_t)app;
    client->stage = CLIENT_OPEN;
    client->owed_ms = UINT64_MAX;
    client->began_ms = sim_now();
    client->peer_key = address_peer_key(&from);
    client->window = windows[op->extra % 4];
    fuzz_client_of(client)->pure = true;
    fuzz_client_of(client)->unknown = false;
    fuzz_client_of(client)->life = life + 1;
    world.connections++;
    if (app == WORLD_FILE) {
        fuzz_file_join(client);
    } else if (app == WORLD_CHAT) {
        fuzz_chat_join(client);
    }
}

void fuzz_say(struct client *client, const void *bytes, size_t n)
{
    size_t sent = n == 0 || client->shut ? 0 : sim_peer_send(client->id, bytes, n);
    client->sent += sent;
    if (sent < n) {
        fuzz_client_of(client)->pure = false;
        fuzz_client_of(client)->unknown = true;
    }
}

static void client_read(struct client *client, size_t most)
{
    uint8_t bytes[FUZZ_HEARS];
    while (most > 0) {
        size_t n = sim_peer_read(client->id, bytes, most < sizeof bytes ? most : sizeof bytes);
        if (n == 0) {
            return;
        }
        if (client->app == WORLD_ECHO) {
            fuzz_echo_read(client, bytes, n);
        }
        client->got += n;
        most -= n;
    }
}

/* All the peer's end has to do when it is told of an end, which it is once it read everything. */
static void client_check_end(struct client *client)
{
    enum sim_peer_state peer = sim_peer_state(client->id);
    bool undisturbed = !client->server_broken && !client->server_aborted && !client->evicted &&
                       client->received > 0 && !world_stopping();
    if (peer == SIM_PEER_ENDED && undisturbed && client->got != client->replied) {
        sim_fail("C1", (int32_t)client->id, "a clean end, and bytes are missing");
    }
    if (peer == SIM_PEER_ENDED && undisturbed && client->app == WORLD_ECHO && client->shut &&
        client->got != client->sent) {
        sim_fail("E2", (int32_t)client->id, "a clean end before everything came back");
    }
}

static void client_op(struct client *client, const struct op *op)
{
    static const uint16_t amounts[] = {1, 2, 10, 100, 1000, 5000, 30000, 60000};
    if (client->stage != CLIENT_OPEN) {
        return;
    }
    switch ((enum op_code)op->code) {
    case OP_PHRASE:
        if (client->app == WORLD_ECHO) {
            fuzz_echo_phrase(client, op->extra);
        } else if (client->app == WORLD_FILE) {
            fuzz_file_phrase(client, op->extra);
        } else {
            fuzz_chat_phrase(client, op->extra);
        }
        break;
    case OP_PIECE:
    case OP_BYTES:
        if (client->app == WORLD_ECHO) {
            fuzz_echo_phrase(client, op->extra);
            break;
        }
        fuzz_client_of(client)->pure = false;
        fuzz_client_of(client)->unknown = true;
        fuzz_say(client, op->code == OP_BYTES ? (const char *)op->bytes : fuzz_piece(op->extra),
                 op->code == OP_BYTES ? op->n : strlen(fuzz_piece(op->extra)));
        break;
    case OP_READ:
        client_read(client, amounts[op->extra % COUNT_OF(amounts)]);
        client_check_end(client);
        break;
    case OP_SHUT:
        client->shut = true;
        sim_peer_shut(client->id);
        break;
    case OP_RESET:
    case OP_CLOSE:
        if (op->code == OP_RESET) {
            sim_peer_reset(client->id);
        } else {
            sim_peer_close(client->id);
        }
        client->stage = CLIENT_DONE;
        break;
    case OP_ADVANCE:
    case OP_CONNECT_ECHO:
    case OP_CONNECT_FILE:
    case OP_CONNECT_CHAT:
    case OP_DATAGRAM:
    case OP_WAIT_FAULT:
    case OP_CONSOLE:
    case OP_FILE:
    case OP_SERVER:
        break;
    }
}

static void stop_server(unsigned request)
{
    if (!world_stopping()) {
        world.stop_ms = sim_now();
    }
    sim_request(request);
}

static void console_op(const struct op *op)
{
    const char *line = fuzz_operator_lines[op->who % 16];
    if (!state.console) {
        return;
    }
    if (op->extra >= 12) {
        sim_console_stall(op->extra % 2 == 0);
    } else if (op->extra == 11) {
        sim_console_end();
    } else if (state.typed + strlen(line) < TYPED_MAX) {
        state.typed += strlen(line);
        sim_console_type(line, strlen(line));
    }
}

static void server_op(const struct op *op)
{
    switch (op->extra % 8) {
    case 1:
        stop_server(PORT_REQUEST_STOP);
        break;
    case 2:
        state.stopped_now = true;
        stop_server(PORT_REQUEST_STOP_NOW);
        break;
    case 3:
        sim_wall_set(false, 0);
        break;
    case 4:
        sim_wall_set(true, ((int64_t)op->who - 20) * 100000000);
        break;
    default:
        if (state.reported != sim_waits()) { /* each is a pass that nothing else explains */
            state.reported = sim_waits();
            sim_request(PORT_REQUEST_REPORT);
        }
        break;
    }
}

static void run_op(const struct op *op)
{
    struct client *client = &world.clients[op->who % FUZZ_CLIENTS];
    if (fuzz_verbose) {
        printf("%8llu.%03llu  %s %u, %u\n", (unsigned long long)(sim_now() / 1000),
               (unsigned long long)(sim_now() % 1000), op_names[op->code], op->who, op->extra);
    }
    switch ((enum op_code)op->code) {
    case OP_CONNECT_ECHO:
        client_connect_to(client, WORLD_ECHO, op);
        break;
    case OP_CONNECT_FILE:
        client_connect_to(client, WORLD_FILE, op);
        break;
    case OP_CONNECT_CHAT:
        client_connect_to(client, WORLD_CHAT, op);
        break;
    case OP_PHRASE:
    case OP_PIECE:
    case OP_BYTES:
    case OP_READ:
    case OP_SHUT:
    case OP_RESET:
    case OP_CLOSE:
        client_op(client, op);
        break;
    case OP_DATAGRAM:
        fuzz_udp_send(op->who, op->extra);
        break;
    case OP_CONSOLE:
        console_op(op);
        break;
    case OP_FILE:
        fuzz_files_change(op->who, op->extra);
        break;
    case OP_SERVER:
        server_op(op);
        break;
    case OP_ADVANCE:
    case OP_WAIT_FAULT: /* listed before the run began */
        break;
    }
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
        sim_fail("C14", (int32_t)client->id, "a healthy peer is not served though the world healed");
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
        client_read(client, SIZE_MAX);
        if (!client->shut && client->app == WORLD_ECHO) {
            client->shut = true;
            sim_peer_shut(i);
        }
        client_check_end(client);
        waiting = waiting || (still_there(client) && client->app == WORLD_ECHO);
    }
    state.last_step += sim_waits() != state.last_waits ? 1u : 0u; /* while it was not paused */
    state.last_waits = sim_waits();
    if (waiting && state.last_step < LAST_STEPS && !world.over) {
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
    world.finishing = true;
    stop_server(PORT_REQUEST_STOP);
    return UINT64_MAX;
}

static uint64_t world_step(uint64_t now)
{
    if (world.finishing) {
        return UINT64_MAX;
    }
    while (state.next < state.ops_count && state.ops[state.next].at_ms <= now) {
        state.next++;
        run_op(&state.ops[state.next - 1]);
    }
    if (state.next < state.ops_count) {
        return state.ops[state.next].at_ms;
    }
    if (now < state.end_ms) {
        return state.end_ms;
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
    if (!state.console) {
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
    if (!state.stopped_now) {
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
    state.console = (state.flags & FLAG_CONSOLE) != 0 && loop_console(2);
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
    world.plan.list = state.faults;
    world.plan.list_count = state.faults_count;
    world.plan.queues = (state.flags & FLAG_NO_QUEUE) == 0;
    world.plan.files_sent = (state.flags & FLAG_NO_SEND_FILE) == 0;
    world.plan.wall_known = (state.flags & FLAG_NO_DATE) == 0;
    world.plan.handles = (state.flags & FLAG_FEW_HANDLES) != 0 ? 16 : 200;
    world.plan.start_ms = (state.flags & FLAG_NEAR_2_31) != 0 ? (UINT64_C(1) << 31) - 3000
                          : (state.flags & FLAG_NEAR_2_32) != 0 ? (UINT64_C(1) << 32) - 3000
                                                                : 0;
    world.plan.cost_each_us16 = (state.flags & FLAG_DEAR_WAITS) != 0 ? 4096 : 1;
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    memset(&world, 0, sizeof world);
    read_input(bytes, n);
    begin();
    if (setjmp(*sim_failure_jump()) == 0) {
        play();
        sim_failure_end();
        return 0;
    }
    const struct sim_failure *failure = sim_failure();
    printf("FAIL inv=%s t=%llu.%03llus conn=%ld  \"%s %s:%d\"\n", failure->invariant,
           (unsigned long long)(failure->at_ms / 1000), (unsigned long long)(failure->at_ms % 1000),
           (long)failure->connection, failure->text, failure->file, failure->line);
    fflush(stdout);
    abort();
}
