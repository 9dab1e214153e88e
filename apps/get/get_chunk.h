/* SPDX-License-Identifier: MIT */
/* The chunked coding (RFC 9112 section 7.1), byte by byte. Pure. For get and its tests. */
#ifndef APPS_GET_CHUNK_H
#define APPS_GET_CHUNK_H

#include "apps/get/get_config.h"
#include "port/port.h"

enum get_chunk_event {
    GET_CHUNK_MORE, /* the next byte is framing */
    GET_CHUNK_DATA, /* the next `left` bytes are data: skip them with get_chunk_skip */
    GET_CHUNK_END,  /* the last chunk and the trailer are whole */
    GET_CHUNK_FAULT
};

struct get_chunk {
    uint64_t left;  /* bytes of data that come next */
    uint32_t aside; /* bytes of framing since the last data */
    uint8_t state;  /* private */
    uint8_t digits; /* of the size */
};

void get_chunk_begin(struct get_chunk *chunk);

/* Takes one byte of framing. Not after GET_CHUNK_DATA before its bytes were skipped, nor after
 * GET_CHUNK_END or GET_CHUNK_FAULT. */
enum get_chunk_event get_chunk_feed(struct get_chunk *chunk, uint8_t byte);

/* n of the `left` bytes of data have been taken. */
void get_chunk_skip(struct get_chunk *chunk, uint64_t n);

#endif
