/* SPDX-License-Identifier: MIT */
/* Once serving has begun, no call asks the system for memory. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

/* Pages of this process, of whatever kind. 0: not known here. */
static unsigned long pages_of_process(void)
{
    char text[64];
    unsigned long pages = 0;
    const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
    ssize_t i;

    if (fd >= 0) {
        (void)close(fd);
    }
    for (i = 0; i < got && text[i] >= '0' && text[i] <= '9'; i++) {
        pages = pages * 10 + (unsigned long)(text[i] - '0');
    }
    return pages;
}

/* The stack may grow: let it, before. */
static void stack_touch(void)
{
    volatile char pages[256 * 1024];
    size_t i;

    for (i = 0; i < sizeof(pages); i += 512) {
        pages[i] = 1;
    }
}

static void files_used(const struct pair *pair)
{
    static const char *const names[] = {"hello.txt", "sub/to_up", "to_outside", "private.txt",
                                        "sub/deep/leaf.txt"};
    static char block[4096];
    struct port_file_info info;
    struct port_entry entry;
    port_handle file;
    uint64_t position = 0;
    size_t i;
    int last;

    for (i = 0; i < COUNT_OF(names); i++) {
        if (port_file_open(names[i], strlen(names[i]), &file, &info) == PORT_OK) {
            port_file_advise(file, 0, 6);
            EXPECT(port_file_read(file, 0, block, sizeof(block)) > 0);
            EXPECT(port_send_file(pair->server, file, 0, 5) == 5);
            EXPECT(receive_wait(pair->client, block, 5, &last) == 5);
            port_close(file);
        }
    }
    EXPECT(port_file_open("many", 4, &file, &info) == PORT_OK);
    do {
        last = port_directory_read(file, &position, &entry);
    } while (last == PORT_OK || last == PORT_AGAIN);
    EXPECT(last == PORT_EOF);
    port_close(file);
}

static void everything_used(port_handle datagrams, const struct port_address *at)
{
    static const struct port_address unspecified;
    struct port_datagram info;
    struct pair pair;
    uint32_t nanoseconds;
    int64_t seconds;
    char bytes[64];
    int i;

    EXPECT(pair_open(&ways[0], &pair));
    EXPECT(send_wait(pair.client, "memory", 6));
    EXPECT(wait_ready(pair.server, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_peek(pair.server, bytes, 6) == 6);
    EXPECT(port_discard(pair.server, 6) == PORT_OK);
    files_used(&pair);
    EXPECT(port_datagram_send(datagrams, "m", 1, &unspecified, at) == 1);
    EXPECT(datagram_wait(datagrams, bytes, 8, &info) == 1);
    EXPECT(port_shut(pair.client) == PORT_OK);
    port_abort(pair.client);
    port_close(pair.server);
    port_close(pair.listener);
    for (i = 0; i < 3000; i++) {
        port_log("a line of the log", 17); /* more than the pipe holds */
    }
    (void)port_console_write("answer\n", 7);
    (void)port_text_convert(PORT_GBK_TO_UTF8, "\xd6\xd0", 2, bytes, sizeof(bytes));
    (void)port_text_convert(PORT_UTF8_TO_GBK, "\xe4\xb8\xad", 3, bytes, sizeof(bytes));
    port_random(bytes, sizeof(bytes));
    (void)port_wall_time(&seconds, &nanoseconds);
    EXPECT(raise(SIGUSR1) == 0);
    EXPECT(port_wait(NULL, 0, 100) == 0);
    EXPECT(port_requests() == PORT_REQUEST_REPORT);
}

static void nothing_asked(void)
{
    /* Not to be made a part of this function: its stack must be free again afterwards. */
    void (*volatile touch)(void) = stack_touch;
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    port_handle datagrams;
    unsigned long before;
    int i;

    EXPECT(port_start() == PORT_OK);
    EXPECT(fixture_root_open(false) == PORT_OK);
    EXPECT(port_datagram_open(&at, PORT_IPV4, &datagrams) == PORT_OK);
    port_serving_begins(true);
    touch();
    before = pages_of_process();
    if (before == 0) {
        check_skip("the memory of this process");
    }
    for (i = 0; i < 20; i++) {
        everything_used(datagrams, &at);
    }
    EXPECT(pages_of_process() == before);
    port_end();
}

void test_posix_memory(void)
{
    child_run(nothing_asked);
}
