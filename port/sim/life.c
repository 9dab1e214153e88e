/* SPDX-License-Identifier: MIT */
/* Beginning and end of what uses the port. */
#include "port/sim/state.h"

int port_start(void)
{
    if (!sim.begun) {
        struct sim_plan plan = sim_plan_quiet(0);

        sim_begin(&plan, NULL);
    }
    sim.requests = 0;
    sim.reports = 0;
    if (sim_fault(SIM_START_IO, SIM_NOBODY)) {
        return sim_result("start", SIM_NOBODY, PORT_IO);
    }
    return sim_result("start", SIM_NOBODY, PORT_OK);
}

void port_end(void)
{
    sim_result("end", SIM_NOBODY, 0);
}

size_t port_handles(size_t wanted)
{
    size_t granted = wanted < sim.plan.handles ? wanted : sim.plan.handles;

    sim_result("handles", SIM_NOBODY, (int)granted);
    return granted;
}

size_t port_static_bytes(void)
{
    return sizeof sim + sizeof sim_store;
}
