/* SPDX-License-Identifier: MIT */
/* Sockets to the server. */
#include "tests/bench/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PORTS_PER_ADDRESS = 16000 };

void net_not_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
        measure_error("fcntl", errno);
    }
}

static struct sockaddr_in net_server(void)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(bench.port);
    if (inet_pton(AF_INET, bench.host, &address.sin_addr) != 1) {
        measure_error("not an IPv4 address", 0);
    }
    return address;
}

/* Where the next connection comes from: one address as long as it has ports, and another one in
 * each process, since the ports of the last run rest for a minute. */
static struct sockaddr_in net_source(void)
{
    static uint32_t made;
    struct sockaddr_in address;
    uint32_t run = (uint32_t)getpid() % 200U;
    uint32_t nth = made / PORTS_PER_ADDRESS % 250U;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(0x7F000001U + ((run + 1U) << 16) + (nth << 8));
    made++;
    return address;
}

static int net_open(bool blocking)
{
    struct sockaddr_in server = net_server();
    struct sockaddr_in source = net_source();
    struct timeval patience = {bench.patience_ms / 1000, bench.patience_ms % 1000 * 1000};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) {
        measure_error("socket", errno);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
#ifdef IP_BIND_ADDRESS_NO_PORT
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
#endif
    if (strncmp(bench.host, "127.", 4) == 0
        && bind(fd, (struct sockaddr *)&source, sizeof source) != 0) {
        measure_error("bind", errno);
    }
    if (!blocking) {
        net_not_blocking(fd);
    }
    if (connect(fd, (struct sockaddr *)&server, sizeof server) != 0
        && (blocking || errno != EINPROGRESS)) {
        measure_error("connect", errno);
        close(fd);
        return -1;
    }
    return fd;
}

int net_connect(void)
{
    return net_open(true);
}

int net_connect_begin(void)
{
    return net_open(false);
}

int net_datagrams(void)
{
    struct sockaddr_in server = net_server();
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof server) != 0) {
        measure_error("datagram socket", errno);
        return -1;
    }
    net_not_blocking(fd);
    return fd;
}

bool net_wait(int fd, int timeout_ms)
{
    struct pollfd ready = {fd, POLLIN, 0};
    return poll(&ready, 1, timeout_ms) == 1;
}

bool net_send(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        struct pollfd ready = {fd, POLLOUT, 0};
        if (sent > 0) {
            at += sent;
            n -= (size_t)sent;
        } else if (errno != EAGAIN || poll(&ready, 1, bench.patience_ms) != 1) {
            measure_error("send", errno);
            return false;
        }
    }
    return true;
}

bool net_receive(int fd, void *bytes, size_t n)
{
    char *at = bytes;
    while (n > 0) {
        ssize_t got = recv(fd, at, n, 0);
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        } else if (got == 0 || errno != EAGAIN || !net_wait(fd, bench.patience_ms)) {
            measure_error(got == 0 ? "the server closed" : "receive", errno);
            return false;
        }
    }
    return true;
}

void net_raise_handles(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
