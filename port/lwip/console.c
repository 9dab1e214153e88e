/* SPDX-License-Identifier: MIT */
/* The operator's console and the log: both are the board's one console. */
#include <string.h>

#include "port/lwip/board.h"
#include "port/lwip/stack.h"

enum {
    KEY_REPORT = 0x14, /* ^T: the key that asks a BSD terminal how things are */
    LOST_BYTES = 64,   /* of the line that says how many were lost */
    DIGITS_MAX = 10
};

static struct {
    uint32_t lost_lines;
    unsigned char ahead; /* a byte that was read to see whether there is one */
    bool has_ahead;
    bool ended;
    bool open;
} state;

size_t stack_console_static_bytes(void)
{
    return sizeof state;
}

/* ---- Input ----------------------------------------------------------------------------------- */

bool stack_console_ready(void)
{
    CHECK(state.open);
    if (!state.has_ahead && !state.ended) {
        int count = board_console_read(&state.ahead, 1);
        state.ended = count < 0;
        if (count == 1 && state.ahead == KEY_REPORT) {
            lwip_port_request(PORT_REQUEST_REPORT);
        } else {
            state.has_ahead = count == 1;
        }
    }
    return state.has_ahead || state.ended;
}

int port_console_open(port_handle *input)
{
    state.open = true;
    *input = STACK_HANDLE_CONSOLE;
    return PORT_OK;
}

void stack_console_close(void)
{
    CHECK(state.open);
    state.open = false;
}

int port_console_read(port_handle input, void *bytes, size_t n)
{
    unsigned char *to = bytes;
    size_t count = 0;
    CHECK(input == STACK_HANDLE_CONSOLE && n > 0);
    while (count < n && stack_console_ready() && state.has_ahead) {
        to[count++] = state.ahead;
        state.has_ahead = false;
    }
    return count > 0 ? (int)count : state.ended ? PORT_EOF : PORT_AGAIN;
}

int port_console_write(const void *bytes, size_t n)
{
    CHECK(n > 0);
    size_t room = board_console_room();
    size_t count = n < room ? n : room;
    if (count == 0) {
        return PORT_AGAIN;
    }
    board_console_write(bytes, count);
    return (int)count;
}

/* ---- The log --------------------------------------------------------------------------------- */

static size_t text_append(char *to, size_t n, const char *text)
{
    size_t length = strlen(text);
    memcpy(to + n, text, length);
    return n + length;
}

static size_t decimal_append(char *to, size_t n, uint32_t value)
{
    char digits[DIGITS_MAX];
    size_t count = 0;
    for (unsigned left = DIGITS_MAX; left > 0; left--) {
        digits[count++] = (char)('0' + value % 10u);
        value /= 10u;
        if (value == 0) {
            break;
        }
    }
    while (count > 0) {
        to[n++] = digits[--count];
    }
    return n;
}

static size_t lost_say(char *to)
{
    size_t n = text_append(to, 0, "linnet: ");
    n = decimal_append(to, n, state.lost_lines);
    n = text_append(to, n, state.lost_lines == 1 ? " log line was lost" : " log lines were lost");
    to[n++] = '\n';
    return n;
}

void port_log(const char *line, size_t n)
{
    char lost[LOST_BYTES];
    size_t before = state.lost_lines > 0 ? lost_say(lost) : 0;
    if (board_console_room() < before + n + 1) {
        state.lost_lines += state.lost_lines < UINT32_MAX;
        return;
    }
    if (before > 0) {
        board_console_write(lost, before);
        state.lost_lines = 0;
    }
    board_console_write(line, n);
    board_console_write("\n", 1);
}

PORT_NORETURN void port_fail(const char *file, int line)
{
    enum { FILE_BYTES_MAX = 80 };
    char text[FILE_BYTES_MAX + LOST_BYTES];
    size_t n = text_append(text, 0, "linnet: defect at ");
    size_t length = file != NULL ? strlen(file) : 0;
    if (length > 0) {
        n = text_append(text, n, length > FILE_BYTES_MAX ? file + length - FILE_BYTES_MAX : file);
    }
    text[n++] = ':';
    n = decimal_append(text, n, line > 0 ? (uint32_t)line : 0);
    text[n++] = '\n';
    board_fail(text, n);
}
