/* SPDX-License-Identifier: MIT */
/* Time: the clock that is frozen between waits, the one for measuring, and the date. */
#include "port/posix/posix.h"

#include <time.h>

#if PORT_POSIX_DIRECT && defined(__arm__) && defined(__ARM_EABI__)
#include <sys/syscall.h>
#endif

/* 2020-01-01 00:00:00 UTC. A date before it is that of a board without a battery. */
enum { DATE_KNOWN_SINCE_S = 1577836800 };

static struct {
    uint64_t now_ms;
} state;

#if PORT_POSIX_DIRECT && defined(SYS_clock_gettime64) && defined(SYS_clock_gettime32)
static bool clock_read(clockid_t clock, struct timespec *now)
{
    int32_t narrow[2];

    if (syscall(SYS_clock_gettime64, clock, now) == 0) {
        return true;
    }
    /* Before Linux 5.1. */
    if (errno != ENOSYS || syscall(SYS_clock_gettime32, clock, narrow) != 0) {
        return false;
    }
    now->tv_sec = narrow[0];
    now->tv_nsec = narrow[1];
    return true;
}
#else
static bool clock_read(clockid_t clock, struct timespec *now)
{
    return clock_gettime(clock, now) == 0;
}
#endif

/* Divisions of 32 bits: those of 64 are a large function on processors that have neither. */
static uint64_t time_us(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * 1000000u + (uint32_t)time->tv_nsec / 1000u;
}

uint64_t port_clock_us(void)
{
    struct timespec now;

    CHECK(clock_read(CLOCK_MONOTONIC, &now));
    return time_us(&now);
}

uint64_t posix_clock_freeze(void)
{
    struct timespec now;
    uint64_t now_ms;

    CHECK(clock_read(CLOCK_MONOTONIC, &now));
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

    if (!clock_read(CLOCK_REALTIME, &now) || now.tv_sec < DATE_KNOWN_SINCE_S) {
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
