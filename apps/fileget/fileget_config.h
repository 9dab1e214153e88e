/* SPDX-License-Identifier: MIT */
/* Compile-time limits of file-get, as core/config.h: a board overrides, --limits prints. */
#ifndef APPS_FILEGET_FILEGET_CONFIG_H
#define APPS_FILEGET_FILEGET_CONFIG_H

#include "core/config.h"

/* The one block that heads, listings and (where the system cannot send files itself) file bytes
 * are rendered into, in bytes, for all connections together. Bounds the size up to which a file
 * goes out with its head in one write. 2,048 to 32,768; four times the longest name. */
#ifndef CFG_FILEGET_BLOCK_BYTES
#if CFG_CONN_BUFFER_BYTES > 1024
#define CFG_FILEGET_BLOCK_BYTES 16384
#else
#define CFG_FILEGET_BLOCK_BYTES 4096
#endif
#endif

/* What is asked of the system in one call when it sends a file itself, in bytes. 1,024 and up. */
#ifndef CFG_FILEGET_SLICE_BYTES
#define CFG_FILEGET_SLICE_BYTES 32768
#endif

/* The system is asked to fetch so much of a file ahead of what is sent, in bytes, so that a slow
 * card does not keep everybody waiting; shorter files are left to its own reading ahead. 0: never,
 * for files in memory. Up to 2^24. */
#ifndef CFG_FILEGET_AHEAD_BYTES
#define CFG_FILEGET_AHEAD_BYTES (CFG_CONN_BUFFER_BYTES >= 1024 ? 262144 : 0)
#endif

/* The part of a connection's buffer that holds a header field's name, or one element of its
 * value, in bytes; what is longer matches nothing. The rest of the buffer bounds the name that is
 * asked for. 64 to 255. */
#ifndef CFG_FILEGET_FIELD_BYTES
#define CFG_FILEGET_FIELD_BYTES 96
#endif

/* The longest request head, in bytes, and the most header fields in it; else 431. 1,024 to 65,000;
 * 16 to 255. */
#ifndef CFG_FILEGET_HEAD_BYTES
#define CFG_FILEGET_HEAD_BYTES 8192
#endif
#ifndef CFG_FILEGET_FIELDS_MAX
#define CFG_FILEGET_FIELDS_MAX 100
#endif

/* The longest request body that is read past, in bytes; with a longer one the answer ends the
 * connection. 0 and up. */
#ifndef CFG_FILEGET_BODY_BYTES
#define CFG_FILEGET_BODY_BYTES 65536
#endif

/* Files kept open for a moment after they were sent, 0: none. Each costs a handle while it is kept,
 * and about 64 bytes and the two below in memory. 0 to 64. */
#ifndef CFG_FILEGET_CACHE_FILES
#define CFG_FILEGET_CACHE_FILES (CFG_CONN_BUFFER_BYTES > 1024 ? 16 : 0)
#endif

/* The longest name, and the largest file whose bytes are kept with it, in bytes. 16 to 1,024; 1 to
 * 65,535, of use up to CFG_FILEGET_BLOCK_BYTES. */
#ifndef CFG_FILEGET_CACHE_NAME_BYTES
#define CFG_FILEGET_CACHE_NAME_BYTES 120
#endif
#ifndef CFG_FILEGET_CACHE_BODY_BYTES
#define CFG_FILEGET_CACHE_BODY_BYTES 4096
#endif

/* So long a kept file may be sent without being found by its name again, in ms. 1 to 2^30. */
#ifndef CFG_FILEGET_CACHE_MS
#define CFG_FILEGET_CACHE_MS 500
#endif

/* Header fields that are added to every answer (--header), a pointer each, and their bytes in sum,
 * for which the block has room. 1 to 64; 0 to 4,096. */
#ifndef CFG_FILEGET_HEADERS_MAX
#if CFG_CONN_BUFFER_BYTES > 1024
#define CFG_FILEGET_HEADERS_MAX 16
#else
#define CFG_FILEGET_HEADERS_MAX 2
#endif
#endif
#ifndef CFG_FILEGET_HEADERS_BYTES
#if CFG_CONN_BUFFER_BYTES > 1024
#define CFG_FILEGET_HEADERS_BYTES 1024
#else
#define CFG_FILEGET_HEADERS_BYTES 128
#endif
#endif

/* Listings that can be in order at the same time, 0 to 64; the bytes of names that each holds at
 * once, with 19 more for each name, 2,048 to 65,535; and how often a folder is read for it at most,
 * 1 to 1,000. Larger folders, and other listings meanwhile, come in the file system's order. */
#ifndef CFG_FILEGET_SORTS
#if CFG_CONN_BUFFER_BYTES > 1024
#define CFG_FILEGET_SORTS 4
#else
#define CFG_FILEGET_SORTS 0
#endif
#endif
#ifndef CFG_FILEGET_SORT_BYTES
#if CFG_CONN_BUFFER_BYTES > 1024
#define CFG_FILEGET_SORT_BYTES 65535
#else
#define CFG_FILEGET_SORT_BYTES 4096
#endif
#endif
#ifndef CFG_FILEGET_SORT_PASSES
#define CFG_FILEGET_SORT_PASSES 8
#endif

/* Directory entries looked at in one piece of a listing. 1 to 1,024. */
#ifndef CFG_FILEGET_ENTRIES
#define CFG_FILEGET_ENTRIES 64
#endif

/* Deadlines in ms, 1 to 2^30: the protocol known and a request whole, from the accept or its first
 * byte; the pause between requests. */
#ifndef CFG_FILEGET_HEAD_MS
#define CFG_FILEGET_HEAD_MS 10000
#endif
#ifndef CFG_FILEGET_IDLE_MS
#define CFG_FILEGET_IDLE_MS 15000
#endif

/* A raw name waits for a handle this long in sum, asking every CFG_RETRY_MS. */
#ifndef CFG_FILEGET_HANDLE_MS
#define CFG_FILEGET_HANDLE_MS 1000
#endif

/* A reader must take so many bytes in CFG_STALL_MS, or all it is owed: 256 a second. To 65,535. */
#ifndef CFG_FILEGET_STALL_BYTES
#define CFG_FILEGET_STALL_BYTES 7680
#endif

/* What always is left of a connection's buffer, so that a receive can take something; the longest
 * first line, without its end; the longest name after decoding. */
#define FILEGET_ROOM_MIN 32
#define FILEGET_LINE_BYTES (CFG_CONN_BUFFER_BYTES - FILEGET_ROOM_MIN)
#define FILEGET_NAME_BYTES (FILEGET_LINE_BYTES - CFG_FILEGET_FIELD_BYTES)

/* What the block has for a head when a Location of three bytes for each of the name's is in it. */
#define FILEGET_HEAD_RESERVE 768

STATIC_ASSERT(CFG_FILEGET_BLOCK_BYTES >= 2048 && CFG_FILEGET_BLOCK_BYTES <= 32768);
STATIC_ASSERT(CFG_FILEGET_HEADERS_MAX >= 1 && CFG_FILEGET_HEADERS_MAX <= 64);
STATIC_ASSERT(CFG_FILEGET_HEADERS_BYTES >= 0 && CFG_FILEGET_HEADERS_BYTES <= 4096);
STATIC_ASSERT(CFG_FILEGET_BLOCK_BYTES >= 3 * FILEGET_NAME_BYTES + FILEGET_HEAD_RESERVE
                                             + CFG_FILEGET_HEADERS_BYTES);
STATIC_ASSERT(CFG_FILEGET_SLICE_BYTES >= 1024);
STATIC_ASSERT(CFG_FILEGET_AHEAD_BYTES >= 0 && CFG_FILEGET_AHEAD_BYTES <= 1 << 24);
STATIC_ASSERT(CFG_FILEGET_FIELD_BYTES >= 64 && CFG_FILEGET_FIELD_BYTES <= 255);
STATIC_ASSERT(CFG_FILEGET_HEAD_BYTES >= 1024 && CFG_FILEGET_HEAD_BYTES <= 65000);
STATIC_ASSERT(CFG_FILEGET_HEAD_BYTES >= CFG_CONN_BUFFER_BYTES);
STATIC_ASSERT(CFG_FILEGET_FIELDS_MAX >= 16 && CFG_FILEGET_FIELDS_MAX <= 255);
STATIC_ASSERT(CFG_FILEGET_CACHE_FILES >= 0 && CFG_FILEGET_CACHE_FILES <= 64);
STATIC_ASSERT(CFG_FILEGET_CACHE_NAME_BYTES >= 16 && CFG_FILEGET_CACHE_NAME_BYTES <= 1024);
STATIC_ASSERT(CFG_FILEGET_CACHE_BODY_BYTES >= 1 && CFG_FILEGET_CACHE_BODY_BYTES <= 65535);
STATIC_ASSERT(CFG_FILEGET_SORTS >= 0 && CFG_FILEGET_SORTS <= 64);
STATIC_ASSERT(CFG_FILEGET_SORT_BYTES >= 2048 && CFG_FILEGET_SORT_BYTES <= 65535);
STATIC_ASSERT(CFG_FILEGET_SORT_PASSES >= 1 && CFG_FILEGET_SORT_PASSES <= 1000);
STATIC_ASSERT(CFG_FILEGET_ENTRIES >= 1 && CFG_FILEGET_ENTRIES <= 1024);
STATIC_ASSERT(CFG_FILEGET_HANDLE_MS / CFG_RETRY_MS < 255);
STATIC_ASSERT(CFG_FILEGET_STALL_BYTES <= 65535);

#endif
