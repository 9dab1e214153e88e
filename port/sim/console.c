/* SPDX-License-Identifier: MIT */
/* The operator's console: a script typed, output that may stall. */
#include "port/sim/state.h"

void sim_console_type(const void *bytes, size_t n)
{
    const uint8_t *at = bytes;

    CHECK(sim.console_count + n <= SIM_CONSOLE_BYTES);
    for (size_t i = 0; i < n; i++) {
        sim_store.console[(sim.console_first + sim.console_count) % SIM_CONSOLE_BYTES] = at[i];
        sim.console_count++;
    }
}

size_t sim_console_room(void)
{
    return SIM_CONSOLE_BYTES - sim.console_count;
}

bool sim_console_held(void)
{
    return sim.console_open;
}

void sim_console_end(void)
{
    sim.console_ended = true;
}

void sim_console_stall(bool stalled)
{
    sim.console_stalled = stalled;
}

bool sim_console_ready(void)
{
    return sim.console_count > 0 || sim.console_ended;
}

int port_console_open(port_handle *input)
{
    if (!sim.plan.console || sim_fault(SIM_CONSOLE_NOENT, SIM_NOBODY) || !sim_handles_left()) {
        return sim_result("Console_open", SIM_NOBODY, PORT_NOENT);
    }
    *input = sim_handle_take(SIM_HANDLE_CONSOLE, 0, 0);
    sim.console_open = true;
    return sim_result("Console_open", SIM_NOBODY, PORT_OK);
}

int port_console_read(port_handle input, void *bytes, size_t n)
{
    uint8_t *at = bytes;
    size_t got = 0;

    (void)sim_handle_get(input, SIM_HANDLE_CONSOLE, "console_read");
    if (n == 0) {
        sim_fail("C9", SIM_NOBODY, "a read of no bytes");
    }
    if (sim_fault(SIM_CONSOLE_AGAIN, SIM_NOBODY)) {
        return sim_result("Console_read", SIM_NOBODY, PORT_AGAIN);
    }
    if (sim_fault(SIM_CONSOLE_EOF, SIM_NOBODY)) {
        sim.console_ended = true;
        sim.console_count = 0;
    }
    while (got < n && sim.console_count > 0) {
        at[got] = sim_store.console[sim.console_first];
        sim.console_first = (sim.console_first + 1) % SIM_CONSOLE_BYTES;
        sim.console_count--;
        got++;
    }
    if (got == 0) {
        int result = sim.console_ended ? PORT_EOF : PORT_AGAIN;

        return sim_result("Console_read", SIM_NOBODY, result);
    }
    sim.progress++;
    return sim_result("Console_read", SIM_NOBODY, (int)got);
}

int port_console_write(const void *bytes, size_t n)
{
    if (n == 0) {
        sim_fail("C9", SIM_NOBODY, "a write of no bytes");
    }
    if (sim.console_gone || sim_fault(SIM_CONSOLE_GONE, SIM_NOBODY)) {
        sim.console_gone = true;
        return sim_result("Write_console", SIM_NOBODY, PORT_EOF);
    }
    if (sim.console_stalled || sim_fault(SIM_CONSOLE_STALL, SIM_NOBODY)) {
        return sim_result("Write_console", SIM_NOBODY, PORT_AGAIN);
    }
    if (n > 1 && sim_fault(SIM_CONSOLE_SHORT, SIM_NOBODY)) {
        n = 1 + sim_fault_amount(SIM_CONSOLE_SHORT, SIM_NOBODY, (uint32_t)n - 1);
    }
    sim_hash_bytes(bytes, n);
    if (sim.hooks.console != NULL) {
        sim.hooks.console(bytes, n);
    }
    sim.progress++;
    return sim_result("Write_console", SIM_NOBODY, (int)n);
}
