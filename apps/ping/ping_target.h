/* SPDX-License-Identifier: MIT */
/* HOST[:PORT] as people write it. For ping and its test. */
#ifndef APPS_PING_TARGET_H
#define APPS_PING_TARGET_H

#include "port/port.h"

enum { PING_HOST_BYTES = 256 }; /* a name has at most 253 */

struct ping_target {
    char host[PING_HOST_BYTES]; /* a name or a literal, as port_resolve takes it */
    uint16_t port;              /* left as it was if none was given */
};

/* Takes apart name, name:7007, 192.0.2.1:7007, [2001:db8::1]:7007, 2001:db8::1, fe80::1%eth0 or
 * [fe80::1%eth0]:7007: an IPv6 address has its port only behind brackets. False: none of those. */
bool ping_target_read(const char *text, struct ping_target *target);

#endif
