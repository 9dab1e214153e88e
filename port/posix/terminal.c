/* SPDX-License-Identifier: MIT */
/* The terminal: its width, and its modes, which are put back whatever happens. */
#include "port/posix/posix.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

/* Assumed of a terminal that does not say. */
enum { COLUMNS_DEFAULT = 80 };

/* Handled once the terminal was raw: ^Z and ^\ would leave it so, and what comes after a stop, or a
 * change of its width, asks to paint. */
static const int signals[] = {SIGTSTP, SIGQUIT, SIGCONT, SIGWINCH};
enum { SIGNALS = (int)COUNT_OF(signals), LOOK_S = 1 };

static struct {
    struct termios modes_before;
    struct sigaction before[SIGNALS];
    struct sigaction alarm_before;
    volatile sig_atomic_t raw; /* a signal may put the modes back */
    bool guarded;
    bool looking;              /* whether the terminal is ours again */
} state;

/* In the background its modes are those of others; as SIGTTOU is ignored, nothing else would keep
 * us from changing them. */
static bool terminal_is_ours(void)
{
    return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static void modes_restore(void)
{
    if (state.raw != 0) {
        state.raw = 0;
        if (terminal_is_ours()) {
            (void)tcsetattr(STDIN_FILENO, TCSANOW, &state.modes_before);
        }
    }
}

/* ---- Signals ------------------------------------------------------------------------------- */

/* ^Z: stops in here, as it would without us, but with the terminal as it was before. */
static void stop(void)
{
    struct sigaction usual;
    struct sigaction own;
    sigset_t set;

    modes_restore();
    memset(&usual, 0, sizeof(usual));
    usual.sa_handler = SIG_DFL;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTSTP);
    (void)sigaction(SIGTSTP, &usual, &own);
    (void)raise(SIGTSTP);
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL);
    (void)sigprocmask(SIG_BLOCK, &set, NULL); /* until the handler returns */
    (void)sigaction(SIGTSTP, &own, NULL);
}

static void signal_take(int number)
{
    const int error = errno;

    if (number == SIGQUIT) {
        posix_request_end_program(number);
    } else if (number == SIGALRM && !terminal_is_ours()) {
        (void)alarm(LOOK_S);
    } else {
        if (number == SIGTSTP) {
            stop();
        }
        posix_request_redraw();
    }
    errno = error;
}

static struct sigaction signal_action(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = signal_take;
    action.sa_flags = SA_RESTART;
    (void)sigfillset(&action.sa_mask);
    return action;
}

/* Those that somebody made the program ignore stay ignored. */
static void guard(void)
{
    const struct sigaction action = signal_action();
    int i;

    for (i = 0; i < SIGNALS && !state.guarded; i++) {
        (void)sigaction(signals[i], NULL, &state.before[i]);
        if (state.before[i].sa_handler == SIG_DFL) {
            (void)sigaction(signals[i], &action, NULL);
        }
    }
    state.guarded = true;
}

/* In the background. Some shells send no signal when they put a program in front that runs. */
static void look_later(void)
{
    const struct sigaction action = signal_action();

    if (!state.looking) {
        state.looking = true;
        (void)sigaction(SIGALRM, &action, &state.alarm_before);
    }
    (void)alarm(LOOK_S);
}

static void look_no_more(void)
{
    if (state.looking) {
        state.looking = false;
        (void)alarm(0);
        (void)sigaction(SIGALRM, &state.alarm_before, NULL);
    }
}

static void terminal_restore(void)
{
    int i;

    modes_restore();
    look_no_more();
    for (i = 0; i < SIGNALS && state.guarded; i++) {
        (void)sigaction(signals[i], &state.before[i], NULL);
    }
    state.guarded = false;
}

/* ---- The contract -------------------------------------------------------------------------- */

int port_console_raw(bool raw)
{
    struct termios modes;

    if (!raw) {
        if (!posix_device_is_terminal(STDIN_FILENO)) {
            return PORT_NOENT;
        }
        terminal_restore();
        return PORT_OK;
    }
    if (tcgetattr(STDIN_FILENO, &modes) != 0 || !terminal_is_ours()) {
        if (state.guarded) {
            look_later();
        }
        return PORT_NOENT;
    }
    look_no_more();
    if (state.raw == 0) {
        state.modes_before = modes;
    }
    /* Keys that send signals keep doing so. */
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    guard();
    state.raw = 1;
    posix_console_at_restore(terminal_restore);
    /* At once: what is yet to be written does not depend on these, and may never be at ^S. */
    return tcsetattr(STDIN_FILENO, TCSANOW, &modes) == 0 ? PORT_OK : PORT_NOENT;
}

unsigned port_terminal_columns(enum port_stream stream)
{
    const int fd = stream == PORT_STDOUT ? STDOUT_FILENO : STDERR_FILENO;
    struct winsize size;

    if (!posix_device_is_terminal(fd)) {
        return 0;
    }
    if (posix_device_control(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return COLUMNS_DEFAULT;
    }
    return size.ws_col;
}

size_t posix_terminal_static_bytes(void)
{
    return sizeof(state);
}
