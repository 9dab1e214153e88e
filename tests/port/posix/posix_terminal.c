/* SPDX-License-Identifier: MIT */
/* The console on a terminal: at ^S, raw, in the background, hung up. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static int master = -1;
static int kept = -1; /* the open file that our shell has too */

/* Makes a new terminal ours: standard input, output and error. False if there is none. */
static bool terminal_take(void)
{
    int slave;

    master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || setsid() < 0) {
        check_skip("terminals");
        return false;
    }
    slave = open(ptsname(master), O_RDWR);
    EXPECT(slave >= 0);
    EXPECT(ioctl(slave, TIOCSCTTY, 0) == 0 || tcgetpgrp(slave) == getpgrp());
    EXPECT(dup2(slave, 0) == 0 && dup2(slave, 1) == 1 && dup2(slave, 2) == 2);
    kept = slave;
    EXPECT(fcntl(master, F_SETFL, O_NONBLOCK) == 0);
    return true;
}

static bool terminal_is_plain(void)
{
    struct termios modes;

    return tcgetattr(kept, &modes) == 0 && (modes.c_lflag & ICANON) != 0 &&
           (modes.c_lflag & ECHO) != 0;
}

static bool flags_untouched(void)
{
    return (fcntl(kept, F_GETFL) & O_NONBLOCK) == 0;
}

static void line_typed(void)
{
    port_handle input;
    char bytes[16];

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&input) == PORT_OK);
    EXPECT(input == 0);
    EXPECT(flags_untouched());
    EXPECT(write(master, "who", 3) == 3);
    EXPECT(wait_ready(input, PORT_READ, 30) == 0);
    EXPECT(write(master, "\n", 1) == 1);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, bytes, 16) == 4);
    EXPECT(memcmp(bytes, "who\n", 4) == 0);
    EXPECT(port_console_read(input, bytes, 16) == PORT_AGAIN);
    EXPECT(write(master, "\004", 1) == 1); /* ^D */
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, bytes, 16) == PORT_EOF);
    port_close(input);
    port_end();
    EXPECT(flags_untouched());
}

/* ^S stops the terminal: nobody waits for it. ^Q lets it go on. */
static void output_stopped(void)
{
    static const char told[] = "xlinnet: 1000 log lines were lost\r\nnow\r\n";
    static char block[1000];
    static char shown[1 << 16];
    uint64_t began_us;
    int result = 1;
    int i;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(tcflow(kept, TCOOFF) == 0);
    began_us = port_clock_us();
    memset(block, 's', sizeof(block));
    for (i = 0; i < 100 && result > 0; i++) {
        result = port_console_write(block, sizeof(block));
    }
    EXPECT(result == PORT_AGAIN);
    for (i = 0; i < 1000; i++) {
        port_log(block, 100);
        EXPECT(port_console_write("x", 1) == PORT_AGAIN);
    }
    EXPECT(port_clock_us() - began_us < 1000000);
    EXPECT(tcflow(kept, TCOON) == 0);
    (void)descriptor_take(master, shown, sizeof(shown));
    EXPECT(port_console_write("x", 1) == 1);
    port_log("now", 3);
    EXPECT(descriptor_take(master, shown, sizeof(shown)) == sizeof(told) - 1);
    EXPECT(memcmp(shown, told, sizeof(told) - 1) == 0);
    EXPECT(flags_untouched());
    port_end();
}

/* Lines that a slow terminal takes in part are finished before the next begins. */
static void output_partial(void)
{
    static char shown[1 << 18];
    char line[300];
    size_t n = 0;
    size_t begin = 0;
    size_t i;
    int k;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    memset(line, 'p', sizeof(line));
    for (k = 0; k < 400; k++) {
        port_log(line, sizeof(line));
        if (k % 4 == 0) {
            n += descriptor_take(master, shown + n, 77);
        }
    }
    n += descriptor_take(master, shown + n, sizeof(shown) - n);
    port_log("end", 3);
    n += descriptor_take(master, shown + n, sizeof(shown) - n);
    port_log("end", 3);
    n += descriptor_take(master, shown + n, sizeof(shown) - n);
    for (i = 0; i < n; i++) {
        if (shown[i] == '\n') {
            EXPECT(i > 0 && shown[i - 1] == '\r');
            EXPECT(i - begin == 301 || shown[begin] != 'p');
            begin = i + 1;
        }
    }
    EXPECT(begin == n && n > 3000);
    port_end();
}

static void raw_and_back(void)
{
    struct winsize size;
    port_handle input;
    char byte;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&input) == PORT_OK);
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(!terminal_is_plain());
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(write(master, "k", 1) == 1);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, &byte, 1) == 1 && byte == 'k');
    EXPECT(port_console_raw(false) == PORT_OK);
    EXPECT(terminal_is_plain());
    EXPECT(port_console_raw(false) == PORT_OK);
    EXPECT(port_console_raw(true) == PORT_OK);
    port_end();
    EXPECT(terminal_is_plain());
    memset(&size, 0, sizeof(size));
    size.ws_col = 123;
    EXPECT(ioctl(master, TIOCSWINSZ, &size) == 0);
    EXPECT(port_terminal_columns(PORT_STDOUT) == 123);
    EXPECT(port_terminal_columns(PORT_STDERR) == 123);
    size.ws_col = 0;
    EXPECT(ioctl(master, TIOCSWINSZ, &size) == 0);
    EXPECT(port_terminal_columns(PORT_STDOUT) == 80);
}

static void fail_when_raw(void)
{
    EXPECT(port_console_raw(true) == PORT_OK);
    port_fail("here", 1);
}

static void raw_and_failed(void)
{
    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(fixture_fails(fail_when_raw));
    EXPECT(terminal_is_plain());
    port_end();
}

/* Makes another group the terminal's foreground, as a shell does at ^Z and bg. */
static pid_t background_go(void)
{
    const pid_t other = fork();

    if (other == 0) {
        (void)setpgid(0, 0);
        (void)signal(SIGTERM, SIG_DFL);
        (void)alarm(5);
        (void)pause();
        _exit(0);
    }
    (void)setpgid(other, other);
    EXPECT(tcsetpgrp(kept, other) == 0);
    return other;
}

/* In the background a server serves on, and leaves what is typed to the others. */
static void background(void)
{
    port_handle input;
    pid_t other;
    char byte;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&input) == PORT_OK);
    other = background_go();
    EXPECT(write(master, "ls\n", 3) == 3);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, &byte, 1) == PORT_EOF);
    EXPECT(port_console_write("x", 1) == 1);
    port_close(input);
    EXPECT(port_console_open(&input) == PORT_NOENT);
    port_end();
    EXPECT(kill(other, SIGKILL) == 0);
    (void)child_status(other);
}

static void hung_up(void)
{
    port_handle input;
    char byte;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&input) == PORT_OK);
    (void)close(master);
    EXPECT(port_wait(NULL, 0, 1000) == 0);
    EXPECT(port_requests() == PORT_REQUEST_STOP);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, &byte, 1) == PORT_EOF);
    EXPECT(port_console_write("x", 1) == PORT_EOF);
    port_log("to nobody", 9);
    port_end();
}

void test_posix_terminal(void)
{
    child_run(line_typed);
    child_run(output_stopped);
    child_run(output_partial);
    child_run(raw_and_back);
    child_run(raw_and_failed);
    child_run(background);
    child_run(hung_up);
}
