/* SPDX-License-Identifier: MIT */
/* The array of events the loop waits on, in two tiers. */
#include "core/watch.h"

#include <string.h>

/* Where there are never more than that, everything is waited on together always. */
enum { TWO_TIERS = WATCH_OWNERS > CFG_WATCH_ONE_TIER_MAX };

/* Sweeps cost at most one part in so many of the time. */
#define SWEEP_SHARE 10u

static struct watch_state {
    size_t count;
    size_t hot;          /* positions below are hot */
    size_t sockets;      /* hot ones that are sockets, and stay so */
    uint64_t swept_ms;   /* when all were looked at */
    uint32_t period_ms;
    size_t scan;         /* where watch_next goes on */
    size_t scan_end;
    int ready;           /* how many it has still to find */
    struct port_event events[WATCH_OWNERS]; /* from here on what watch_start does not touch */
    uint16_t owners[WATCH_OWNERS];          /* by position */
    uint16_t positions[WATCH_OWNERS];       /* by owner */
    uint8_t quiet[WATCH_OWNERS];            /* by position: sweeps since it last moved */
} state;

const size_t watch_static_bytes = sizeof state;

void watch_start(void)
{
    memset(&state, 0, offsetof(struct watch_state, events));
}

static void watch_swap(size_t a, size_t b)
{
    struct port_event event = state.events[a];
    uint16_t owner = state.owners[a];
    uint8_t quiet = state.quiet[a];
    state.events[a] = state.events[b];
    state.owners[a] = state.owners[b];
    state.quiet[a] = state.quiet[b];
    state.events[b] = event;
    state.owners[b] = owner;
    state.quiet[b] = quiet;
    state.positions[state.owners[a]] = (uint16_t)a;
    state.positions[state.owners[b]] = (uint16_t)b;
}

static bool watch_is_one_tier(void)
{
    return !TWO_TIERS || state.count <= CFG_WATCH_ONE_TIER_MAX;
}

static void watch_heat(size_t position)
{
    if (!TWO_TIERS) {
        return;
    }
    state.quiet[position] = 0;
    if (position >= state.hot) {
        watch_swap(position, state.hot);
        state.hot++;
    }
}

void watch_add(unsigned owner, port_handle handle)
{
    CHECK(owner < WATCH_OWNERS);
    CHECK(state.count < WATCH_OWNERS);
    size_t position = state.count;
    state.events[position] = (struct port_event){.handle = handle};
    state.owners[position] = (uint16_t)owner;
    state.positions[owner] = (uint16_t)position;
    state.count++;
    state.sockets += owner >= WATCH_SOCKET ? 1u : 0u;
}

void watch_want(unsigned owner, uint8_t wanted)
{
    size_t position = state.positions[owner];
    if (state.events[position].wanted != wanted) {
        state.events[position].wanted = wanted;
        watch_heat(position);
    }
}

uint8_t watch_wanted(unsigned owner)
{
    return state.events[state.positions[owner]].wanted;
}

void watch_remove(unsigned owner)
{
    size_t position = state.positions[owner];
    CHECK(position < state.count);
    CHECK(state.owners[position] == owner);
    /* The last hot one fills its place, the last of all that one's. */
    if (TWO_TIERS && position < state.hot) {
        state.hot--;
        watch_swap(position, state.hot);
        position = state.hot;
    }
    state.count--;
    watch_swap(position, state.count);
    state.sockets -= owner >= WATCH_SOCKET ? 1u : 0u;
}

/* ---- Waiting ------------------------------------------------------------------------------- */

uint32_t watch_period_ms(void)
{
    return watch_is_one_tier() ? 0 : state.period_ms;
}

/* Waits on the first n, and prepares watch_next. */
static void watch_first(size_t n, int32_t timeout_ms)
{
    state.ready = port_wait(state.events, n, timeout_ms);
    state.scan = 0;
    state.scan_end = n;
}

/* After a sweep: what moved is hot, and what has not for many sweeps is cold. */
static void watch_sort(void)
{
    int cold_ready = state.ready;
    for (size_t i = 0; i < state.hot; i++) {
        bool moved = state.events[i].got != 0;
        cold_ready -= moved ? 1 : 0;
        state.quiet[i] = moved ? 0 : (uint8_t)(state.quiet[i] + 1);
    }
    for (size_t i = state.hot; i < state.count && cold_ready > 0; i++) {
        if (state.events[i].got != 0) {
            watch_heat(i);
            cold_ready--;
        }
    }
    for (size_t i = state.hot; i > 0; i--) {
        bool socket = state.owners[i - 1] >= WATCH_SOCKET;
        if (!socket && state.quiet[i - 1] >= CFG_WATCH_COLD_SWEEPS) {
            state.hot--;
            watch_swap(i - 1, state.hot);
        }
    }
}

static void watch_sweep(void)
{
    watch_first(state.count, 0);
    uint32_t period_ms = port_wait_cost_us() / (1000u / SWEEP_SHARE);
    state.period_ms = period_ms > 0 ? period_ms : 1;
    state.swept_ms = port_now_ms();
    watch_sort();
}

void watch_wait(int32_t timeout_ms)
{
    bool one_tier = watch_is_one_tier();
    if (one_tier || state.hot == state.sockets) {
        watch_first(state.count, timeout_ms);
        state.swept_ms = port_now_ms();
        if (!one_tier) {
            watch_sort();
        }
        return;
    }
    uint64_t since_ms = port_now_ms() - state.swept_ms;
    if (since_ms >= state.period_ms) {
        watch_sweep();
        return;
    }
    int32_t left_ms = (int32_t)(state.period_ms - since_ms);
    watch_first(state.hot, timeout_ms >= 0 && timeout_ms < left_ms ? timeout_ms : left_ms);
    for (size_t i = state.scan; i < state.hot && state.ready > 0; i++) {
        if (state.events[i].got != 0) {
            watch_heat(i);
        }
    }
}

unsigned watch_next(uint8_t *got)
{
    for (; state.ready > 0 && state.scan < state.scan_end; state.scan++) {
        if (state.events[state.scan].got != 0) {
            *got = state.events[state.scan].got;
            state.ready--;
            return state.owners[state.scan++];
        }
    }
    return WATCH_OWNERS;
}
