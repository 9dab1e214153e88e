/* SPDX-License-Identifier: MIT */
/* Descriptors: beyond 1,024, beyond the bitmaps, none left, and 0, 1 and 2 closed at the start.
 * Hazards 1, 3, 4 and 7. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port/posix/posix_config.h"
#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static bool limit_set(rlim_t soft, rlim_t hard)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = soft;
    limit.rlim_max = hard != 0 ? hard : limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static rlim_t limit_soft(void)
{
    struct rlimit limit;

    EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    return limit.rlim_cur;
}

/* Takes all descriptors below `end`, lowest first. Returns the highest taken. */
static int descriptors_fill(int end)
{
    int highest = -1;
    int fd = open("/dev/null", O_RDONLY);

    while (fd >= 0 && fd < end) {
        highest = fd;
        fd = dup(highest);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return highest;
}

static size_t descriptors_open(void)
{
    size_t count = 0;
    int fd;

    for (fd = 0; fd < PORT_POSIX_HANDLES_MAX + 100; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void beyond_fd_setsize(void)
{
    struct pair pair;
    char bytes[8];
    int last;

    EXPECT(port_start() == PORT_OK);
    if (port_handles(1100) < 1100) {
        check_skip("more than 1,024 descriptors");
        return;
    }
    EXPECT(descriptors_fill(1026) == 1025);
    EXPECT(pair_open(&ways[0], &pair));
    EXPECT(pair.listener > 1024 && pair.server > 1024 && pair.client > 1024);
    EXPECT(wait_ready(pair.server, PORT_READ, 10) == 0);
    EXPECT(send_wait(pair.client, "beyond", 6));
    EXPECT(wait_ready(pair.server, PORT_READ | PORT_WRITE, 1000) == (PORT_READ | PORT_WRITE));
    EXPECT(receive_wait(pair.server, bytes, 6, &last) == 6);
    EXPECT(memcmp(bytes, "beyond", 6) == 0);
    pair_close(&pair);
    port_end();
}

/* What the bitmaps cannot hold is closed again and never used. */
static void beyond_bitmaps(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    struct port_file_info info;
    port_handle handle = PORT_NONE;
    size_t before;

    EXPECT(port_start() == PORT_OK);
    EXPECT(port_root_open("/", 0) == PORT_OK);
    if (!limit_set(PORT_POSIX_HANDLES_MAX + 50, 0)) {
        check_skip("descriptors beyond the bitmaps");
        return;
    }
    EXPECT(descriptors_fill(PORT_POSIX_HANDLES_MAX + 10) == PORT_POSIX_HANDLES_MAX + 9);
    before = descriptors_open();
    EXPECT(port_listen(&at, PORT_IPV4, &handle) == PORT_FULL);
    at.port = 9;
    EXPECT(port_connect(&at, &handle) == PORT_FULL || handle == PORT_NONE);
    at.port = 0;
    EXPECT(port_datagram_open(&at, PORT_IPV4, &handle) == PORT_FULL);
    EXPECT(port_file_open("", 0, &handle, &info) == PORT_FULL);
    EXPECT(handle == PORT_NONE);
    EXPECT(descriptors_open() == before);
    port_end();
}

/* With no descriptor left, peers stay in the queue, whole, and are accepted when there is one. */
static void peers_kept(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    struct port_address to;
    struct port_address peer;
    struct port_file_info info;
    port_handle clients[2];
    port_handle listener;
    port_handle server;
    char bytes[8];
    int highest;
    int last;
    int i;

    EXPECT(port_start() == PORT_OK);
    EXPECT(port_root_open("/", 0) == PORT_OK);
    EXPECT(port_listen(&at, PORT_IPV4, &listener) == PORT_OK);
    to = at;
    for (i = 0; i < 2; i++) {
        EXPECT(connect_wait(&to, &clients[i]) == PORT_OK);
        EXPECT(send_wait(clients[i], i == 0 ? "first" : "other", 5));
    }
    EXPECT(limit_set(200, 200));
    highest = descriptors_fill(1000);
    EXPECT(highest == 199);
    for (i = 0; i < 20; i++) {
        EXPECT(wait_ready(listener, PORT_READ, 1000) == PORT_READ);
        EXPECT(port_accept(listener, &server, &peer) == PORT_FULL);
    }
    EXPECT(port_connect(&to, &server) == PORT_FULL);
    EXPECT(port_listen(&at, PORT_IPV4, &server) == PORT_FULL);
    EXPECT(port_datagram_open(&at, PORT_IPV4, &server) == PORT_FULL);
    EXPECT(port_file_open("etc/passwd", 10, &server, &info) == PORT_FULL);
    EXPECT(port_file_open("", 0, &server, &info) == PORT_FULL);
    for (i = 0; i < 2; i++) {
        EXPECT(close(highest - i) == 0);
        EXPECT(accept_wait(listener, &server, &peer) == PORT_OK);
        EXPECT(receive_wait(server, bytes, 5, &last) == 5);
        EXPECT(memcmp(bytes, i == 0 ? "first" : "other", 5) == 0);
        EXPECT(port_accept(listener, &server, &peer) == PORT_FULL);
    }
    port_end();
}

/* What port_handles promises is there, to the last one; what the shell left open is not. */
static void promise_kept(void)
{
    struct port_address at;
    port_handle handle;
    size_t granted;
    size_t count = 0;

    EXPECT(port_start() == PORT_OK);
    EXPECT(limit_set(64, 64));
    granted = port_handles(1000);
    EXPECT(granted > 20 && granted < 64);
    EXPECT(open("/dev/null", O_RDONLY) >= 0);
    EXPECT(open("/dev/null", O_RDONLY) >= 0);
    EXPECT(port_handles(1000) == granted - 2);
    granted -= 2;
    at = address_ipv4(127, 0, 0, 1, 0);
    while (count < 100 && port_listen(&at, PORT_IPV4, &handle) == PORT_OK) {
        at.port = 0;
        count++;
        if (count == granted / 2) {
            EXPECT(port_handles(1000) == granted); /* those open already count */
        }
    }
    EXPECT(count >= granted && count <= granted + 2);
    port_end();
}

static void limit_raised(void)
{
    EXPECT(limit_set(40, 0));
    EXPECT(port_start() == PORT_OK);
    EXPECT(limit_soft() == 40);
    EXPECT(port_handles(100) == 100);
    EXPECT(limit_soft() > 100 && limit_soft() <= PORT_POSIX_HANDLES_MAX);
    EXPECT(port_handles(10000000) <= PORT_POSIX_HANDLES_MAX);
    port_end();
    EXPECT(limit_soft() == 40);
    if (limit_set(PORT_POSIX_HANDLES_MAX + 1, 0)) {
        EXPECT(port_start() == PORT_OK);
        EXPECT(limit_soft() == PORT_POSIX_HANDLES_MAX);
        port_end();
        EXPECT(limit_soft() == PORT_POSIX_HANDLES_MAX + 1);
    }
}

/* The log and the console must never reach a peer. */
static void standard_closed(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    port_handle listener;
    port_handle console;
    int fd;

    for (fd = 0; fd < 3; fd++) {
        (void)close(fd);
    }
    EXPECT(port_start() == PORT_OK);
    for (fd = 0; fd < 3; fd++) {
        EXPECT(fcntl(fd, F_GETFD) >= 0);
    }
    EXPECT(port_console_open(&console) == PORT_NOENT);
    EXPECT(port_listen(&at, PORT_IPV4, &listener) == PORT_OK);
    EXPECT(listener > 2);
    port_log("to nobody", 9);
    EXPECT(port_console_write("to nobody", 9) == 9);
    port_end();
}

/* The console's number is not given to a socket when the console is closed. */
static void console_number_kept(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    port_handle console;
    port_handle listener;

    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&console) == PORT_OK);
    port_close(console);
    EXPECT(port_listen(&at, PORT_IPV4, &listener) == PORT_OK);
    EXPECT(listener > 2);
    port_end();
}

/* Without the descriptors that every call needs, the start says so. */
static void start_refused(void)
{
    char text[100];
    size_t n;

    (void)fixture_log_read(text, sizeof(text));
    EXPECT(limit_set(3, 0));
    EXPECT(port_start() == PORT_IO);
    n = fixture_log_read(text, sizeof(text));
    EXPECT(n == 28 && memcmp(text, "linnet: cannot take signals\n", 28) == 0);
    EXPECT(limit_set(64, 0));
    EXPECT(port_start() == PORT_OK);
    port_end();
}

void test_posix_descriptors(void)
{
    child_run(start_refused);
    child_run(beyond_fd_setsize);
    child_run(beyond_bitmaps);
    child_run(peers_kept);
    child_run(promise_kept);
    child_run(limit_raised);
    child_run(standard_closed);
    child_run(console_number_kept);
}
