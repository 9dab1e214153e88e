/* SPDX-License-Identifier: MIT */
/*
 * Peers of a small board, by sockets of the machine that tests:
 *   abuse HOST ECHO_PORT hello|turns|resets|drip
 * turns: 200 connections one after another. resets: a storm of them, in every phase. drip: readers
 * that stall after sending segments of one byte, while a newcomer and datagrams must be served.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tests/check.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000, TURNS = 200, STALLED = 5, DRIPS_MAX = 8000, FAILURES_MAX = 5 };

static struct addrinfo *target;

static int peer_open(int type, int receive_bytes)
{
    int on = 1;
    int fd = socket(target->ai_family, type, 0);
    struct timeval patience = {PATIENCE_MS / 1000, 0};
    EXPECT(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_bytes > 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    if (type == SOCK_STREAM) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    EXPECT(connect(fd, target->ai_addr, target->ai_addrlen) == 0);
    return fd;
}

static void peer_reset(int fd)
{
    struct linger linger = {1, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    (void)close(fd);
}

static int echoes(int fd, const char *text)
{
    char bytes[64];
    size_t n = strlen(text);
    return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n &&
           recv(fd, bytes, n, MSG_WAITALL) == (ssize_t)n && memcmp(bytes, text, n) == 0;
}

static void turns(void)
{
    for (int i = 0; i < TURNS && check_failed < FAILURES_MAX; i++) {
        int fd = peer_open(SOCK_STREAM, 0);
        char byte;
        EXPECT(echoes(fd, "one of many"));
        if (i % 2 == 0) {
            EXPECT(shutdown(fd, SHUT_WR) == 0);
            EXPECT(recv(fd, &byte, 1, 0) == 0);
        }
        (void)close(fd);
    }
}

static void resets(void)
{
    char block[3000];
    memset(block, 'r', sizeof block);
    for (int i = 0; i < TURNS && check_failed < FAILURES_MAX; i++) {
        int fd = peer_open(SOCK_STREAM, 0);
        if (i % 4 >= 1) {
            (void)!send(fd, block, sizeof block, MSG_NOSIGNAL);
        }
        if (i % 4 >= 2) {
            (void)!recv(fd, block, 100, 0);
        }
        if (i % 4 == 3) {
            (void)shutdown(fd, SHUT_WR);
        }
        peer_reset(fd);
    }
}

/* Sends byte by byte until nothing more is taken for a while; never reads. */
static int drip(int fd)
{
    int sent = 0;
    struct pollfd wanted = {fd, POLLOUT, 0};
    int small = 4608;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    while (sent < DRIPS_MAX && poll(&wanted, 1, 300) == 1 &&
           send(fd, "d", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) {
        sent++;
        if (sent % 16 == 0) {
            (void)usleep(1000); /* so that each goes out by itself */
        }
    }
    return sent;
}

static void drips(void)
{
    int stalled[STALLED];
    for (int i = 0; i < STALLED; i++) {
        stalled[i] = peer_open(SOCK_STREAM, 2304);
    }
    for (int i = 0; i < STALLED; i++) {
        EXPECT(drip(stalled[i]) > 1000);
    }
    int datagrams = peer_open(SOCK_DGRAM, 0);
    for (int i = 0; i < 20; i++) {
        int fd = peer_open(SOCK_STREAM, 0);
        EXPECT(echoes(fd, "a newcomer"));
        (void)close(fd);
        EXPECT(echoes(datagrams, "a datagram"));
    }
    (void)close(datagrams);
    for (int i = 0; i < STALLED; i++) {
        peer_reset(stalled[i]);
    }
}

int main(int count, char **arguments)
{
    struct addrinfo hints;
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (count != 4 || getaddrinfo(arguments[1], arguments[2], &hints, &target) != 0) {
        printf("usage: abuse HOST ECHO_PORT turns|resets|drip\n");
        return 2;
    }
    if (strcmp(arguments[3], "turns") == 0) {
        turns();
    } else if (strcmp(arguments[3], "resets") == 0) {
        resets();
    } else if (strcmp(arguments[3], "drip") == 0) {
        drips();
    } else { /* "hello": whether it is there at all */
        int fd = peer_open(SOCK_STREAM, 0);
        EXPECT(echoes(fd, "hello"));
        (void)close(fd);
    }
    freeaddrinfo(target);
    return check_report(arguments[3]);
}
