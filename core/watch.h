/* SPDX-License-Identifier: MIT */
/*
 * What the loop waits on: one dense array of events, each owned by a connection or a socket. The
 * position in the array says whose a handle is; the core never looks anything up by handle.
 *
 * Waiting costs what is waited on, so the array has two tiers. The hot ones, in front, are those
 * that moved recently, and are waited on alone for a short time; the sweep looks at all of them, at
 * least once in a period. The period is ten times what the last sweep cost (at least 1 ms), so that
 * sweeps never take more than a tenth of the time, and a cold one waits at most that long. When
 * nothing is hot but sockets, which always are, or when there are few, one wait is for everything.
 */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include "core/app.h"

/* Owners: connections by index, then sockets. */
enum { WATCH_SOCKET = CFG_CONN_MAX, WATCH_OWNERS = CFG_CONN_MAX + CFG_SOCKETS_MAX };

void watch_start(void);
void watch_add(unsigned owner, port_handle handle);    /* wants nothing at first */
void watch_want(unsigned owner, uint8_t wanted);       /* PORT_READ, PORT_WRITE; a change heats */
uint8_t watch_wanted(unsigned owner);
void watch_remove(unsigned owner);

/* Waits as port_wait does, though perhaps for less, then hands out what is ready: watch_next
 * returns an owner and stores what it got, or WATCH_OWNERS when all are done. Adding is fine in
 * between; wanting and removing are not. */
void watch_wait(int32_t timeout_ms);
unsigned watch_next(uint8_t *got);

/* The longest a cold one waits for a sweep, in milliseconds; 0: there is one tier. */
uint32_t watch_period_ms(void);

extern const size_t watch_static_bytes;

#endif
