/* SPDX-License-Identifier: MIT */
/* The operator: standard input as a handle to wait on, standard output that never blocks. */
#include "port/posix/posix.h"

#include <sys/ioctl.h>
#include <unistd.h>

static struct {
    struct posix_channel input;
    struct posix_channel output;
    void (*at_restore)(void);
} state;

/* A server that the shell started in the background has no console: reading from the terminal
 * would stop it. Nor has one whose input is a device such as /dev/null. */
static bool console_exists(void)
{
    struct stat status;

    if (!posix_status_of(STDIN_FILENO, &status)) {
        return false;
    }
    if (posix_device_is_terminal(STDIN_FILENO)) {
        pid_t foreground = 0;

        return posix_device_control(STDIN_FILENO, TIOCGPGRP, &foreground) == 0 &&
               foreground == getpgrp();
    }
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || S_ISREG(status.st_mode);
}

int port_console_open(port_handle *input)
{
    int result;

    if (!console_exists()) {
        return PORT_NOENT;
    }
    result = posix_handle_take(STDIN_FILENO, POSIX_CONSOLE, input);
    CHECK(result == PORT_OK);
    posix_channel_open(&state.input, STDIN_FILENO, O_RDONLY);
    posix_console_prepare_output();
    return result;
}

int port_console_read(port_handle input, void *bytes, size_t n)
{
    CHECK(posix_handle_kind(input) == POSIX_CONSOLE);
    return posix_channel_read(&state.input, bytes, n);
}

void posix_console_prepare_output(void)
{
    if (!state.output.open) {
        posix_channel_open(&state.output, STDOUT_FILENO, O_WRONLY);
    }
}

int port_console_write(const void *bytes, size_t n)
{
    struct iovec part;

    CHECK(n > 0);
    posix_console_prepare_output();
    part.iov_base = (void *)(uintptr_t)bytes; /* an iovec has no const */
    part.iov_len = n < POSIX_MOVE_BYTES_MAX ? n : POSIX_MOVE_BYTES_MAX;
    return posix_channel_write(&state.output, &part, 1);
}

void posix_console_forget(void)
{
    posix_channel_restore(&state.input);
}

void posix_console_end(void)
{
    posix_console_restore();
    if (posix_handle_kinds()[STDIN_FILENO] == POSIX_CONSOLE) {
        posix_handle_set_kind(STDIN_FILENO, POSIX_NONE);
    }
}

void posix_console_at_restore(void (*restore)(void))
{
    state.at_restore = restore;
}

void posix_console_restore(void)
{
    posix_channel_restore(&state.output);
    posix_channel_restore(&state.input);
    if (state.at_restore != NULL) {
        state.at_restore();
    }
}

size_t posix_console_static_bytes(void)
{
    return sizeof(state);
}
