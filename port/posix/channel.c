/* SPDX-License-Identifier: MIT */
/* Standard input, output and error, used without ever blocking and without anybody noticing. */
#include "port/posix/posix.h"

#include <string.h>
#include <sys/types.h>

/* O_NONBLOCK belongs to the open file, which our shell and its other children share with us. So a
 * terminal or pipe is opened once more, for us alone, and put in the place of the old number. */
static bool channel_reopen(int fd, int access)
{
    char path[] = "/proc/self/fd/0";
    int own;

    path[sizeof(path) - 2] = (char)('0' + fd);
    own = posix_open(path, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own < 0) {
        return false;
    }
    if (posix_duplicate(own, fd) < 0) {
        (void)close(own);
        return false;
    }
    (void)close(own);
    return true;
}

void posix_channel_open(struct posix_channel *channel, int fd, int access)
{
    socklen_t type_bytes = sizeof(int);
    int type;
    int flags;

    memset(channel, 0, sizeof(*channel));
    channel->fd = fd;
    channel->open = true;
    channel->is_socket = posix_option_get(fd, SOL_SOCKET, SO_TYPE, &type, &type_bytes) == 0;
    /* What has a place to go on from, a file, never makes anyone wait for another, and a second
     * opening would lose that place; a socket is told at each call. */
    if (channel->is_socket || (posix_seek(fd, 0, SEEK_CUR) >= 0 && !posix_device_is_terminal(fd))) {
        return;
    }
    flags = posix_descriptor_flags(fd, F_GETFL, 0);
    if (flags < 0 || (flags & O_NONBLOCK) != 0 || channel_reopen(fd, access)) {
        return;
    }
    /* No /proc, or not our terminal: share the flag, and put it back in the end. */
    if (posix_descriptor_flags(fd, F_SETFL, flags | O_NONBLOCK) == 0) {
        channel->flags_before = flags;
        channel->flags_changed = true;
    }
}

void posix_channel_restore(struct posix_channel *channel)
{
    if (channel->open && channel->flags_changed) {
        (void)posix_descriptor_flags(channel->fd, F_SETFL, channel->flags_before);
    }
    channel->open = false;
}

int posix_channel_write(struct posix_channel *channel, const struct iovec *parts, int count)
{
    ssize_t written;

    CHECK(channel->open);
    if (channel->is_socket) {
        struct msghdr message;

        memset(&message, 0, sizeof(message));
        message.msg_iov = (struct iovec *)(uintptr_t)parts; /* a msghdr has no const */
        message.msg_iovlen = (unsigned char)count;
        written = posix_message_send(channel->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    } else {
        written = posix_parts_write(channel->fd, parts, count);
    }
    if (written > 0) {
        return (int)written;
    }
    if (written == 0 || posix_error_is_again(errno) || posix_error_is_full(errno) ||
        errno == ENOSPC) {
        return PORT_AGAIN;
    }
    return PORT_EOF;
}

int posix_channel_read(struct posix_channel *channel, void *bytes, size_t n)
{
    ssize_t got;

    CHECK(channel->open);
    CHECK(n > 0);
    if (n > POSIX_MOVE_BYTES_MAX) {
        n = POSIX_MOVE_BYTES_MAX;
    }
    if (channel->is_socket) {
        got = posix_receive(channel->fd, bytes, n, MSG_DONTWAIT);
    } else {
        got = read(channel->fd, bytes, n);
    }
    if (got > 0) {
        return (int)got;
    }
    return got < 0 && posix_error_is_again(errno) ? PORT_AGAIN : PORT_EOF;
}
