/* SPDX-License-Identifier: MIT */
/* The wire in memory: a queue of frames. */
#include <string.h>

#include "boards/lwip-host/host.h"
#include "port/compiler.h"

enum { FRAMES_MAX = 256 };

static struct {
    struct {
        uint8_t bytes[HOST_FRAME_BYTES];
        size_t n;
        unsigned interface;
    } frames[FRAMES_MAX];
    unsigned head;
    unsigned count;
} state;

bool host_memory_put(unsigned interface, const uint8_t *frame, size_t n)
{
    CHECK(n <= HOST_FRAME_BYTES);
    if (state.count == FRAMES_MAX) {
        return false;
    }
    unsigned tail = (state.head + state.count) % FRAMES_MAX;
    memcpy(state.frames[tail].bytes, frame, n);
    state.frames[tail].n = n;
    state.frames[tail].interface = interface;
    state.count++;
    return true;
}

size_t host_memory_take(unsigned *interface, uint8_t *frame)
{
    if (state.count == 0) {
        return 0;
    }
    size_t n = state.frames[state.head].n;
    memcpy(frame, state.frames[state.head].bytes, n);
    *interface = state.frames[state.head].interface;
    state.head = (state.head + 1) % FRAMES_MAX;
    state.count--;
    return n;
}

bool host_memory_waits(void)
{
    return state.count > 0;
}
