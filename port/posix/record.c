/* SPDX-License-Identifier: MIT */
/* Files that grow while serving: regular files alone, which take bytes into the system's cache. */
#include "port/posix/posix.h"

enum { TRIES = 8 }; /* against signals */

int port_record_open(const char *path, port_handle *record)
{
    /* O_NONBLOCK: a FIFO that nobody reads is refused, not waited for. */
    const int fd = posix_open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NOCTTY |
                                    O_CLOEXEC | O_NONBLOCK);
    struct stat status;

    if (fd < 0) {
        if (posix_error_is_full(errno) || errno == ENOSPC || errno == EDQUOT) {
            return PORT_FULL;
        }
        if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) {
            return PORT_NOENT;
        }
        return errno == EIO ? PORT_IO : PORT_DENIED;
    }
    if (!posix_status_of(fd, &status) || !S_ISREG(status.st_mode)) {
        (void)close(fd);
        return PORT_DENIED;
    }
    return posix_handle_take(fd, POSIX_OUTPUT, record);
}

/* Takes `n` bytes off the end again. */
static void take_back(int fd, size_t n)
{
    const off_t end = posix_seek(fd, 0, SEEK_END);

    if (end >= (off_t)n && ftruncate(fd, end - (off_t)n) != 0) {
        return; /* a device that does not even take back: a part of a line stays */
    }
}

int port_record_write(port_handle record, const void *bytes, size_t n)
{
    ssize_t written = -1;
    unsigned tries;

    CHECK(n > 0);
    CHECK(posix_handle_kind(record) == POSIX_OUTPUT);
    errno = EINTR;
    for (tries = 0; tries < TRIES && written < 0 && errno == EINTR; tries++) {
        written = write(record, bytes, n);
    }
    if (written >= 0 && (size_t)written < n) {
        take_back(record, (size_t)written);
        return PORT_FULL;
    }
    if (written < 0) {
        return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? PORT_FULL : PORT_IO;
    }
    return PORT_OK;
}
