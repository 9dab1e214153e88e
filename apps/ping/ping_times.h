/* SPDX-License-Identifier: MIT */
/* What round-trip times add up to, in integers, exact to a microsecond. For ping and its test. */
#ifndef APPS_PING_TIMES_H
#define APPS_PING_TIMES_H

#include <stdint.h>

struct ping_times {
    uint32_t count;
    uint32_t min_us;
    uint32_t max_us;
    uint64_t sum_us;
    uint64_t squares_high; /* the sum of the squares, in 128 bits */
    uint64_t squares_low;
};

/* Adds one time to a struct that was all zero at first. */
void ping_times_add(struct ping_times *times, uint32_t us);

/* The mean and the standard deviation (of all, not of a sample), rounded down; 0 of none. */
uint32_t ping_times_average(const struct ping_times *times);
uint32_t ping_times_deviation(const struct ping_times *times);

#endif
