/* SPDX-License-Identifier: MIT */
/* Yardsticks that give files: one fixed answer by HTTP; a name and its file, raw. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/pattern.h"
#include "tests/bench/yard.h"

enum { HEAD_BYTES = 256, REQUEST_BYTES = 4096 };

static char *answer;
static size_t answer_bytes;

static bool answer_make(void)
{
    answer = malloc(HEAD_BYTES + yard.size);
    if (answer == NULL) {
        return false;
    }
    int n = snprintf(answer, HEAD_BYTES,
                     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %lu\r\n\r\n",
                     (unsigned long)yard.size);
    answer_bytes = (size_t)n + yard.size;
    for (size_t i = 0; i < yard.size; i++) {
        answer[(size_t)n + i] = (char)*pattern_at(i);
    }
    return true;
}

/* Answers what is taken for one whole request. False: the peer is gone, or asked for that. */
static bool answer_once(int fd)
{
    char request[REQUEST_BYTES];
    ssize_t got = recv(fd, request, sizeof request - 1, 0);
    if (got <= 0) {
        return false;
    }
    request[got] = '\0';
    bool last = strstr(request, "Connection: close") != NULL;
    if (yard_lies("cut")) {
        yard_send(fd, answer, answer_bytes - 1);
        return false;
    }
    if (yard_lies("byte")) {
        return yard_send(fd, answer, answer_bytes - 1) && yard_send(fd, " ", 1) && !last;
    }
    return yard_send(fd, answer, answer_bytes) && !last;
}

void yard_http(void)
{
    struct epoll_event events[YARD_EVENTS];
    int epoll = yard_epoll();
    while (answer_make()) {
        for (;;) {
            int ready = epoll_wait(epoll, events, YARD_EVENTS, -1);
            for (int i = 0; i < ready; i++) {
                int fd = events[i].data.fd;
                if (fd == yard.listener) {
                    yard_epoll_add(epoll, yard_accept());
                } else if (!answer_once(fd)) {
                    close(fd);
                }
            }
        }
    }
}

static void raw_once(int peer, int root)
{
    char name[REQUEST_BYTES];
    struct stat info;
    ssize_t got = recv(peer, name, sizeof name - 1, 0);
    name[got > 0 ? got : 0] = '\0';
    name[strcspn(name, "\r\n")] = '\0';
    int file = openat(root, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    if (fstat(file, &info) == 0) {
        off_t end = info.st_size - (yard_lies("cut") ? 1 : 0);
        off_t at = 0;
        while (at < end && sendfile(peer, file, &at, (size_t)(end - at)) > 0) {
        }
    }
    close(file);
}

void yard_raw(void)
{
    int root = open(yard.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int peer = yard_accept(); peer >= 0; peer = yard_accept()) {
        raw_once(peer, root);
        close(peer);
    }
}
