/* SPDX-License-Identifier: MIT */
/* Compile-time limits of the ping tool; see core/config.h for how boards override them. */
#ifndef APPS_PING_CONFIG_H
#define APPS_PING_CONFIG_H

#include "port/compiler.h"

/* Probes whose fate is remembered, so that a reply that comes late, twice or out of order is known
 * for what it is; also the most that wait for a reply at once. 24 bytes each. 16 to 65,536. */
#ifndef CFG_PING_WINDOW
#define CFG_PING_WINDOW 1024
#endif

/* The largest probe over TCP, in bytes (over UDP it is CFG_DATAGRAM_BYTES). 64 to 2^30. */
#ifndef CFG_PING_BYTES_MAX
#define CFG_PING_BYTES_MAX 1000000
#endif

STATIC_ASSERT(CFG_PING_WINDOW >= 16 && CFG_PING_WINDOW <= 65536);
STATIC_ASSERT(CFG_PING_BYTES_MAX >= 64 && CFG_PING_BYTES_MAX <= 1073741824);

#endif
