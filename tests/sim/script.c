/* SPDX-License-Identifier: MIT */
/* Plays scripts. */
#include "tests/sim/script.h"

#include <string.h>

#include "tests/sim/files.h"

enum { PIECE = 500, REST_MS = 130000 };

struct reader {
    uint32_t n;          /* bytes at a time */
    uint32_t each_ms;
    uint64_t next_ms;
    uint32_t act;        /* the send that is under way, and the bytes of it that did not fit yet */
    uint32_t queued;
    bool shuts;          /* when that is sent */
    bool connected;
    bool done;
};

static struct {
    const struct script *script;
    uint32_t next;
    bool over;           /* what happens from now on is not the script's */
    struct reader readers[SCRIPT_CLIENTS];
    struct script_result results[SCRIPT_CLIENTS];
    char got[SCRIPT_CLIENTS][SCRIPT_GOT_BYTES + 1];
} state;

void script_begin(struct script *script)
{
    memset(script, 0, sizeof *script);
    script->handles = 200;
    script->seed = 1;
}

void script_add(struct script *script, struct script_act act, const char *bytes, size_t n)
{
    CHECK(script->acts_count < SCRIPT_ACTS && script->text_bytes + n <= SCRIPT_TEXT_BYTES);
    CHECK(act.client < SCRIPT_CLIENTS);
    if (n > 0) {
        memcpy(script->text + script->text_bytes, bytes, n);
        act.at = script->text_bytes;
        act.n = (uint32_t)n;
        script->text_bytes += (uint32_t)n;
    }
    if (act.what <= SCRIPT_READS && act.client >= script->clients) {
        script->clients = act.client + 1u;
    }
    script->acts[script->acts_count] = act;
    script->acts_count++;
}

const struct script_result *script_result(unsigned client)
{
    return &state.results[client];
}

const char *script_got(unsigned client)
{
    return state.got[client];
}

/* ---- Clients ------------------------------------------------------------------------------- */

static void hear(unsigned id, size_t most)
{
    struct script_result *result = &state.results[id];
    uint8_t bytes[PIECE];
    while (most > 0) {
        size_t got = sim_peer_read(id, bytes, most < PIECE ? most : PIECE);
        if (got == 0) {
            return;
        }
        result->first_ms = result->bytes == 0 ? sim_now() : result->first_ms;
        for (size_t i = 0; i < got; i++) {
            result->hash = result->hash * UINT64_C(1099511628211) + bytes[i];
            if (result->bytes < SCRIPT_GOT_BYTES) {
                state.got[id][result->bytes] = (char)bytes[i];
                state.got[id][result->bytes + 1] = '\0';
            }
            result->bytes++;
        }
        world.clients[id].got += got;
        most -= got;
    }
}

/* Goes on to the next send that this client is to make by now. */
static bool next_send(unsigned id, struct reader *reader)
{
    for (uint32_t i = reader->act; i < state.next; i++) {
        const struct script_act *act = &state.script->acts[i];
        if (act->what == SCRIPT_SEND && act->client == id) {
            reader->act = i + 1;
            reader->queued = act->n;
            return true;
        }
    }
    return false;
}

static void say_rest(unsigned id, struct reader *reader)
{
    while (reader->queued > 0 || next_send(id, reader)) {
        const struct script_act *act = &state.script->acts[reader->act - 1];
        size_t sent = sim_peer_send(id, state.script->text + act->at + (act->n - reader->queued),
                                    reader->queued);
        if (sent == 0) {
            return;
        }
        reader->queued -= (uint32_t)sent;
    }
    if (reader->shuts) {
        reader->shuts = false;
        sim_peer_shut(id);
    }
}

static void look_at_end(unsigned id)
{
    struct script_result *result = &state.results[id];
    enum sim_peer_state peer = sim_peer_state(id);
    if (result->end == SCRIPT_OPEN && (peer == SIM_PEER_ENDED || peer == SIM_PEER_RESET)) {
        result->end = peer == SIM_PEER_ENDED ? SCRIPT_FIN : SCRIPT_CUT;
        result->ended_ms = sim_now();
        if (peer == SIM_PEER_RESET) {
            state.readers[id].done = true;
            sim_peer_close(id);
        }
    }
}

void script_arrived(unsigned id)
{
    struct reader *reader = &state.readers[id];
    if (id >= state.script->clients || !reader->connected || reader->done || state.over ||
        sim_peer_state(id) == SIM_PEER_CONNECTING) {
        return;
    }
    say_rest(id, reader);
    if (reader->n == UINT32_MAX) {
        hear(id, SIM_PIPE_BYTES);
    }
    look_at_end(id);
}

static void connect_client(const struct script_act *act)
{
    static const uint8_t ours[] = {198, 51, 100, 1};
    struct client *client = &world.clients[act->client];
    struct port_address from = world_address(PORT_IPV4, 2u + act->client, 40000);
    struct port_address to = world_address(PORT_IPV4, 1, (uint16_t)act->n);
    memcpy(to.ip + 12, ours, sizeof ours);
    from.port = (uint16_t)(from.port + act->client);
    CHECK(sim_peer_connect(act->client, &from, &to, act->latency_ms, act->window) == PORT_OK);
    client->window = act->window;
    client->peer_key = 1u + act->client;
    world.connections++;
    state.readers[act->client].connected = true;
}

static void act_now(const struct script_act *act)
{
    struct reader *reader = &state.readers[act->client];
    switch ((enum script_what)act->what) {
    case SCRIPT_CONNECT:
        connect_client(act);
        return;
    case SCRIPT_SEND:
        break;
    case SCRIPT_SHUT:
        reader->shuts = true;
        break;
    case SCRIPT_CLOSE:
    case SCRIPT_RESET:
        if (reader->connected && !reader->done) {
            reader->done = true;
            (act->what == SCRIPT_CLOSE ? sim_peer_close : sim_peer_reset)(act->client);
        }
        return;
    case SCRIPT_READS:
        reader->n = act->n;
        reader->each_ms = act->window;
        reader->next_ms = act->n == 0 || act->n == UINT32_MAX ? UINT64_MAX : sim_now();
        break;
    case SCRIPT_TYPE:
        sim_console_type(state.script->text + act->at, act->n);
        return;
    case SCRIPT_STALL:
        sim_console_stall(act->n != 0);
        return;
    case SCRIPT_RESIZE:
        sim_file_resize(act->client, act->n);
        return;
    case SCRIPT_STOP:
        world.stop_ms = world_stopping() ? world.stop_ms : sim_now();
        sim_request(PORT_REQUEST_STOP);
        return;
    case SCRIPT_WAIT:
        return;
    }
    script_arrived(act->client);
}

uint64_t script_step(uint64_t now)
{
    uint64_t next = UINT64_MAX;
    const struct script *script = state.script;
    uint64_t last_ms = script->acts_count > 0 ? script->acts[script->acts_count - 1].at_ms : 0;
    if (state.over) {
        return next;
    }
    while (state.next < script->acts_count && script->acts[state.next].at_ms <= now) {
        state.next++;
        act_now(&script->acts[state.next - 1]);
    }
    for (unsigned id = 0; id < script->clients; id++) {
        struct reader *reader = &state.readers[id];
        if (reader->next_ms <= now && reader->connected && !reader->done) {
            if (sim_peer_state(id) != SIM_PEER_CONNECTING) {
                hear(id, reader->n);
                look_at_end(id);
            }
            reader->next_ms = now + reader->each_ms;
        }
        next = !reader->done && reader->connected && reader->next_ms < next ? reader->next_ms
                                                                           : next;
    }
    if (state.next < script->acts_count) {
        uint64_t act_ms = script->acts[state.next].at_ms;
        return act_ms < next ? act_ms : next;
    }
    if (now >= last_ms + REST_MS) {
        script_over();
        return UINT64_MAX;
    }
    return last_ms + REST_MS < next ? last_ms + REST_MS : next;
}

void script_over(void)
{
    state.over = true;
    if (!world_stopping()) {
        world.stop_ms = sim_now();
        sim_request(PORT_REQUEST_STOP);
    }
}

void script_plan(const struct script *script, struct sim_plan *plan)
{
    *plan = sim_plan_quiet(script->seed);
    plan->strict = true;
    plan->handles = script->handles;
    plan->console = script->console;
    plan->wall_known = false; /* no answer has a date */
    plan->files_sent = script->files_sent;
    plan->listed = true;
    plan->list = script->faults;
    plan->list_count = script->faults_count;
}

void script_world_begin(void)
{
    state.script = world.scenario.script;
    state.next = 0;
    state.over = false;
    memset(state.readers, 0, sizeof state.readers);
    memset(state.results, 0, sizeof state.results);
    for (unsigned i = 0; i < SCRIPT_CLIENTS; i++) {
        state.readers[i].n = UINT32_MAX;
        state.readers[i].next_ms = UINT64_MAX;
        state.results[i].first_ms = UINT64_MAX;
        state.results[i].ended_ms = UINT64_MAX;
        state.got[i][0] = '\0';
    }
    for (unsigned i = 0; i < world.count; i++) {
        world.clients[i].id = i;
        world.clients[i].app = WORLD_SCRIPT;
        world.clients[i].stage = CLIENT_DONE;
        world.clients[i].next_ms = UINT64_MAX;
        world.clients[i].owed_ms = UINT64_MAX;
    }
}

/* Only what holds for every app is checked while it runs. */
const struct trade trade_script = {.begin = NULL};

/* ---- What is expected ---------------------------------------------------------------------- */

static bool contains(const char *bytes, size_t n, const char *wanted, size_t wanted_bytes)
{
    for (size_t i = 0; i + wanted_bytes <= n; i++) {
        if (memcmp(bytes + i, wanted, wanted_bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* All of a file comes last, behind a head or alone. */
static bool ends_with_file(unsigned client, unsigned file)
{
    const struct script_result *result = &state.results[client];
    uint64_t size = files_size((int)file);
    size_t head = (size_t)(result->bytes - size);
    if (result->bytes < size || result->bytes > SCRIPT_GOT_BYTES) {
        return false;
    }
    for (uint64_t i = 0; i < size; i++) {
        if ((uint8_t)state.got[client][head + i] != sim_file_byte(file, i)) {
            return false;
        }
    }
    return head == 0 || (head > 4 && memcmp(state.got[client] + head - 4, "\r\n\r\n", 4) == 0);
}

static bool holds(const struct script_expectation *expected)
{
    const struct script_result *result = &state.results[expected->client];
    const char *got = state.got[expected->client];
    const char *text = state.script->text + expected->at;
    size_t n = result->bytes < SCRIPT_GOT_BYTES ? result->bytes : SCRIPT_GOT_BYTES;
    switch ((enum script_expected)expected->what) {
    case EXPECT_GOT:
        return result->bytes == expected->bytes && memcmp(got, text, n) == 0;
    case EXPECT_HAS:
        return contains(got, n, text, expected->bytes);
    case EXPECT_HAS_NOT:
        return !contains(got, n, text, expected->bytes);
    case EXPECT_BODY:
        return ends_with_file(expected->client, expected->n);
    case EXPECT_ENDS:
        return result->end == expected->n;
    case EXPECT_BYTES:
        return result->bytes == expected->n;
    case EXPECT_ENDED_BY:
        return result->end != SCRIPT_OPEN && result->ended_ms <= expected->n;
    case EXPECT_HELD_UNTIL:
        return result->end == SCRIPT_OPEN || result->ended_ms >= expected->n;
    }
    return false;
}

static const char *const objections[] = {
    "it got something else", "what it should have got is missing", "it got what it should not have",
    "the file is not whole", "it did not end as it should",        "it got too much or too little",
    "it ended too late",     "it ended too early"};

void script_run(const struct script *script, bool verbose, struct outcome *outcome)
{
    struct scenario scenario;
    memset(&scenario, 0, sizeof scenario);
    scenario.app = WORLD_SCRIPT;
    scenario.seed = script->seed;
    scenario.clients = script->clients;
    scenario.listed = true;
    scenario.list = script->faults;
    scenario.list_count = script->faults_count;
    scenario.script = script;
    scenario.verbose = verbose;
    world_run(&scenario, outcome);
    for (uint32_t i = 0; i < script->expectations_count && !outcome->failed; i++) {
        if (!holds(&script->expectations[i])) {
            outcome->failed = true;
            outcome->failure = (struct sim_failure){
                .invariant = "SCRIPT", .text = objections[script->expectations[i].what],
                .file = "", .connection = script->expectations[i].client};
        }
    }
}
