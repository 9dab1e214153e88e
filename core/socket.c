/* SPDX-License-Identifier: MIT */
/* Listeners and datagram sockets. */
#include "core/socket.h"

#include <string.h>

#include "core/address.h"
#include "core/conn_table.h"
#include "core/counters.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/peers.h"
#include "core/watch.h"

enum {
    FULL_PASSES = 8 /* with one newcomer each, before two are expected */
};

enum socket_kind { SOCKET_FREE, SOCKET_LISTENER, SOCKET_DATAGRAMS };

struct socket {
    port_handle handle;
    uint8_t kind; /* enum socket_kind */
    uint8_t app;
    bool ready;   /* newcomers wait, says the last port_wait */
    bool resting; /* not asked until its deadline, or until something is closed */
    uint16_t expected; /* newcomers in a pass, going by those of the last ones */
    uint8_t full;      /* passes in a row in which so many came */
};

static struct {
    struct socket sockets[CFG_SOCKETS_MAX];
    unsigned used; /* from here on none ever was */
    bool ready;    /* one of them is */
} state;

const size_t socket_static_bytes = sizeof state;

void socket_start(void)
{
    memset(&state, 0, sizeof state);
}

static int socket_open(unsigned app, struct port_address *at, enum port_family family,
                       enum socket_kind kind)
{
    CHECK(app < conn_table.apps_count);
    unsigned number = 0;
    while (number < CFG_SOCKETS_MAX && state.sockets[number].kind != SOCKET_FREE) {
        number++;
    }
    if (number == CFG_SOCKETS_MAX) {
        return PORT_FULL;
    }
    port_handle handle = PORT_NONE;
    int result = kind == SOCKET_LISTENER ? port_listen(at, family, &handle)
                                         : port_datagram_open(at, family, &handle);
    if (result != PORT_OK) {
        return result;
    }
    struct socket *socket = &state.sockets[number];
    memset(socket, 0, sizeof *socket);
    socket->handle = handle;
    socket->kind = (uint8_t)kind;
    socket->app = (uint8_t)app;
    socket->expected = 1;
    state.used = number < state.used ? state.used : number + 1;
    watch_add(WATCH_SOCKET + number, handle);
    watch_want(WATCH_SOCKET + number, PORT_READ);
    return (int)number;
}

unsigned socket_apps_serving(void)
{
    unsigned serving = 0;
    for (unsigned app = 0; app < conn_table.apps_count; app++) {
        bool listens = false;
        for (unsigned i = 0; i < state.used; i++) {
            listens |= state.sockets[i].kind == SOCKET_LISTENER && state.sockets[i].app == app;
        }
        serving += listens ? 1u : 0u;
    }
    return serving;
}

int socket_listen(unsigned app, struct port_address *at, enum port_family family)
{
    int result = socket_open(app, at, family, SOCKET_LISTENER);
    if (result >= 0) {
        if (conn_table.apps[app]->peers_first) {
            port_listener_defer(state.sockets[result].handle);
        }
        conn_limit_apps(socket_apps_serving());
    }
    return result;
}

int socket_datagrams(unsigned app, struct port_address *at, enum port_family family)
{
    return socket_open(app, at, family, SOCKET_DATAGRAMS);
}

void socket_close(unsigned number)
{
    CHECK(number < CFG_SOCKETS_MAX);
    struct socket *socket = &state.sockets[number];
    if (socket->kind != SOCKET_FREE) {
        deadline_clear(NODE_SOCKET + number);
        watch_remove(WATCH_SOCKET + number);
        port_close(socket->handle);
        socket->kind = SOCKET_FREE;
    }
}

void socket_close_listeners(void)
{
    for (unsigned i = 0; i < state.used; i++) {
        if (state.sockets[i].kind == SOCKET_LISTENER) {
            socket_close(i);
        }
    }
}

void socket_close_all(void)
{
    for (unsigned i = 0; i < state.used; i++) {
        socket_close(i);
    }
}

/* ---- Newcomers ----------------------------------------------------------------------------- */

/* Leaves newcomers waiting until the deadline, or until something is closed. */
static void socket_rest(unsigned number)
{
    struct socket *socket = &state.sockets[number];
    socket->resting = true;
    socket->ready = false;
    counter_add(COUNTER_PAUSES, 1);
    deadline_set(NODE_SOCKET + number, KIND_PAUSE);
    watch_want(WATCH_SOCKET + number, 0);
}

static bool socket_is_ready(const struct socket *socket)
{
    return socket->kind == SOCKET_LISTENER && socket->ready;
}

static void socket_wake(unsigned number)
{
    state.sockets[number].resting = false;
    watch_want(WATCH_SOCKET + number, PORT_READ);
}

void socket_due(unsigned number)
{
    CHECK(number < CFG_SOCKETS_MAX);
    socket_wake(number);
}

void socket_resume(void)
{
    for (unsigned i = 0; i < state.used; i++) {
        if (state.sockets[i].kind == SOCKET_LISTENER && state.sockets[i].resting) {
            deadline_clear(NODE_SOCKET + i);
            socket_wake(i);
        }
    }
}

/* Counts a newcomer towards its peer's share; false: the peer has it all. */
static bool socket_admit(const struct port_address *peer, unsigned *flags)
{
    unsigned limit = loop_peer_limit(conn_table.capacity);
    if (limit == 0 || (address_is_loopback(peer) && !loop_settings.peer_limit_given)) {
        return true;
    }
    if (!peers_add(address_peer_key(peer), limit)) {
        counter_add(COUNTER_REFUSED, 1);
        log_limited(LOG_TOPIC_PEER, peer);
        return false;
    }
    *flags |= (unsigned)CONN_COUNTED;
    return true;
}

/* Nobody is cut for further newcomers than the one of whom the wait has told. */
void socket_make_room(void)
{
    uint8_t promised[CFG_APPS_MAX] = {0};
    unsigned in_all = 0;
    for (unsigned i = 0; i < state.used && state.ready; i++) {
        struct socket *socket = &state.sockets[i];
        if (!socket_is_ready(socket)) {
            continue;
        }
        if (conn_room_for(socket->app, promised[socket->app], in_all)) {
            promised[socket->app]++;
            in_all++;
        } else if (!conn_evict(socket->app)) {
            log_limited(LOG_TOPIC_TABLE, NULL);
            socket_rest(i);
        }
    }
}

/* Takes one newcomer. False: no more for now. */
static bool socket_accept_one(unsigned number)
{
    struct socket *socket = &state.sockets[number];
    port_handle handle = PORT_NONE;
    struct port_address peer;
    int result = port_accept(socket->handle, &handle, &peer);
    if (result == PORT_SKIP) {
        counter_add(COUNTER_VANISHED, 1);
        return true;
    }
    if (result == PORT_FULL) {
        log_limited(LOG_TOPIC_HANDLES, NULL);
        socket_rest(number);
    }
    if (result != PORT_OK) {
        return false;
    }
    unsigned flags = CONN_SILENT;
    flags |= conn_table.apps[socket->app]->peers_first ? (unsigned)CONN_FRESH : 0u;
    if (!socket_admit(&peer, &flags)) {
        port_abort(handle);
        return true;
    }
    struct conn *conn = conn_take(socket->app, handle, &peer, CONN_OPEN, flags);
    counter_add(COUNTER_ACCEPTED, 1);
    conn_open(conn);
    return true;
}

/* Takes up to `most` newcomers of a listener; returns how many it took. */
static unsigned socket_accept_some(unsigned number, unsigned most)
{
    struct socket *socket = &state.sockets[number];
    unsigned taken = 0;
    while (taken < most && socket_is_ready(socket)) {
        socket->ready = conn_room_for(socket->app, 0, 0) && socket_accept_one(number);
        taken += socket->ready ? 1u : 0u;
    }
    return taken;
}

/* To ask until nobody is left costs a call more. So where newcomers come one by one the next wait
 * is left to tell of another; where they come faster, twice as many are expected in each pass. */
static void socket_expect(struct socket *socket, unsigned taken)
{
    bool full = socket->ready;
    socket->full = full && socket->full < FULL_PASSES ? socket->full + 1u : 0u;
    if (!full) {
        socket->expected = (uint16_t)taken;
    } else if (socket->expected > 1 || socket->full == FULL_PASSES) {
        unsigned twice = 2u * socket->expected;
        socket->expected = (uint16_t)(twice < CFG_ACCEPT_BUDGET ? twice : CFG_ACCEPT_BUDGET);
    }
}

/* One newcomer of each listener before more of any: nobody takes the room made for another. */
void socket_accept(void)
{
    unsigned taken[CFG_SOCKETS_MAX];
    if (!state.ready) {
        return;
    }
    state.ready = false;
    for (unsigned i = 0; i < state.used; i++) {
        taken[i] = socket_is_ready(&state.sockets[i]) ? socket_accept_some(i, 1) : 0;
    }
    for (unsigned i = 0; i < state.used; i++) {
        struct socket *socket = &state.sockets[i];
        if (taken[i] == 0) {
            continue;
        }
        taken[i] += socket_accept_some(i, socket->expected - 1);
        socket_expect(socket, taken[i]);
        socket->ready = false; /* the next wait will tell */
    }
}

/* ---- Datagrams ----------------------------------------------------------------------------- */

static void socket_take_datagrams(unsigned number)
{
    const struct socket *socket = &state.sockets[number];
    const struct app *app = conn_table.apps[socket->app];
    uint8_t *bytes = (uint8_t *)conn_table.scratch;
    for (unsigned left = CFG_DATAGRAM_BUDGET; left > 0; left--) {
        struct port_datagram info;
        int n = port_datagram_receive(socket->handle, bytes, CFG_DATAGRAM_BYTES, &info);
        if (n == PORT_SKIP) {
            continue;
        }
        if (n < 0) {
            CHECK(n == PORT_AGAIN);
            return;
        }
        counter_add(COUNTER_DATAGRAMS_IN, 1);
        if (n > CFG_DATAGRAM_BYTES) {
            counter_add(COUNTER_DATAGRAMS_LONG, 1);
        } else {
            app->datagram(number, &info, bytes, (size_t)n);
        }
    }
}

bool datagram_send(unsigned socket, const struct port_address *from, const struct port_address *to,
                   const uint8_t *bytes, size_t n)
{
    CHECK(socket < CFG_SOCKETS_MAX && state.sockets[socket].kind == SOCKET_DATAGRAMS);
    int sent = port_datagram_send(state.sockets[socket].handle, bytes, n, from, to);
    counter_add(sent >= 0 ? COUNTER_DATAGRAMS_OUT : COUNTER_DATAGRAMS_LOST, 1);
    return sent >= 0;
}

void socket_step(unsigned number)
{
    CHECK(number < CFG_SOCKETS_MAX);
    struct socket *socket = &state.sockets[number];
    if (socket->kind == SOCKET_DATAGRAMS) {
        socket_take_datagrams(number);
    } else {
        CHECK(socket->kind == SOCKET_LISTENER && !socket->resting);
        socket->ready = true;
        state.ready = true;
    }
}
