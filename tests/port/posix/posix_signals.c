/* SPDX-License-Identifier: MIT */
/* Signals: none is lost, whenever it comes; dispositions are put back. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port/posix/posix.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

enum { RACES = 10000 };

/* One signal for each byte, after a pause that differs a little every time. */
static void signals_send(int asked)
{
    const pid_t parent = getppid();
    char byte;
    volatile unsigned spin;
    unsigned turn = 0;

    while (read(asked, &byte, 1) == 1) {
        turn++;
        for (spin = 0; spin < turn * 37 % 4000; spin++) {
        }
        if (kill(parent, SIGUSR1) != 0) {
            _exit(1);
        }
    }
    _exit(0);
}

/* The signal meets the wait before, while and after it begins; each time it must end it. */
static void none_lost(void)
{
    unsigned lost = 0;
    int asked[2];
    pid_t sender;
    int i;

    EXPECT(port_start() == PORT_OK);
    EXPECT(pipe(asked) == 0);
    sender = fork();
    if (sender == 0) {
        (void)close(asked[1]);
        signals_send(asked[0]);
    }
    (void)close(asked[0]);
    for (i = 0; i < RACES && lost == 0; i++) {
        const uint64_t before = port_now_ms();
        unsigned told = 0;

        EXPECT(write(asked[1], "", 1) == 1);
        while (told == 0 && lost == 0) {
            (void)port_wait(NULL, 0, 1000);
            told = port_requests();
            lost += port_now_ms() - before >= 1000;
        }
        lost += told != PORT_REQUEST_REPORT;
    }
    EXPECT(lost == 0);
    EXPECT(i == RACES);
    EXPECT(port_requests() == 0);
    (void)close(asked[1]);
    EXPECT(child_status(sender) == 0);
    port_end();
}

/* More signals than the pipe holds, unattended: all are told, and the pipe never blocks. */
static void many_unattended(void)
{
    enum { MANY = 5000, PIPE_BYTES = 4096 };
    unsigned told = 0;
    int i;

    EXPECT(port_start() == PORT_OK);
    EXPECT(fcntl(posix_request_descriptor(), F_SETPIPE_SZ, PIPE_BYTES) == PIPE_BYTES);
    for (i = 0; i < MANY; i++) {
        EXPECT(raise(SIGUSR1) == 0);
    }
    errno = 0;
    EXPECT(raise(SIGUSR1) == 0);
    EXPECT(errno == 0); /* whatever the signal meets, it does not tell it what was interrupted */
    while (port_requests() == PORT_REQUEST_REPORT) {
        told++;
    }
    EXPECT(told == MANY + 1);
    for (i = 0; i < MANY; i++) {
        (void)port_wait(NULL, 0, 0);
    }
    EXPECT(port_wait(NULL, 0, 10) == 0);
    port_end();
}

static void stop_by(int number)
{
    EXPECT(port_start() == PORT_OK);
    EXPECT(raise(number) == 0);
    EXPECT(port_requests() == PORT_REQUEST_STOP);
    EXPECT(raise(number) == 0);
    EXPECT(port_requests() == (PORT_REQUEST_STOP | PORT_REQUEST_STOP_NOW));
    EXPECT(raise(number) == 0);
    EXPECT(port_requests() == (PORT_REQUEST_STOP | PORT_REQUEST_STOP_NOW));
    port_end();
}

static void (*handler_of(int number))(int)
{
    struct sigaction action;

    EXPECT(sigaction(number, NULL, &action) == 0);
    return action.sa_handler;
}

static void dispositions_kept(void)
{
    (void)signal(SIGHUP, SIG_DFL); /* whatever we were started with */
    (void)signal(SIGINT, SIG_DFL);
    stop_by(SIGTERM);
    stop_by(SIGINT);
    stop_by(SIGHUP);
    EXPECT(handler_of(SIGTERM) == SIG_DFL && handler_of(SIGPIPE) == SIG_DFL);
    EXPECT(signal(SIGHUP, SIG_IGN) == SIG_DFL); /* as nohup does */
    EXPECT(signal(SIGINT, SIG_IGN) == SIG_DFL); /* as a shell does for what it puts behind */
    EXPECT(port_start() == PORT_OK);
    EXPECT(raise(SIGHUP) == 0);
    EXPECT(port_requests() == 0);
    EXPECT(raise(SIGINT) == 0);
    EXPECT(port_requests() == PORT_REQUEST_STOP);
    EXPECT(handler_of(SIGPIPE) == SIG_IGN);
    port_end();
    EXPECT(handler_of(SIGHUP) == SIG_IGN && handler_of(SIGINT) == SIG_IGN);
    EXPECT(handler_of(SIGPIPE) == SIG_DFL && handler_of(SIGUSR1) == SIG_DFL);
}

/* Ended by a signal while a call blocks that cannot be asked to return. */
static bool ends_by(int number, void (*block)(void))
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        (void)alarm(5);
        if (port_start() == PORT_OK) {
            block();
        }
        _exit(0);
    }
    fixture_pause_ms(50);
    EXPECT(kill(child, number) == 0);
    status = child_status(child);
    return WIFSIGNALED(status) && WTERMSIG(status) == number;
}

static void block_in_print(void)
{
    static char block[1 << 20];

    (void)port_print(PORT_STDOUT, block, sizeof(block));
}

static void block_in_call(void)
{
    posix_request_ends_program(true);
    (void)pause();
}

static void block_in_wait(void)
{
    posix_request_ends_program(true);
    posix_request_ends_program(false);
    (void)port_wait(NULL, 0, 3000);
}

static void blocking_calls_end(void)
{
    int ends[2];

    EXPECT(pipe(ends) == 0);
    EXPECT(dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO);
    EXPECT(ends_by(SIGINT, block_in_print));
    EXPECT(ends_by(SIGTERM, block_in_call));
    EXPECT(!ends_by(SIGTERM, block_in_wait));
}

/* A blocking print waits for its reader, whatever the flags of the pipe. */
static void print_waits(void)
{
    static char block[300000];
    static char got[300000];
    size_t n = 0;
    int ends[2];
    pid_t writer;
    ssize_t part = 1;

    EXPECT(pipe(ends) == 0);
    writer = fork();
    if (writer == 0) {
        (void)close(ends[0]);
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[1]);
        if (port_start() != PORT_OK || port_console_write("!", 1) != 1) {
            _exit(1); /* the pipe does not block from here on */
        }
        memset(block, 'w', sizeof(block));
        _exit(port_print(PORT_STDOUT, block, sizeof(block)) == PORT_OK ? 0 : 1);
    }
    (void)close(ends[1]);
    fixture_pause_ms(30);
    while (part > 0 && n < sizeof(got)) {
        part = read(ends[0], got + n, sizeof(got) - n < 5000 ? sizeof(got) - n : 5000);
        n += part > 0 ? (size_t)part : 0;
    }
    EXPECT(n == sizeof(got));
    EXPECT(got[0] == '!' && got[1] == 'w' && got[sizeof(got) - 1] == 'w');
    EXPECT(read(ends[0], got, 10) == 1);
    EXPECT(child_status(writer) == 0);
}

void test_posix_signals(void)
{
    child_run(none_lost);
    child_run(many_unattended);
    child_run(dispositions_kept);
    child_run(blocking_calls_end);
    child_run(print_waits);
}
