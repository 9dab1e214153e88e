/* SPDX-License-Identifier: MIT */
/* The log: whole lines on standard error, which may be slow, stopped or gone. */
#include "port/posix/posix.h"

#include <string.h>

enum {
    DECIMAL_BYTES_MAX = 10,
    PLACE_BYTES_MAX = 64, /* of a defect's file name */
    ADDRESS_BITS = (int)(sizeof(uintptr_t) * 8),
    DEFECT_STATUS = 134 /* what a shell shows for a program that abort() ended */
};

/* Where the function was called from. */
#if defined(__GNUC__) || defined(__clang__)
#define PORT_CALLER() ((uintptr_t)__builtin_return_address(0))
#else
#define PORT_CALLER() ((uintptr_t)0)
#endif

static struct {
    struct posix_channel channel;
    uint32_t lost_lines;
    size_t rest_bytes; /* of a line that was written in part, still to be written */
    char rest[PORT_POSIX_LOG_REST_BYTES];
} state;

size_t posix_decimal_write(char *to, uint32_t value)
{
    char digits[DECIMAL_BYTES_MAX];
    size_t n = 0;
    size_t i;

    do {
        /* By multiplying, right for all 32 bits: some processors divide by a large function. */
        const uint32_t tenth = (uint32_t)((uint64_t)value * 0xcccccccdu >> 35);

        digits[n] = (char)('0' + (int)(value - tenth * 10u));
        n++;
        value = tenth;
    } while (value > 0);
    for (i = 0; i < n; i++) {
        to[i] = digits[n - 1 - i];
    }
    return n;
}

static size_t text_put(char *to, const char *text)
{
    const size_t n = strlen(text);

    memcpy(to, text, n);
    return n;
}

void posix_log_prepare(void)
{
    if (!state.channel.open) {
        posix_channel_open(&state.channel, STDERR_FILENO, O_WRONLY);
    }
}

/* Keeps what the log did not take of `parts`: what does not fit here is given up, so that the
 * line ends where it is. */
static void rest_keep(const struct iovec *parts, int count, size_t taken)
{
    int i;

    state.rest_bytes = 0;
    for (i = 0; i < count; i++) {
        const char *bytes = parts[i].iov_base;
        size_t left = parts[i].iov_len;
        size_t room = sizeof(state.rest) - state.rest_bytes;

        if (taken >= left) {
            taken -= left;
            continue;
        }
        bytes += taken;
        left -= taken;
        taken = 0;
        room = left < room ? left : room;
        memcpy(state.rest + state.rest_bytes, bytes, room);
        state.rest_bytes += room;
    }
    if (state.rest_bytes > 0) {
        state.rest[state.rest_bytes - 1] = '\n';
    }
}

/* True when nothing of an earlier line is left to be written. */
static bool rest_write(void)
{
    struct iovec part;
    int written;

    if (state.rest_bytes == 0) {
        return true;
    }
    part.iov_base = state.rest;
    part.iov_len = state.rest_bytes;
    written = posix_channel_write(&state.channel, &part, 1);
    if (written > 0) {
        state.rest_bytes -= (size_t)written;
        memmove(state.rest, state.rest + written, state.rest_bytes);
    }
    return state.rest_bytes == 0;
}

/* Writes all parts in one call. False if nothing was written. */
static bool parts_write(const struct iovec *parts, int count)
{
    const int written = posix_channel_write(&state.channel, parts, count);

    if (written < 0) {
        return false;
    }
    rest_keep(parts, count, (size_t)written);
    return true;
}

/* "linnet: 3 log lines were lost", if any were. Returns the count of bytes. */
static size_t notice_make(char *notice)
{
    size_t n;

    if (state.lost_lines == 0) {
        return 0;
    }
    n = text_put(notice, "linnet: ");
    n += posix_decimal_write(notice + n, state.lost_lines);
    n += text_put(notice + n, state.lost_lines == 1 ? " log line was lost\n"
                                                    : " log lines were lost\n");
    return n;
}

void port_log(const char *line, size_t n)
{
    static const char line_end[] = "\n";
    char notice[64];
    struct iovec parts[3];

    posix_log_prepare();
    parts[0].iov_base = notice;
    parts[0].iov_len = notice_make(notice);
    parts[1].iov_base = (void *)(uintptr_t)line; /* an iovec has no const */
    parts[1].iov_len = n;
    parts[2].iov_base = (void *)(uintptr_t)line_end;
    parts[2].iov_len = 1;
    if (rest_write() && parts_write(parts, 3)) {
        state.lost_lines = 0;
    } else if (state.lost_lines < UINT32_MAX) {
        state.lost_lines++;
    }
}

void posix_log_end(void)
{
    char notice[64];
    struct iovec part;

    if (!state.channel.open) {
        return;
    }
    part.iov_base = notice;
    part.iov_len = notice_make(notice);
    if (rest_write() && part.iov_len > 0) {
        (void)parts_write(&part, 1);
    }
    state.lost_lines = 0;
    state.rest_bytes = 0;
    posix_log_restore();
}

void posix_log_restore(void)
{
    posix_channel_restore(&state.channel);
}

/* Writes the file's name, or the code's address, which linnet.debug knows the place of. */
static size_t defect_place(const char *file, uintptr_t address, char *name)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;
    int shift;

    if (file != NULL) {
        n = strlen(file) < PLACE_BYTES_MAX ? strlen(file) : PLACE_BYTES_MAX;
        memcpy(name, file, n);
        return n;
    }
    for (shift = ADDRESS_BITS - 4; shift >= 0; shift -= 4) {
        name[n] = digits[address >> shift & 15];
        n++;
    }
    return n;
}

/* Says where, and gives back what is shared with others. */
static void defect_tell(const char *file, uintptr_t address, int line)
{
    char name[PLACE_BYTES_MAX];
    static const char begin[] = "linnet: defect at ";
    char number[DECIMAL_BYTES_MAX + 2];
    struct iovec parts[3];
    size_t n = 0;

    if (line > 0) {
        number[n] = ':';
        n++;
        n += posix_decimal_write(number + n, (uint32_t)line);
    }
    number[n] = '\n';
    n++;
    parts[0].iov_base = (void *)(uintptr_t)begin;
    parts[0].iov_len = sizeof(begin) - 1;
    parts[1].iov_base = name;
    parts[1].iov_len = defect_place(file, address, name);
    parts[2].iov_base = number;
    parts[2].iov_len = n;
    posix_log_prepare();
    if (posix_parts_write(STDERR_FILENO, parts, 3) < 0) {
        /* Nobody is there to be told. */
    }
    posix_log_restore();
    posix_console_restore();
}

#if PORT_TRAPS
void posix_defect_take(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    defect_tell(NULL, (uintptr_t)info->si_addr, 0);
    posix_signal_self(SIGABRT);
}
#endif

PORT_NORETURN void port_fail(const char *file, int line)
{
    defect_tell(file, PORT_CALLER(), line);
    /* As abort() ends it, without its locks: nothing here handles that signal. */
    posix_signal_self(SIGABRT);
    _exit(DEFECT_STATUS);
}

size_t posix_log_static_bytes(void)
{
    return sizeof(state);
}
