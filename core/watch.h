/* SPDX-License-Identifier: MIT */
/* What the loop waits on: one dense array of events, each owned by a connection or a socket. The
 * position in the array says whose a handle is; the core never looks anything up by handle. */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include "core/app.h"

/* Owners: connections by index, then sockets. */
enum { WATCH_SOCKET = CFG_CONN_MAX, WATCH_OWNERS = CFG_CONN_MAX + CFG_SOCKETS_MAX };

void watch_start(void);
void watch_add(unsigned owner, port_handle handle);    /* wants nothing at first */
void watch_want(unsigned owner, uint8_t wanted);       /* PORT_READ, PORT_WRITE bits */
uint8_t watch_wanted(unsigned owner);
void watch_remove(unsigned owner);

/* Waits as port_wait does, then hands out what is ready: watch_next returns an owner and stores
 * what it got, or WATCH_OWNERS when all are done. Adding is fine in between, removing is not. */
void watch_wait(int32_t timeout_ms);
unsigned watch_next(uint8_t *got);

extern const size_t watch_static_bytes;

#endif
