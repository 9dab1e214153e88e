/* SPDX-License-Identifier: MIT */
/* Signals become requests: a byte in a pipe ends every wait, so none is ever lost. */
#include "port/posix/posix.h"

static const int signals_handled[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
/* SIGPIPE: a peer or reader that went away is a result. SIGXFSZ: so is a file at its limit. SIGTTIN
 * and SIGTTOU: a server moved to the background goes on serving, without its console. */
static const int signals_ignored[] = {SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU};

enum {
    HANDLED = (int)COUNT_OF(signals_handled),
    IGNORED = (int)COUNT_OF(signals_ignored),
    REPORTS_MASK = 0x3fff /* two small counters, each written by one side alone */
};

static struct {
    int pipe[2]; /* to read from, to write to */
    bool started;
    volatile sig_atomic_t stops;
    volatile sig_atomic_t reports;
    volatile sig_atomic_t redraw;
    volatile sig_atomic_t ends_program;
    int reports_told;
    struct posix_signal handled_before[HANDLED];
    struct posix_signal ignored_before[IGNORED];
#if PORT_TRAPS
    struct posix_signal trap_before;
#endif
} state;

void posix_request_end_program(int number)
{
    posix_console_restore();
    posix_log_restore();
    (void)posix_signal_set(number, SIG_DFL, NULL);
    posix_signal_self(number);
}

static void wake(void)
{
    ssize_t written = write(state.pipe[1], "", 1); /* a full pipe wakes as well */

    (void)written;
}

void posix_request_redraw(void)
{
    state.redraw = 1;
    wake();
}

static void signal_take(int number)
{
    const int error = errno;

    if (number == SIGUSR1) {
        state.reports = (state.reports + 1) & REPORTS_MASK;
    } else if (state.ends_program != 0) {
        posix_request_end_program(number);
    } else if (state.stops < 2) {
        state.stops = state.stops + 1;
    }
    wake();
    errno = error;
}

#if PORT_TRAPS
static bool trap_install(void)
{
    return posix_signal_set_telling(SIGILL, posix_defect_take, &state.trap_before);
}

static void trap_put_back(void)
{
    (void)posix_signal_put_back(SIGILL, &state.trap_before);
}
#else
static bool trap_install(void)
{
    return true;
}

static void trap_put_back(void)
{
}
#endif

static bool signals_install(void)
{
    int i;

    if (!trap_install()) {
        return false;
    }
    for (i = 0; i < IGNORED; i++) {
        if (!posix_signal_set(signals_ignored[i], SIG_IGN, &state.ignored_before[i])) {
            return false;
        }
    }
    for (i = 0; i < HANDLED; i++) {
        struct posix_signal *before = &state.handled_before[i];

        if (!posix_signal_set(signals_handled[i], signal_take, before)) {
            return false;
        }
        /* nohup asked to survive the terminal. */
        if (signals_handled[i] == SIGHUP && posix_signal_is_ignored(before)) {
            (void)posix_signal_put_back(SIGHUP, before);
        }
    }
    return true;
}

bool posix_request_start(void)
{
    CHECK(!state.started);
    if (posix_pipe(state.pipe) != 0) {
        return false;
    }
    state.started = true;
    state.stops = 0;
    state.reports = 0;
    state.reports_told = 0;
    state.redraw = 0;
    state.ends_program = 0;
    if (!posix_descriptor_prepare(state.pipe[0]) || !posix_descriptor_prepare(state.pipe[1]) ||
        state.pipe[0] >= PORT_POSIX_HANDLES_MAX) {
        return false;
    }
    return signals_install();
}

void posix_request_end(void)
{
    int i;

    if (!state.started) {
        return;
    }
    for (i = 0; i < HANDLED; i++) {
        (void)posix_signal_put_back(signals_handled[i], &state.handled_before[i]);
    }
    for (i = 0; i < IGNORED; i++) {
        (void)posix_signal_put_back(signals_ignored[i], &state.ignored_before[i]);
    }
    trap_put_back();
    (void)close(state.pipe[0]);
    (void)close(state.pipe[1]);
    state.started = false;
}

int posix_request_descriptor(void)
{
    CHECK(state.started);
    return state.pipe[0];
}

void posix_request_drain(void)
{
    char bytes[64];
    ssize_t got = read(state.pipe[0], bytes, sizeof(bytes));

    (void)got; /* more than 64 signals at once end one more wait */
}

bool posix_request_is_waiting(void)
{
    return state.reports != state.reports_told;
}

void posix_request_ends_program(bool at_once)
{
    state.ends_program = at_once ? 1 : 0;
}

unsigned port_requests(void)
{
    unsigned requests = 0;

    if (state.stops > 0) {
        requests |= PORT_REQUEST_STOP;
    }
    if (state.stops > 1) {
        requests |= PORT_REQUEST_STOP_NOW;
    }
    if (state.reports != state.reports_told) {
        state.reports_told = (state.reports_told + 1) & REPORTS_MASK;
        requests |= PORT_REQUEST_REPORT;
    }
    if (state.redraw != 0) {
        state.redraw = 0;
        requests |= PORT_REQUEST_REDRAW;
    }
    return requests;
}

size_t posix_request_static_bytes(void)
{
    return sizeof(state);
}
