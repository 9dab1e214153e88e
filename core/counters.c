/* SPDX-License-Identifier: MIT */
/* The core's counters. */
#include "core/counters.h"

#include <string.h>

static struct {
    uint64_t values[COUNTER_COUNT];
} state;

const size_t counters_static_bytes = sizeof state;

static const char *const names[COUNTER_COUNT] = {
    "passes",    "accepted",     "dialled",       "refused",        "vanished",
    "pauses",    "evicted",      "reset",         "stalled",        "bytes_in",
    "bytes_out", "datagrams_in", "datagrams_out", "datagrams_long", "datagrams_lost",
};

void counters_start(void)
{
    memset(&state, 0, sizeof state);
}

void counter_add(enum counter counter, uint64_t n)
{
    CHECK(counter < COUNTER_COUNT);
    state.values[counter] += n;
}

uint64_t counter_value(enum counter counter)
{
    CHECK(counter < COUNTER_COUNT);
    return state.values[counter];
}

void counters_report(struct text *line)
{
    for (unsigned i = 0; i < COUNTER_COUNT; i++) {
        if (state.values[i] != 0) {
            text_put_count(line, names[i], state.values[i]);
        }
    }
}
