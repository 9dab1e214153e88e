/* SPDX-License-Identifier: MIT */
/* What holds for every app, checked at each call of the port and at each wait. */
#include <string.h>

#include "core/config.h"
#include "core/conn.h"
#include "core/loop.h"
#include "tests/sim/world.h"

enum {
    IDLE_PASSES = 3,        /* waits in one millisecond without progress */
    NOT_WATCHED_MS = 1000,  /* who wants nothing is asked again within that time */
    SWEEP_SHARE = 10,       /* looking at all takes one part in so many of the time */
    WAITS_EACH = 2 * CFG_WATCH_COLD_SWEEPS, /* what moves once is watched for so long */
    DIALS_PASSES = 6,
    WAITS_SPARE = 2000,
    WAITS_IN_MS = 20000
};

static struct {
    uint64_t wait_ms;
    uint64_t wait_progress;
    unsigned idle_passes;
    unsigned waits_in_ms;
    bool newcomers;         /* since the last wait */
    bool dials;             /* the server has dialled in this run */
    port_handle patient;    /* a listener that was not served in the last pass */
    unsigned patience;      /* in so many passes */
    uint64_t excused;       /* waits while a fault lasted */
    uint64_t deaf_ms[8];    /* since when a listener is not asked, plus 1 */
    struct port_event last[CFG_CONN_MAX + CFG_SOCKETS_MAX];
    size_t last_count;
} oracle;

static const struct trade trade_none;

const struct trade *oracle_trade(const struct client *client)
{
    switch ((enum world_app)client->app) {
    case WORLD_ECHO:
    case WORLD_UDP:
    case WORLD_CANARY:
        return &trade_echo;
    case WORLD_FILE:
        return &trade_file;
    case WORLD_CHAT:
        return &trade_chat;
    case WORLD_DESK:
    case WORLD_SCRIPT:
        return world.other != NULL ? world.other : &trade_none;
    case WORLD_MIXED:
    case WORLD_APPS:
        break;
    }
    return &trade_none;
}

void oracle_begin(void)
{
    memset(&oracle, 0, sizeof oracle);
    oracle.wait_ms = UINT64_MAX;
    oracle.patient = PORT_NONE;
}

/* ---- One connection ------------------------------------------------------------------------ */

void oracle_accepted(unsigned id)
{
    struct client *client = world_client(id);
    if (client == NULL) {
        return;
    }
    if (world_stopping() && sim_now() > world.stop_ms) {
        sim_fail("C15", (int32_t)id, "accepted after a stop was asked for");
    }
    oracle.newcomers = true;
    client->accepted = true;
    client->accepted_ms = sim_now();
    client->heard_ms = sim_now();
    client->seen_ms = sim_now();
}

void oracle_received(unsigned id, const uint8_t *bytes, size_t n)
{
    struct client *client = world_client(id);
    if (client == NULL) {
        return;
    }
    client->received += n;
    client->heard_ms = sim_now();
    if (oracle_trade(client)->received != NULL) {
        oracle_trade(client)->received(client, bytes, n);
    }
}

void oracle_ended(unsigned id)
{
    struct client *client = world_client(id);
    if (client != NULL) {
        client->server_ended = true;
        if (oracle_trade(client)->ended != NULL) {
            oracle_trade(client)->ended(client);
        }
    }
}

void oracle_broken(unsigned id)
{
    struct client *client = world_client(id);
    if (client != NULL) {
        client->server_broken = true;
    }
}

void oracle_sent(unsigned id, const uint8_t *bytes, size_t n)
{
    struct client *client = world_client(id);
    if (client == NULL) {
        return;
    }
    if (client->server_shut) {
        sim_fail("C2", (int32_t)id, "bytes were sent after the end");
    }
    if (oracle_trade(client)->sent != NULL) {
        oracle_trade(client)->sent(client, bytes, n);
    }
    client->replied += n;
    client->taken_ms = sim_now();
}

/* ---- Ends ---------------------------------------------------------------------------------- */

static unsigned held_by(uint32_t peer_key, unsigned but)
{
    unsigned held = 0;
    for (unsigned i = 0; i < world.count; i++) {
        held += i != but && world.clients[i].peer_key == peer_key && sim_held(i) ? 1u : 0u;
    }
    return held;
}

/* A peer beyond its share is turned away at once. */
static bool turned_away(const struct client *client)
{
    return client->accepted_ms == sim_now() && client->received == 0 &&
           held_by(client->peer_key, client->id) >= loop_peer_limit(world.capacity);
}

/* The table was full, and it had asked for nothing for CFG_SILENT_MS. */
static bool evicted(const struct client *client)
{
    unsigned last = world.capacity / 8 > 0 ? world.capacity / 8 : 1;
    unsigned kept = 1 + 2; /* for the operator, and for one newcomer of each other listener */
    return sim_now() - client->heard_ms >= CFG_SILENT_MS &&
           sim_held_count() + (last > kept ? last : kept) >= world.capacity;
}

static bool settled(const struct client *client)
{
    const struct trade *trade = oracle_trade(client);
    return trade->settled == NULL ? client->received > 0 : trade->settled(client);
}

static const char *end_objection(struct client *client, enum sim_ending how)
{
    if (client->server_broken || turned_away(client)) {
        return NULL;
    }
    if (client->server_shut) {
        bool lingered = sim_now() - client->shut_ms >= CFG_LINGER_MS;
        return client->server_ended || lingered || world_stopping() ? NULL
                                                                    : "closed without lingering";
    }
    if (!settled(client) && how == SIM_ENDING_CLOSE && evicted(client)) {
        client->evicted = true;
        return NULL;
    }
    if (world_stopping() &&
        (sim_now() - world.stop_ms >= CFG_DRAIN_MS || client->received == client->replied ||
         world.stop_now_ms != UINT64_MAX)) {
        return NULL;
    }
    return oracle_trade(client)->ending == NULL ? NULL
                                                : oracle_trade(client)->ending(client, how);
}

void oracle_ending(unsigned id, enum sim_ending how, size_t unread_bytes)
{
    struct client *client = world_client(id);
    const char *objection;
    if (client == NULL) {
        return;
    }
    client->unread = unread_bytes;
    objection = end_objection(client, how);
    if (objection != NULL) {
        sim_fail("C2", (int32_t)id, objection);
    }
    if (how == SIM_ENDING_SHUT) {
        client->server_shut = true;
        client->shut_ms = sim_now();
    } else {
        client->server_gone = true;
        client->server_aborted = how == SIM_ENDING_ABORT;
    }
}

/* ---- Waits --------------------------------------------------------------------------------- */

static void check_busy(void)
{
    bool same = oracle.wait_ms == sim_now() && oracle.wait_progress == sim_progress();
    oracle.idle_passes = same ? oracle.idle_passes + 1 : 0;
    oracle.waits_in_ms = oracle.wait_ms == sim_now() ? oracle.waits_in_ms + 1 : 0;
    if (oracle.idle_passes > IDLE_PASSES || oracle.waits_in_ms > WAITS_IN_MS) {
        sim_fail("C6", SIM_NOBODY, "a busy loop");
    }
    oracle.wait_ms = sim_now();
    oracle.wait_progress = sim_progress();
    oracle.excused += sim_faults_last() ? 1u : 0u;
    if (sim_waits() > oracle.excused + WAITS_EACH * sim_progress() + sim_now() / 20 + WAITS_SPARE) {
        sim_fail("C6", SIM_NOBODY, "more waits than anything happened");
    }
}

static void check_listener(size_t i, const struct port_event *event)
{
    bool asked = (event->wanted & PORT_READ) != 0;
    uint64_t now = sim_now();
    if (i >= COUNT_OF(oracle.deaf_ms) || asked) {
        oracle.deaf_ms[i % COUNT_OF(oracle.deaf_ms)] = 0;
        return;
    }
    if (oracle.deaf_ms[i] == 0) {
        oracle.deaf_ms[i] = now + 1;
    }
    if (now + 1 - oracle.deaf_ms[i] >= CFG_PAUSE_MS) {
        sim_fail("C8", SIM_NOBODY, "a listener rests for longer than it may");
    }
    unsigned held = sim_held_count() + (sim_console_held() ? 1u : 0u);
    if (!world_stopping() && held < world.capacity / 2 &&
        (sim_full_ms() == UINT64_MAX || now - sim_full_ms() >= CFG_PAUSE_MS) &&
        sim_handles_open() < world.plan.handles) {
        sim_fail("C8", SIM_NOBODY, "a listener rests though there is room");
    }
}

/* Who was ready and is still wanted was asked for something meanwhile. A listener may have to wait
 * for one pass, in which the slot for its newcomer is freed, and for some more where the server
 * dials, who takes slots first, and may give them back in the same pass. */
static void check_hunger(const struct port_event *events, size_t n)
{
    port_handle patient = PORT_NONE;
    for (size_t i = 0; i < n; i++) {
        oracle.dials |= sim_connection_of(events[i].handle) >= SIM_DIALLED;
    }
    unsigned most = oracle.dials ? DIALS_PASSES : 1;
    for (size_t j = 0; j < oracle.last_count; j++) {
        const struct port_event *before = &oracle.last[j];
        for (size_t i = 0; i < n && before->got != 0; i++) {
            if (before->handle == events[i].handle && (events[i].wanted & before->got) != 0 &&
                !sim_handle_touched(events[i].handle)) {
                bool again = oracle.patient == before->handle;
                if (!sim_handle_listens(events[i].handle) || (again && oracle.patience == most)) {
                    sim_fail("C7", sim_connection_of(before->handle), "ready, wanted, not served");
                }
                patient = before->handle;
                oracle.patience = again ? oracle.patience + 1 : 1;
            }
        }
    }
    oracle.patient = patient;
}

static void check_stream(const struct port_event *event, int32_t timeout_ms)
{
    int32_t id = sim_connection_of(event->handle);
    struct client *client = id < 0 ? NULL : world_client((unsigned)id);
    /* at the desk a guest may wait for an answer, with nothing to say and nothing to read */
    bool guest = client != NULL && (client->app == WORLD_DESK || client->app == WORLD_SCRIPT);
    if (event->wanted == 0 && (timeout_ms < 0 || (timeout_ms > NOT_WATCHED_MS && !guest))) {
        sim_fail("C9", id, "a connection that nothing will ever wake");
    }
    if (client != NULL) {
        if (oracle_trade(client)->waiting != NULL) {
            oracle_trade(client)->waiting(client);
        }
        if (client->app == WORLD_ECHO && (event->wanted & PORT_WRITE) != 0 &&
            client->received == client->replied) {
            sim_fail("C9", id, "waits to write what it does not have");
        }
    }
}

/* After newcomers: nobody holds more than a peer's share. */
static void check_shares(void)
{
    unsigned limit = loop_peer_limit(world.capacity);
    for (unsigned i = 0; i < world.count && oracle.newcomers; i++) {
        if (sim_held(i) && held_by(world.clients[i].peer_key, i) >= limit) {
            sim_fail("G14", (int32_t)i, "a peer holds more than its share");
        }
    }
    oracle.newcomers = false;
}

/* Who is left out of a wait was in one not longer ago than a sweep over all may cost, ten times. */
static uint64_t cold_most_ms(void)
{
    uint64_t handles = CFG_CONN_MAX + CFG_SOCKETS_MAX;
    uint64_t cost_us = world.plan.cost_base_us + handles * world.plan.cost_each_us16 / 16;
    return 1 + cost_us * SWEEP_SHARE / 1000;
}

void oracle_waiting(const struct port_event *events, size_t n, int32_t timeout_ms)
{
    unsigned streams = 0;
    size_t listeners = 0;
    world.timeout_ms = timeout_ms;
    check_busy();
    check_hunger(events, n);
    for (size_t i = 0; i < n; i++) {
        if (sim_connection_of(events[i].handle) != SIM_NOBODY) {
            streams++;
            check_stream(&events[i], timeout_ms);
        } else if (sim_handle_listens(events[i].handle)) {
            check_listener(listeners, &events[i]);
            listeners++;
        }
    }
    check_shares();
    if (conn_open_count() != sim_held_count() + (sim_console_held() ? 1 : 0)) {
        sim_fail("C4", SIM_NOBODY, "the core counts other connections than the port holds");
    }
    for (unsigned i = 0; i < world.count && streams != sim_held_count(); i++) {
        if (sim_held(i) && sim_now() - world.clients[i].seen_ms > cold_most_ms()) {
            sim_fail("C9", (int32_t)i, "a cold connection is not looked at in time");
        }
    }
    bool steady = !world.plan.listed && world.plan.rate[SIM_WAIT_PAUSE] == 0;
    if (steady && sim_now() > world.stop_now_ms) {
        sim_fail("C15", SIM_NOBODY, "still there though it was to end at once");
    }
    if (steady && world_stopping() && sim_now() > world.stop_ms + CFG_DRAIN_MS + 1) {
        sim_fail("C15", SIM_NOBODY, "still there after the time to drain");
    }
}

void oracle_waited(const struct port_event *events, size_t n, int ready)
{
    (void)ready;
    oracle.last_count = n < COUNT_OF(oracle.last) ? n : COUNT_OF(oracle.last);
    memcpy(oracle.last, events, oracle.last_count * sizeof events[0]);
    for (size_t i = 0; i < n; i++) {
        int32_t id = sim_connection_of(events[i].handle);
        if (id >= 0 && world_client((unsigned)id) != NULL) {
            world_client((unsigned)id)->seen_ms = sim_now(); /* all through the wait */
        }
    }
}

void oracle_finish(void)
{
    if (!world.over) {
        sim_fail("C14", SIM_NOBODY, "the run does not end");
    }
    if (sim_handles_open() != 0) {
        sim_fail("C4", SIM_NOBODY, "handles are left open at the end");
    }
    if (world.udp) {
        udp_finish();
    }
    if (world.scenario.app == WORLD_CHAT) {
        trade_chat.finish();
    }
}
