/* SPDX-License-Identifier: MIT */
/* Files that grow: an output file that is never begun anew. */
#include <string.h>

#include "port/port_tool.h"
#include "port/sim/state.h"

int port_record_open(const char *path, port_handle *record)
{
    uint64_t size_bytes;

    return port_output_open(path, true, record, &size_bytes);
}

/* Keeps them, unless a test does. */
static int record_add(uint32_t object, const void *bytes, size_t n)
{
    struct sim_output *output = &sim_store.outputs[object];
    size_t most = sim.hooks.record != NULL ? sim.plan.record_bytes : SIM_OUTPUT_BYTES;

    if (output->n > most || n > most - output->n) {
        return PORT_FULL;
    }
    if (sim.hooks.record == NULL) {
        memcpy(&sim_store.output_bytes[object][output->n], bytes, n);
    }
    output->n += (uint32_t)n;
    return PORT_OK;
}

int port_record_write(port_handle record, const void *bytes, size_t n)
{
    const struct sim_handle *found = sim_handle_get(record, SIM_HANDLE_OUTPUT, "record_write");
    int result;

    if (n == 0) {
        sim_fail("C9", SIM_NOBODY, "a write of no bytes");
    }
    sim_hash_bytes(bytes, n);
    if (sim_fault(SIM_RECORD_FULL, SIM_NOBODY)) {
        result = PORT_FULL;
    } else if (sim_fault(SIM_RECORD_IO, SIM_NOBODY)) {
        result = PORT_IO;
    } else {
        result = record_add(found->object, bytes, n);
    }
    if (sim.hooks.record != NULL) {
        sim.hooks.record(bytes, n, result);
    }
    return sim_result("Add_to_record", SIM_NOBODY, result);
}
