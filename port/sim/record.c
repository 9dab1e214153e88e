/* SPDX-License-Identifier: MIT */
/* Files that grow: an output file that is never begun anew. */
#include "port/port_tool.h"
#include "port/sim/state.h"

int port_record_open(const char *path, port_handle *record)
{
    uint64_t size_bytes;

    return port_output_open(path, true, record, &size_bytes);
}

int port_record_write(port_handle record, const void *bytes, size_t n)
{
    return port_output_write(record, bytes, n);
}
