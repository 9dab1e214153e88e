/* SPDX-License-Identifier: MIT */
/* Handles: numbers are used again at once, generations never, so that a dead one is caught. */
#include "port/sim/state.h"

bool sim_handles_left(void)
{
    return sim.handles_open < sim.plan.handles && sim.handles_open < SIM_HANDLES;
}

port_handle sim_handle_take(enum sim_handle_kind kind, uint32_t object, unsigned side)
{
    struct sim_handle *handle;
    uint32_t i = sim.handle_next;

    CHECK(sim_handles_left());
    while (sim.handles[i].kind != SIM_HANDLE_FREE) {
        i++;
    }
    sim.handle_next = i + 1;
    handle = &sim.handles[i];
    handle->kind = (uint8_t)kind;
    handle->object = object;
    handle->side = (uint8_t)side;
    handle->ready = 0;
    handle->size_bytes = 0;
    sim.handles_open++;
    if (kind == SIM_HANDLE_STREAM) {
        sim.streams_open++;
    }
    if (i + 1 > sim.handles_used) {
        sim.handles_used = i + 1;
    }
    return (port_handle)(handle->generation * SIM_GENERATION + i);
}

void sim_handle_free(port_handle handle)
{
    uint32_t i = (uint32_t)handle % SIM_GENERATION;

    if (sim.handles[i].kind == SIM_HANDLE_STREAM) {
        sim.streams_open--;
    }
    sim.handles[i].kind = SIM_HANDLE_FREE;
    sim.handles[i].generation++;
    sim.handles_open--;
    if (i < sim.handle_next) {
        sim.handle_next = i;
    }
}

struct sim_handle *sim_handle_any(port_handle handle, const char *call)
{
    uint32_t i = (uint32_t)handle % SIM_GENERATION;
    struct sim_handle *found;

    if (handle < 0 || i >= SIM_HANDLES) {
        sim_fail("C5", SIM_NOBODY, call);
    }
    found = &sim.handles[i];
    if (found->kind == SIM_HANDLE_FREE ||
        found->generation != (uint32_t)handle / SIM_GENERATION) {
        sim_fail("C5", SIM_NOBODY, call);
    }
    return found;
}

struct sim_handle *sim_handle_get(port_handle handle, enum sim_handle_kind kind, const char *call)
{
    struct sim_handle *found = sim_handle_any(handle, call);

    if (found->kind != kind) {
        sim_fail("C5", SIM_NOBODY, call);
    }
    found->touched = true;
    return found;
}

void sim_handle_must_be_ready(port_handle handle, unsigned what, const char *call)
{
    const struct sim_handle *found = sim_handle_any(handle, call);

    if ((found->ready & what) == 0) {
        sim_fail("C11", sim_connection_of(handle), call);
    }
}

int32_t sim_connection_of(port_handle handle)
{
    const struct sim_handle *found = sim_handle_any(handle, "connection_of");

    if (found->kind != SIM_HANDLE_STREAM) {
        return SIM_NOBODY;
    }
    return (int32_t)sim_link_at(found->object)->id;
}

bool sim_handle_listens(port_handle handle)
{
    return sim_handle_any(handle, "listens")->kind == SIM_HANDLE_LISTENER;
}

bool sim_handle_datagrams(port_handle handle)
{
    return sim_handle_any(handle, "datagrams")->kind == SIM_HANDLE_DATAGRAM;
}

bool sim_handle_touched(port_handle handle)
{
    return sim_handle_any(handle, "touched")->touched;
}

unsigned sim_handles_open(void)
{
    return sim.handles_open;
}

unsigned sim_held_count(void)
{
    return sim.streams_open;
}
