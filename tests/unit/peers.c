/* SPDX-License-Identifier: MIT */
/* core/peers against a plain list: keys that fall on the same places, added and removed in every
 * order; a count is never lost and never another peer's. uses fake_clock.c */
#include "core/peers.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_clock.h"

enum { KEYS = 64, STEPS = 200000, PLACES = 2 * CFG_CONN_MAX + 1 };

static uint32_t keys[KEYS];
static unsigned counts[KEYS];
static unsigned total;

static uint32_t draw(uint32_t below)
{
    static uint32_t seed = 11;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* A key whose home is `place`, another for each i. */
static uint32_t key_at(unsigned place, unsigned i)
{
    return (uint32_t)((((uint64_t)place << 32) + PLACES - 1) / PLACES) + i;
}

static void step(unsigned limit)
{
    unsigned i = draw(KEYS);
    if (draw(2) == 0 && total < CFG_CONN_MAX) {
        bool added = peers_add(keys[i], limit);
        EXPECT(added == (counts[i] < limit));
        counts[i] += added ? 1 : 0;
        total += added ? 1 : 0;
    } else if (counts[i] > 0) {
        peers_remove(keys[i]);
        counts[i]--;
        total--;
    }
}

int main(void)
{
    if (CFG_CONN_MAX < KEYS) {
        check_skip("counts by peer: this board has no room for as many connections");
        return check_report("peers");
    }
    for (unsigned i = 0; i < KEYS; i++) { /* many share a home, across the table's end as well */
        keys[i] = key_at(i % 3 == 0 ? (unsigned)PLACES - 2 : i % 5, i);
    }
    peers_start();
    for (unsigned i = 0; i < STEPS; i++) {
        step(3);
    }
    for (unsigned i = 0; i < KEYS; i++) {
        while (counts[i] > 0) {
            EXPECT(peers_add(keys[i], counts[i]) == false);
            peers_remove(keys[i]);
            counts[i]--;
        }
        EXPECT(peers_add(keys[i], 1)); /* none was left */
        EXPECT(!peers_add(keys[i], 1));
    }
    peers_start();
    EXPECT(peers_add(keys[0], 1));
    return check_report("peers");
}
