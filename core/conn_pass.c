/* SPDX-License-Identifier: MIT */
/* What a pass does for the connections it touched: output, kept input, what each waits for; and the
 * way down. */
#include <string.h>

#include "core/conn_table.h"
#include "core/console.h"
#include "core/watch.h"

static bool conn_can_produce(const struct conn *conn)
{
    return conn->phase == CONN_OPEN && conn_has(conn, CONN_OUTPUT) &&
           !conn_has(conn, CONN_BLOCKED) && conn_table.write_left > 0;
}

static bool conn_can_offer(const struct conn *conn)
{
    return conn->phase == CONN_OPEN && conn->kept > 0 && conn_has(conn, CONN_RESUME);
}

/* Something is to be written, or a request lies here whose answer is next. */
static bool conn_owes(const struct conn *conn)
{
    return conn_has(conn, CONN_OUTPUT) || conn_can_offer(conn);
}

/* Lets the app write, and take kept input once it has written: a reply and the next request in
 * turn, as long as both can go on. */
static void conn_advance(struct conn *conn)
{
    const struct app *app = conn_app_of(conn);
    conn_enter(conn);
    for (unsigned left = CFG_PIPELINE_BUDGET; left > 0; left--) {
        if (!conn_can_produce(conn) && !conn_can_offer(conn)) {
            break;
        }
        if (conn_can_produce(conn)) {
            CHECK(app->produce != NULL);
            bool more = app->produce(conn, conn_table.write_left);
            conn_put(conn, CONN_OUTPUT, more && conn->phase == CONN_OPEN);
            conn_put(conn, CONN_RESUME, conn_has(conn, CONN_RESUME) || !more);
        }
        if (conn_can_offer(conn)) {
            size_t kept = conn->kept;
            conn_put(conn, CONN_RESUME, false);
            conn->kept = 0;
            conn_offer(conn, conn_buffer(conn) + CFG_CONN_BUFFER_BYTES - kept, kept);
        }
    }
    conn_put(conn, CONN_RESUME, conn_can_offer(conn));
    conn_table.current = NULL;
    if (conn_can_offer(conn)) {
        conn_touch(conn); /* the budget ended first */
    }
    if (conn_table.stopping && !conn_owes(conn)) {
        conn_finish(conn);
    }
}

static uint8_t conn_wants(const struct conn *conn)
{
    if (conn->phase == CONN_DIALLING) {
        return PORT_WRITE;
    }
    bool awake = !conn_has(conn, CONN_SLEEPING);
    if (conn->phase == CONN_LINGERING) {
        return awake ? PORT_READ : 0;
    }
    bool reads = conn->room > 0 && conn->kept == 0 && !conn_has(conn, CONN_PEER_ENDED);
    bool console = conn_has(conn, CONN_CONSOLE);
    if (CFG_CONSOLE_EDITOR && console && console_is_away()) {
        return 0;
    }
    uint8_t wanted = reads && (awake || console) ? PORT_READ : 0;
    if (conn_has(conn, CONN_OUTPUT) && !console) {
        wanted |= PORT_WRITE;
    }
    return wanted;
}

/* What a connection owes must be taken in time: the deadline runs while there is output. */
static void conn_watch_stall(struct conn *conn)
{
    unsigned node = conn_node(conn, 0);
    bool owes = conn_has(conn, CONN_OUTPUT) && !conn_has(conn, CONN_CONSOLE);
    bool runs = deadline_runs(node) && deadline_kind_of(node) == KIND_STALL;
    if (owes && !runs) {
        conn->stall_left = conn_app_of(conn)->stall_bytes;
        deadline_set(node, KIND_STALL);
    } else if (!owes && runs) {
        deadline_clear(node);
        if (conn_has(conn, CONN_SILENT)) {
            deadline_set(node, KIND_SILENT);
        }
    }
}

void conn_flush(void)
{
    struct conn_list work = conn_table.touched;
    memset(&conn_table.touched, 0, sizeof conn_table.touched);
    for (unsigned left = CFG_CONN_MAX; left > 0; left--) {
        struct conn *conn = conn_list_take(&work);
        if (conn == NULL) {
            break;
        }
        conn_put(conn, CONN_TOUCHED, false);
        if (conn->phase == CONN_OPEN) {
            conn_advance(conn);
        }
        if (conn->phase == CONN_CLOSING) {
            if (!conn_has(conn, CONN_TOUCHED)) {
                conn_put(conn, CONN_TOUCHED, true);
                conn_list_append(&conn_table.closing, conn);
            }
            continue;
        }
        if (conn->phase == CONN_OPEN) {
            conn_watch_stall(conn);
        }
        watch_want(conn_index(conn), conn_wants(conn));
    }
}

bool conn_pending(void)
{
    return conn_table.touched.head != 0 || conn_table.closing.head != 0;
}

/* Costs the whole table, when the operator's terminal is taken away or given back. */
void conn_follow_console(void)
{
    for (unsigned i = 0; i < conn_table.virgins; i++) {
        struct conn *conn = &conn_table.slots[i];
        if (conn->phase == CONN_OPEN && conn_has(conn, CONN_CONSOLE)) {
            conn_touch(conn);
        }
    }
}

/* ---- Going down ---------------------------------------------------------------------------- */

void conn_stop_begin(void)
{
    conn_table.stopping = true;
    for (unsigned i = 0; i < conn_table.virgins; i++) {
        struct conn *conn = &conn_table.slots[i];
        if (conn->phase == CONN_DIALLING ||
            (conn->phase == CONN_OPEN && !conn_owes(conn))) {
            conn_cut(conn, CONN_END_STOPPED);
        }
    }
}

void conn_stop_now(void)
{
    for (unsigned i = 0; i < conn_table.virgins; i++) {
        struct conn *conn = &conn_table.slots[i];
        if (conn->phase == CONN_OPEN || conn->phase == CONN_DIALLING) {
            conn_put(conn, CONN_ABORT, !conn_has(conn, CONN_CONSOLE));
        }
        if (conn->phase != CONN_FREE) {
            conn_cut(conn, CONN_END_STOPPED);
        }
    }
}
