/* SPDX-License-Identifier: MIT */
/* The connection table: slots, their owners' shares, and what apps ask of a connection. */
#include "core/conn.h"

#include <string.h>

#include "core/address.h"
#include "core/conn_table.h"
#include "core/counters.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/peers.h"
#include "core/watch.h"

struct conn_table conn_table;

const size_t conn_static_bytes = sizeof conn_table;

/* ---- Lists --------------------------------------------------------------------------------- */

void conn_list_append(struct conn_list *list, struct conn *conn)
{
    uint16_t link = (uint16_t)(conn_index(conn) + 1);
    conn->next = 0;
    if (list->tail != 0) {
        conn_table.slots[list->tail - 1].next = link;
    } else {
        list->head = link;
    }
    list->tail = link;
}

struct conn *conn_list_take(struct conn_list *list)
{
    if (list->head == 0) {
        return NULL;
    }
    struct conn *conn = &conn_table.slots[list->head - 1];
    list->head = conn->next;
    if (list->head == 0) {
        list->tail = 0;
    }
    return conn;
}

/* ---- Slots --------------------------------------------------------------------------------- */

void conn_start(const struct app *const *apps, size_t count, unsigned capacity)
{
    struct conn_table *table = &conn_table;
    CHECK(count <= CFG_APPS_MAX);
    CHECK(capacity <= CFG_CONN_MAX);
    memset(table, 0, offsetof(struct conn_table, slots));
    table->apps = apps;
    table->apps_count = count;
    table->capacity = capacity;
    for (size_t i = 0; i < count; i++) {
        table->reserved += apps[i]->reserved;
    }
    CHECK(table->reserved < capacity);
}

void conn_limit_apps(unsigned serving)
{
    unsigned last = conn_table.capacity / 8 > 0 ? conn_table.capacity / 8 : 1;
    conn_table.limit = serving > 1 ? conn_table.capacity - last : conn_table.capacity;
}

unsigned conn_open_count(void)
{
    return conn_table.open;
}

bool conn_room_for(unsigned app, unsigned of_app, unsigned in_all)
{
    unsigned free_slots = conn_table.capacity - conn_table.open;
    unsigned kept =
        conn_table.reserved > conn_table.own ? conn_table.reserved - conn_table.own : 0;
    return free_slots > kept + in_all && conn_table.open_of[app] + of_app < conn_table.limit;
}

/* Connections of an app's own making take their place from what is reserved. */
static bool conn_is_own(unsigned flags)
{
    return (flags & ((unsigned)CONN_DIALLED | (unsigned)CONN_CONSOLE)) != 0;
}

static void conn_set_peer(struct conn *conn, const struct port_address *peer)
{
    memcpy(conn->ip, peer->ip, sizeof conn->ip);
    conn->port = peer->port;
    if (peer->zone != 0 && address_is_link_local(peer) && !address_is_ipv4(peer)) {
        memcpy(conn->ip + 4, &peer->zone, 4); /* always zero on the wire: RFC 4291 section 2.5.6 */
    }
}

struct port_address conn_peer(const struct conn *conn)
{
    struct port_address peer;
    memset(&peer, 0, sizeof peer);
    memcpy(peer.ip, conn->ip, sizeof peer.ip);
    peer.port = conn->port;
    if (address_is_link_local(&peer) && !address_is_ipv4(&peer)) {
        memcpy(&peer.zone, peer.ip + 4, 4);
        memset(peer.ip + 4, 0, 4);
    }
    return peer;
}

struct conn *conn_take(unsigned app, port_handle handle, const struct port_address *peer,
                       enum conn_phase phase, unsigned flags)
{
    struct conn_table *table = &conn_table;
    CHECK(app < table->apps_count);
    CHECK(table->open < table->capacity);
    struct conn *conn;
    if (table->free_head != 0) {
        conn = &table->slots[table->free_head - 1];
        table->free_head = conn->next;
    } else {
        conn = &table->slots[table->virgins++];
    }
    memset(conn, 0, sizeof *conn);
    conn->handle = handle;
    conn->app = (uint8_t)app;
    conn->phase = (uint8_t)phase;
    conn->flags = (uint16_t)flags;
    if (peer != NULL) {
        conn_set_peer(conn, peer);
    }
    table->open++;
    table->open_of[app]++;
    table->own += conn_is_own(flags) ? 1u : 0u;
    if (handle != PORT_NONE) {
        watch_add(conn_index(conn), handle);
    }
    return conn;
}

void conn_log(const struct conn *conn, const char *what)
{
    struct port_address peer = conn_peer(conn);
    struct text *line = log_begin();
    text_put(line, conn_app_of(conn)->name);
    text_put_char(line, ' ');
    text_put_number(line, conn_index(conn));
    text_put_char(line, ' ');
    if (conn_has(conn, CONN_CONSOLE)) {
        text_put(line, "console");
    } else {
        text_put_address(line, &peer);
    }
    text_put_char(line, ' ');
    text_put(line, what);
    log_end();
}

/* By enum conn_end. */
static const char *const end_texts[] = {
    "done",    "reset by peer", "aborted",   "cut: took too little", "cut: made room",
    "stopped", "refused",       "timed out", "unreachable",
};

/* Frees a slot whose app knows already. */
static void conn_free(struct conn *conn)
{
    struct conn_table *table = &conn_table;
    for (unsigned slot = 0; slot < NODES_PER_CONN; slot++) {
        deadline_clear(conn_node(conn, slot));
    }
    if (conn->handle != PORT_NONE) {
        watch_remove(conn_index(conn));
        if (conn_has(conn, CONN_ABORT)) {
            port_abort(conn->handle);
        } else {
            port_close(conn->handle);
        }
    }
    if (conn_has(conn, CONN_COUNTED)) {
        struct port_address peer = conn_peer(conn);
        peers_remove(address_peer_key(&peer));
    }
    table->own -= conn_is_own(conn->flags) ? 1u : 0u;
    table->open--;
    table->open_of[conn->app]--;
    conn->phase = CONN_FREE;
    conn->next = (uint16_t)table->free_head;
    table->free_head = conn_index(conn) + 1;
}

void conn_sweep(void)
{
    /* Apps may touch others in `closed`, and so bring about further ends; those wait in their
     * list, so that nothing here is re-entered. */
    for (unsigned left = CFG_CONN_MAX; left > 0; left--) {
        struct conn *conn = conn_list_take(&conn_table.closing);
        if (conn == NULL) {
            break;
        }
        CHECK(conn->phase == CONN_CLOSING);
        const struct app *app = conn_app_of(conn);
        CHECK(conn_has(conn, CONN_OPENED) || conn_has(conn, CONN_DIALLED));
        if (app->closed != NULL) {
            app->closed(conn, (enum conn_end)conn->why);
        }
        if (loop_settings.verbose) {
            CHECK(conn->why < COUNT_OF(end_texts));
            conn_log(conn, end_texts[conn->why]);
        }
        conn_free(conn);
    }
}

bool conn_evict(unsigned app)
{
    bool own = conn_table.open_of[app] >= conn_table.limit;
    unsigned oldest = NODES;
    for (unsigned i = 0; i < conn_table.apps_count; i++) {
        unsigned node = deadline_first(KIND_EVICTABLE + i);
        if (node == NODES || (own && i != app)) {
            continue;
        }
        if (oldest == NODES || deadline_age_ms(node) > deadline_age_ms(oldest)) {
            oldest = node;
        }
    }
    if (oldest == NODES) {
        return false;
    }
    counter_add(COUNTER_EVICTED, 1);
    deadline_clear(oldest); /* the next one to be cut is another */
    conn_cut(&conn_table.slots[(oldest - NODE_CONN) / NODES_PER_CONN], CONN_END_EVICTED);
    return true;
}

/* ---- What apps ask ------------------------------------------------------------------------- */

unsigned conn_index(const struct conn *conn)
{
    ptrdiff_t index = conn - conn_table.slots;
    CHECK(index >= 0 && index < CFG_CONN_MAX);
    return (unsigned)index;
}

struct conn *conn_at(unsigned index)
{
    CHECK(index < CFG_CONN_MAX);
    return &conn_table.slots[index];
}

void *conn_state(struct conn *conn)
{
    return conn->state.bytes;
}

uint8_t *conn_buffer(struct conn *conn)
{
    return conn_table.buffers[conn_index(conn)];
}

bool conn_is_console(const struct conn *conn)
{
    return conn_has(conn, CONN_CONSOLE);
}

bool conn_is_dialled(const struct conn *conn)
{
    return conn_has(conn, CONN_DIALLED);
}

void conn_room_set(struct conn *conn, size_t n)
{
    CHECK(n <= CFG_CONN_BUFFER_BYTES);
    if (conn->room != n) {
        conn->room = (uint16_t)n;
        conn_touch(conn);
    }
}

void conn_output_ask(struct conn *conn)
{
    CHECK(conn->phase != CONN_FREE);
    if (conn->phase == CONN_OPEN && !conn_has(conn, CONN_OUTPUT)) {
        conn_put(conn, CONN_OUTPUT, true);
        conn_touch(conn);
    }
}

bool conn_output_asked(const struct conn *conn)
{
    return conn_has(conn, CONN_OUTPUT);
}

void conn_resume(struct conn *conn)
{
    conn_put(conn, CONN_RESUME, true);
    conn_touch(conn);
}

void conn_settle(struct conn *conn)
{
    if (conn_has(conn, CONN_SILENT)) {
        conn_put(conn, CONN_SILENT, false);
        unsigned node = conn_node(conn, 0);
        if (deadline_runs(node) && deadline_kind_of(node) != KIND_STALL) {
            deadline_clear(node);
        }
    }
}

void conn_finish(struct conn *conn)
{
    if (conn->phase == CONN_DIALLING) {
        conn_abort(conn);
    }
    if (conn->phase != CONN_OPEN) {
        return;
    }
    conn->flags &= (uint16_t)~((unsigned)CONN_OUTPUT | (unsigned)CONN_RESUME);
    if (conn_has(conn, CONN_PEER_ENDED) || conn_has(conn, CONN_CONSOLE)) {
        conn_cut(conn, CONN_END_DONE);
    } else if (port_shut(conn->handle) != PORT_OK) {
        conn_cut(conn, CONN_END_RESET);
    } else {
        conn->phase = CONN_LINGERING;
        deadline_set(conn_node(conn, 0), KIND_LINGER);
        conn_touch(conn);
    }
}

void conn_close(struct conn *conn)
{
    if (conn->phase == CONN_OPEN && conn->kept == 0 && !conn_has(conn, CONN_CONSOLE) &&
        !port_unread(conn->handle)) {
        conn_cut(conn, CONN_END_DONE);
    } else {
        conn_finish(conn);
    }
}

void conn_shut(struct conn *conn)
{
    if (conn->phase != CONN_OPEN || conn_has(conn, CONN_CONSOLE)) {
        return;
    }
    conn_put(conn, CONN_OUTPUT, false);
    conn_touch(conn);
    if (port_shut(conn->handle) != PORT_OK) {
        conn_cut(conn, CONN_END_RESET);
    }
}

void conn_abort(struct conn *conn)
{
    if (conn->phase == CONN_OPEN || conn->phase == CONN_DIALLING) {
        conn_put(conn, CONN_ABORT, !conn_has(conn, CONN_CONSOLE));
        conn_cut(conn, CONN_END_ABORTED);
    }
}

/* What came of dialling, as soon as that is known. */
static void conn_dialled(struct conn *conn)
{
    int result = port_connected(conn->handle);
    if (result == PORT_AGAIN) {
        return;
    }
    deadline_clear(conn_node(conn, 0));
    if (result == PORT_OK) {
        conn_open(conn);
    } else if (result == PORT_REFUSED || result == PORT_RESET) {
        conn_cut(conn, CONN_END_REFUSED);
    } else if (result == PORT_TIMEDOUT) {
        conn_cut(conn, CONN_END_TIMEDOUT);
    } else {
        conn_cut(conn, CONN_END_UNREACHABLE);
    }
}

struct conn *conn_dial(const struct app *app, const struct port_address *to)
{
    unsigned number = 0;
    while (number < conn_table.apps_count && conn_table.apps[number] != app) {
        number++;
    }
    CHECK(number < conn_table.apps_count);
    if (conn_table.open == conn_table.capacity) {
        return NULL;
    }
    port_handle handle = PORT_NONE;
    int result = port_connect(to, &handle);
    if (result == PORT_FULL) {
        return NULL;
    }
    struct conn *conn = conn_take(number, handle, to, CONN_DIALLING, CONN_DIALLED);
    conn_table.dialled = conn_dialled;
    counter_add(COUNTER_DIALLED, 1);
    if (result == PORT_OK) {
        deadline_set(conn_node(conn, 0), KIND_CONNECT);
        conn_touch(conn);
    } else {
        conn_cut(conn, result == PORT_REFUSED ? CONN_END_REFUSED : CONN_END_UNREACHABLE);
    }
    return conn;
}

void conn_deadline_set(struct conn *conn, unsigned slot, unsigned kind)
{
    CHECK(slot < DEADLINE_SLOTS);
    deadline_set(conn_node(conn, 1 + slot), kind);
}

void conn_deadline_clear(struct conn *conn, unsigned slot)
{
    CHECK(slot < DEADLINE_SLOTS);
    deadline_clear(conn_node(conn, 1 + slot));
}

bool conn_deadline_runs(const struct conn *conn, unsigned slot)
{
    CHECK(slot < DEADLINE_SLOTS);
    return deadline_runs(conn_node(conn, 1 + slot));
}
