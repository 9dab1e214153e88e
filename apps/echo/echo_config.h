/* SPDX-License-Identifier: MIT */
/* Compile-time limits of the echo app; see core/config.h for how boards override them. */
#ifndef APPS_ECHO_CONFIG_H
#define APPS_ECHO_CONFIG_H

#include "port/compiler.h"

/* Sources whose datagram rate is kept at once, in sets of four; 48 bytes a set. An address beyond
 * them takes over the entry longest unused. 1 to 16,384. */
#ifndef CFG_ECHO_SOURCE_SETS
#define CFG_ECHO_SOURCE_SETS 16
#endif

/* The longest fixed reply (--echo-reply), in bytes. 1 to 4,096. */
#ifndef CFG_ECHO_REPLY_BYTES
#define CFG_ECHO_REPLY_BYTES 256
#endif

/* A peer that gets the fixed reply and says nothing gets it after this long, in milliseconds. */
#ifndef CFG_ECHO_REPLY_MS
#define CFG_ECHO_REPLY_MS 250
#endif

STATIC_ASSERT(CFG_ECHO_SOURCE_SETS >= 1 && CFG_ECHO_SOURCE_SETS <= 16384);
STATIC_ASSERT(CFG_ECHO_REPLY_BYTES >= 1 && CFG_ECHO_REPLY_BYTES <= 4096);

#endif
