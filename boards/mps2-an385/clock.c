/* SPDX-License-Identifier: MIT */
/* The clock: SysTick every 10 ms, and what it has counted since. */
#include "boards/mps2-an385/board_registers.h"
#include "port/lwip/board.h"

enum { TICK_MS = 10, CYCLES_PER_MS = CPU_HZ / 1000, CYCLES_PER_TICK = TICK_MS * CYCLES_PER_MS };

static struct {
    volatile uint32_t ticks; /* since the last carry */
    uint64_t base_ms;
    uint64_t last_ms; /* what was told last */
} state;

void clock_start(void)
{
    SYST_RVR = CYCLES_PER_TICK - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
}

void clock_interrupt(void)
{
    state.ticks++;
}

/* Called with interrupts on: a tick between the two reads is seen, and they are read again. The
 * counter may begin anew some cycles before its interrupt comes (in qemu, many): until then time
 * stands still rather than goes back. */
uint64_t board_now_ms(void)
{
    uint32_t ticks;
    uint32_t left;
    do {
        ticks = state.ticks;
        left = SYST_CVR;
    } while (ticks != state.ticks);
    if (ticks >= 0x40000000u) {
        state.ticks -= 0x40000000u; /* every four months; one tick may be lost by it */
        state.base_ms += (uint64_t)0x40000000u * TICK_MS;
        ticks -= 0x40000000u;
    }
    uint64_t now_ms = state.base_ms + (uint64_t)ticks * TICK_MS +
                      (CYCLES_PER_TICK - 1 - left) / CYCLES_PER_MS;
    state.last_ms = now_ms > state.last_ms ? now_ms : state.last_ms;
    return state.last_ms;
}
