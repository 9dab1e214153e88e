/* SPDX-License-Identifier: MIT */
/* Token buckets: how often something may happen. */
#include "core/rate.h"

enum {
    RATE_MAX = 1000000,  /* of both rate and burst: a thousandfold burst fits 32 bits */
    MILLI_PER_TOKEN = 1000
};

void rate_begin(struct rate *rate, uint64_t now_ms, uint32_t burst)
{
    CHECK(burst >= 1 && burst <= RATE_MAX);
    rate->last_ms = (uint32_t)now_ms;
    rate->milli = burst * MILLI_PER_TOKEN;
}

/* A rate of N per second is N thousandths per millisecond, so nothing is lost to rounding. */
static void refill(struct rate *rate, uint32_t now_ms, uint32_t per_second, uint32_t burst)
{
    uint32_t elapsed_ms = now_ms - rate->last_ms; /* right across the wrap of the low half */
    uint64_t milli = rate->milli + (uint64_t)elapsed_ms * per_second;
    uint32_t full = burst * MILLI_PER_TOKEN;
    rate->milli = milli < full ? (uint32_t)milli : full;
    rate->last_ms = now_ms;
}

bool rate_take(struct rate *rate, uint64_t now_ms, uint32_t per_second, uint32_t burst)
{
    if (per_second == 0) {
        return true;
    }
    CHECK(per_second <= RATE_MAX);
    CHECK(burst >= 1 && burst <= RATE_MAX);
    refill(rate, (uint32_t)now_ms, per_second, burst);
    if (rate->milli < MILLI_PER_TOKEN) {
        return false;
    }
    rate->milli -= MILLI_PER_TOKEN;
    return true;
}

/* The entry of `key` in its set; else the one to take over: a free one, or the longest unused. */
static struct rate_entry *entry_choose(struct rate_entry *set, uint32_t key, uint32_t now_ms)
{
    struct rate_entry *chosen = &set[0];
    for (unsigned i = 0; i < RATE_WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
        if (chosen->key == 0) {
            continue;
        }
        if (set[i].key == 0 || now_ms - set[i].rate.last_ms > now_ms - chosen->rate.last_ms) {
            chosen = &set[i];
        }
    }
    return chosen;
}

bool rate_table_take(struct rate_entry *table, size_t sets, uint32_t key, uint64_t now_ms,
                     uint32_t per_second, uint32_t burst)
{
    CHECK(sets > 0);
    if (per_second == 0) {
        return true;
    }
    uint32_t own = key != 0 ? key : 1; /* 0 marks a free entry */
    size_t set = (size_t)((uint64_t)own * sets >> 32); /* keys are hashes: all are as likely */
    struct rate_entry *entry = entry_choose(&table[set * RATE_WAYS], own, (uint32_t)now_ms);
    if (entry->key != own) {
        entry->key = own;
        rate_begin(&entry->rate, now_ms, burst);
    }
    return rate_take(&entry->rate, now_ms, per_second, burst);
}
