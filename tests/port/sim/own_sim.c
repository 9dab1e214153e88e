/* SPDX-License-Identifier: MIT */
/* What only the simulated port must show: that each failure of the hosted half can be had. Those of
 * the other half are the world's. */
#define CHECK_PART
#include "tests/check.h"

#include "port/port_tool.h"
#include "port/sim/sim.h"
#include "tests/port/fixture.h"

static struct sim_fault fault;

/* A run in which this happens once, the nth time it can. */
static void begin_late(enum sim_fault_kind kind, uint32_t nth)
{
    struct sim_plan plan = sim_plan_quiet(1);
    fault = (struct sim_fault){(uint8_t)kind, SIM_NOBODY, nth, 0};
    plan.listed = true;
    plan.list = &fault;
    plan.list_count = 1;
    sim_begin(&plan, NULL);
    EXPECT(port_start() == PORT_OK);
}

static void begin(enum sim_fault_kind kind)
{
    begin_late(kind, 0);
}

static void test_start(void)
{
    static const struct {
        enum sim_fault_kind kind;
        int root;
        int user;
        int text;
    } rows[] = {
        {SIM_TOOL_NOENT, PORT_NOENT, PORT_NOENT, PORT_NOENT},
        {SIM_TOOL_DENIED, PORT_DENIED, PORT_DENIED, PORT_DENIED},
        {SIM_TOOL_IO, PORT_IO, PORT_IO, PORT_IO},
    };
    char bytes[100];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(rows[i].kind);
        EXPECT(port_root_open("/", 0) == rows[i].root);
        EXPECT(port_root_open("/", 0) == PORT_OK);
        begin(rows[i].kind);
        EXPECT(port_user_become("user", false) == rows[i].user);
        EXPECT(port_user_become("user", false) == PORT_OK);
        begin(rows[i].kind);
        EXPECT(port_text_read("text", bytes, sizeof bytes) == rows[i].text);
        EXPECT(port_text_read("text", bytes, sizeof bytes) > 0);
    }
    begin(SIM_TOOL_SKIP);
    EXPECT(port_root_open("/", 0) == PORT_SKIP);
}

static void test_others(void)
{
    struct port_address address;
    char bytes[4];
    begin(SIM_TOOL_AGAIN);
    EXPECT(port_resolve("localhost", PORT_NAME_ANY, 1, &address, 1) == PORT_AGAIN);
    EXPECT(port_resolve("localhost", PORT_NAME_ANY, 1, &address, 1) == 1);
    sim_terminal_set(80);
    EXPECT(port_terminal_columns(PORT_STDERR) == 80 && port_console_raw(true) == PORT_OK);
    sim_environment_set("NAME", "value");
    EXPECT(port_environment("NAME") != NULL && port_environment("OTHER") == NULL);
    sim_print_close();
    EXPECT(port_print(PORT_STDOUT, "x", 1) == PORT_IO);
    port_serving_begins(false);
    EXPECT(port_text_convert(PORT_GBK_TO_UTF8, "x", 1, bytes, sizeof bytes) == PORT_NOENT);
}

static void test_outputs(void)
{
    enum { OUTPUTS_MAX = 64 };
    char path[] = "a";
    port_handle handle = PORT_NONE;
    uint64_t size = 0;
    begin(SIM_TOOL_IO);
    EXPECT(port_output_open("o", false, &handle, &size) == PORT_IO);
    begin(SIM_TOOL_IO);
    EXPECT(port_record_open("o", &handle) == PORT_IO);
    int result = PORT_OK;
    for (unsigned i = 0; i < OUTPUTS_MAX && result == PORT_OK; i++) {
        path[0] = (char)('A' + i);
        result = port_record_open(path, &handle);
    }
    EXPECT(result == PORT_FULL && port_output_open("o", false, &handle, &size) == PORT_FULL);
}

static void test_writing(void)
{
    static const int results[] = {PORT_FULL, PORT_IO, PORT_DENIED, PORT_OK};
    port_handle handle = PORT_NONE;
    uint64_t size = 0;
    begin(SIM_TOOL_FULL);
    EXPECT(port_output_open("o", false, &handle, &size) == PORT_OK);
    EXPECT(port_output_write(handle, "x", 1) == PORT_FULL);
    port_close(handle);
    begin_late(SIM_TOOL_IO, 1);
    EXPECT(port_output_open("o", false, &handle, &size) == PORT_OK);
    EXPECT(port_output_write(handle, "x", 1) == PORT_IO);
    for (size_t i = 0; i < COUNT_OF(results); i++) {
        sim_output_fail(results[i]);
        EXPECT(results[i] == PORT_DENIED || port_output_sync(handle) == results[i]);
        EXPECT(results[i] == PORT_FULL || port_output_rename("o", "o") == results[i]);
        EXPECT(results[i] == PORT_FULL || port_output_remove("o") == results[i]);
    }
    port_close(handle);
}

void fixture_own_tests(void)
{
    test_start();
    test_others();
    test_outputs();
    test_writing();
}
