/* SPDX-License-Identifier: MIT */
/*
 * The loop: one pass at a time, so that a process, a super-loop, an RTOS task, a fuzzer and the
 * simulator can all drive it. For the composition root and tests.
 *
 * A pass: wait; step what is ready, each within its budget; deadlines; bring what was touched up to
 * date; free what is closing; accept, last; once more up to date. It costs what moved.
 */
#ifndef CORE_LOOP_H
#define CORE_LOOP_H

#include "core/app.h"

/* What the command line may change; set before loop_start. */
struct loop_settings {
    uint16_t peer_limit;    /* connections per peer; 0: none. Used only when given */
    bool peer_limit_given;  /* else the default share, and loopback is exempt */
    bool verbose;           /* log every connection */
};
extern struct loop_settings loop_settings;

/* Connections one peer may hold when `capacity` are possible in all; 0: no limit. */
unsigned loop_peer_limit(unsigned capacity);

/* Prepares everything and starts the apps; port_start came before. `capacity`: connections that
 * can be open at once, more than the apps reserve, at most CFG_CONN_MAX. The array must stay. May
 * be called again after the last loop_turn. False: an app cannot work, and the log says why. */
bool loop_start(const struct app *const *apps, size_t count, unsigned capacity);

/* Opens a listener, a datagram socket for app number `app`: its number, or what port_listen says.
 * *at then holds the port chosen. loop_close gives up what one of them opened. */
int loop_listen(unsigned app, struct port_address *at, enum port_family family);
int loop_datagrams(unsigned app, struct port_address *at, enum port_family family);
void loop_close(unsigned socket);

/* Makes the operator's console a connection of app number `app`. False: there is none. */
bool loop_console(unsigned app);

/* The console is a terminal in raw mode, so many columns wide (again, or now): the line being typed
 * is edited and stays below what is written, by the log too if that goes to the same terminal.
 * 0: others have it now, and nothing is read. After loop_console; without CFG_CONSOLE_EDITOR it
 * does nothing. */
void loop_console_edit(unsigned columns, bool log);

/* Whether PORT_REQUEST_REDRAW came since the last call. */
bool loop_terminal_changed(void);

/* Stops as port_requests would ask for: what is owed is sent first (for CFG_DRAIN_MS), or not. */
void loop_stop(bool now);

/* One pass. Returns false when it was the last: a stop was asked for, and all is closed. */
bool loop_turn(void);

/* Writes the counters to the log. */
void loop_report(void);

extern const size_t loop_static_bytes;

#endif
