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

#include "port/posix/posix.h"
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
    (void)signal(SIGQUIT, SIG_DFL); /* what runs us may have had it ignored */
    (void)signal(SIGTSTP, SIG_DFL);
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

/* What a slow terminal showed of `bytes` long lines: each is all p, or a whole other line. */
static void shown_is_whole(const char *shown, size_t n, size_t bytes, bool cut)
{
    size_t begin = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        if (shown[i] == 'p') {
            EXPECT(i == begin || shown[i - 1] == 'p');
        } else if (shown[i] == '\n') {
            EXPECT(i > 0 && shown[i - 1] == '\r');
            EXPECT(shown[begin] != 'p' || i - begin == bytes + 1 ||
                   (cut && i - begin < bytes + 1));
            begin = i + 1;
        } else {
            EXPECT(shown[begin] != 'p' || shown[i] == '\r');
        }
    }
    EXPECT(begin == n && n > 3000);
}

/* Lines that a slow terminal takes in part are finished before the next begins; the end of a very
 * long one may be given up. */
static void output_partial(void)
{
    static char shown[1 << 20];
    static char line[3000];
    size_t bytes;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    memset(line, 'p', sizeof(line));
    for (bytes = 300; bytes <= sizeof(line); bytes *= 10) {
        size_t n = 0;
        int k;

        for (k = 0; k < 400; k++) {
            port_log(line, bytes);
            if (k % 4 == 0) {
                n += descriptor_take(master, shown + n, 77);
            }
        }
        for (k = 0; k < 3; k++) {
            n += descriptor_take(master, shown + n, sizeof(shown) - n);
            port_log("end", 3);
        }
        n += descriptor_take(master, shown + n, sizeof(shown) - n);
        shown_is_whole(shown, n, bytes, bytes > 300);
    }
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

/* A signal that ends the program at once puts the terminal back first. */
static void raw_and_ended(void)
{
    static const int signals[] = {SIGTERM, SIGQUIT};
    pid_t child;
    int status;
    size_t i;

    if (!terminal_take()) {
        return;
    }
    for (i = 0; i < COUNT_OF(signals); i++) {
        child = fork();
        if (child == 0) {
            if (port_start() == PORT_OK && port_console_raw(true) == PORT_OK) {
                posix_request_ends_program(signals[i] == SIGTERM);
                (void)raise(signals[i]);
            }
            _exit(0);
        }
        status = child_status(child);
        EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
        EXPECT(terminal_is_plain());
    }
}

static bool redraw_asked(void)
{
    (void)port_wait(NULL, 0, 1000);
    return port_requests() == PORT_REQUEST_REDRAW && port_requests() == 0;
}

/* Another width is told, and told once. */
static void resized(void)
{
    struct winsize size;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(port_requests() == 0);
    memset(&size, 0, sizeof(size));
    size.ws_col = 77;
    EXPECT(ioctl(master, TIOCSWINSZ, &size) == 0);
    size.ws_col = 78;
    EXPECT(ioctl(master, TIOCSWINSZ, &size) == 0);
    EXPECT(redraw_asked());
    EXPECT(port_terminal_columns(PORT_STDOUT) == 78);
    port_end();
}

/* Nothing stops a program without a shell; its terminal is given back for a moment. */
static void stopped_in_vain(void)
{
    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(raise(SIGTSTP) == 0);
    EXPECT(redraw_asked());
    EXPECT(terminal_is_plain());
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(!terminal_is_plain());
    port_end();
    EXPECT(terminal_is_plain());
}

/* Is stopped by ^Z, continued behind, stopped again, continued in front. */
static int serve_stopped(void)
{
    (void)setpgid(0, 0);
    EXPECT(port_start() == PORT_OK);
    EXPECT(tcsetpgrp(kept, getpgrp()) == 0);
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(!terminal_is_plain());
    EXPECT(write(master, "\x1a", 1) == 1); /* ^Z */
    EXPECT(redraw_asked());
    EXPECT(port_console_raw(true) == PORT_NOENT);
    EXPECT(terminal_is_plain());
    EXPECT(raise(SIGTSTP) == 0);
    EXPECT(redraw_asked());
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(!terminal_is_plain());
    EXPECT(port_console_raw(false) == PORT_OK && tcsetpgrp(kept, getppid()) == 0);
    EXPECT(port_console_raw(true) == PORT_NOENT); /* never was raw since: nobody looks */
    EXPECT(port_wait(NULL, 0, 1200) == 0 && port_requests() == 0);
    EXPECT(tcsetpgrp(kept, getpgrp()) == 0 && port_console_raw(true) == PORT_OK);
    EXPECT(tcsetpgrp(kept, getppid()) == 0 && port_console_raw(true) == PORT_NOENT);
    EXPECT(port_wait(NULL, 0, 1200) == 0 && port_requests() == 0);
    EXPECT(tcsetpgrp(kept, getpgrp()) == 0); /* as a shell that sends no signal */
    (void)port_wait(NULL, 0, 1200);
    EXPECT(port_requests() == PORT_REQUEST_REDRAW);
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(raise(SIGSTOP) == 0); /* nobody can see that coming */
    EXPECT(redraw_asked());
    EXPECT(port_console_raw(true) == PORT_OK);
    EXPECT(!terminal_is_plain());
    port_end();
    EXPECT(terminal_is_plain());
    return check_failed == 0 ? 0 : 1;
}

/* Whether the server is stopped by this signal; else it is ended. */
static bool stops(pid_t server, int number)
{
    int status = -1;

    EXPECT(waitpid(server, &status, WUNTRACED) == server);
    if (WIFSTOPPED(status) && WSTOPSIG(status) == number) {
        return true;
    }
    (void)kill(server, SIGKILL);
    return false;
}

/* This process is the shell, which finds its terminal as it was whenever the server is stopped. */
static void stopped_and_continued(void)
{
    struct termios modes;
    pid_t server;
    int status = -1;

    if (!terminal_take()) {
        return;
    }
    (void)signal(SIGTTOU, SIG_IGN);
    server = fork();
    if (server == 0) {
        (void)alarm(10);
        _exit(serve_stopped());
    }
    EXPECT(stops(server, SIGTSTP));
    EXPECT(terminal_is_plain());
    EXPECT(tcsetpgrp(kept, getpgrp()) == 0 && kill(server, SIGCONT) == 0); /* bg */
    EXPECT(stops(server, SIGTSTP));
    EXPECT(terminal_is_plain());
    EXPECT(tcsetpgrp(kept, server) == 0 && kill(server, SIGCONT) == 0); /* fg */
    EXPECT(stops(server, SIGSTOP));
    EXPECT(tcgetattr(kept, &modes) == 0);
    modes.c_lflag |= ICANON | ECHO; /* as shells do */
    EXPECT(tcsetattr(kept, TCSANOW, &modes) == 0 && kill(server, SIGCONT) == 0);
    EXPECT(waitpid(server, &status, 0) == server);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Opens the console in the foreground, is moved behind as by ^Z and bg, and goes on. */
static int serve_behind(pid_t shell)
{
    port_handle input;
    char byte;

    (void)setpgid(0, 0);
    EXPECT(port_start() == PORT_OK);
    EXPECT(tcsetpgrp(kept, getpgrp()) == 0);
    EXPECT(port_console_open(&input) == PORT_OK);
    EXPECT(tcsetpgrp(kept, shell) == 0);
    EXPECT(write(master, "ls\n", 3) == 3);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, &byte, 1) == PORT_EOF);
    EXPECT(port_console_write("x", 1) == 1);
    port_close(input);
    EXPECT(port_console_open(&input) == PORT_NOENT);
    port_end();
    return check_failed == 0 ? 0 : 1;
}

/* In the background a server serves on, and leaves what is typed to the others. This process is
 * its shell; without one in the same session the terminal would not stop it. */
static void background(void)
{
    struct termios modes;
    int status = -1;
    pid_t server;

    if (!terminal_take()) {
        return;
    }
    EXPECT(tcgetattr(kept, &modes) == 0);
    modes.c_lflag |= TOSTOP; /* writing stops too */
    EXPECT(tcsetattr(kept, TCSANOW, &modes) == 0);
    server = fork();
    if (server == 0) {
        (void)alarm(5);
        _exit(serve_behind(getppid()));
    }
    EXPECT(waitpid(server, &status, WUNTRACED) == server);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (WIFSTOPPED(status)) {
        (void)kill(server, SIGKILL);
        (void)child_status(server);
    }
}

static void hung_up(void)
{
    port_handle input;
    char byte;
    unsigned requests = 0;
    int left;

    if (!terminal_take()) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_console_open(&input) == PORT_OK);
    (void)close(master);
    for (left = 20; left > 0 && (requests & PORT_REQUEST_STOP) == 0; left--) {
        EXPECT(port_wait(NULL, 0, 1000) == 0); /* SIGCONT comes with SIGHUP, and may come first */
        requests = port_requests();
    }
    EXPECT((requests & PORT_REQUEST_STOP) != 0);
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
    child_run(raw_and_ended);
    child_run(resized);
    child_run(stopped_in_vain);
    child_run(stopped_and_continued);
    child_run(background);
    child_run(hung_up);
}
