/* SPDX-License-Identifier: MIT */
/* How connections begin: listening, accepting, connecting. */
#include "port/posix/posix.h"

#include <netinet/tcp.h>
#include <string.h>

static bool option_set(int fd, int level, int option, int value)
{
    return posix_option_set(fd, level, option, &value, sizeof(value)) == 0;
}

/* What every connection has: small writes go out at once, and a byte sent as urgent stays in its
 * place in the stream (else an echo would lose it). */
static void connection_options_set(int fd)
{
    (void)option_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    (void)option_set(fd, SOL_SOCKET, SO_OOBINLINE, 1);
#ifdef SO_NOSIGPIPE
    (void)option_set(fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
}

static int bind_result(int error)
{
    if (posix_error_is_full(error)) {
        return PORT_FULL;
    }
    switch (error) {
    case EADDRINUSE:
        return PORT_INUSE;
    case EACCES:
    case EPERM:
        return PORT_DENIED;
    default:
        return PORT_UNREACHABLE; /* EADDRNOTAVAIL, EAFNOSUPPORT, ENODEV and their like */
    }
}

static int socket_bind(int fd, const struct port_address *at, enum port_family family, int type)
{
    union posix_socket_address address;
    const int domain = family == PORT_IPV4 ? AF_INET : AF_INET6;
    const socklen_t length = posix_address_to_socket(at, domain, &address);

    /* The system's default for IPV6_V6ONLY differs from one to the next: say it either way. */
    if (domain == AF_INET6 &&
        !option_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, family == PORT_IPV6)) {
        return PORT_UNREACHABLE;
    }
    /* For TCP this frees the port from old connections in TIME_WAIT. For UDP it would let another
     * program take our datagrams. */
    if (type == SOCK_STREAM && !option_set(fd, SOL_SOCKET, SO_REUSEADDR, 1)) {
        return PORT_FULL;
    }
    if (posix_bind(fd, &address.any, length) != 0) {
        return bind_result(errno);
    }
    return PORT_OK;
}

int posix_socket_bind(struct port_address *at, enum port_family family, int type, int *fd)
{
    const int domain = family == PORT_IPV4 ? AF_INET : AF_INET6;
    int result;

    CHECK(posix_address_is_mapped(at) == (family == PORT_IPV4));
    CHECK(family != PORT_DUAL || posix_address_is_unspecified(at));
    *fd = posix_socket_new(domain, type);
    if (*fd < 0) {
        return bind_result(errno);
    }
    result = socket_bind(*fd, at, family, type);
    if (result != PORT_OK) {
        (void)close(*fd);
        *fd = -1;
    }
    return result;
}

uint16_t posix_socket_port(int fd)
{
    union posix_socket_address address;
    struct port_address bound;
    socklen_t length = sizeof(address);

    memset(&address, 0, sizeof(address));
    CHECK(posix_own_address(fd, &address.any, &length) == 0);
    posix_address_from_socket(&address, &bound);
    return bound.port;
}

int port_listen(struct port_address *at, enum port_family family, port_handle *listener)
{
    int fd;
    int result = posix_socket_bind(at, family, SOCK_STREAM, &fd);

    if (result != PORT_OK) {
        return result;
    }
    connection_options_set(fd);
    if (posix_listen(fd, PORT_POSIX_BACKLOG) != 0) {
        result = bind_result(errno);
        (void)close(fd);
        return result;
    }
    result = posix_handle_take(fd, POSIX_LISTENER, listener);
    if (result == PORT_OK) {
        at->port = posix_socket_port(fd);
    }
    return result;
}

bool port_listener_queues(void)
{
    return true;
}

void port_listener_defer(port_handle listener)
{
    CHECK(posix_handle_kind(listener) == POSIX_LISTENER);
#ifdef TCP_DEFER_ACCEPT
    /* In seconds, of which Linux makes one repetition of its part of the handshake. */
    (void)option_set(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, 1);
#endif
}

int port_accept(port_handle listener, port_handle *connection, struct port_address *peer)
{
    union posix_socket_address address;
    socklen_t length = sizeof(address);
    int fd;

    CHECK(posix_handle_kind(listener) == POSIX_LISTENER);
    memset(&address, 0, sizeof(address));
    fd = posix_socket_accept(listener, &address, &length);
    if (fd < 0) {
        CHECK(errno != EBADF && errno != ENOTSOCK);
        if (posix_error_is_again(errno)) {
            return PORT_AGAIN;
        }
        /* port_start put the soft limit of descriptors where the bitmaps end, so the system says
         * EMFILE before it takes the peer out of its queue. */
        return posix_error_is_full(errno) ? PORT_FULL : PORT_SKIP;
    }
#ifndef __linux__
    /* On Linux a connection inherits these from its listener. */
    connection_options_set(fd);
#endif
    posix_address_from_socket(&address, peer);
    return posix_handle_take(fd, POSIX_CONNECTION, connection);
}

static int connect_result(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return PORT_REFUSED;
    case EACCES:
    case EPERM:
        return PORT_DENIED;
    case EAGAIN: /* no local port is free */
        return PORT_FULL;
    default:
        return posix_error_is_full(error) ? PORT_FULL : PORT_UNREACHABLE;
    }
}

int port_connect(const struct port_address *to, port_handle *connection)
{
    union posix_socket_address address;
    const int domain = posix_address_is_mapped(to) ? AF_INET : AF_INET6;
    const socklen_t length = posix_address_to_socket(to, domain, &address);
    const int fd = posix_socket_new(domain, SOCK_STREAM);
    int result;

    if (fd < 0) {
        return connect_result(errno);
    }
    connection_options_set(fd);
    if (connect(fd, &address.any, length) != 0 && errno != EINPROGRESS && errno != EINTR) {
        result = connect_result(errno);
        (void)close(fd);
        return result;
    }
    return posix_handle_take(fd, POSIX_CONNECTING, connection);
}

static int connected_result(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return PORT_REFUSED;
    case ETIMEDOUT:
        return PORT_TIMEDOUT;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
    case EACCES: /* a packet filter of ours or of a router */
    case EPERM:
        return PORT_UNREACHABLE;
    default:
        return PORT_RESET;
    }
}

int port_connected(port_handle connection)
{
    union posix_socket_address peer;
    union posix_socket_address own;
    struct port_address there;
    struct port_address here;
    socklen_t peer_length = sizeof(peer);
    socklen_t own_length = sizeof(own);
    int error = 0;
    socklen_t error_length = sizeof(error);

    CHECK(posix_handle_kind(connection) == POSIX_CONNECTING ||
          posix_handle_kind(connection) == POSIX_CONNECTION);
    memset(&peer, 0, sizeof(peer));
    memset(&own, 0, sizeof(own));
    CHECK(posix_option_get(connection, SOL_SOCKET, SO_ERROR, &error, &error_length) == 0);
    if (error != 0) {
        return connected_result(error);
    }
    if (getpeername(connection, &peer.any, &peer_length) != 0) {
        return PORT_AGAIN;
    }
    /* A connect to a free port of this machine can meet itself, when the system gives it that
     * very port. Nobody listens there. */
    if (posix_own_address(connection, &own.any, &own_length) != 0) {
        return PORT_RESET;
    }
    posix_address_from_socket(&peer, &there);
    posix_address_from_socket(&own, &here);
    if (there.port == here.port && memcmp(there.ip, here.ip, sizeof(here.ip)) == 0) {
        return PORT_REFUSED;
    }
    posix_handle_set_kind(connection, POSIX_CONNECTION);
    return PORT_OK;
}
