/* SPDX-License-Identifier: MIT */
/* The terminal: its width, and its modes, which are put back whatever happens. */
#include "port/posix/posix.h"

#include <sys/ioctl.h>
#include <termios.h>

/* Assumed of a terminal that does not say. */
enum { COLUMNS_DEFAULT = 80 };

static struct {
    struct termios modes_before;
    bool raw;
} state;

static void terminal_restore(void)
{
    if (state.raw) {
        state.raw = false;
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &state.modes_before);
    }
}

int port_console_raw(bool raw)
{
    struct termios modes;

    if (!raw) {
        if (isatty(STDIN_FILENO) == 0) {
            return PORT_NOENT;
        }
        terminal_restore();
        return PORT_OK;
    }
    if (tcgetattr(STDIN_FILENO, &modes) != 0) {
        return PORT_NOENT;
    }
    if (!state.raw) {
        state.modes_before = modes;
    }
    /* Keys that send signals keep doing so. */
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    state.raw = true;
    posix_console_at_restore(terminal_restore);
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) == 0 ? PORT_OK : PORT_NOENT;
}

unsigned port_terminal_columns(enum port_stream stream)
{
    const int fd = stream == PORT_STDOUT ? STDOUT_FILENO : STDERR_FILENO;
    struct winsize size;

    if (isatty(fd) == 0) {
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
