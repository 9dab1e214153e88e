/* SPDX-License-Identifier: MIT */
/* The console: standard input and output. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "port/lwip/board.h"

enum { ROOM = 4096 };

size_t board_console_room(void)
{
    return ROOM; /* a test reads it, or it goes to a file */
}

void board_console_write(const char *bytes, size_t n)
{
    (void)!write(STDOUT_FILENO, bytes, n);
}

int board_console_read(void *bytes, size_t n)
{
    (void)fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    ssize_t count = read(STDIN_FILENO, bytes, n);
    return count > 0 ? (int)count : count == 0 ? -1 : 0;
}

PORT_NORETURN void board_fail(const char *text, size_t n)
{
    board_console_write(text, n);
    abort();
}
