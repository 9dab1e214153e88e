/* SPDX-License-Identifier: MIT */
/* The sockets that belong to an app rather than to a peer: listeners and datagram sockets. For core
 * files and the loop; apps see datagram_send in app.h. */
#ifndef CORE_SOCKET_H
#define CORE_SOCKET_H

#include "core/app.h"

void socket_start(void);

/* Opens a listener or a datagram socket for app number `app`; *at then holds the port. Returns the
 * socket's number, or what port_listen said; PORT_FULL also when there are CFG_SOCKETS_MAX. */
int socket_listen(unsigned app, struct port_address *at, enum port_family family);
int socket_datagrams(unsigned app, struct port_address *at, enum port_family family);

/* Closes one socket; all listeners; all sockets. */
void socket_close(unsigned socket);
void socket_close_listeners(void);
void socket_close_all(void);

/* How many apps have a listener. */
unsigned socket_apps_serving(void);

/* Notes readiness: datagrams are handled at once, newcomers when the pass has freed what it can. */
void socket_step(unsigned socket);

/* For each listener with newcomers and no slot, cuts somebody, or lets the listener rest. What was
 * cut is free after conn_sweep; then socket_accept takes the newcomers. */
void socket_make_room(void);
void socket_accept(void);

/* A listener's rest is over. */
void socket_due(unsigned socket);

/* A slot or a handle is free again: listeners that rest for want of one may go on. */
void socket_resume(void);

extern const size_t socket_static_bytes;

#endif
