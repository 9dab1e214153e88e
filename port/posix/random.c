/* SPDX-License-Identifier: MIT */
/* Unforeseeable bytes, from the system, ready before serving begins. */
#include "port/posix/posix.h"

#ifdef __linux__
#include <sys/syscall.h>
#endif

/* Larger requests may come back in part. */
enum { BLOCK_BYTES = 256 };
/* GRND_NONBLOCK, for C libraries that do not have it. */
enum { WITHOUT_WAITING = 1 };

static struct {
    int device; /* /dev/urandom, or -1: the system call serves */
    bool open;
} state = {-1, false};

static bool block_read(unsigned char *bytes, size_t n)
{
    if (state.device >= 0) {
        return read(state.device, bytes, n) == (ssize_t)n;
    }
#ifdef SYS_getrandom
    return syscall(SYS_getrandom, bytes, n, WITHOUT_WAITING) == (long)n;
#else
    return false;
#endif
}

/* A machine that has just started may not have gathered enough yet: then the call would wait, but
 * the device does not. A success now means that it never waits again. */
bool posix_random_open(void)
{
    unsigned char probe[1];

    if (state.open || block_read(probe, sizeof(probe))) {
        state.open = true;
        return true;
    }
    state.device = posix_open("/dev/urandom", O_RDONLY | O_CLOEXEC | O_NOCTTY);
    state.open = state.device >= 0;
    return state.open;
}

void posix_random_close(void)
{
    if (state.device >= 0) {
        (void)close(state.device);
    }
    state.device = -1;
    state.open = false;
}

void port_random(void *bytes, size_t n)
{
    unsigned char *to = bytes;
    size_t done = 0;

    CHECK(state.open);
    while (done < n) {
        const size_t left = n - done;
        const size_t part = left < BLOCK_BYTES ? left : BLOCK_BYTES;

        CHECK(block_read(to + done, part));
        done += part;
    }
}

size_t posix_random_static_bytes(void)
{
    return sizeof(state);
}
