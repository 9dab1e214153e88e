/* SPDX-License-Identifier: MIT */
/*
 * The app contract: the hooks an app fulfils and the calls it may make. For apps; the core knows
 * none of them by name.
 *
 * The core calls one hook at a time and never calls into an app from inside a call of the app's.
 * Whatever an app does, its connection stays valid until its `closed` hook: conn_finish and
 * conn_abort only mark it. After either, and while a connection is cut, no hook but `closed` comes
 * any more, and writes are swallowed: conn_write returns 0.
 */
#ifndef CORE_APP_H
#define CORE_APP_H

#include "core/config.h"
#include "core/text.h"
#include "port/port.h"

struct conn; /* one connection: a peer's, one we dialled, or the console */

/* Why a connection ended. */
enum conn_end {
    CONN_END_DONE,        /* conn_finish, and all that was written was handed to the system */
    CONN_END_RESET,       /* the peer or the network ended it */
    CONN_END_ABORTED,     /* conn_abort */
    CONN_END_STALLED,     /* the peer took too little of what it was owed for too long */
    CONN_END_EVICTED,     /* the table was full, and it had asked for nothing */
    CONN_END_STOPPED,     /* the server is going down */
    CONN_END_REFUSED,     /* dialled: the peer's system said no */
    CONN_END_TIMEDOUT,    /* dialled: nobody answered in CFG_CONNECT_MS */
    CONN_END_UNREACHABLE  /* dialled: there is no way to that address */
};

/* 0: there is no command line, so nobody asks for --limits, and apps carry no rows of it. */
#ifndef CORE_LIMITS
#define CORE_LIMITS 1
#endif

/* One row of --limits. */
struct limit {
    const char *name;    /* CFG_... */
    uint32_t value;
    const char *unit;    /* "bytes", "ms", "connections" ... */
#if PORT_TEXTS
    const char *meaning; /* half a line */
#endif
};

/* The row of a limit CFG_...; with PORT_TEXTS=0 without its meaning. */
#if PORT_TEXTS
#define LIMIT(name, unit, meaning) {#name, name, unit, meaning}
#else
#define LIMIT(name, unit, meaning) {#name, name, unit}
#endif

struct app {
    const char *name; /* as the listener lines say it: "echo" */

    /* All may be NULL but `input`. */

    /* Called once before serving; false: cannot work, and the log says why. */
    bool (*start)(void);

    /* Accepted, dialled and connected, or the console opened. State bytes and room are zero. */
    void (*opened)(struct conn *conn);

    /* Bytes from the peer: at most the room the app gave (conn_room_set). Returns how many it took;
     * the rest is kept, nothing more is received, and the rest is offered again after
     * conn_resume or once output that was asked for is all written. (An app with `bulk` may be
     * offered more than its room, from what still lies in the system, and takes what it can.) */
    size_t (*input)(struct conn *conn, const uint8_t *bytes, size_t n);

    /* The peer will send no more, and all it sent was taken. Output still goes out. An app without
     * this hook has the connection finished. */
    void (*ended)(struct conn *conn);

    /* The connection can take bytes, and output was asked for: write (at most `room` bytes count).
     * Returns true while there is more to write. */
    bool (*produce)(struct conn *conn, size_t room);

    /* A deadline of `kind` passed, of the connection, or of the app itself (conn NULL). */
    void (*due)(struct conn *conn, unsigned kind);

    /* A datagram came on one of the app's sockets; 0 <= n <= CFG_DATAGRAM_BYTES, never cut. */
    void (*datagram)(unsigned socket, const struct port_datagram *info, const uint8_t *bytes,
                     size_t n);

    /* The connection is gone after this call. */
    void (*closed)(struct conn *conn, enum conn_end why);

    /* Adds the app's counters to a log line, as " name=number" each. */
    void (*report)(struct text *line);

    /* Called once when the server begins to go down, before connections that owe nothing close. */
    void (*stopping)(void);

    bool peers_first;       /* who has said nothing need not be told of, see port_listener_defer */
    bool bulk;              /* passes bytes through: may be offered more than its room */
    uint16_t stall_bytes;   /* a peer must take so many in CFG_STALL_MS, or all; 1: anything */
    uint16_t reserved;      /* connections kept free for those the app dials, and the console */

    size_t static_bytes;        /* .data and .bss of the app's objects */
#if CORE_LIMITS
    const struct limit *limits; /* the app's own rows of --limits */
    size_t limits_count;
#endif
};

/* ---- Connections --------------------------------------------------------------------------- */

/* The slot's number, 0 to CFG_CONN_MAX - 1, and back. A slot is used again after `closed`. */
unsigned conn_index(const struct conn *conn);
struct conn *conn_at(unsigned index);

/* The app's CFG_CONN_APP_BYTES for this connection, zero at first, aligned for any type. */
void *conn_state(struct conn *conn);

/* The connection's CFG_CONN_BUFFER_BYTES, whose use is the app's to decide. Input that the app did
 * not take is kept at its end: what the app holds at the front and its room never exceed it. */
uint8_t *conn_buffer(struct conn *conn);

/* The peer: address, zone 0 unless link-local, and port. All zero for the console. */
struct port_address conn_peer(const struct conn *conn);
bool conn_is_console(const struct conn *conn);
bool conn_is_dialled(const struct conn *conn);

/* How many bytes the next input may bring, 0: none for now. Stays until changed. */
void conn_room_set(struct conn *conn, size_t n);

/* Writes what the connection takes at once of n bytes, n > 0; returns how many, 0 to n. For the
 * rest the app asks for output. Only from a hook of this very connection. `more`:
 * further bytes or the end follow at once (see port_send). */
size_t conn_write(struct conn *conn, const void *bytes, size_t n, bool more);

/* The same from a file: a count of 0 to n, or PORT_EOF, PORT_IO, PORT_SKIP as port_send_file. */
int conn_write_file(struct conn *conn, port_handle file, uint64_t offset, size_t n);

/* Has `produce` called as soon as the connection can take bytes; for any connection of the app,
 * at any time. */
void conn_output_ask(struct conn *conn);
bool conn_output_asked(const struct conn *conn);

/* Offers kept input again in this pass. */
void conn_resume(struct conn *conn);

/* The peer has made its first request (or none is expected): it no longer counts as silent, and
 * never makes room for a newcomer. */
void conn_settle(struct conn *conn);

/* Ends the connection in order: what was written is delivered, then the end. Input is no more
 * taken; it is read past for CFG_LINGER_MS if the peer goes on. */
void conn_finish(struct conn *conn);

/* The same for a peer that has promised to send no more (RFC 9112 section 9.6): unless something
 * unread is here, its own end is not waited for. */
void conn_close(struct conn *conn);

/* Ends our direction alone: the peer sees the end of what was written, and its input goes on to be
 * taken. Nothing can be written any more; conn_finish or conn_abort is still owed. */
void conn_shut(struct conn *conn);

/* Ends it with a reset: the peer must not take what it has for complete. */
void conn_abort(struct conn *conn);

/* Dials out for `app`. Returns the connection, whose `opened` or `closed` will come, or NULL when
 * there is no slot or handle. */
struct conn *conn_dial(const struct app *app, const struct port_address *to);

/* ---- Deadlines ----------------------------------------------------------------------------- */

/* Deadlines of one connection, or of one app, that may run at the same time. */
enum { DEADLINE_SLOTS = 2 };

/* Names a deadline: a duration of 1 to 2^30 ms. Only while starting. Returns its kind. */
unsigned deadline_kind(uint32_t duration_ms);

/* (Re)starts slot 0 or 1 with this kind, from now; clears it; says whether it runs. */
void conn_deadline_set(struct conn *conn, unsigned slot, unsigned kind);
void conn_deadline_clear(struct conn *conn, unsigned slot);
bool conn_deadline_runs(const struct conn *conn, unsigned slot);

/* The same for the app itself; `due` comes with conn NULL. */
void app_deadline_set(const struct app *app, unsigned slot, unsigned kind);
void app_deadline_clear(const struct app *app, unsigned slot);

/* ---- Datagrams ----------------------------------------------------------------------------- */

/* Sends n bytes through the app's socket, from an address of ours (all zero: the system chooses)
 * to a peer. Returns false, and counts it, when the datagram could not go: it is lost. */
bool datagram_send(unsigned socket, const struct port_address *from, const struct port_address *to,
                   const uint8_t *bytes, size_t n);

#endif
