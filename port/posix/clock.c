/* SPDX-License-Identifier: MIT */
/* Time: the clock that is frozen between waits, the one for measuring, and the date. */
#include "port/posix/posix.h"

#include <time.h>

/* 2020-01-01 00:00:00 UTC. A date before it is that of a board without a battery. */
enum { DATE_KNOWN_SINCE_S = 1577836800 };

static struct {
    uint64_t now_ms;
} state;

/* Divisions of 32 bits: those of 64 are a large function on processors that have neither. */
static uint64_t time_us(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * 1000000u + (uint32_t)time->tv_nsec / 1000u;
}

uint64_t port_clock_us(void)
{
    struct timespec now;

    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return time_us(&now);
}

uint64_t posix_clock_freeze(void)
{
    struct timespec now;
    uint64_t now_ms;

    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    now_ms = (uint64_t)now.tv_sec * 1000u + (uint32_t)now.tv_nsec / 1000000u;
    /* Some virtual machines have been seen to step back. */
    if (now_ms > state.now_ms) {
        state.now_ms = now_ms;
    }
    return time_us(&now);
}

uint64_t port_now_ms(void)
{
    return state.now_ms;
}

bool port_wall_time(int64_t *unix_seconds, uint32_t *nanoseconds)
{
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < DATE_KNOWN_SINCE_S) {
        return false;
    }
    *unix_seconds = now.tv_sec;
    *nanoseconds = (uint32_t)now.tv_nsec;
    return true;
}

size_t posix_clock_static_bytes(void)
{
    return sizeof(state);
}
