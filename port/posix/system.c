/* SPDX-License-Identifier: MIT */
/* The calls that PORT_POSIX_DIRECT is about: made directly, or by the C library. */
#include "port/posix/posix.h"

#include <sys/ioctl.h>

#if PORT_POSIX_DIRECT
#include <sys/syscall.h>
#endif

enum { MADE_MODE = 0640 };

/* What prlimit64() takes, with 32 bits as well: because file sizes have 64. */
#if PORT_POSIX_DIRECT && defined(SYS_prlimit64)
STATIC_ASSERT(sizeof(struct rlimit) == 2 * sizeof(uint64_t));
#endif

int posix_descriptor_flags(int fd, int command, int flags)
{
#if PORT_POSIX_DIRECT && defined(SYS_fcntl64)
    return (int)syscall(SYS_fcntl64, fd, command, flags);
#elif PORT_POSIX_DIRECT && defined(SYS_fcntl)
    return (int)syscall(SYS_fcntl, fd, command, flags);
#else
    return fcntl(fd, command, flags);
#endif
}

int posix_device_control(int fd, unsigned long request, void *argument)
{
#if PORT_POSIX_DIRECT && defined(SYS_ioctl)
    return (int)syscall(SYS_ioctl, fd, request, argument);
#else
    return ioctl(fd, request, argument);
#endif
}

bool posix_device_is_terminal(int fd)
{
#if PORT_POSIX_DIRECT && defined(SYS_ioctl) && defined(TIOCGWINSZ)
    struct winsize size;

    return posix_device_control(fd, TIOCGWINSZ, &size) == 0;
#else
    return isatty(fd) != 0;
#endif
}

off_t posix_seek(int fd, off_t offset, int whence)
{
#if PORT_POSIX_DIRECT && defined(SYS__llseek)
    off_t reached;
    const long high = (long)(offset >> 32);
    const long low = (long)(uint32_t)offset;

    return syscall(SYS__llseek, fd, high, low, &reached, whence) == 0 ? reached : -1;
#else
    return lseek(fd, offset, whence);
#endif
}

int posix_open(const char *path, int flags)
{
    return posix_open_at(AT_FDCWD, path, flags);
}

int posix_open_at(int directory, const char *path, int flags)
{
#if PORT_POSIX_DIRECT && defined(SYS_openat) && defined(O_LARGEFILE)
    return (int)syscall(SYS_openat, directory, path, flags | O_LARGEFILE, MADE_MODE);
#else
    return openat(directory, path, flags, MADE_MODE);
#endif
}

bool posix_directory_enter(int fd)
{
#if PORT_POSIX_DIRECT && defined(SYS_fchdir)
    return syscall(SYS_fchdir, fd) == 0;
#else
    return fchdir(fd) == 0;
#endif
}

bool posix_limit_exchange(const struct rlimit *new_limit, struct rlimit *old_limit)
{
#if PORT_POSIX_DIRECT && defined(SYS_prlimit64)
    return syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, new_limit, old_limit) == 0;
#else
    return (old_limit == NULL || getrlimit(RLIMIT_NOFILE, old_limit) == 0) &&
           (new_limit == NULL || setrlimit(RLIMIT_NOFILE, new_limit) == 0);
#endif
}

/* Linux and the BSDs make a socket non-blocking and close-on-exec at once; elsewhere it takes two
 * more calls. */
#if defined(SOCK_NONBLOCK) && defined(SOCK_CLOEXEC)
#define SOCKET_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)
#else

static int descriptor_prepared(int fd, int error)
{
    if (fd >= 0 && !posix_descriptor_prepare(fd)) {
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}
#endif

int posix_socket_new(int domain, int type)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_socket, domain, type | SOCKET_FLAGS, 0);
#elif defined(SOCKET_FLAGS)
    return socket(domain, type | SOCKET_FLAGS, 0);
#else
    return descriptor_prepared(socket(domain, type, 0), EMFILE);
#endif
}

int posix_socket_accept(int listener, union posix_socket_address *peer, socklen_t *length)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_accept4, listener, peer, length, SOCKET_FLAGS);
#elif defined(SOCKET_FLAGS)
    return accept4(listener, &peer->any, length, SOCKET_FLAGS);
#else
    return descriptor_prepared(accept(listener, &peer->any, length), ECONNABORTED);
#endif
}

int posix_option_set(int fd, int level, int option, const void *value, socklen_t bytes)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_setsockopt, fd, level, option, value, bytes);
#else
    return setsockopt(fd, level, option, value, bytes);
#endif
}

int posix_option_get(int fd, int level, int option, void *value, socklen_t *bytes)
{
#if POSIX_SOCKETS_DIRECT
    return (int)syscall(SYS_getsockopt, fd, level, option, value, bytes);
#else
    return getsockopt(fd, level, option, value, bytes);
#endif
}

ssize_t posix_message_receive(int fd, struct msghdr *message, int flags)
{
#if POSIX_SOCKETS_DIRECT
    return (ssize_t)syscall(SYS_recvmsg, fd, message, flags);
#else
    return recvmsg(fd, message, flags);
#endif
}
