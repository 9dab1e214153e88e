/* SPDX-License-Identifier: MIT */
/* Wires of this machine: a tap, or datagrams to another process; and its clock. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "boards/lwip-host/host.h"

static struct {
    int fd;
} state;

static bool tap_open(void)
{
    struct ifreq request;
    state.fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    (void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", host_settings.tap);
    return state.fd >= 0 && ioctl(state.fd, TUNSETIFF, &request) == 0;
}

static bool udp_open(void)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(host_settings.here);
    state.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (state.fd < 0 || bind(state.fd, (struct sockaddr *)&address, sizeof address) != 0) {
        return false;
    }
    address.sin_port = htons(host_settings.there);
    return connect(state.fd, (struct sockaddr *)&address, sizeof address) == 0;
}

bool host_link_open(void)
{
    return host_settings.wire == HOST_TAP ? tap_open() : udp_open();
}

bool host_link_put(const uint8_t *frame, size_t n)
{
    return write(state.fd, frame, n) == (ssize_t)n;
}

size_t host_link_take(uint8_t *frame)
{
    ssize_t n = read(state.fd, frame, HOST_FRAME_BYTES);
    return n > 0 ? (size_t)n : 0;
}

void host_link_sleep(uint32_t ms)
{
    struct pollfd wanted = {state.fd, POLLIN, 0};
    (void)poll(&wanted, 1, ms < 1000 ? (int)ms : 1000);
}

uint64_t host_clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint32_t host_noise(void)
{
    uint32_t noise = 0;
    (void)getrandom(&noise, sizeof noise, 0);
    return noise;
}
