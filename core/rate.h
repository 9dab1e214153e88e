/* SPDX-License-Identifier: MIT */
/* Token buckets: how often something may happen. */
#ifndef CORE_RATE_H
#define CORE_RATE_H

#include "port/port.h"

struct rate {
    uint32_t last_ms;   /* low half of the clock at the last refill */
    uint32_t milli;     /* tokens in thousandths */
};

/* Fills the bucket. */
void rate_begin(struct rate *rate, uint64_t now_ms, uint32_t burst);

/* Refills at per_second up to burst (1 to 1,000,000 both), then takes one token if there is one.
 * False: not now. A pause of any length fills to burst at most. per_second 0: always true. */
bool rate_take(struct rate *rate, uint64_t now_ms, uint32_t per_second, uint32_t burst);

/* One bucket per peer in a fixed table of the caller's: the peer's key (address_peer_key) selects
 * a set of RATE_WAYS entries; when none is its own, the one longest unused is taken over. */
enum { RATE_WAYS = 4 };

struct rate_entry {
    uint32_t key;
    struct rate rate;
};

/* rate_take on the bucket of `key` in `table` of `sets` x RATE_WAYS zeroed entries. */
bool rate_table_take(struct rate_entry *table, size_t sets, uint32_t key, uint64_t now_ms,
                     uint32_t per_second, uint32_t burst);

#endif
