/* SPDX-License-Identifier: MIT */
/* HOST[:PORT] as people write it. For the command line and its tests. */
#ifndef APPS_TARGET_H
#define APPS_TARGET_H

#include "port/port.h"

enum {
    TARGET_HOST_BYTES = 256, /* a name has at most 253 */
    TARGET_SHOWN_BYTES = 64  /* an address with its port, as people write it */
};

struct target {
    char host[TARGET_HOST_BYTES]; /* a name or a literal, as port_resolve takes it */
    uint16_t port;                /* left as it was if none was given */
};

/* Takes apart name, name:7007, 192.0.2.1:7007, [2001:db8::1]:7007, 2001:db8::1, fe80::1%eth0 or
 * [fe80::1%eth0]:7007: an IPv6 address has its port only behind brackets. False: none of those. */
bool target_read(const char *text, struct target *target);

/* Writes an address and its port, ended by a NUL, for sentences of several pieces. Returns
 * `shown`. */
const char *target_show(const struct port_address *address, char shown[TARGET_SHOWN_BYTES]);

#endif
