/* SPDX-License-Identifier: MIT */
/* The loop. */
#include "core/loop.h"

#include <string.h>

#include "core/address.h"
#include "core/conn.h"
#include "core/console.h"
#include "core/counters.h"
#include "core/log.h"
#include "core/peers.h"
#include "core/socket.h"
#include "core/watch.h"

struct loop_settings loop_settings;

static struct {
    const struct app *const *apps;
    size_t apps_count;
    bool stopping;
    bool ended;
    bool terminal_changed; /* PORT_REQUEST_REDRAW came */
    unsigned open_before; /* connections, when listeners were last told of free slots */
} state;

const size_t loop_static_bytes = sizeof state + sizeof loop_settings;

unsigned loop_peer_limit(unsigned capacity)
{
    if (loop_settings.peer_limit_given) {
        return loop_settings.peer_limit;
    }
    unsigned share = capacity / CFG_PEER_SHARE;
    unsigned limit = share > CFG_PEER_CONN_MIN ? share : CFG_PEER_CONN_MIN;
    return limit < capacity ? limit : capacity - 1;
}

bool loop_start(const struct app *const *apps, size_t count, unsigned capacity)
{
    memset(&state, 0, sizeof state);
    state.apps = apps;
    state.apps_count = count;
    address_start();
    log_start();
    counters_start();
    peers_start();
    watch_start();
    deadline_start();
    conn_start(apps, count, capacity);
    if (CFG_CONSOLE_EDITOR) {
        console_start();
    }
    socket_start();
    for (size_t i = 0; i < count; i++) {
        if (apps[i]->start != NULL && !apps[i]->start()) {
            return false;
        }
    }
    return true;
}

int loop_listen(unsigned app, struct port_address *at, enum port_family family)
{
    return socket_listen(app, at, family);
}

int loop_datagrams(unsigned app, struct port_address *at, enum port_family family)
{
    CHECK(app < state.apps_count && state.apps[app]->datagram != NULL);
    return socket_datagrams(app, at, family);
}

void loop_close(unsigned socket)
{
    socket_close(socket);
}

bool loop_console(unsigned app)
{
    port_handle handle = PORT_NONE;
    if (port_console_open(&handle) != PORT_OK) {
        return false;
    }
    conn_open(conn_take(app, handle, NULL, CONN_OPEN, CONN_CONSOLE));
    return true;
}

void loop_console_edit(unsigned columns, bool log)
{
    if (CFG_CONSOLE_EDITOR) {
        console_edit(columns, log);
        conn_follow_console();
    }
}

bool loop_terminal_changed(void)
{
    bool changed = state.terminal_changed;
    state.terminal_changed = false;
    return changed;
}

void loop_report(void)
{
    struct text *line = log_begin();
    text_put(line, "core: open=");
    text_put_number(line, conn_open_count());
    counters_report(line);
    log_end();
    for (size_t i = 0; i < state.apps_count; i++) {
        if (state.apps[i]->report != NULL) {
            line = log_begin();
            text_put(line, state.apps[i]->name);
            text_put_char(line, ':');
            state.apps[i]->report(line);
            log_end();
        }
    }
}

/* ---- Going down ---------------------------------------------------------------------------- */

void loop_stop(bool now)
{
    if (!state.stopping) {
        state.stopping = true;
        socket_close_listeners();
        for (size_t i = 0; i < state.apps_count; i++) {
            if (state.apps[i]->stopping != NULL) {
                state.apps[i]->stopping();
            }
        }
        conn_stop_begin();
        deadline_set(NODE_DRAIN, KIND_DRAIN);
    }
    if (now) {
        conn_stop_now();
    }
}

static void loop_heed_requests(void)
{
    unsigned requests = port_requests();
    if ((requests & PORT_REQUEST_REPORT) != 0) {
        loop_report();
    }
    if ((requests & PORT_REQUEST_REDRAW) != 0) {
        state.terminal_changed = true;
    }
    if ((requests & (PORT_REQUEST_STOP | PORT_REQUEST_STOP_NOW)) != 0) {
        loop_stop((requests & PORT_REQUEST_STOP_NOW) != 0);
    }
}

/* ---- One pass ------------------------------------------------------------------------------ */

void app_deadline_set(const struct app *app, unsigned slot, unsigned kind)
{
    CHECK(slot < DEADLINE_SLOTS);
    for (unsigned i = 0; i < state.apps_count; i++) {
        if (state.apps[i] == app) {
            deadline_set(NODE_APP + DEADLINE_SLOTS * i + slot, kind);
        }
    }
}

void app_deadline_clear(const struct app *app, unsigned slot)
{
    CHECK(slot < DEADLINE_SLOTS);
    for (unsigned i = 0; i < state.apps_count; i++) {
        if (state.apps[i] == app) {
            deadline_clear(NODE_APP + DEADLINE_SLOTS * i + slot);
        }
    }
}

static void loop_due(unsigned node, unsigned kind)
{
    if (node < NODE_SOCKET) {
        conn_due(node, kind);
    } else if (node < NODE_APP) {
        socket_due(node - NODE_SOCKET);
    } else if (node < NODE_DRAIN) {
        state.apps[(node - NODE_APP) / DEADLINE_SLOTS]->due(NULL, kind);
    } else if (node == NODE_DRAIN) {
        conn_stop_now();
    } else {
        CHECK(node == NODE_RETRY);
        conn_wake_sleepers();
    }
}

/* Every node passes at most once in a pass: a deadline set again is at least 1 ms away. */
static void loop_pass_deadlines(void)
{
    for (unsigned left = NODES; left > 0; left--) {
        unsigned kind = 0;
        unsigned node = deadline_take_passed(&kind);
        if (node == NODES) {
            break;
        }
        loop_due(node, kind);
    }
}

static void loop_step_ready(void)
{
    for (unsigned left = WATCH_OWNERS; left > 0; left--) {
        uint8_t got = 0;
        unsigned owner = watch_next(&got);
        if (owner == WATCH_OWNERS) {
            break;
        }
        if (owner < WATCH_SOCKET) {
            conn_step(conn_at(owner), got);
        } else {
            socket_step(owner - WATCH_SOCKET);
        }
    }
}

/* Up to date and swept; an app's `closed` may touch others, hence twice. */
static void loop_settle(void)
{
    for (unsigned left = 2; left > 0 && conn_pending(); left--) {
        conn_flush();
        conn_sweep();
    }
    if (conn_open_count() < state.open_before) {
        socket_resume();
    }
    state.open_before = conn_open_count();
}

/* The terminal may take nothing now: then there is no handle to wait on. */
static void loop_paint_console(void)
{
    if (CFG_CONSOLE_EDITOR && !console_paint() && !deadline_runs(NODE_RETRY)) {
        deadline_set(NODE_RETRY, KIND_RETRY);
    }
}

bool loop_turn(void)
{
    CHECK(!state.ended);
    /* Apps may hear something now that makes their driver end, or all may be closed already. */
    bool told = conn_pending() || (state.stopping && conn_open_count() == 0);
    loop_settle();
    loop_paint_console();
    watch_wait(told || conn_pending() ? 0 : deadline_timeout_ms());
    counter_add(COUNTER_PASSES, 1);
    loop_step_ready();
    loop_pass_deadlines();
    loop_heed_requests();
    loop_settle();
    socket_make_room();
    loop_settle();
    socket_accept();
    conn_step_fresh();
    loop_settle();
    if (state.stopping && conn_open_count() == 0) {
        socket_close_all();
        if (CFG_CONSOLE_EDITOR) {
            console_end();
        }
        state.ended = true;
    }
    return !state.ended;
}
