/* SPDX-License-Identifier: MIT */
/* The conformance program: every sentence of port.h and port_tool.h, tried on the port linked. */
#define CHECK_FLUSH() fixture_flush()
#include "tests/port/fixture.h"

#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

static const struct {
    const char *name;
    void (*run)(void);
} groups[] = {
    {"life", test_life},         {"listen", test_listen},       {"connect", test_connect},
    {"stream", test_stream},     {"ends", test_ends},           {"datagram", test_datagram},
    {"wait", test_wait},         {"file", test_file},           {"directory", test_directory},
    {"console", test_console},   {"log", test_log},             {"text", test_text},
    {"tool", test_tool},         {"record", test_record},       {"own", fixture_own_tests},
};

/* Without arguments all groups run; with some, those named. */
static bool group_is_wanted(const char *name, int count, char **names)
{
    int i;

    for (i = 1; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return count < 2;
}

int main(int count, char **names)
{
    static char output[1 << 20];
    size_t i;

    /* Some tests put other things in the place of standard output: write when it is back. */
    (void)setvbuf(stdout, output, _IOFBF, sizeof(output));
    for (i = 0; i < COUNT_OF(groups); i++) {
        if (!group_is_wanted(groups[i].name, count, names)) {
            continue;
        }
        fixture_begin();
        EXPECT(port_start() == PORT_OK);
        EXPECT(port_handles(64) == 64);
        groups[i].run();
        port_end();
        fixture_end();
        (void)fflush(stdout);
    }
    return check_report("port");
}
