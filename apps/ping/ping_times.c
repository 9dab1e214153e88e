/* SPDX-License-Identifier: MIT */
/* What round-trip times add up to. */
#include "apps/ping/ping_times.h"

#include "port/compiler.h"

void ping_times_add(struct ping_times *times, uint32_t us)
{
    CHECK(times->count < UINT32_MAX);
    uint64_t square = (uint64_t)us * us;
    if (times->count == 0 || us < times->min_us) {
        times->min_us = us;
    }
    if (us > times->max_us) {
        times->max_us = us;
    }
    times->count++;
    times->sum_us += us;
    times->squares_low += square;
    times->squares_high += times->squares_low < square ? 1 : 0;
}

uint32_t ping_times_average(const struct ping_times *times)
{
    return times->count > 0 ? (uint32_t)(times->sum_us / times->count) : 0;
}

/* The larger half of the bits first; the root of 64 bits has 32. */
static uint32_t root_of(uint64_t square)
{
    uint32_t root = 0;
    for (uint32_t bit = UINT32_C(1) << 31; bit > 0; bit >>= 1) {
        uint64_t candidate = root | bit;
        if (candidate * candidate <= square) {
            root |= bit;
        }
    }
    return root;
}

/* 96 bits divided by 32, as on paper: 2^32 squares have no more. The quotient fits 64. */
static uint64_t divide(uint64_t high, uint64_t low, uint32_t divisor)
{
    const uint32_t digits[3] = {(uint32_t)high, (uint32_t)(low >> 32), (uint32_t)low};
    uint64_t quotient = 0;
    uint64_t rest = 0;
    CHECK(high <= UINT32_MAX);
    for (unsigned i = 0; i < 3; i++) {
        uint64_t part = rest << 32 | digits[i];
        quotient = quotient << 32 | part / divisor;
        rest = part % divisor;
    }
    return quotient;
}

/* With the mean a (rounded down) and the sum s = n a + r, the squares of the distances from a add
 * up to S - a (2 s - n a), where no term is negative and nothing is lost to rounding; that mean is
 * less than one away from the true one. */
uint32_t ping_times_deviation(const struct ping_times *times)
{
    if (times->count == 0) {
        return 0;
    }
    uint64_t average = ping_times_average(times);
    uint64_t factor = 2 * times->sum_us - times->count * average;
    uint64_t product_low = average * (factor & UINT32_MAX);
    uint64_t product_high = average * (factor >> 32);
    uint64_t low = product_low + (product_high << 32);
    uint64_t high = (product_high >> 32) + (low < product_low ? 1 : 0);
    uint64_t borrow = times->squares_low < low ? 1 : 0;
    CHECK(times->squares_high >= high + borrow);
    return root_of(divide(times->squares_high - high - borrow, times->squares_low - low,
                          times->count));
}
