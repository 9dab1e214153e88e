/* SPDX-License-Identifier: MIT */
/* core/rate: exact over any stretch of time, and one peer's flood is nobody else's. */
#include "core/rate.h"

#include <string.h>

#include "tests/check.h"

static unsigned taken_in(struct rate *rate, uint64_t from_ms, uint64_t to_ms, uint32_t per_second,
                         uint32_t burst)
{
    unsigned taken = 0;
    for (uint64_t now_ms = from_ms; now_ms < to_ms; now_ms++) {
        for (unsigned i = 0; i < 20; i++) {
            taken += rate_take(rate, now_ms, per_second, burst) ? 1 : 0;
        }
    }
    return taken;
}

static void test_burst_then_rate(void)
{
    static const uint64_t starts[] = {0, UINT32_MAX - UINT64_C(5000), INT32_MAX,
                                      UINT64_C(1) << 40};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct rate rate;
        rate_begin(&rate, starts[i], 15);
        for (unsigned j = 0; j < 15; j++) {
            EXPECT(rate_take(&rate, starts[i], 10, 15));
        }
        EXPECT(!rate_take(&rate, starts[i], 10, 15));
        EXPECT(!rate_take(&rate, starts[i] + 99, 10, 15));
        EXPECT(rate_take(&rate, starts[i] + 100, 10, 15)); /* to the millisecond */
        EXPECT(!rate_take(&rate, starts[i] + 100, 10, 15));
        /* Asked every millisecond for ten seconds, across the wrap: not one more, not one less. */
        EXPECT(taken_in(&rate, starts[i] + 101, starts[i] + 10101, 10, 15) == 100);
        EXPECT(taken_in(&rate, starts[i] + 10101, starts[i] + 13101, 333, 15) == 999);
    }
}

static void test_pause_fills_to_burst(void)
{
    static const uint64_t pauses[] = {1000, 3600000, UINT32_MAX, UINT64_C(1) << 33};
    for (size_t i = 0; i < COUNT_OF(pauses); i++) {
        struct rate rate;
        rate_begin(&rate, 7, 3);
        EXPECT(taken_in(&rate, 7, 8, 1000000, 3) == 3);
        unsigned taken = taken_in(&rate, 7 + pauses[i], 8 + pauses[i], 1000000, 3);
        EXPECT(taken == 3 || (taken < 3 && pauses[i] % (UINT64_C(1) << 32) == 0));
    }
}

static void test_limits_of_the_range(void)
{
    struct rate rate;
    rate_begin(&rate, 0, 1000000);
    unsigned taken = 0;
    for (unsigned i = 0; i < 1000010; i++) {
        taken += rate_take(&rate, 0, 1000000, 1000000) ? 1 : 0;
    }
    EXPECT(taken == 1000000);
    for (unsigned i = 0; i < 1000; i++) {
        EXPECT(rate_take(&rate, 1, 1000000, 1000000)); /* a thousand more in a millisecond */
    }
    EXPECT(!rate_take(&rate, 1, 1000000, 1000000));
    for (unsigned i = 0; i < 100; i++) {
        EXPECT(rate_take(&rate, 1, 0, 0)); /* rate 0: no limit, and no burst to keep */
    }
    rate_begin(&rate, 0, 10);
    EXPECT(rate_take(&rate, 0, 1, 2)); /* a burst that became smaller counts at once */
    EXPECT(rate_take(&rate, 0, 1, 2));
    EXPECT(!rate_take(&rate, 0, 1, 2));
}

/* Hazard 27: a peer that floods is refused, and every other peer is served. */
static void test_table(void)
{
    enum { SETS = 8 };
    static struct rate_entry table[SETS * RATE_WAYS];
    memset(table, 0, sizeof table);
    for (uint32_t key = 0; key < RATE_WAYS; key++) {
        EXPECT(rate_table_take(table, SETS, key * SETS + 3, 0, 1, 2)); /* all in one set */
    }
    for (unsigned i = 0; i < 50; i++) {
        bool taken = rate_table_take(table, SETS, 3, 10, 1, 2);
        EXPECT(taken == (i == 0));
    }
    for (uint32_t key = 1; key < RATE_WAYS; key++) {
        EXPECT(rate_table_take(table, SETS, key * SETS + 3, 11, 1, 2));
        EXPECT(!rate_table_take(table, SETS, key * SETS + 3, 11, 1, 2));
    }
    /* A fifth takes over the one longest unused, key 3, and key 3 then the next, not the fifth. */
    EXPECT(rate_table_take(table, SETS, 4 * SETS + 3, 12, 1, 2));
    EXPECT(!rate_table_take(table, SETS, 1 * SETS + 3, 13, 1, 2));
    EXPECT(!rate_table_take(table, SETS, 2 * SETS + 3, 13, 1, 2));
    EXPECT(!rate_table_take(table, SETS, 3 * SETS + 3, 13, 1, 2));
    EXPECT(rate_table_take(table, SETS, 3, 14, 1, 2));
    EXPECT(!rate_table_take(table, SETS, 1 * SETS + 3, 15, 1, 2));
    EXPECT(rate_table_take(table, SETS, 5 * SETS + 3, 15, 0, 0)); /* no limit: no entry either */
    EXPECT(!rate_table_take(table, SETS, 2 * SETS + 3, 15, 1, 2));
}

static void test_table_keys(void)
{
    static struct rate_entry table[RATE_WAYS];
    memset(table, 0, sizeof table);
    EXPECT(rate_table_take(table, 1, 0, 0, 1, 1)); /* a zeroed entry is free, not key 0's */
    EXPECT(!rate_table_take(table, 1, 0, 0, 1, 1));
    EXPECT(rate_table_take(table, 1, UINT32_MAX, 0, 1, 1));
    EXPECT(!rate_table_take(table, 1, UINT32_MAX, 0, 1, 1));
    /* The one longest unused is right across the wrap of the clock too. */
    memset(table, 0, sizeof table);
    uint64_t start = UINT32_MAX - UINT64_C(1);
    for (uint32_t key = 10; key < 10 + RATE_WAYS; key++) {
        EXPECT(rate_table_take(table, 1, key, start + key - 10, 1, 1));
    }
    EXPECT(rate_table_take(table, 1, 99, start + 10, 1, 1)); /* in the place of key 10 */
    for (uint32_t key = 11; key < 10 + RATE_WAYS; key++) {
        EXPECT(!rate_table_take(table, 1, key, start + 10, 1, 1));
    }
}

/* Every set is used, and by the keys of its own part alone: four for each set are all known. */
static void test_table_sets(void)
{
    enum { SETS = 8 };
    static struct rate_entry table[SETS * RATE_WAYS];
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t key = 1; key <= SETS * RATE_WAYS; key++) {
            uint32_t spread = (key % SETS << 29) + key;
            EXPECT(rate_table_take(table, SETS, spread, 0, 1, 1) == (round == 0));
        }
    }
}

int main(void)
{
    test_burst_then_rate();
    test_pause_fills_to_burst();
    test_limits_of_the_range();
    test_table();
    test_table_keys();
    test_table_sets();
    return check_report("rate");
}
