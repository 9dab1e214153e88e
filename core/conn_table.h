/* SPDX-License-Identifier: MIT */
/* The connection table's memory, and what conn.c (slots, limits), conn_io.c (traffic) and
 * conn_pass.c (bringing up to date) share. */
#ifndef CORE_CONN_TABLE_H
#define CORE_CONN_TABLE_H

#include "core/conn.h"

/* A list of connections through conn.next; index + 1, 0: empty. */
struct conn_list {
    uint16_t head;
    uint16_t tail;
};

struct conn_table {
    const struct app *const *apps;
    size_t apps_count;
    unsigned open_of[CFG_APPS_MAX];     /* connections by app */
    unsigned free_head;                 /* slots used before: index + 1 */
    unsigned virgins;                   /* slots from here on were never used, nor touched */
    unsigned capacity;                  /* slots that may be used */
    unsigned limit;                     /* one app's */
    unsigned open;                      /* slots in use */
    unsigned reserved;                  /* slots kept for dialling and the console */
    unsigned own;                       /* those of them in use, or more */
    bool stopping;                      /* closes what owes nothing */
    unsigned write_left;                /* of the write budget of `current` */
    const struct conn *current;         /* whose hook runs */
    void (*dialled)(struct conn *conn); /* set by the first who dials: else not in the program */
    struct conn_list touched;
    struct conn_list closing;
    struct conn slots[CFG_CONN_MAX]; /* from here on what conn_start does not touch */
    uint8_t buffers[CFG_CONN_MAX][CFG_CONN_BUFFER_BYTES];
    /* uint64_t: datagrams and streams are parsed from here with any alignment of their own */
    uint64_t scratch[(CFG_SCRATCH_BYTES + 7) / 8];
};

extern struct conn_table conn_table;

void conn_list_append(struct conn_list *list, struct conn *conn);
struct conn *conn_list_take(struct conn_list *list); /* the first, or NULL */

/* A hook of this connection runs from here until `current` is NULL; it alone may write to it. */
void conn_enter(const struct conn *conn);

/* Offers fresh bytes; what the app does not take is kept at the end of its buffer. */
void conn_offer(struct conn *conn, const uint8_t *bytes, size_t n);

/* Logs what happened to a connection: "linnet: chat 7 192.0.2.1:4711 opened". */
void conn_log(const struct conn *conn, const char *what);

static inline const struct app *conn_app_of(const struct conn *conn)
{
    return conn_table.apps[conn->app];
}

static inline unsigned conn_node(const struct conn *conn, unsigned slot)
{
    return NODE_CONN + NODES_PER_CONN * conn_index(conn) + slot;
}

static inline bool conn_has(const struct conn *conn, enum conn_flag flag)
{
    return (conn->flags & (unsigned)flag) != 0;
}

static inline void conn_put(struct conn *conn, enum conn_flag flag, bool on)
{
    unsigned flags = on ? conn->flags | (unsigned)flag : conn->flags & ~(unsigned)flag;
    conn->flags = (uint16_t)flags;
}

#endif
