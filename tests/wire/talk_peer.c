/* SPDX-License-Identifier: MIT */
/* The wire player's peers: real sockets, opened, driven by poll() and closed in every way. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/wire/talk.h"

enum { CONNECT_MS = 5000, OUT_BLOCK_BYTES = 65536 };

static struct {
    size_t count; /* places that were ever used */
    struct peer peers[PEERS_MAX];
} state;

uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

struct peer *peer_find(const char *name)
{
    for (size_t i = 0; i < state.count; i++) {
        if (state.peers[i].fd >= 0 && strcmp(state.peers[i].name, name) == 0) {
            return &state.peers[i];
        }
    }
    return NULL;
}

struct peer *peer_new(const char *name, unsigned number)
{
    size_t i = 0;
    while (i < state.count && state.peers[i].fd >= 0) {
        i++;
    }
    if (i == PEERS_MAX) {
        return NULL;
    }
    if (i == state.count) {
        state.count++;
    }
    struct peer *peer = &state.peers[i];
    memset(peer, 0, offsetof(struct peer, in));
    strncpy(peer->name, name, sizeof peer->name - 1);
    peer->number = number;
    peer->fd = -1;
    return peer;
}

/* A numeric address and port as the system wants it. */
static bool address_read(const char *host, const char *port, struct sockaddr_storage *to,
                         socklen_t *bytes)
{
    struct addrinfo hints;
    struct addrinfo *list = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &list) != 0) {
        return false;
    }
    memcpy(to, list->ai_addr, list->ai_addrlen);
    *bytes = list->ai_addrlen;
    freeaddrinfo(list);
    return true;
}

static int bind_own(int fd, const struct target *target, bool ipv6)
{
    struct sockaddr_storage own;
    socklen_t own_bytes = 0;
    const char *host = target->from != NULL ? target->from : (ipv6 ? "::" : "0.0.0.0");
    if (target->from == NULL && target->source == NULL) {
        return 0;
    }
    if (!address_read(host, target->source != NULL ? target->source : "0", &own, &own_bytes)) {
        return EINVAL;
    }
    return bind(fd, (struct sockaddr *)&own, own_bytes) == 0 ? 0 : errno;
}

/* A connection that was made and reset at once counts as made: expect will tell. */
static int connect_in_time(int fd, struct peer *peer)
{
    int error = 0;
    socklen_t error_bytes = sizeof error;
    struct pollfd ready = {fd, POLLOUT, 0};
    if (connect(fd, (const struct sockaddr *)&peer->to, peer->to_bytes) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    if (poll(&ready, 1, (int)patience(CONNECT_MS)) != 1) {
        return ETIMEDOUT;
    }
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_bytes);
    if (error == ECONNRESET || error == EPIPE) {
        peer->reset_seen = true;
        return 0;
    }
    return error;
}

static int socket_prepare(int fd, const struct target *target, bool ipv6)
{
    int one = 1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (ipv6) { /* so that both families may take the same source port */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    }
    if (!target->is_udp) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    }
    if (target->window_bytes > 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &target->window_bytes, sizeof(int));
    }
    return bind_own(fd, target, ipv6);
}

int peer_open(struct peer *peer, const struct target *target)
{
    int error = 0;
    if (!address_read(target->host, target->port, &peer->to, &peer->to_bytes)) {
        return EINVAL;
    }
    bool ipv6 = peer->to.ss_family == AF_INET6;
    int fd = socket(peer->to.ss_family, target->is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (fd < 0) {
        return errno;
    }
    error = socket_prepare(fd, target, ipv6);
    if (error == 0 && !target->is_udp) {
        error = connect_in_time(fd, peer);
    }
    if (error != 0) {
        close(fd);
        return error;
    }
    peer->is_udp = target->is_udp;
    peer->fd = fd;
    return 0;
}

void peer_shut(struct peer *peer)
{
    shutdown(peer->fd, SHUT_WR);
}

void peer_close(struct peer *peer, bool with_reset)
{
    struct linger linger = {1, 0};
    if (with_reset) {
        setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
    close(peer->fd);
    peer->fd = -1;
}

void peers_close(void)
{
    for (size_t i = 0; i < state.count; i++) {
        if (state.peers[i].fd >= 0) {
            peer_close(&state.peers[i], false);
        }
    }
    state.count = 0;
}

/* ---- Moving bytes --------------------------------------------------------------------------- */

/* What a failed send means for the peer. False: nothing, try again. */
static bool send_failed(struct peer *peer)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
        return false;
    }
    peer->out_left = 0;
    peer->reset_seen = true;
    return true;
}

static bool out_drive(struct peer *peer)
{
    static uint8_t block[OUT_BLOCK_BYTES];
    size_t n = peer->out_left < sizeof block ? (size_t)peer->out_left : sizeof block;
    random_fill(peer->out_seed, peer->out_position, block, n);
    ssize_t sent = send(peer->fd, block, n, MSG_NOSIGNAL);
    if (sent < 0) {
        return send_failed(peer);
    }
    peer->out_left -= (uint64_t)sent;
    peer->out_position += (uint64_t)sent;
    return sent > 0;
}

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    const struct sockaddr_in *a4 = (const struct sockaddr_in *)(const void *)a;
    const struct sockaddr_in *b4 = (const struct sockaddr_in *)(const void *)b;
    const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)(const void *)a;
    const struct sockaddr_in6 *b6 = (const struct sockaddr_in6 *)(const void *)b;
    if (a->ss_family != b->ss_family) {
        return false;
    }
    if (a->ss_family == AF_INET) {
        return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
    }
    return a6->sin6_port == b6->sin6_port
           && memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof a6->sin6_addr) == 0;
}

static bool datagram_drive(struct peer *peer)
{
    struct sockaddr_storage from;
    socklen_t from_bytes = sizeof from;
    memset(&from, 0, sizeof from);
    ssize_t got = recvfrom(peer->fd, peer->in, sizeof peer->in, 0, (struct sockaddr *)&from,
                           &from_bytes);
    if (got < 0) {
        return false;
    }
    peer->in_bytes = (size_t)got;
    peer->datagram = true;
    peer->strange = !same_address(&from, &peer->to);
    return true;
}

static bool in_drive(struct peer *peer)
{
    if (peer->is_udp) {
        return datagram_drive(peer);
    }
    ssize_t got = recv(peer->fd, peer->in + peer->in_bytes, sizeof peer->in - peer->in_bytes, 0);
    if (got > 0) {
        peer->in_bytes += (size_t)got;
        return true;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return false;
    }
    peer->end = got == 0 && !peer->reset_seen ? PEER_FIN : PEER_RESET;
    return true;
}

static bool may_receive(const struct peer *peer)
{
    if (!peer->reading || peer->end != PEER_OPEN) {
        return false;
    }
    return peer->is_udp ? !peer->datagram : peer->in_bytes < sizeof peer->in;
}

bool peers_wait(uint64_t deadline_ms)
{
    static struct pollfd polls[PEERS_MAX];
    static struct peer *polled[PEERS_MAX];
    bool moved = false;
    while (!moved) {
        nfds_t n = 0;
        uint64_t now = now_ms();
        for (size_t i = 0; i < state.count; i++) {
            struct peer *peer = &state.peers[i];
            short events = (short)((may_receive(peer) ? POLLIN : 0)
                                   | (peer->out_left > 0 ? POLLOUT : 0));
            if (peer->fd >= 0 && events != 0) {
                polls[n] = (struct pollfd){peer->fd, events, 0};
                polled[n++] = peer;
            }
        }
        int ready = poll(polls, n, now >= deadline_ms ? 0 : (int)(deadline_ms - now));
        for (nfds_t i = 0; ready > 0 && i < n; i++) {
            if (polls[i].revents != 0 && polled[i]->out_left > 0) {
                moved = out_drive(polled[i]) || moved;
            }
            if (polls[i].revents != 0 && may_receive(polled[i])) {
                moved = in_drive(polled[i]) || moved;
            }
        }
        if (!moved && now >= deadline_ms) {
            return false;
        }
    }
    return true;
}

void peer_consume(struct peer *peer, size_t n)
{
    memmove(peer->in, peer->in + n, peer->in_bytes - n);
    peer->in_bytes -= n;
}

bool peer_send(struct peer *peer, const uint8_t *bytes, size_t n, uint64_t deadline_ms)
{
    if (peer->is_udp) {
        return sendto(peer->fd, bytes, n, 0, (struct sockaddr *)&peer->to, peer->to_bytes)
               == (ssize_t)n;
    }
    size_t sent = 0;
    while (sent < n) {
        ssize_t count = send(peer->fd, bytes + sent, n - sent, MSG_NOSIGNAL);
        struct pollfd ready = {peer->fd, POLLOUT, 0};
        if (count >= 0) {
            sent += (size_t)count;
        } else if (send_failed(peer) || now_ms() >= deadline_ms) {
            return false;
        } else {
            poll(&ready, 1, 10);
        }
    }
    return true;
}
