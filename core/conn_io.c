/* SPDX-License-Identifier: MIT */
/* The traffic of connections: receiving, sending, deadlines. */
#include <string.h>

#include "core/conn_table.h"
#include "core/console.h"
#include "core/counters.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/watch.h"

void conn_enter(const struct conn *conn)
{
    CHECK(conn_table.current == NULL);
    conn_table.current = conn;
    conn_table.write_left = CFG_WRITE_BUDGET_BYTES;
}

/* Nothing is owed either way, and more is being waited for already. While the stall deadline runs,
 * room for output is waited for as well. What ends, or has other room, was passed on then. */
static bool conn_is_up_to_date(const struct conn *conn)
{
    const unsigned unusual = (unsigned)CONN_OUTPUT | (unsigned)CONN_RESUME |
                             (unsigned)CONN_PEER_ENDED | (unsigned)CONN_SLEEPING |
                             (unsigned)CONN_CONSOLE;
    return (conn->flags & unusual) == 0 && conn->kept == 0 &&
           !conn_table.stopping && watch_wanted(conn_index(conn)) == PORT_READ;
}

static void conn_leave(struct conn *conn)
{
    CHECK(conn_table.current == conn);
    conn_table.current = NULL;
    if (!conn_is_up_to_date(conn)) {
        conn_touch(conn);
    }
}

void conn_touch(struct conn *conn)
{
    CHECK(conn->phase != CONN_FREE);
    if (!conn_has(conn, CONN_TOUCHED)) {
        conn_put(conn, CONN_TOUCHED, true);
        conn_list_append(&conn_table.touched, conn);
    }
}

void conn_cut(struct conn *conn, enum conn_end why)
{
    CHECK(conn->phase != CONN_FREE);
    if (conn->phase == CONN_CLOSING) {
        return;
    }
    if (why == CONN_END_RESET) {
        counter_add(COUNTER_RESET, 1);
    }
    conn->phase = CONN_CLOSING;
    conn->why = (uint8_t)why;
    conn_put(conn, CONN_OUTPUT, false);
    if (!conn_has(conn, CONN_TOUCHED)) { /* else conn_flush passes it on */
        conn_put(conn, CONN_TOUCHED, true);
        conn_list_append(&conn_table.closing, conn);
    }
}

/* Rests until the retry deadline: the system had no memory, or the console no room. */
static void conn_sleep(struct conn *conn)
{
    if (!conn_has(conn, CONN_SLEEPING)) {
        conn_put(conn, CONN_SLEEPING, true);
        if (!deadline_runs(NODE_RETRY)) {
            deadline_set(NODE_RETRY, KIND_RETRY);
        }
    }
}

void conn_wake_sleepers(void)
{
    /* Costs the whole table, once in CFG_RETRY_MS while there is any to wake. */
    for (unsigned i = 0; i < conn_table.virgins; i++) {
        struct conn *conn = &conn_table.slots[i];
        if (conn->phase != CONN_FREE && conn_has(conn, CONN_SLEEPING)) {
            conn_put(conn, CONN_SLEEPING, false);
            if (conn_has(conn, CONN_CONSOLE)) {
                conn_put(conn, CONN_BLOCKED, false);
            }
            conn_touch(conn);
        }
    }
}

/* ---- Output -------------------------------------------------------------------------------- */

/* The peer took n bytes: enough of them renew its deadline. */
static void conn_took(struct conn *conn, size_t n)
{
    counter_add(COUNTER_BYTES_OUT, n);
    conn_table.write_left -= (unsigned)n;
    unsigned node = conn_node(conn, 0);
    if (!deadline_runs(node) || deadline_kind_of(node) != KIND_STALL) {
        return;
    }
    if (n >= conn->stall_left) {
        conn->stall_left = conn_app_of(conn)->stall_bytes;
        deadline_set(node, KIND_STALL);
    } else {
        conn->stall_left = (uint16_t)(conn->stall_left - n);
    }
}

/* How many of n bytes may be written now; 0: none. */
static size_t conn_may_write(const struct conn *conn, size_t n)
{
    CHECK(n > 0);
    CHECK(conn_table.current == conn);
    if (conn->phase != CONN_OPEN || conn_has(conn, CONN_BLOCKED)) {
        return 0;
    }
    return n < conn_table.write_left ? n : conn_table.write_left;
}

static size_t conn_write_console(struct conn *conn, const void *bytes, size_t n)
{
    int taken = CFG_CONSOLE_EDITOR ? console_write(bytes, n) : port_console_write(bytes, n);
    if (taken == PORT_EOF) {
        return n; /* nobody will ever read it */
    }
    if (taken < (int)n) {
        conn_put(conn, CONN_BLOCKED, true);
        conn_sleep(conn);
    }
    return taken < 0 ? 0 : (size_t)taken;
}

size_t conn_write(struct conn *conn, const void *bytes, size_t n, bool more)
{
    size_t most = conn_may_write(conn, n);
    if (most == 0) {
        return 0;
    }
    if (conn_has(conn, CONN_CONSOLE)) {
        return conn_write_console(conn, bytes, most);
    }
    int sent = port_send(conn->handle, bytes, most, more);
    if (sent == PORT_RESET) {
        conn_cut(conn, CONN_END_RESET);
        return 0;
    }
    if (sent < (int)most) {
        conn_put(conn, CONN_BLOCKED, true); /* a short count means: full, no need to hear AGAIN */
    }
    if (sent == PORT_AGAIN) {
        return 0;
    }
    CHECK(sent >= 0 && (size_t)sent <= most);
    conn_took(conn, (size_t)sent);
    return (size_t)sent;
}

int conn_write_file(struct conn *conn, port_handle file, uint64_t offset, size_t n)
{
    size_t most = conn_may_write(conn, n);
    if (most == 0) {
        return 0;
    }
    int sent = port_send_file(conn->handle, file, offset, most);
    if (sent == PORT_RESET) {
        conn_cut(conn, CONN_END_RESET);
        return 0;
    }
    if (sent == PORT_AGAIN) {
        conn_put(conn, CONN_BLOCKED, true);
        return 0;
    }
    if (sent > 0) {
        CHECK((size_t)sent <= most);
        conn_put(conn, CONN_BLOCKED, (size_t)sent < most);
        conn_took(conn, (size_t)sent);
    }
    return sent;
}

/* ---- Input --------------------------------------------------------------------------------- */

static void conn_heard(struct conn *conn)
{
    if (conn_has(conn, CONN_SILENT)) {
        deadline_set(conn_node(conn, 0), KIND_SILENT);
    }
}

void conn_offer(struct conn *conn, const uint8_t *bytes, size_t n)
{
    size_t taken = conn_app_of(conn)->input(conn, bytes, n);
    CHECK(taken <= n);
    if (taken < n && conn->phase == CONN_OPEN) {
        conn->kept = (uint16_t)(n - taken);
        uint8_t *place = conn_buffer(conn) + CFG_CONN_BUFFER_BYTES - conn->kept;
        if (place != bytes + taken) { /* what was kept before lies there already */
            memcpy(place, bytes + taken, conn->kept);
        }
    }
}

/* Offers what still lies in the system; what the app does not take stays there. Bulk runs in large
 * pieces so, without any memory that a peer who stops reading could hold on to. */
static void conn_offer_ahead(struct conn *conn, const uint8_t *bytes, size_t n)
{
    size_t taken = conn_app_of(conn)->input(conn, bytes, n);
    CHECK(taken <= n);
    counter_add(COUNTER_BYTES_IN, taken);
    if (taken > 0 && conn->phase == CONN_OPEN && port_discard(conn->handle, taken) != PORT_OK) {
        conn_cut(conn, CONN_END_RESET);
    }
}

static void conn_peer_ended(struct conn *conn)
{
    const struct app *app = conn_app_of(conn);
    conn_put(conn, CONN_PEER_ENDED, true);
    if (app->ended != NULL) {
        app->ended(conn);
    } else {
        conn_finish(conn);
    }
}

static int conn_receive(struct conn *conn, void *bytes, bool ahead)
{
    size_t room = conn->room < CFG_READ_BYTES ? conn->room : CFG_READ_BYTES;
    if (conn_has(conn, CONN_CONSOLE)) {
        return CFG_CONSOLE_EDITOR && console_edits()
                   ? console_read(conn->handle, bytes, room)
                   : port_console_read(conn->handle, bytes, room);
    }
    return ahead ? port_peek(conn->handle, bytes, CFG_READ_BYTES)
                 : port_receive(conn->handle, bytes, room);
}

static void conn_read(struct conn *conn)
{
    CHECK(conn->kept == 0 && !conn_has(conn, CONN_PEER_ENDED)); /* nobody asked to read */
    if (conn->room == 0) {
        return; /* readiness from before the app changed its mind */
    }
    uint8_t *bytes = (uint8_t *)conn_table.scratch;
    bool ahead = conn_has(conn, CONN_BULK) && conn->room < CFG_READ_BYTES;
    int n = conn_receive(conn, bytes, ahead);
    conn_put(conn, CONN_BULK, n >= (int)conn->room && conn_app_of(conn)->bulk);
    conn_enter(conn);
    if (n > 0) {
        conn_heard(conn);
        if (ahead) {
            conn_offer_ahead(conn, bytes, (size_t)n);
        } else {
            counter_add(COUNTER_BYTES_IN, (uint64_t)n);
            conn_offer(conn, bytes, (size_t)n);
        }
    } else if (n == PORT_EOF) {
        conn_peer_ended(conn);
    } else if (n == PORT_RESET) {
        conn_cut(conn, CONN_END_RESET);
    } else if (n == PORT_FULL) {
        log_limited(LOG_TOPIC_MEMORY, NULL);
        conn_sleep(conn);
    } else {
        CHECK(n == PORT_AGAIN);
    }
    conn_leave(conn);
}

/* Our end is sent; reads the peer's last bytes past, until it ends too. */
static void conn_drop_input(struct conn *conn)
{
    int n = port_receive(conn->handle, conn_table.scratch, CFG_READ_BYTES);
    if (n == PORT_FULL) {
        conn_sleep(conn);
    } else if (n < 0 && n != PORT_AGAIN) {
        conn_cut(conn, CONN_END_DONE);
    }
    conn_touch(conn);
}

void conn_open(struct conn *conn)
{
    if (loop_settings.verbose) {
        conn_log(conn, "opened");
    }
    conn->phase = CONN_OPEN;
    conn_put(conn, CONN_OPENED, true);
    if (conn_has(conn, CONN_SILENT)) {
        deadline_set(conn_node(conn, 0), KIND_SILENT);
    }
    conn_enter(conn);
    if (conn_app_of(conn)->opened != NULL) {
        conn_app_of(conn)->opened(conn);
    }
    conn_leave(conn);
}

void conn_step(struct conn *conn, uint8_t got)
{
    CHECK(conn->phase != CONN_FREE);
    if (conn->phase == CONN_DIALLING) {
        conn_table.dialled(conn);
    } else if (conn->phase == CONN_LINGERING) {
        conn_drop_input(conn);
    } else if (conn->phase == CONN_OPEN) {
        if ((got & PORT_WRITE) != 0) {
            conn_put(conn, CONN_BLOCKED, false);
            conn_touch(conn);
        }
        if ((got & PORT_READ) != 0) {
            conn_read(conn);
        }
    }
}

void conn_step_fresh(void)
{
    unsigned at = conn_table.touched.head; /* where conn_open has put them */
    for (unsigned left = CFG_CONN_MAX; left > 0 && at != 0; left--) {
        struct conn *conn = &conn_table.slots[at - 1];
        if (conn_has(conn, CONN_FRESH)) {
            conn_put(conn, CONN_FRESH, false);
            conn_step(conn, PORT_READ);
        }
        at = conn->next;
    }
}

/* ---- Deadlines ----------------------------------------------------------------------------- */

static void conn_due_core(struct conn *conn, unsigned kind)
{
    if (kind == KIND_STALL) {
        struct port_address peer = conn_peer(conn);
        log_limited(LOG_TOPIC_STALLED, &peer);
        counter_add(COUNTER_STALLED, 1);
        conn_put(conn, CONN_ABORT, true); /* what it has must not look complete */
        conn_cut(conn, CONN_END_STALLED);
    } else if (kind == KIND_LINGER) {
        conn_cut(conn, CONN_END_DONE);
    } else if (kind == KIND_CONNECT) {
        conn_cut(conn, CONN_END_TIMEDOUT);
    } else {
        CHECK(kind == KIND_SILENT);
        deadline_set(conn_node(conn, 0), KIND_EVICTABLE + conn->app);
    }
}

void conn_due(unsigned node, unsigned kind)
{
    struct conn *conn = conn_at((node - NODE_CONN) / NODES_PER_CONN);
    CHECK(conn->phase != CONN_FREE);
    if (conn->phase == CONN_CLOSING) {
        return;
    }
    if (node == conn_node(conn, 0)) {
        conn_due_core(conn, kind);
    } else if (conn->phase == CONN_OPEN) {
        conn_enter(conn);
        conn_app_of(conn)->due(conn, kind);
        conn_leave(conn);
    }
}
