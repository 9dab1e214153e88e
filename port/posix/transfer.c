/* SPDX-License-Identifier: MIT */
/* What connections carry, and how they end. */
#include "port/posix/posix.h"

#ifdef __linux__
#include <sys/sendfile.h>
#endif

static size_t move_bytes_limit(size_t n)
{
    CHECK(n > 0);
    return n < POSIX_MOVE_BYTES_MAX ? n : POSIX_MOVE_BYTES_MAX;
}

static int receive_with(port_handle connection, void *bytes, size_t n, int flags)
{
    ssize_t got;

    CHECK(posix_handle_kind(connection) == POSIX_CONNECTION);
    got = posix_receive(connection, bytes, move_bytes_limit(n), flags);
    if (got > 0) {
        return (int)got;
    }
    if (got == 0) {
        return PORT_EOF;
    }
    if (posix_error_is_again(errno)) {
        return PORT_AGAIN;
    }
    return posix_error_is_full(errno) ? PORT_FULL : PORT_RESET;
}

int port_receive(port_handle connection, void *bytes, size_t n)
{
    return receive_with(connection, bytes, n, 0);
}

int port_peek(port_handle connection, void *bytes, size_t n)
{
    return receive_with(connection, bytes, n, MSG_PEEK);
}

bool port_unread(port_handle connection)
{
    char byte;

    return receive_with(connection, &byte, sizeof(byte), MSG_PEEK) > 0;
}

int port_discard(port_handle connection, size_t n)
{
    char scratch[256];
    size_t left = n;

    CHECK(posix_handle_kind(connection) == POSIX_CONNECTION);
    CHECK(n > 0);
#ifdef __linux__
    /* TCP drops the bytes without a copy. An emulator may not know that: then read them. */
    if (posix_receive(connection, NULL, n, MSG_TRUNC) == (ssize_t)n) {
        return PORT_OK;
    }
    if (errno != EFAULT) {
        return PORT_RESET;
    }
#endif
    while (left > 0) {
        const size_t part = left < sizeof(scratch) ? left : sizeof(scratch);
        const ssize_t got = posix_receive(connection, scratch, part, 0);

        if (got <= 0) {
            return PORT_RESET;
        }
        left -= (size_t)got;
    }
    return PORT_OK;
}

static int send_result(int error)
{
    if (posix_error_is_again(error) || posix_error_is_full(error)) {
        return PORT_AGAIN;
    }
    return PORT_RESET;
}

int port_send(port_handle connection, const void *bytes, size_t n, bool more)
{
    ssize_t sent;

    CHECK(posix_handle_kind(connection) == POSIX_CONNECTION);
    sent = posix_send(connection, bytes, move_bytes_limit(n),
                      MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    return sent >= 0 ? (int)sent : send_result(errno);
}

#ifdef __linux__
static int send_file_result(int error)
{
    switch (error) {
    case EINVAL: /* this file system has no pages to give */
    case ENOSYS:
    case EOPNOTSUPP:
    case EOVERFLOW:
        return PORT_SKIP;
    case EIO:
    case ESTALE:
        return PORT_IO;
    default:
        return send_result(error);
    }
}
#endif

int port_send_file(port_handle connection, port_handle file, uint64_t offset, size_t n)
{
    const size_t most = posix_file_bytes_limit(offset, n);

    CHECK(posix_handle_kind(connection) == POSIX_CONNECTION);
    CHECK(posix_handle_kind(file) == POSIX_FILE);
    CHECK(n > 0);
#ifdef __linux__
    {
        off_t position = (off_t)offset;
        const ssize_t sent = most > 0 ? sendfile(connection, file, &position, most) : 0;

        if (sent > 0) {
            return (int)sent;
        }
        return sent == 0 ? PORT_EOF : send_file_result(errno);
    }
#else
    (void)most;
    return PORT_SKIP;
#endif
}

int port_shut(port_handle connection)
{
    CHECK(posix_handle_kind(connection) == POSIX_CONNECTION);
    return posix_shutdown(connection, SHUT_WR) == 0 ? PORT_OK : PORT_RESET;
}

void port_abort(port_handle connection)
{
    const struct linger at_once = {1, 0};
    const enum posix_kind kind = posix_handle_kind(connection);

    CHECK(kind == POSIX_CONNECTION || kind == POSIX_CONNECTING);
    (void)posix_option_set(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    port_close(connection);
}
