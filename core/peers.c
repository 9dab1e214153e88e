/* SPDX-License-Identifier: MIT */
/* Connections by peer: open addressing with linear probing, never more than half full. */
#include "core/peers.h"

#include <string.h>

enum { PLACES = 2 * CFG_CONN_MAX + 1 };

struct place {
    uint32_t key;
    uint32_t count; /* 0: free */
};

static struct {
    struct place places[PLACES];
    unsigned used;
} state;

const size_t peers_static_bytes = sizeof state;

void peers_start(void)
{
    if (state.used != 0) { /* else all is zero, and stays untouched */
        memset(&state, 0, sizeof state);
    }
}

/* The place where a key would be if it were alone. Keys are hashes, so all places are as likely. */
static unsigned peers_home(uint32_t key)
{
    return (unsigned)((uint64_t)key * PLACES >> 32);
}

static unsigned peers_after(unsigned at)
{
    return at + 1 < PLACES ? at + 1 : 0;
}

/* How many places `to` is after `from`, around the end. */
static unsigned peers_distance(unsigned from, unsigned to)
{
    return to >= from ? to - from : to + PLACES - from;
}

/* The place of a key, or the free one where it would go. */
static unsigned peers_find(uint32_t key)
{
    unsigned at = peers_home(key);
    for (unsigned left = PLACES; left > 0; left--) {
        if (state.places[at].count == 0 || state.places[at].key == key) {
            break;
        }
        at = peers_after(at);
    }
    return at;
}

bool peers_add(uint32_t key, unsigned limit)
{
    struct place *place = &state.places[peers_find(key)];
    if (place->count >= limit) {
        return false;
    }
    if (place->count == 0) {
        CHECK(state.used < CFG_CONN_MAX);
        place->key = key;
        state.used++;
    }
    place->count++;
    return true;
}

/* Closes the gap at `hole`, so that no probe ends too early: moves back whatever would be found
 * from its own place only across it. */
static void peers_close_gap(unsigned hole)
{
    unsigned at = hole;
    for (unsigned left = PLACES; left > 0; left--) {
        at = peers_after(at);
        if (state.places[at].count == 0) {
            break;
        }
        unsigned home = peers_home(state.places[at].key);
        if (peers_distance(home, at) >= peers_distance(hole, at)) {
            state.places[hole] = state.places[at];
            state.places[at].count = 0;
            hole = at;
        }
    }
}

void peers_remove(uint32_t key)
{
    unsigned at = peers_find(key);
    CHECK(state.places[at].count > 0);
    state.places[at].count--;
    if (state.places[at].count == 0) {
        state.used--;
        peers_close_gap(at);
    }
}
