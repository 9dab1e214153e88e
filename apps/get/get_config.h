/* SPDX-License-Identifier: MIT */
/* Compile-time limits of the get tool; see core/config.h for how boards override them. */
#ifndef APPS_GET_CONFIG_H
#define APPS_GET_CONFIG_H

#include "port/compiler.h"

/* The longest path and query of a URL, encoded as it is sent; three times in memory, and once more
 * in the request. 256 to 16,384. */
#ifndef CFG_GET_URL_BYTES
#define CFG_GET_URL_BYTES 2048
#endif

/* The longest name of an output file, with its folders; three times in memory. 64 to 8,192. */
#ifndef CFG_GET_NAME_BYTES
#define CFG_GET_NAME_BYTES 1024
#endif

/* The longest entity tag that a download can be resumed by; four times in memory. 32 to 1,024. */
#ifndef CFG_GET_VALIDATOR_BYTES
#define CFG_GET_VALIDATOR_BYTES 256
#endif

/* The heads of one answer, all interim ones together, may have so many bytes; costs nothing.
 * 1,024 to 2^20. */
#ifndef CFG_GET_HEAD_BYTES
#define CFG_GET_HEAD_BYTES 65536
#endif

/* So many bytes may stand beside the data of a chunk: its size, extensions, the trailer. Costs
 * nothing. 256 to 2^20. */
#ifndef CFG_GET_CHUNK_LINE_BYTES
#define CFG_GET_CHUNK_LINE_BYTES 8192
#endif

/* Redirects that are followed for one URL. 0 to 100. */
#ifndef CFG_GET_REDIRECTS
#define CFG_GET_REDIRECTS 10
#endif

/* URLs in one call; 8 bytes of stack each. 1 to 1,000. */
#ifndef CFG_GET_URLS
#define CFG_GET_URLS 64
#endif

/* The longest pause before a retry, in seconds; it begins with one and doubles. 1 to 3,600. */
#ifndef CFG_GET_PAUSE_MAX_S
#define CFG_GET_PAUSE_MAX_S 60
#endif

STATIC_ASSERT(CFG_GET_URL_BYTES >= 256 && CFG_GET_URL_BYTES <= 16384);
STATIC_ASSERT(CFG_GET_NAME_BYTES >= 64 && CFG_GET_NAME_BYTES <= 8192);
STATIC_ASSERT(CFG_GET_VALIDATOR_BYTES >= 32 && CFG_GET_VALIDATOR_BYTES <= 1024);
STATIC_ASSERT(CFG_GET_HEAD_BYTES >= 1024 && CFG_GET_HEAD_BYTES <= 1048576);
STATIC_ASSERT(CFG_GET_CHUNK_LINE_BYTES >= 256 && CFG_GET_CHUNK_LINE_BYTES <= 1048576);
STATIC_ASSERT(CFG_GET_REDIRECTS >= 0 && CFG_GET_REDIRECTS <= 100);
STATIC_ASSERT(CFG_GET_URLS >= 1 && CFG_GET_URLS <= 1000);
STATIC_ASSERT(CFG_GET_PAUSE_MAX_S >= 1 && CFG_GET_PAUSE_MAX_S <= 3600);

#endif
