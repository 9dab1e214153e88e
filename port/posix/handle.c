/* SPDX-License-Identifier: MIT */
/* Handles: descriptors, kept below the size of the bitmaps, each known by what it is. */
#include "port/posix/posix.h"

STATIC_ASSERT(PORT_POSIX_HANDLES_MAX >= 32 && PORT_POSIX_HANDLES_MAX <= 1000000);

/* One byte for each number tells a stale handle from an open one without a system call, and lets
 * a file never be taken for a socket. */
static struct {
    uint8_t kinds[PORT_POSIX_HANDLES_MAX];
} state;

int posix_handle_take(int fd, enum posix_kind kind, port_handle *handle)
{
    CHECK(fd >= 0);
    CHECK(kind != POSIX_NONE);
    if (fd >= PORT_POSIX_HANDLES_MAX) {
        (void)close(fd);
        return PORT_FULL;
    }
    CHECK(state.kinds[fd] == POSIX_NONE);
    state.kinds[fd] = (uint8_t)kind;
    *handle = fd;
    return PORT_OK;
}

enum posix_kind posix_handle_kind(port_handle handle)
{
    CHECK(handle >= 0 && handle < PORT_POSIX_HANDLES_MAX);
    CHECK(state.kinds[handle] != POSIX_NONE);
    return (enum posix_kind)state.kinds[handle];
}

void posix_handle_set_kind(port_handle handle, enum posix_kind kind)
{
    CHECK(handle >= 0 && handle < PORT_POSIX_HANDLES_MAX);
    state.kinds[handle] = (uint8_t)kind;
}

const uint8_t *posix_handle_kinds(void)
{
    return state.kinds;
}

void port_close(port_handle handle)
{
    const enum posix_kind kind = posix_handle_kind(handle);

    state.kinds[handle] = POSIX_NONE;
    if (kind == POSIX_CONSOLE) {
        /* Descriptor 0 stays: the next socket must not get its number. */
        posix_console_forget();
        return;
    }
    if (kind == POSIX_DATAGRAMS) {
        posix_datagram_forget(handle);
    }
    if (kind == POSIX_DIRECTORY) {
        posix_directory_forget(handle);
    }
    /* Whatever close() says, EINTR too, the number is free afterwards on Linux and the BSDs. */
    (void)close(handle);
}

bool posix_error_is_again(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

bool posix_error_is_full(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

bool posix_descriptor_prepare(int fd)
{
    const int flags = posix_descriptor_flags(fd, F_GETFL, 0);

    return flags >= 0 && posix_descriptor_flags(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           posix_descriptor_flags(fd, F_SETFD, FD_CLOEXEC) == 0;
}

size_t posix_handle_static_bytes(void)
{
    return sizeof(state);
}
