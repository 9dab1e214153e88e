/* SPDX-License-Identifier: MIT */
/*
 * Deadlines in FIFO lists, one per fixed duration (a "kind"): arming appends, so the head of a
 * list is its nearest deadline, and the nearest of all is a minimum over a dozen heads. For core
 * files; apps see conn_deadline_* and app_deadline_* in app.h.
 */
#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include "core/app.h"

/* Whose deadline a node is. Each connection has three that may run at once, each socket one, each
 * app two, the core two. */
enum {
    NODES_PER_CONN = 1 + DEADLINE_SLOTS,
    NODE_CONN = 0, /* + 3 * index: the core's own; + 1 and + 2: the app's slots */
    NODE_SOCKET = NODES_PER_CONN * CFG_CONN_MAX,
    NODE_APP = NODE_SOCKET + CFG_SOCKETS_MAX,
    NODE_DRAIN = NODE_APP + DEADLINE_SLOTS * CFG_APPS_MAX,
    NODE_RETRY,
    NODES
};

/* The core's own kinds, registered by deadline_start in this order. */
enum deadline_core_kind {
    KIND_STALL,
    KIND_LINGER,
    KIND_SILENT,
    KIND_PAUSE,
    KIND_CONNECT,
    KIND_RETRY,
    KIND_DRAIN,
    KIND_EVICTABLE /* + app number: never due, kept in order of age; CFG_APPS_MAX of them */
};

/* Forgets all deadlines and kinds, then registers the core's. */
void deadline_start(void);

/* (Re)starts a node from now. The kind may be any; a running node changes its list. */
void deadline_set(unsigned node, unsigned kind);
void deadline_clear(unsigned node);
bool deadline_runs(unsigned node);
/* The kind of a running node. */
unsigned deadline_kind_of(unsigned node);

/* The oldest node of a kind, or NODES. Its age in milliseconds. */
unsigned deadline_first(unsigned kind);
uint32_t deadline_age_ms(unsigned node);

/* Milliseconds until the nearest deadline, 0 if it has passed, PORT_FOREVER if there is none. */
int32_t deadline_timeout_ms(void);

/* Takes the deadline that passed first off its list, so that after a long pause each happens in its
 * order: returns its node and stores its kind; NODES: none. */
unsigned deadline_take_passed(unsigned *kind);

/* Bytes of a connection's nodes, for the slot's size. */
extern const size_t deadline_static_bytes;

#endif
