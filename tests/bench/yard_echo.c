/* SPDX-License-Identifier: MIT */
/* Yardsticks that echo: blocking, epoll, select, poll, and datagrams. */
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/yard.h"

enum { BLOCK_BYTES = 32768 };

static char block[BLOCK_BYTES];

/* Gives back what came. False: the peer is gone. */
static bool echo_once(int fd)
{
    ssize_t got = recv(fd, block, sizeof block, 0);
    if (got <= 0) {
        return false;
    }
    if (yard_lies("byte")) {
        block[got / 2] ^= 1;
    }
    if (yard_lies("lose")) {
        return true;
    }
    return yard_send(fd, block, (size_t)got - (yard_lies("cut") ? 1U : 0U));
}

void yard_echo_blocking(void)
{
    for (int fd = yard_accept(); fd >= 0; fd = yard_accept()) {
        bool open = true;
        while (open) {
            open = echo_once(fd);
        }
        close(fd);
    }
}

void yard_echo_epoll(void)
{
    struct epoll_event events[YARD_EVENTS];
    int epoll = yard_epoll();
    for (;;) {
        int ready = epoll_wait(epoll, events, YARD_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == yard.listener) {
                yard_epoll_add(epoll, yard_accept());
            } else if (!echo_once(fd)) {
                close(fd);
            }
        }
    }
}

/* Its sets have room for 1,024 descriptors, as they come. An unsigned one pleases all macros. */
void yard_echo_select(void)
{
    size_t listener = (size_t)yard.listener;
    size_t highest = listener;
    fd_set open;
    fd_set ready;
    FD_ZERO(&open);
    FD_SET(listener, &open);
    for (;;) {
        ready = open;
        int left = select((int)highest + 1, &ready, NULL, NULL, NULL);
        for (size_t fd = 0; fd <= highest && left > 0; fd++) {
            if (!FD_ISSET(fd, &ready)) {
                continue;
            }
            left--;
            if (fd == listener) {
                int peer = yard_accept();
                size_t place = (size_t)peer;
                if (peer >= FD_SETSIZE) {
                    close(peer);
                } else if (peer >= 0) {
                    FD_SET(place, &open);
                    highest = place > highest ? place : highest;
                }
            } else if (!echo_once((int)fd)) {
                close((int)fd);
                FD_CLR(fd, &open);
            }
        }
    }
}

void yard_echo_poll(void)
{
    static struct pollfd polls[YARD_PEERS];
    nfds_t count = 1;
    polls[0] = (struct pollfd){yard.listener, POLLIN, 0};
    for (;;) {
        int left = poll(polls, count, -1);
        for (nfds_t i = count; i > 0 && left > 0; i--) {
            struct pollfd *at = &polls[i - 1];
            if (at->revents == 0) {
                continue;
            }
            left--;
            if (at->fd != yard.listener && !echo_once(at->fd)) {
                close(at->fd);
                count--;
                *at = polls[count];
            } else if (at->fd == yard.listener && count < YARD_PEERS) {
                polls[count] = (struct pollfd){yard_accept(), POLLIN, 0};
                count++;
            }
        }
    }
}

void yard_udp(void)
{
    struct sockaddr_in peer;
    for (;;) {
        socklen_t peer_bytes = sizeof peer;
        ssize_t got = recvfrom(yard.listener, block, sizeof block, 0, (struct sockaddr *)&peer,
                               &peer_bytes);
        if (got > 0 && yard_lies("byte")) {
            block[got / 2] ^= 1;
        }
        if (got > 0 && !yard_lies("lose")) {
            sendto(yard.listener, block, (size_t)got, 0, (struct sockaddr *)&peer, peer_bytes);
        }
    }
}
