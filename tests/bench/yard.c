/* SPDX-License-Identifier: MIT */
/* The yardsticks' program: usage: yard KIND PORT [--size N] [--root FOLDER] [--lie WHAT] */
#include "tests/bench/yard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, LIE_EVERY = 20 };

struct yard yard = {.size = 1024, .root = ".", .lie = ""};

static const struct kind {
    const char *name;
    void (*run)(void);
    int type;
} kinds[] = {
    {"echo-blocking", yard_echo_blocking, SOCK_STREAM},
    {"echo-epoll", yard_echo_epoll, SOCK_STREAM},
    {"echo-select", yard_echo_select, SOCK_STREAM},
    {"echo-poll", yard_echo_poll, SOCK_STREAM},
    {"udp", yard_udp, SOCK_DGRAM},
    {"chat", yard_chat, SOCK_STREAM},
    {"http", yard_http, SOCK_STREAM},
    {"raw", yard_raw, SOCK_STREAM},
};

bool yard_lies(const char *lie)
{
    static unsigned asked;
    if (yard.lie[0] == '\0' || strcmp(yard.lie, lie) != 0) {
        return false;
    }
    asked++;
    return asked % LIE_EVERY == 0;
}

int yard_accept(void)
{
    int on = 1;
    int fd = accept(yard.listener, NULL, NULL);
    if (fd >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return fd;
}

bool yard_send(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

void yard_epoll_add(int epoll, int fd)
{
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (fd >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        close(fd);
    }
}

int yard_epoll(void)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) {
        perror("yard: epoll");
        exit(1);
    }
    yard_epoll_add(epoll, yard.listener);
    return epoll;
}

static bool yard_listen(const char *kind, int type, const char *port)
{
    struct sockaddr_in address;
    socklen_t address_bytes = sizeof address;
    int on = 1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    yard.listener = socket(AF_INET, type, 0);
    if (yard.listener < 0
        || setsockopt(yard.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || bind(yard.listener, (struct sockaddr *)&address, sizeof address) != 0
        || (type == SOCK_STREAM && listen(yard.listener, BACKLOG) != 0)
        || getsockname(yard.listener, (struct sockaddr *)&address, &address_bytes) != 0) {
        fprintf(stderr, "yard: cannot listen: %s\n", strerror(errno));
        return false;
    }
    fprintf(stderr, "yard: %s listening on 127.0.0.1:%u\n", kind, ntohs(address.sin_port));
    return true;
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    bool good = argc >= 3;
    for (int i = 3; good && i < argc; i += 2) {
        good = i + 1 < argc;
        if (good && strcmp(argv[i], "--size") == 0) {
            yard.size = strtoul(argv[i + 1], NULL, 10);
        } else if (good && strcmp(argv[i], "--root") == 0) {
            yard.root = argv[i + 1];
        } else if (good && strcmp(argv[i], "--lie") == 0) {
            yard.lie = argv[i + 1];
        } else {
            good = false;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    for (size_t i = 0; good && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(argv[1], kinds[i].name) == 0) {
            if (!yard_listen(kinds[i].name, kinds[i].type, argv[2])) {
                return 1;
            }
            kinds[i].run();
            return 1; /* they go on until they are ended, or something failed */
        }
    }
    fprintf(stderr, "usage: yard KIND PORT [--size N] [--root FOLDER] [--lie byte|lose|cut]\n");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        fprintf(stderr, "  %s\n", kinds[i].name);
    }
    return 2;
}
