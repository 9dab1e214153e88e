/* SPDX-License-Identifier: MIT */
/* What the client tools write, and the texts that start-up reads. Calls here may block. */
#include "port/posix/posix.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* Waits for room on a standard descriptor that somebody made non-blocking. */
static void room_wait(int fd)
{
    struct pollfd room;

    room.fd = fd;
    room.events = POLLOUT;
    room.revents = 0;
    (void)posix_poll(&room, 1, -1);
}

int port_print(enum port_stream stream, const char *bytes, size_t n)
{
    const int fd = stream == PORT_STDOUT ? STDOUT_FILENO : STDERR_FILENO;
    size_t done = 0;
    int result = PORT_OK;

    posix_request_ends_program(true);
    while (done < n && result == PORT_OK) {
        const ssize_t written = write(fd, bytes + done, n - done);

        if (written >= 0) {
            done += (size_t)written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            room_wait(fd);
        } else if (errno != EINTR) {
            result = PORT_IO;
        }
    }
    posix_request_ends_program(false);
    return result;
}

const char *port_environment(const char *name)
{
    return getenv(name);
}

static int output_result(int error)
{
    if (posix_error_is_full(error)) {
        return PORT_FULL;
    }
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return PORT_NOENT;
    case EACCES:
    case EPERM:
    case ELOOP:
    case EROFS:
    case EISDIR:
    case EBUSY:
    case ETXTBSY:
    case EXDEV:
    case ENOTEMPTY:
    case EEXIST:
        return PORT_DENIED;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return PORT_FULL;
    default:
        return PORT_IO;
    }
}

/* Fills `bytes` from `fd`. The count, PORT_FULL if there is more, or PORT_IO. */
static int text_fill(int fd, char *bytes, size_t n)
{
    size_t done = 0;
    ssize_t got = 1;
    char more;

    while (got > 0 && done < n) {
        got = read(fd, bytes + done, n - done);
        if (got < 0) {
            return PORT_IO;
        }
        done += (size_t)got;
    }
    if (got > 0 && read(fd, &more, 1) > 0) {
        return PORT_FULL;
    }
    return (int)done;
}

int port_text_read(const char *path, char *bytes, size_t n)
{
    const int fd = posix_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int result;

    CHECK(n > 0 && n <= INT_MAX);
    if (fd < 0) {
        result = output_result(errno);
        return result == PORT_FULL ? PORT_IO : result;
    }
    result = text_fill(fd, bytes, n);
    (void)close(fd);
    return result;
}

int port_output_open(const char *path, bool keep, port_handle *output, uint64_t *size_bytes)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0666);
    struct stat status;
    off_t end = 0;
    int result;

    if (fd < 0) {
        return output_result(errno);
    }
    /* A device, such as /dev/null, has no size and cannot be cut. */
    if (fstat(fd, &status) != 0 ||
        (S_ISREG(status.st_mode) && !keep && ftruncate(fd, 0) != 0)) {
        result = output_result(errno);
        (void)close(fd);
        return result;
    }
    if (S_ISREG(status.st_mode) && keep) {
        end = lseek(fd, 0, SEEK_END);
    }
    *size_bytes = end > 0 ? (uint64_t)end : 0;
    return posix_handle_take(fd, POSIX_OUTPUT, output);
}

bool port_output_replaceable(const char *path)
{
    struct stat status;

    return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

int port_output_write(port_handle output, const void *bytes, size_t n)
{
    const char *from = bytes;
    size_t done = 0;

    CHECK(posix_handle_kind(output) == POSIX_OUTPUT);
    while (done < n) {
        const ssize_t written = write(output, from + done, n - done);

        if (written >= 0) {
            done += (size_t)written;
        } else if (errno != EINTR) {
            return output_result(errno) == PORT_FULL ? PORT_FULL : PORT_IO;
        }
    }
    return PORT_OK;
}

int port_output_sync(port_handle output)
{
    CHECK(posix_handle_kind(output) == POSIX_OUTPUT);
    /* EINVAL and ENOTSUP: a device, which keeps nothing. */
    if (fsync(output) == 0 || errno == EINVAL || errno == ENOTSUP) {
        return PORT_OK;
    }
    return output_result(errno) == PORT_FULL ? PORT_FULL : PORT_IO;
}

static int rename_result(int error)
{
    const int result = output_result(error);

    return result == PORT_FULL ? PORT_IO : result;
}

int port_output_rename(const char *from, const char *to)
{
    return rename(from, to) == 0 ? PORT_OK : rename_result(errno);
}

int port_output_remove(const char *path)
{
    return unlink(path) == 0 ? PORT_OK : rename_result(errno);
}
