/* SPDX-License-Identifier: MIT */
/* The array of events the loop waits on. */
#include "core/watch.h"

static struct {
    struct port_event events[WATCH_OWNERS];
    uint16_t owners[WATCH_OWNERS];    /* by position */
    uint16_t positions[WATCH_OWNERS]; /* by owner */
    size_t count;
    size_t scan;      /* where watch_next goes on */
    int ready;        /* how many it has still to find */
} state;

const size_t watch_static_bytes = sizeof state;

void watch_start(void)
{
    state.count = 0;
    state.scan = 0;
    state.ready = 0;
}

void watch_add(unsigned owner, port_handle handle)
{
    CHECK(owner < WATCH_OWNERS);
    CHECK(state.count < WATCH_OWNERS);
    struct port_event *event = &state.events[state.count];
    event->handle = handle;
    event->wanted = 0;
    event->got = 0;
    state.owners[state.count] = (uint16_t)owner;
    state.positions[owner] = (uint16_t)state.count;
    state.count++;
}

void watch_want(unsigned owner, uint8_t wanted)
{
    state.events[state.positions[owner]].wanted = wanted;
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
    state.count--;
    if (position != state.count) {
        state.events[position] = state.events[state.count];
        state.owners[position] = state.owners[state.count];
        state.positions[state.owners[position]] = (uint16_t)position;
    }
}

void watch_wait(int32_t timeout_ms)
{
    state.scan = 0;
    state.ready = port_wait(state.events, state.count, timeout_ms);
}

unsigned watch_next(uint8_t *got)
{
    if (state.ready <= 0) {
        return WATCH_OWNERS;
    }
    for (; state.scan < state.count; state.scan++) {
        struct port_event *event = &state.events[state.scan];
        if (event->got != 0) {
            *got = event->got;
            state.ready--;
            return state.owners[state.scan++];
        }
    }
    return WATCH_OWNERS;
}
