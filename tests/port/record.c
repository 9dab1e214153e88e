/* SPDX-License-Identifier: MIT */
/* Conformance: files that grow. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"

void test_record(void)
{
    char path[4096];
    char bytes[64];
    port_handle record;
    const size_t n = strlen(fixture_scratch());

    if (!fixture_can(FIXTURE_TOOLS)) {
        check_skip("files that grow");
        return;
    }
    memcpy(path, fixture_scratch(), n);
    memcpy(path + n, "/record", 8);
    EXPECT(port_record_open(path, &record) == PORT_OK);
    EXPECT(port_record_write(record, "first\n", 6) == PORT_OK);
    EXPECT(port_text_read(path, bytes, sizeof(bytes)) == 6);
    EXPECT(port_record_write(record, "second\n", 7) == PORT_OK);
    port_close(record);
    /* What it holds stays. */
    EXPECT(port_record_open(path, &record) == PORT_OK);
    EXPECT(port_record_write(record, "third\n", 6) == PORT_OK);
    EXPECT(port_text_read(path, bytes, sizeof(bytes)) == 19);
    EXPECT(memcmp(bytes, "first\nsecond\nthird\n", 19) == 0);
    port_close(record);
    EXPECT(port_output_remove(path) == PORT_OK);
    memcpy(path + n, "/no/such/folder", 16);
    EXPECT(port_record_open(path, &record) == PORT_NOENT);
    path[n] = '\0';
    EXPECT(port_record_open(path, &record) == PORT_DENIED);
}
