/* SPDX-License-Identifier: MIT */
/* Calls so short that they are made where they are needed: of the system itself where
 * PORT_POSIX_DIRECT is 1, since the C library's functions are larger, else of the C library. They
 * return what those return, and set errno. For posix.h. */
#ifndef PORT_POSIX_DIRECT_H
#define PORT_POSIX_DIRECT_H

/* As posix.h has it, which comes first. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "port/posix/posix_config.h"

#if PORT_POSIX_DIRECT
#include <sys/syscall.h>
#endif

/* Linux on some processors began with one call for all of sockets: the C library knows which. */
#if PORT_POSIX_DIRECT && defined(SYS_accept4) && !defined(SYS_socketcall)
#define POSIX_SOCKETS_DIRECT 1
#else
#define POSIX_SOCKETS_DIRECT 0
#endif

static inline ssize_t posix_receive(int fd, void *bytes, size_t n, int flags)
{
#if POSIX_SOCKETS_DIRECT && defined(SYS_recv)
    return (ssize_t)syscall(SYS_recv, fd, bytes, n, flags);
#else
    return recv(fd, bytes, n, flags);
#endif
}

static inline ssize_t posix_send(int fd, const void *bytes, size_t n, int flags)
{
#if POSIX_SOCKETS_DIRECT && defined(SYS_send)
    return (ssize_t)syscall(SYS_send, fd, bytes, n, flags);
#else
    return send(fd, bytes, n, flags);
#endif
}

/* `message` begins as all zeroes. */
static inline ssize_t posix_message_send(int fd, const struct msghdr *message, int flags)
{
#if POSIX_SOCKETS_DIRECT
    return (ssize_t)syscall(SYS_sendmsg, fd, message, flags);
#else
    return sendmsg(fd, message, flags);
#endif
}

static inline int posix_bind(int fd, const struct sockaddr *address, socklen_t length)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_bind, fd, address, length);
#else
    return bind(fd, address, length);
#endif
}

static inline int posix_listen(int fd, int backlog)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_listen, fd, backlog);
#else
    return listen(fd, backlog);
#endif
}

static inline int posix_shutdown(int fd, int how)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_shutdown, fd, how);
#else
    return shutdown(fd, how);
#endif
}

static inline int posix_own_address(int fd, struct sockaddr *address, socklen_t *length)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_getsockname, fd, address, length);
#else
    return getsockname(fd, address, length);
#endif
}

static inline ssize_t posix_parts_write(int fd, const struct iovec *parts, int count)
{
#if PORT_POSIX_DIRECT && defined(SYS_writev)
    return (ssize_t)syscall(SYS_writev, fd, parts, count);
#else
    return writev(fd, parts, count);
#endif
}

static inline int posix_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
#if PORT_POSIX_DIRECT && defined(SYS_poll)
    return (int)syscall(SYS_poll, polled, count, timeout_ms);
#else
    return poll(polled, count, timeout_ms);
#endif
}

static inline int posix_pipe(int ends[2])
{
#if PORT_POSIX_DIRECT && defined(SYS_pipe2)
    return (int)syscall(SYS_pipe2, ends, 0);
#else
    return pipe(ends);
#endif
}

/* Gives `fd` the number `as` as well; they are not the same. */
static inline int posix_duplicate(int fd, int as)
{
#if PORT_POSIX_DIRECT && defined(SYS_dup3)
    return (int)syscall(SYS_dup3, fd, as, 0);
#else
    return dup2(fd, as);
#endif
}

/* A signal to this program itself; in a handler it takes effect when that returns. */
static inline void posix_signal_self(int number)
{
#if PORT_POSIX_DIRECT && defined(SYS_kill) && defined(SYS_getpid)
    (void)syscall(SYS_kill, syscall(SYS_getpid), number);
#else
    (void)kill(getpid(), number);
#endif
}

#endif
