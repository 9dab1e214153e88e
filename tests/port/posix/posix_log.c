/* SPDX-License-Identifier: MIT */
/* The log on whatever standard error may be: nothing delays it, nothing kills it, and the flags
 * that others share are as they were. Hazard 12. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static char text[1 << 20];

/* Writes lines until some are lost for sure. Each call must be short. */
static void log_flood(void)
{
    char line[100];
    uint64_t longest_us = 0;
    int i;

    memset(line, 'l', sizeof(line));
    for (i = 0; i < 5000; i++) {
        const uint64_t began_us = port_clock_us();
        uint64_t took_us;

        port_log(line, sizeof(line));
        took_us = port_clock_us() - began_us;
        longest_us = took_us > longest_us ? took_us : longest_us;
    }
    EXPECT(longest_us < 500000);
}

static bool text_ends_with(size_t n, const char *wanted)
{
    const size_t length = strlen(wanted);

    return n >= length && memcmp(text + n - length, wanted, length) == 0;
}

/* Lines of 100 bytes, and what tells of lost ones: all whole. */
static void lines_are_whole(size_t n)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        if (text[i] == '\n') {
            EXPECT(i - begin == 100 || text[begin] != 'l');
            begin = i + 1;
        }
    }
    EXPECT(begin == n);
}

static void pipe_put(int *reader, int *kept)
{
    int ends[2];

    EXPECT(pipe(ends) == 0);
    EXPECT(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
    *reader = ends[0];
    *kept = ends[1]; /* as the shell keeps it: the same open file */
    EXPECT(fcntl(*reader, F_SETFL, O_NONBLOCK) == 0);
}

/* The open file that we share with our shell is never made non-blocking. */
static void pipe_stalls(void)
{
    int reader;
    int kept;
    size_t n;

    pipe_put(&reader, &kept);
    EXPECT(port_start() == PORT_OK);
    log_flood();
    EXPECT((fcntl(kept, F_GETFL) & O_NONBLOCK) == 0);
    n = descriptor_take(reader, text, sizeof(text));
    lines_are_whole(n);
    port_log("now", 3);
    n = descriptor_take(reader, text, sizeof(text));
    EXPECT(text_ends_with(n, " log lines were lost\nnow\n"));
    log_flood();
    n = descriptor_take(reader, text, sizeof(text));
    port_end(); /* says what was lost in the end */
    n = descriptor_take(reader, text, sizeof(text));
    EXPECT(text_ends_with(n, " log lines were lost\n"));
    EXPECT((fcntl(kept, F_GETFL) & O_NONBLOCK) == 0);
}

/* A pipe made by somebody else cannot be opened again: its flag is borrowed, and given back. */
static void pipe_shared(void)
{
    int reader;
    int kept;
    size_t n;

    pipe_put(&reader, &kept);
    if (getuid() != 0 || setuid(65534) != 0) {
        check_skip("a pipe of another user");
        return;
    }
    EXPECT(port_start() == PORT_OK);
    log_flood();
    n = descriptor_take(reader, text, sizeof(text));
    lines_are_whole(n);
    EXPECT((fcntl(kept, F_GETFL) & O_NONBLOCK) != 0);
    port_end();
    EXPECT((fcntl(kept, F_GETFL) & O_NONBLOCK) == 0);
}

static void fail_when_shared(void)
{
    EXPECT(port_start() == PORT_OK);
    CHECK(text[0] != '\0');
}

/* port_fail says where, and gives flags back too. */
static void failure_told(void)
{
    static const char begin[] = "linnet: defect at ";
    int reader;
    int kept;
    size_t n;

    pipe_put(&reader, &kept);
    text[0] = '\0';
    EXPECT(fixture_fails(fail_when_shared));
    n = descriptor_take(reader, text, sizeof(text));
    EXPECT(n > sizeof(begin) && memcmp(text, begin, sizeof(begin) - 1) == 0);
    if (PORT_TEXTS != 0) {
        EXPECT(n > 50 && memcmp(text + 18, "tests/port/posix/posix_log.c:", 29) == 0);
        EXPECT(text[47] > '0' && text[47] <= '9');
    }
    EXPECT(text_ends_with(n, "\n"));
    EXPECT((fcntl(kept, F_GETFL) & O_NONBLOCK) == 0);
    if (getuid() == 0 && setuid(65534) == 0) {
        text[0] = '\0';
        EXPECT(fixture_fails(fail_when_shared));
        EXPECT((fcntl(kept, F_GETFL) & O_NONBLOCK) == 0);
    }
}

static void socket_stalls(void)
{
    int ends[2];
    size_t n;

    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    EXPECT(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
    EXPECT(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    EXPECT(port_start() == PORT_OK);
    log_flood();
    EXPECT((fcntl(ends[1], F_GETFL) & O_NONBLOCK) == 0);
    n = descriptor_take(ends[0], text, sizeof(text));
    lines_are_whole(n);
    port_log("now", 3);
    n = descriptor_take(ends[0], text, sizeof(text));
    EXPECT(text_ends_with(n, " log lines were lost\nnow\n"));
    (void)close(ends[0]);
    log_flood();
    port_end();
}

static void reader_gone(void)
{
    int reader;
    int kept;

    pipe_put(&reader, &kept);
    EXPECT(port_start() == PORT_OK);
    (void)close(reader);
    log_flood();
    EXPECT(port_print(PORT_STDERR, "x", 1) == PORT_IO);
    port_end();
}

static void device_full(void)
{
    const int full = open("/dev/full", O_WRONLY);

    if (full < 0) {
        check_skip("/dev/full");
        return;
    }
    EXPECT(dup2(full, STDERR_FILENO) == STDERR_FILENO);
    EXPECT(dup2(full, STDOUT_FILENO) == STDOUT_FILENO);
    EXPECT(port_start() == PORT_OK);
    log_flood();
    EXPECT(port_console_write("x", 1) == PORT_AGAIN);
    EXPECT(port_print(PORT_STDOUT, "x", 1) == PORT_IO);
    port_end();
}

/* A file is written where it was, and keeps what others wrote. */
static void file_appended(void)
{
    char path[300];
    int fd;

    (void)snprintf(path, sizeof(path), "%s/log", fixture_scratch());
    fd = open(path, O_RDWR | O_CREAT, 0600);
    EXPECT(write(fd, "before\n", 7) == 7);
    EXPECT(dup2(fd, STDERR_FILENO) == STDERR_FILENO);
    EXPECT(port_start() == PORT_OK);
    port_log("after", 5);
    port_end();
    EXPECT(pread(fd, text, 100, 0) == 13);
    EXPECT(memcmp(text, "before\nafter\n", 13) == 0);
}

/* Nobody reads what goes to the console any more. */
static void console_gone(void)
{
    int ends[2];

    EXPECT(pipe(ends) == 0);
    EXPECT(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_write("x", 1) == 1);
    (void)close(ends[0]);
    EXPECT(port_console_write("x", 1) == PORT_EOF);
    EXPECT(port_print(PORT_STDOUT, "x", 1) == PORT_IO);
    port_end();
}

/* The console may be a socket, which is told at each call not to block. */
static void console_socket(void)
{
    port_handle input;
    int ends[2];
    char bytes[8];

    EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    EXPECT(dup2(ends[1], STDIN_FILENO) == STDIN_FILENO);
    EXPECT(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
    (void)close(ends[1]);
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&input) == PORT_OK);
    EXPECT(port_console_read(input, bytes, 8) == PORT_AGAIN);
    EXPECT(write(ends[0], "who", 3) == 3);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, bytes, 8) == 3);
    EXPECT(port_console_write("you", 3) == 3);
    EXPECT(read(ends[0], bytes, 8) == 3 && memcmp(bytes, "you", 3) == 0);
    EXPECT((fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK) == 0);
    (void)close(ends[0]);
    EXPECT(port_console_read(input, bytes, 8) == PORT_EOF);
    EXPECT(port_console_write("x", 1) == PORT_EOF);
    port_end();
}

void test_posix_log(void)
{
    child_run(console_socket);
    child_run(pipe_stalls);
    child_run(pipe_shared);
    child_run(failure_told);
    child_run(socket_stalls);
    child_run(reader_gone);
    child_run(device_full);
    child_run(file_appended);
    child_run(console_gone);
}
