/* SPDX-License-Identifier: MIT */
/* Waiting: select() on bitmaps of our own, as long as PORT_POSIX_HANDLES_MAX asks. */
#include "port/posix/posix.h"

#include <limits.h>
#include <string.h>
#include <sys/select.h>

#if PORT_POSIX_DIRECT
#include <sys/syscall.h>
#endif

/* FD_SETSIZE limits the C library's fd_set, not the system call, which takes an array of unsigned
 * long, lowest bit first, and looks at as much of it as its first argument says. FD_SET and its
 * kin write beyond their array, or abort, from 1,024 on: they are used nowhere. */
enum {
    WORD_BITS = (int)(sizeof(unsigned long) * CHAR_BIT),
    WORDS = (PORT_POSIX_HANDLES_MAX + WORD_BITS - 1) / WORD_BITS
};

enum {
    COSTLY_EVENTS = 64, /* fewer are not worth measuring on a wait that may sleep */
    SAMPLE_WAITS = 64,  /* of such waits, one in so many is measured */
    PAUSE_US = 10000    /* when the system cannot even wait */
};

static struct {
    unsigned long readable[WORDS];
    unsigned long writable[WORDS];
    size_t words_used; /* from this word on both are zero */
    uint32_t cost_us;
    uint32_t waits;
} state;

static bool bit_is_set(const unsigned long *words, int fd)
{
    return (words[(unsigned)fd / WORD_BITS] >> ((unsigned)fd % WORD_BITS) & 1ul) != 0;
}

static void bit_set(unsigned long *words, int fd)
{
    words[(unsigned)fd / WORD_BITS] |= 1ul << ((unsigned)fd % WORD_BITS);
}

/* Fills both bitmaps. Returns the highest descriptor in them. */
static int bitmaps_fill(struct port_event *events, size_t n)
{
    const uint8_t *kinds = posix_handle_kinds();
    const int requests = posix_request_descriptor();
    int highest = requests;
    size_t i;

    memset(state.readable, 0, state.words_used * sizeof(state.readable[0]));
    memset(state.writable, 0, state.words_used * sizeof(state.writable[0]));
    bit_set(state.readable, requests);
    for (i = 0; i < n; i++) {
        const port_handle handle = events[i].handle;

        events[i].got = 0;
        if (events[i].wanted == 0) {
            continue;
        }
        CHECK(handle >= 0 && handle < PORT_POSIX_HANDLES_MAX && kinds[handle] != POSIX_NONE);
        if ((events[i].wanted & PORT_READ) != 0) {
            bit_set(state.readable, handle);
        }
        if ((events[i].wanted & PORT_WRITE) != 0) {
            bit_set(state.writable, handle);
        }
        if (handle > highest) {
            highest = handle;
        }
    }
    state.words_used = (size_t)highest / WORD_BITS + 1;
    return highest;
}

/* Marks what is ready. It does not stop when as many bits are found as select() counted, because
 * one handle may be waited on twice; looking at all costs a hundredth of the call. */
static int events_mark(struct port_event *events, size_t n)
{
    int marked = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        const port_handle handle = events[i].handle;
        unsigned got = 0;

        if ((events[i].wanted & PORT_READ) != 0 && bit_is_set(state.readable, handle)) {
            got |= PORT_READ;
        }
        if ((events[i].wanted & PORT_WRITE) != 0 && bit_is_set(state.writable, handle)) {
            got |= PORT_WRITE;
        }
        events[i].got = (uint8_t)got;
        marked += got != 0;
    }
    return marked;
}

/* The system's select(), of `count` descriptors in our words; it may write to the time. C
 * libraries with times of 64 bits convert them on 32-bit processors. */
#if PORT_POSIX_DIRECT && defined(SYS_pselect6) && !(defined(__x86_64__) && defined(__ILP32__))
static int system_select(int count, uint32_t seconds, uint32_t us, bool for_ever)
{
    long pause[2];
    long bits;

    pause[0] = (long)seconds;
    pause[1] = (long)us * 1000;
    bits = syscall(SYS_pselect6, count, state.readable, state.writable, NULL,
                   for_ever ? NULL : pause, NULL);
#ifdef SYS_pselect6_time64
    if (bits < 0 && errno == ENOSYS) {
        int64_t pause_wide[2];

        pause_wide[0] = seconds;
        pause_wide[1] = (int64_t)us * 1000;
        bits = syscall(SYS_pselect6_time64, count, state.readable, state.writable, NULL,
                       for_ever ? NULL : pause_wide, NULL);
    }
#endif
    return (int)bits;
}
#else
static int system_select(int count, uint32_t seconds, uint32_t us, bool for_ever)
{
    struct timeval pause;

    pause.tv_sec = (time_t)seconds;
    pause.tv_usec = (suseconds_t)us;
    return select(count, count > 0 ? (fd_set *)(void *)state.readable : NULL,
                  count > 0 ? (fd_set *)(void *)state.writable : NULL, NULL,
                  for_ever ? NULL : &pause);
}
#endif

/* select() with our words. Returns how many bits are set, or -1. */
static int words_select(int highest, int32_t timeout_ms)
{
    const uint32_t ms = timeout_ms < 0 ? 0 : (uint32_t)timeout_ms;
    /* Divided by 1000 by multiplying, right for all 32 bits: see posix_decimal_write. */
    const uint32_t seconds = (uint32_t)((uint64_t)ms * 274877907u >> 38);

    return system_select(highest + 1, seconds, (ms - seconds * 1000u) * 1000u, timeout_ms < 0);
}

/* ENOMEM, most likely, and likely to stay for a while: sleep without any set, which needs none. */
static void wait_failed(int32_t timeout_ms)
{
    CHECK(errno != EBADF && errno != EINVAL);
    if (errno != EINTR && timeout_ms != 0) {
        (void)system_select(0, 0, PAUSE_US, false);
        (void)posix_clock_freeze();
    }
}

/* Looks without sleeping, and remembers what that cost. */
static int words_look(int highest, size_t n)
{
    const uint64_t began_us = port_clock_us();
    const int bits = words_select(highest, 0);
    const uint64_t ended_us = posix_clock_freeze();

    if (n > 0) {
        state.cost_us = (uint32_t)(ended_us - began_us);
    }
    return bits;
}

static int words_wait(int highest, int32_t timeout_ms)
{
    const int bits = words_select(highest, timeout_ms);

    (void)posix_clock_freeze();
    return bits;
}

/* How much of a wait was sleep cannot be told afterwards, and a clock read before each would cost
 * every pass. So of the waits that may sleep and are large, one in 64 looks first. */
static bool sample_is_due(size_t n)
{
    if (n < COSTLY_EVENTS) {
        return false;
    }
    state.waits++;
    return state.waits % SAMPLE_WAITS == 0;
}

int port_wait(struct port_event *events, size_t n, int32_t timeout_ms)
{
    const bool at_once = timeout_ms == 0 || posix_request_is_waiting();
    const bool sample = !at_once && sample_is_due(n);
    int highest;
    int bits = 0;

    CHECK(n <= PORT_POSIX_HANDLES_MAX);
    CHECK(timeout_ms >= PORT_FOREVER);
    highest = bitmaps_fill(events, n);
    if (at_once || sample) {
        bits = words_look(highest, n);
    }
    if (sample && bits == 0) {
        (void)bitmaps_fill(events, n);
    }
    if (!at_once && bits == 0) {
        bits = words_wait(highest, timeout_ms);
    }
    if (bits < 0) {
        wait_failed(timeout_ms);
        return 0;
    }
    if (bits > 0 && bit_is_set(state.readable, posix_request_descriptor())) {
        posix_request_drain();
        bits--;
    }
    return bits > 0 ? events_mark(events, n) : 0;
}

uint32_t port_wait_cost_us(void)
{
    return state.cost_us;
}

size_t posix_wait_static_bytes(void)
{
    return sizeof(state);
}
