/* SPDX-License-Identifier: MIT */
/* Output files: links in their place, devices, a device that is full. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <limits.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

/* Output does not go through a link that somebody put in its place. */
void test_posix_output(void)
{
    char path[PATH_MAX];
    uint64_t size_bytes;
    port_handle output;

    link_make(fixture_scratch(), "planted", "victim");
    file_make(fixture_scratch(), "victim", "victim\n", 0644);
    (void)snprintf(path, sizeof(path), "%s/planted", fixture_scratch());
    EXPECT(port_output_open(path, false, &output, &size_bytes) == PORT_DENIED);
    EXPECT(port_output_open(path, true, &output, &size_bytes) == PORT_DENIED);
    EXPECT(port_output_open("/dev/null", false, &output, &size_bytes) == PORT_OK);
    EXPECT(size_bytes == 0);
    EXPECT(port_output_write(output, "x", 1) == PORT_OK && port_output_sync(output) == PORT_OK);
    port_close(output);
    EXPECT(port_output_open("/dev/full", false, &output, &size_bytes) == PORT_OK);
    EXPECT(port_output_write(output, "x", 1) == PORT_FULL);
    port_close(output);
}
