/* SPDX-License-Identifier: MIT */
/* Converters of text: open before serving or not at all, and whoever is confined keeps them. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <string.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static char log_text[1 << 16];

static bool log_names_gbk(void)
{
    const size_t n = fixture_log_read(log_text, sizeof(log_text) - 1);

    log_text[n] = '\0';
    return strstr(log_text, "GBK") != NULL;
}

static bool converts(enum port_conversion conversion)
{
    const bool to_utf8 = conversion == PORT_GBK_TO_UTF8;
    char out[8];

    return port_text_convert(conversion, to_utf8 ? "\xd6\xd0" : "\xe4\xb8\xad", to_utf8 ? 2 : 3,
                             out, sizeof(out)) == (to_utf8 ? 3 : 2);
}

/* A tool never says that it serves: what it asks for is opened then. */
static bool tool_converts(enum port_conversion conversion)
{
    bool there;

    EXPECT(port_start() == PORT_OK);
    there = converts(conversion);
    port_end();
    return there;
}

static void with_converters(void)
{
    const bool from = tool_converts(PORT_GBK_TO_UTF8);
    const bool to = tool_converts(PORT_UTF8_TO_GBK);

    (void)log_names_gbk();
    EXPECT(port_start() == PORT_OK);
    port_serving_begins(true);
    EXPECT(converts(PORT_GBK_TO_UTF8) == from && converts(PORT_UTF8_TO_GBK) == to);
    EXPECT(log_names_gbk() == (PORT_GBK && !(from && to)));
    port_end();
}

static void without_converters(void)
{
    EXPECT(port_start() == PORT_OK);
    (void)log_names_gbk();
    port_serving_begins(false);
    EXPECT(!converts(PORT_GBK_TO_UTF8) && !converts(PORT_UTF8_TO_GBK));
    EXPECT(!log_names_gbk());
    port_end();
}

/* Where the system's files are out of reach there is a line in the log, and no converter; unless
 * the C library still has what an earlier test loaded. */
static void out_of_reach(void)
{
    if (getuid() != 0 || !tool_converts(PORT_UTF8_TO_GBK)) {
        check_skip("converters out of reach");
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_root_open(fixture_root(), 0) == PORT_OK);
    EXPECT(port_user_become(NULL, true) == PORT_OK);
    (void)log_names_gbk();
    port_serving_begins(true);
    EXPECT(log_names_gbk() == !(converts(PORT_GBK_TO_UTF8) && converts(PORT_UTF8_TO_GBK)));
    port_end();
}

void test_posix_encoding(void)
{
    child_run(with_converters);
    child_run(without_converters);
    child_run(out_of_reach);
}
