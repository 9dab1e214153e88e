/* SPDX-License-Identifier: MIT */
/*
 * The connection table, for core files; what apps may call is in app.h.
 *
 * The life of a connection:
 *
 *     conn_take -> DIALLING -> OPEN -> LINGERING -> CLOSING -> conn_sweep: the slot is free
 *                      \________\__________\_________/
 *
 * Whatever happens to it, a connection is only marked CLOSING; conn_sweep, at the end of a pass,
 * tells the app and frees the slot. Everything that concerns a connection "touches" it, and
 * conn_flush then brings each touched one up to date: output, kept input, what it waits for.
 */
#ifndef CORE_CONN_H
#define CORE_CONN_H

#include "core/app.h"
#include "core/deadline.h"

enum conn_phase { CONN_FREE, CONN_DIALLING, CONN_OPEN, CONN_LINGERING, CONN_CLOSING };

enum conn_flag {
    CONN_OUTPUT = 1,        /* the app has something to write */
    CONN_BLOCKED = 2,       /* the connection took no more; wait until it is writable */
    CONN_PEER_ENDED = 4,    /* the peer's end was received */
    CONN_RESUME = 8,        /* offer kept input */
    CONN_SILENT = 16,       /* has made no request yet */
    CONN_COUNTED = 32,      /* counts towards its peer's share */
    CONN_TOUCHED = 64,      /* is in the list of conn_flush or conn_sweep */
    CONN_BULK = 128,        /* the last receive filled the room: look further ahead */
    CONN_SLEEPING = 256,    /* no receive until the retry deadline */
    CONN_CONSOLE = 512,
    CONN_DIALLED = 1024,
    CONN_OPENED = 2048,     /* the app was told of it */
    CONN_ABORT = 4096,      /* ends with a reset */
    CONN_FRESH = 8192       /* has bytes already, most likely: see conn_step_fresh */
};

struct conn {
    port_handle handle;
    uint8_t ip[16];        /* the zone of a link-local address is held in its bytes 4 to 7 */
    uint16_t port;
    uint16_t room;         /* what the app takes next */
    uint16_t kept;         /* input not taken yet, at the end of the buffer */
    uint16_t stall_left;   /* bytes still to be taken until the stall deadline is renewed */
    uint16_t next;         /* touched, closing or free list: index + 1 */
    uint16_t flags;        /* enum conn_flag */
    uint8_t phase;         /* enum conn_phase */
    uint8_t app;           /* number in the app table */
    uint8_t why;           /* enum conn_end, while CLOSING */
    union {
        uint8_t bytes[CFG_CONN_APP_BYTES];
        uint64_t aligned;
        void *aligned_pointer;
    } state;
};

/* The core's part of a slot: all but the app's bytes, and the nodes of its deadlines. */
enum { CONN_CORE_BYTES = sizeof(struct conn) - CFG_CONN_APP_BYTES + 8 * NODES_PER_CONN };
STATIC_ASSERT(CONN_CORE_BYTES <= 64);

void conn_start(const struct app *const *apps, size_t count, unsigned capacity);

/* Takes a slot for a handle; there is a free one. `peer` may be NULL (console). */
struct conn *conn_take(unsigned app, port_handle handle, const struct port_address *peer,
                       enum conn_phase phase, unsigned flags);

/* Whether an app may accept one more connection, by its own limit and what is reserved, beyond
 * those already promised: `of_app` to itself, `in_all` to all. */
bool conn_room_for(unsigned app, unsigned of_app, unsigned in_all);

/* Makes room by cutting the oldest silent connection, of `app` alone if it is at its own limit.
 * False: there is none. The slot is free after the next conn_sweep. */
bool conn_evict(unsigned app);

/* The limit of one app's connections; open connections, all and one app's. */
void conn_limit_apps(unsigned serving);
unsigned conn_open_count(void);

/* Tells the app that the connection is open. */
void conn_open(struct conn *conn);

/* Handles readiness: `got` as port_wait reports it. */
void conn_step(struct conn *conn, uint8_t got);

/* Newcomers of whom the system told with their first bytes are read before the next wait. */
void conn_step_fresh(void);

/* Handles a passed deadline of a connection's node: slot 0 is the core's, 1 and 2 the app's. */
void conn_due(unsigned node, unsigned kind);

/* Marks a connection CLOSING, if it is not yet. */
void conn_cut(struct conn *conn, enum conn_end why);

/* Puts a connection into the list of conn_flush. */
void conn_touch(struct conn *conn);

/* Brings every touched connection up to date: produce, kept input, interest. */
void conn_flush(void);

/* Tells the apps of the connections that are closing, and frees them. */
void conn_sweep(void);

/* Something is left for conn_flush or conn_sweep: do not sleep. */
bool conn_pending(void);

/* Wakes connections that waited for memory or the console. */
void conn_wake_sleepers(void);

/* Has the console read, or not, as console_is_away says. */
void conn_follow_console(void);

/* Begins to go down: what owes nothing closes, the rest closes when it has been sent; then, after
 * CFG_DRAIN_MS or at once, everything left is cut. */
void conn_stop_begin(void);
void conn_stop_now(void);

extern const size_t conn_static_bytes;

#endif
