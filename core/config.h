/* SPDX-License-Identifier: MIT */
/*
 * Every compile-time limit of the core: what it is, unit, cost, range, default. A board overrides
 * them in its board_config.h, which reaches every file first; `linnet --limits` prints the result.
 * The defaults suit a small Linux board.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include "port/compiler.h"

/* ---- Connections --------------------------------------------------------------------------- */

/* Connections open at once, of all apps together. Each costs its slot (64 bytes and the app's
 * bytes), its buffer, and about 30 bytes of tables. 4 to 16,000. */
#ifndef CFG_CONN_MAX
#define CFG_CONN_MAX 64
#endif

/* The one buffer of a connection, in bytes: echo's unsent bytes, chat's line being typed, the line
 * of file-get's request head. Bounds the longest request line. 512 to 32,768. */
#ifndef CFG_CONN_BUFFER_BYTES
#define CFG_CONN_BUFFER_BYTES 1024
#endif

/* State an app may keep for each connection, in bytes. 32 to 256, a multiple of 8. */
#ifndef CFG_CONN_APP_BYTES
#define CFG_CONN_APP_BYTES 96
#endif

/* One peer's share of the table: CFG_CONN_MAX / CFG_PEER_SHARE, at least CFG_PEER_CONN_MIN. A peer
 * is an IPv4 address, a /64 of global IPv6, a whole link-local address. 1 to 64; 1 to 1,000. */
#ifndef CFG_PEER_SHARE
#define CFG_PEER_SHARE 4
#endif
#ifndef CFG_PEER_CONN_MIN
#define CFG_PEER_CONN_MIN 6
#endif

/* Listening and datagram sockets of all apps together; each costs about 40 bytes. 2 to 64. */
#ifndef CFG_SOCKETS_MAX
#define CFG_SOCKETS_MAX 16
#endif

/* ---- Waiting ------------------------------------------------------------------------------- */

/* Up to so many connections and sockets are waited on together; beyond, those that moved recently
 * are waited on alone, and all of them swept in between. 0 to 1,024. */
#ifndef CFG_WATCH_ONE_TIER_MAX
#define CFG_WATCH_ONE_TIER_MAX (64 + CFG_SOCKETS_MAX)
#endif

/* One that did not move for so many sweeps is no more waited on alone. 1 to 200. */
#ifndef CFG_WATCH_COLD_SWEEPS
#define CFG_WATCH_COLD_SWEEPS 20
#endif

/* ---- Work in one pass ---------------------------------------------------------------------- */

/* The most that is received from one connection in one pass, in bytes; the size of the one static
 * block all receive into. Bulk is fastest with 16 to 32 KB. At least a connection's buffer. */
#ifndef CFG_READ_BYTES
#define CFG_READ_BYTES 4096
#endif

/* The most one connection may send in one pass, in bytes, and as much again in a pass in which it
 * also received. 512 and above. */
#ifndef CFG_WRITE_BUDGET_BYTES
#define CFG_WRITE_BUDGET_BYTES 65536
#endif

/* Peers accepted from one listener in one pass. 1 to 1,024. */
#ifndef CFG_ACCEPT_BUDGET
#define CFG_ACCEPT_BUDGET 32
#endif

/* Datagrams taken from one socket in one pass. 1 to 1,024. */
#ifndef CFG_DATAGRAM_BUDGET
#define CFG_DATAGRAM_BUDGET 32
#endif

/* The longest datagram taken, in bytes; longer ones are dropped and counted. Shares the receive
 * block. 65,527 is all that IPv6 can carry. 512 to 65,527. */
#ifndef CFG_DATAGRAM_BYTES
#define CFG_DATAGRAM_BYTES 1472
#endif

/* Requests of one connection answered in one pass when they came in one piece. 1 to 64. */
#ifndef CFG_PIPELINE_BUDGET
#define CFG_PIPELINE_BUDGET 8
#endif

/* ---- Deadlines, in milliseconds, 1 to 2^30 ------------------------------------------------- */

/* A peer that takes nothing of what it is owed is cut after this long. */
#ifndef CFG_STALL_MS
#define CFG_STALL_MS 30000
#endif

/* After our end was sent, a peer's last bytes are read and dropped for this long, so that its
 * system does not answer them with a reset that destroys ours. */
#ifndef CFG_LINGER_MS
#define CFG_LINGER_MS 2000
#endif

/* After a request to stop, replies that are owed may take this long. */
#ifndef CFG_DRAIN_MS
#define CFG_DRAIN_MS 2000
#endif

/* When the table is full, a connection that has sent no request and nothing at all for this long
 * makes room for a newcomer. */
#ifndef CFG_SILENT_MS
#define CFG_SILENT_MS 2000
#endif

/* How long a listener rests when the system is out of handles or memory. */
#ifndef CFG_PAUSE_MS
#define CFG_PAUSE_MS 250
#endif

/* How long a dialled connection may take. */
#ifndef CFG_CONNECT_MS
#define CFG_CONNECT_MS 10000
#endif

/* How long to wait after the system had no memory for a receive, or the console took nothing. */
#ifndef CFG_RETRY_MS
#define CFG_RETRY_MS 50
#endif

/* Errors that peers can cause are logged once in this time, with their number. */
#ifndef CFG_LOG_INTERVAL_MS
#define CFG_LOG_INTERVAL_MS 60000
#endif

/* Different durations in use at once, the core's own seven included; 8 bytes each. 8 to 64. */
#ifndef CFG_DEADLINE_KINDS_MAX
#define CFG_DEADLINE_KINDS_MAX 32
#endif

/* Apps in one build. Each costs a few counters. 1 to 16. */
#ifndef CFG_APPS_MAX
#define CFG_APPS_MAX 8
#endif

/* The longest log line, in bytes; what is longer ends in "...". 128 to 1,024. */
#ifndef CFG_LOG_LINE_BYTES
#define CFG_LOG_LINE_BYTES 256
#endif

/* ---- The line that is typed ---------------------------------------------------------------- */

/* 1: where the server's console is a terminal, the line being typed is edited and stays below what
 * is written. Costs 8 KB of code, and the memory of an editor and of four of its lines; with chat
 * CFG_CONN_BUFFER_BYTES has to have room for a line beside what is being sent. 0 or 1. */
#ifndef CFG_CONSOLE_EDITOR
#define CFG_CONSOLE_EDITOR 0
#endif

/* The longest line that can be typed, in bytes; an editor holds two, and one more for each line of
 * its history. 64 to 4,096. */
#ifndef CFG_EDITOR_LINE_BYTES
#define CFG_EDITOR_LINE_BYTES 1024
#endif

/* Lines typed before that the up key brings back. 1 to 200. */
#ifndef CFG_EDITOR_HISTORY
#define CFG_EDITOR_HISTORY 20
#endif

/* ---- Relations ----------------------------------------------------------------------------- */

STATIC_ASSERT(CFG_CONN_MAX >= 4 && CFG_CONN_MAX <= 16000); /* indexes of nodes fit 16 bits */
STATIC_ASSERT(CFG_CONN_BUFFER_BYTES >= 512 && CFG_CONN_BUFFER_BYTES <= 32768);
STATIC_ASSERT(CFG_CONN_APP_BYTES >= 32 && CFG_CONN_APP_BYTES <= 256);
STATIC_ASSERT(CFG_CONN_APP_BYTES % 8 == 0);
STATIC_ASSERT(CFG_PEER_SHARE >= 1 && CFG_PEER_SHARE <= 64);
STATIC_ASSERT(CFG_PEER_CONN_MIN >= 1 && CFG_PEER_CONN_MIN <= 1000);
STATIC_ASSERT(CFG_SOCKETS_MAX >= 2 && CFG_SOCKETS_MAX <= 64);
STATIC_ASSERT(CFG_WATCH_ONE_TIER_MAX >= 0 && CFG_WATCH_ONE_TIER_MAX <= 1024);
STATIC_ASSERT(CFG_WATCH_COLD_SWEEPS >= 1 && CFG_WATCH_COLD_SWEEPS <= 200); /* in 8 bits */
STATIC_ASSERT(CFG_READ_BYTES >= CFG_CONN_BUFFER_BYTES); /* else a buffer could never be filled */
STATIC_ASSERT(CFG_WRITE_BUDGET_BYTES >= 512);
STATIC_ASSERT(CFG_ACCEPT_BUDGET >= 1 && CFG_ACCEPT_BUDGET <= 1024);
STATIC_ASSERT(CFG_DATAGRAM_BUDGET >= 1 && CFG_DATAGRAM_BUDGET <= 1024);
STATIC_ASSERT(CFG_DATAGRAM_BYTES >= 512 && CFG_DATAGRAM_BYTES <= 65527);
STATIC_ASSERT(CFG_PIPELINE_BUDGET >= 1 && CFG_PIPELINE_BUDGET <= 64);
STATIC_ASSERT(CFG_DEADLINE_KINDS_MAX >= 8 && CFG_DEADLINE_KINDS_MAX <= 64);
STATIC_ASSERT(CFG_APPS_MAX >= 1 && CFG_APPS_MAX <= 16);
STATIC_ASSERT(CFG_LOG_LINE_BYTES >= 128 && CFG_LOG_LINE_BYTES <= 1024);

STATIC_ASSERT(CFG_CONSOLE_EDITOR == 0 || CFG_CONSOLE_EDITOR == 1);
STATIC_ASSERT(CFG_EDITOR_LINE_BYTES >= 64 && CFG_EDITOR_LINE_BYTES <= 4096);
STATIC_ASSERT(CFG_EDITOR_HISTORY >= 1 && CFG_EDITOR_HISTORY <= 200);

/* What one pass receives into: streams and datagrams take turns. */
#define CFG_SCRATCH_BYTES \
    (CFG_READ_BYTES > CFG_DATAGRAM_BYTES ? CFG_READ_BYTES : CFG_DATAGRAM_BYTES)

#endif
