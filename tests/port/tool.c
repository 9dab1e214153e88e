/* SPDX-License-Identifier: MIT */
/* Conformance: port_tool.h. */
#define CHECK_PART
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"

static char path[4096];
static char path_other[4096];

static const char *scratch(char *to, const char *name)
{
    const size_t n = strlen(fixture_scratch());

    memcpy(to, fixture_scratch(), n);
    to[n] = '/';
    memcpy(to + n + 1, name, strlen(name) + 1);
    return to;
}

static void root_chosen(void)
{
    struct port_file_info info;
    port_handle file;

    EXPECT(port_root_open(scratch(path, "nothing"), 0) == PORT_NOENT);
    EXPECT(port_root_open(fixture_root(), 0) == PORT_OK);
    EXPECT(port_file_open("hello.txt", 9, &file, &info) == PORT_OK);
    port_close(file);
    /* A failure leaves the root as it was; another success replaces it. */
    EXPECT(port_root_open(scratch(path, "nothing"), 0) == PORT_NOENT);
    EXPECT(port_file_open("hello.txt", 9, &file, &info) == PORT_OK);
    port_close(file);
    EXPECT(port_root_open(fixture_scratch(), 0) == PORT_OK);
    EXPECT(port_file_open("hello.txt", 9, &file, &info) == PORT_NOENT);
}

static bool literal_is(const char *text, enum port_name_family family,
                       const struct port_address *wanted)
{
    struct port_address list[4];

    return port_resolve(text, family, 99, list, 4) == 1 && address_same_ip(&list[0], wanted) &&
           list[0].port == 99 && list[0].zone == wanted->zone;
}

static void literals_resolved(void)
{
    static const char *const wrong[] = {"", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", ":",
                                        ":::", "::1::", "g::1", "12345::", "fe80::1%",
                                        "fe80::1%nosuchinterface", "1:2:3:4:5:6:7:8:9", "[::1]",
                                        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"};
    const struct port_address ipv4 = address_ipv4(192, 0, 2, 7, 99);
    const struct port_address ipv6 = address_ipv6(0x20, 0x01, 9, 99);
    struct port_address local = address_ipv6(0xfe, 0x80, 1, 99);
    struct port_address list[4];
    size_t i;

    EXPECT(literal_is("192.0.2.7", PORT_NAME_ANY, &ipv4));
    EXPECT(literal_is("192.0.2.7", PORT_NAME_IPV4, &ipv4));
    EXPECT(port_resolve("192.0.2.7", PORT_NAME_IPV6, 99, list, 4) == PORT_NOENT);
    EXPECT(literal_is("::ffff:192.0.2.7", PORT_NAME_IPV4, &ipv4));
    EXPECT(literal_is("2001::9", PORT_NAME_ANY, &ipv6));
    EXPECT(literal_is("2001:0:0:0:0:0:0:9", PORT_NAME_IPV6, &ipv6));
    EXPECT(port_resolve("2001::9", PORT_NAME_IPV4, 99, list, 4) == PORT_NOENT);
    EXPECT(literal_is("fe80::1", PORT_NAME_ANY, &local));
    local.zone = 3;
    EXPECT(literal_is("fe80::1%3", PORT_NAME_ANY, &local));
    local.zone = UINT32_MAX;
    EXPECT(literal_is("fe80::1%4294967295", PORT_NAME_ANY, &local));
    EXPECT(port_resolve("fe80::1%4294967296", PORT_NAME_ANY, 99, list, 4) < 0);
    local.zone = port_interface_number("lo");
    if (local.zone != 0) {
        EXPECT(literal_is("fe80::1%lo", PORT_NAME_ANY, &local));
    }
    EXPECT(port_interface_number("nosuchinterface") == 0);
    EXPECT(port_interface_number("") == 0);
    for (i = 0; i < COUNT_OF(wrong); i++) {
        const int result = port_resolve(wrong[i], PORT_NAME_ANY, 99, list, 4);

        EXPECT(result == PORT_NOENT || result == PORT_AGAIN);
    }
}

static void name_resolved(void)
{
    const struct port_address loopback = address_ipv4(127, 0, 0, 1, 0);
    struct port_address list[4];
    const int found = port_resolve("localhost", PORT_NAME_IPV4, 7, list, 4);

    if (found < 0) {
        check_skip("localhost is not known here");
        return;
    }
    EXPECT(found >= 1 && found <= 4);
    EXPECT(address_same_ip(&list[0], &loopback) && list[0].port == 7);
    EXPECT(port_resolve("localhost", PORT_NAME_ANY, 7, list, 1) == 1);
}

static void output_written(void)
{
    port_handle output;
    uint64_t size_bytes = 77;
    char bytes[32];

    (void)scratch(path, "out.part");
    (void)scratch(path_other, "out");
    EXPECT(port_output_replaceable(path));
    EXPECT(!port_output_replaceable(fixture_scratch()));
    EXPECT(port_output_open(path, false, &output, &size_bytes) == PORT_OK);
    EXPECT(size_bytes == 0);
    EXPECT(port_output_write(output, "first ", 6) == PORT_OK);
    EXPECT(port_output_write(output, "", 0) == PORT_OK);
    EXPECT(port_output_sync(output) == PORT_OK);
    port_close(output);
    EXPECT(port_output_replaceable(path));
    EXPECT(port_output_open(path, true, &output, &size_bytes) == PORT_OK);
    EXPECT(size_bytes == 6);
    EXPECT(port_output_write(output, "second", 6) == PORT_OK);
    port_close(output);
    EXPECT(port_text_read(path, bytes, sizeof(bytes)) == 12);
    EXPECT(memcmp(bytes, "first second", 12) == 0);
    EXPECT(port_text_read(path, bytes, 12) == 12);
    EXPECT(port_text_read(path, bytes, 11) == PORT_FULL);
    EXPECT(port_output_rename(path, path_other) == PORT_OK);
    EXPECT(port_text_read(path, bytes, 32) == PORT_NOENT);
    EXPECT(port_output_open(path, false, &output, &size_bytes) == PORT_OK);
    EXPECT(port_output_write(output, "new", 3) == PORT_OK);
    port_close(output);
    EXPECT(port_output_rename(path, path_other) == PORT_OK);
    EXPECT(port_text_read(path_other, bytes, 32) == 3);
    EXPECT(port_output_open(path_other, false, &output, &size_bytes) == PORT_OK);
    EXPECT(size_bytes == 0);
    port_close(output);
    EXPECT(port_text_read(path_other, bytes, 32) == 0);
    EXPECT(port_output_rename(path, path_other) == PORT_NOENT);
    EXPECT(port_output_remove(path) == PORT_NOENT);
    EXPECT(port_output_remove(path_other) == PORT_OK);
    EXPECT(port_output_open(scratch(path, "no/such/folder"), false, &output, &size_bytes) ==
           PORT_NOENT);
    EXPECT(port_output_open(fixture_scratch(), false, &output, &size_bytes) == PORT_DENIED);
}

static void text_printed(void)
{
    static char block[3000];
    static char got[4096];
    size_t n;

    memset(block, 'p', sizeof(block));
    (void)fixture_console_printed(got, sizeof(got));
    EXPECT(port_print(PORT_STDOUT, block, sizeof(block)) == PORT_OK);
    n = fixture_console_printed(got, sizeof(got));
    EXPECT(n == sizeof(block) && memcmp(got, block, n) == 0);
    (void)fixture_log_read(got, sizeof(got));
    EXPECT(port_print(PORT_STDERR, "error\n", 6) == PORT_OK);
    n = fixture_log_read(got, sizeof(got));
    EXPECT(n == 6 && memcmp(got, "error\n", 6) == 0);
    EXPECT(port_print(PORT_STDOUT, "", 0) == PORT_OK);
    EXPECT(port_terminal_columns(PORT_STDOUT) == 0);
    EXPECT(port_terminal_columns(PORT_STDERR) == 0);
}

/* The console here is no terminal. */
static void console_plain(void)
{
    EXPECT(port_console_raw(true) == PORT_NOENT);
    EXPECT(port_console_raw(false) == PORT_NOENT);
    port_serving_begins(false);
}

static void clock_runs(void)
{
    const uint64_t before = port_clock_us();
    uint64_t after;

    fixture_pause_ms(5);
    after = port_clock_us();
    EXPECT(after >= before + 5000 && after < before + 2000000);
}

static void environment_told(void)
{
    EXPECT(port_environment("LINNET_NO_SUCH_VARIABLE") == NULL);
    EXPECT(port_environment("PATH") == NULL || strcmp(port_environment("PATH"),
                                                      getenv("PATH")) == 0);
}

void test_tool(void)
{
    if (!fixture_can(FIXTURE_TOOLS)) {
        check_skip("port_tool.h");
        return;
    }
    root_chosen();
    literals_resolved();
    name_resolved();
    output_written();
    text_printed();
    console_plain();
    clock_runs();
    environment_told();
}
