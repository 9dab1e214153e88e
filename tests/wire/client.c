/* SPDX-License-Identifier: MIT */
/* Plain clients for the crowd programs, and what /proc says about the server. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/wire/client.h"

enum { CONNECT_MS = 5000 };

uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

void clock_sleep_ms(uint64_t ms)
{
    struct timespec time = {(time_t)(ms / 1000U), (long)(ms % 1000U) * 1000000L};
    nanosleep(&time, NULL);
}

uint64_t client_patience(uint64_t ms)
{
    const char *factor = getenv("PATIENCE");
    return factor != NULL ? ms * strtoull(factor, NULL, 10) : ms;
}

static int connect_begin(const struct addrinfo *to, int window_bytes)
{
    int one = 1;
    int fd = socket(to->ai_family, SOCK_STREAM, 0);
    if (fd < 0) {
        return -1;
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (window_bytes > 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window_bytes, sizeof window_bytes);
    }
    if (connect(fd, to->ai_addr, to->ai_addrlen) != 0 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

int client_open(const char *host, const char *port, int window_bytes)
{
    struct addrinfo hints;
    struct addrinfo *list = NULL;
    int error = 0;
    socklen_t error_bytes = sizeof error;
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &list) != 0) {
        return -1;
    }
    int fd = connect_begin(list, window_bytes);
    freeaddrinfo(list);
    struct pollfd ready = {fd, POLLOUT, 0};
    if (fd < 0) {
        return -1;
    }
    if (poll(&ready, 1, (int)client_patience(CONNECT_MS)) != 1) {
        error = ETIMEDOUT;
    } else {
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_bytes);
    }
    if (error != 0) {
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

bool client_say(int fd, const char *text)
{
    size_t n = strlen(text);
    return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

long client_hear(int fd, const char *text, uint64_t within_ms)
{
    static char heard[8192];
    size_t n = 0;
    uint64_t begin_ms = clock_ms();
    uint64_t end_ms = begin_ms + client_patience(within_ms);
    for (;;) {
        uint64_t now = clock_ms();
        struct pollfd ready = {fd, POLLIN, 0};
        if (now > end_ms || poll(&ready, 1, (int)(end_ms - now)) != 1) {
            return -1;
        }
        ssize_t got = recv(fd, heard + n, sizeof heard - 1 - n, 0);
        if (got <= 0) {
            return -1;
        }
        n += (size_t)got;
        heard[n] = '\0';
        if (strstr(heard, text) != NULL) {
            return (long)(clock_ms() - begin_ms);
        }
        if (n > sizeof heard / 2) {
            memmove(heard, heard + n - 200, 200);
            n = 200;
        }
    }
}

void client_reset(int fd)
{
    struct linger linger = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(fd);
}

bool client_handles(size_t n)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < n) {
        return false;
    }
    limit.rlim_cur = n;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static size_t proc_read(pid_t pid, const char *what, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, what);
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[n > 0 ? n : 0] = '\0';
    return n > 0 ? (size_t)n : 0;
}

uint64_t process_resident_kb(pid_t pid)
{
    char text[4096];
    const char *row = NULL;
    if (proc_read(pid, "status", text, sizeof text) > 0) {
        row = strstr(text, "VmRSS:");
    }
    return row == NULL ? 0 : strtoull(row + 6, NULL, 10);
}

uint64_t process_used_ms(pid_t pid)
{
    char text[1024];
    unsigned long long user = 0;
    unsigned long long system = 0;
    if (proc_read(pid, "stat", text, sizeof text) == 0) {
        return 0;
    }
    const char *at = strrchr(text, ')');
    if (at == NULL
        || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system)
               != 2) {
        return 0;
    }
    return (uint64_t)((user + system) * 1000U / (unsigned long long)sysconf(_SC_CLK_TCK));
}
