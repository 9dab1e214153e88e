/* SPDX-License-Identifier: MIT */
/* Sockets as Linux has them: their options, urgent bytes, broadcasts, zones, systems without IPv6.
 * Hazards 29, 30, 31 and 32. */
#define _GNU_SOURCE
#define CHECK_PART
#include "tests/check.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port/port_tool.h"
#include "tests/port/conform.h"
#include "tests/port/posix/posix_tests.h"

static const struct port_address unspecified;

static int option_value(int fd, int level, int option)
{
    int value = -1;
    socklen_t length = sizeof(value);

    EXPECT(getsockopt(fd, level, option, &value, &length) == 0);
    return value;
}

static void descriptor_prepared(int fd)
{
    EXPECT((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    EXPECT((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

/* A handle is a descriptor here. */
static void options_set(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    port_handle datagrams;
    struct pair pair;

    if (!pair_open(way, &pair)) {
        return;
    }
    descriptor_prepared(pair.listener);
    descriptor_prepared(pair.server);
    descriptor_prepared(pair.client);
    EXPECT(option_value(pair.server, IPPROTO_TCP, TCP_NODELAY) != 0);
    EXPECT(option_value(pair.client, IPPROTO_TCP, TCP_NODELAY) != 0);
    EXPECT(option_value(pair.server, SOL_SOCKET, SO_OOBINLINE) != 0);
    EXPECT(option_value(pair.client, SOL_SOCKET, SO_OOBINLINE) != 0);
    EXPECT(option_value(pair.listener, SOL_SOCKET, SO_REUSEADDR) != 0);
    pair_close(&pair);
    EXPECT(port_datagram_open(&at, way->family, &datagrams) == PORT_OK);
    descriptor_prepared(datagrams);
    EXPECT(option_value(datagrams, SOL_SOCKET, SO_REUSEADDR) == 0);
    if (way->family != PORT_IPV4) {
        EXPECT(option_value(datagrams, IPPROTO_IPV6, IPV6_V6ONLY) == (way->family == PORT_IPV6));
    }
    port_close(datagrams);
}

static void urgent_byte_kept(const struct way *way)
{
    struct pair pair;
    char bytes[8];
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    EXPECT(send(pair.client, "ab", 2, 0) == 2);
    EXPECT(send(pair.client, "!", 1, MSG_OOB) == 1);
    EXPECT(send(pair.client, "cd", 2, 0) == 2);
    EXPECT(receive_wait(pair.server, bytes, 5, &last) == 5);
    EXPECT(memcmp(bytes, "ab!cd", 5) == 0);
    pair_close(&pair);
}

static int sender_open(void)
{
    const int on = 1;
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);

    EXPECT(fd >= 0);
    EXPECT(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0);
    return fd;
}

static bool sent_ipv4(int fd, uint32_t ip, uint16_t port)
{
    struct sockaddr_in to;

    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(ip);
    return sendto(fd, "m", 1, 0, (const struct sockaddr *)(const void *)&to, sizeof(to)) == 1;
}

/* The broadcast address of a network of ours, and a group that the socket joined. */
static void many_told_ipv4(const struct way *way)
{
    struct port_address at = way->family == PORT_IPV4 ? address_ipv4(0, 0, 0, 0, 0)
                                                      : address_ipv6(0, 0, 0, 0);
    const struct port_address broadcast = address_ipv4(127, 255, 255, 255, 0);
    const int sender = sender_open();
    struct port_datagram info;
    struct ip_mreqn group;
    port_handle datagrams;
    char bytes[8];

    EXPECT(port_datagram_open(&at, way->family, &datagrams) == PORT_OK);
    EXPECT(sent_ipv4(sender, 0x7fffffff, at.port));
    EXPECT(datagram_wait(datagrams, bytes, 8, &info) == 1);
    EXPECT(info.to_many);
    EXPECT(address_same_ip(&info.to, &broadcast));
    EXPECT(info.to.port == at.port);
    memset(&group, 0, sizeof(group));
    group.imr_multiaddr.s_addr = htonl(0xe9000001); /* 233.0.0.1 */
    group.imr_ifindex = (int)if_nametoindex("lo");
    if (setsockopt(datagrams, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)) == 0 &&
        setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof(group)) == 0 &&
        sent_ipv4(sender, 0xe9000001, at.port)) {
        EXPECT(datagram_wait(datagrams, bytes, 8, &info) == 1);
        EXPECT(info.to_many);
    } else {
        check_skip("no IPv4 groups on lo");
    }
    EXPECT(sent_ipv4(sender, 0x7f000001, at.port));
    EXPECT(datagram_wait(datagrams, bytes, 8, &info) == 1);
    EXPECT(!info.to_many);
    (void)close(sender);
    port_close(datagrams);
}

/* ---- In a network of our own --------------------------------------------------------------- */

static void lo_up(void)
{
    struct ifreq request;
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);

    memset(&request, 0, sizeof(request));
    memcpy(request.ifr_name, "lo", 3);
    request.ifr_flags = IFF_UP;
    EXPECT(ioctl(fd, SIOCSIFFLAGS, &request) == 0);
    (void)close(fd);
}

/* Whether the address can be used already: the system takes a moment. */
static bool address_is_ready(const struct port_address *address)
{
    struct sockaddr_in6 at;
    const int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool ready;

    memset(&at, 0, sizeof(at));
    at.sin6_family = AF_INET6;
    memcpy(at.sin6_addr.s6_addr, address->ip, 16);
    at.sin6_scope_id = if_nametoindex("lo");
    ready = bind(fd, (const struct sockaddr *)(const void *)&at, sizeof(at)) == 0;
    (void)close(fd);
    return ready;
}

/* Gives lo one more IPv6 address. */
static bool lo_add(const struct port_address *address)
{
    struct {
        struct in6_addr address;
        uint32_t prefix_bits;
        int interface;
    } request;
    const int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool done;
    int tries;

    memset(&request, 0, sizeof(request));
    memcpy(request.address.s6_addr, address->ip, 16);
    request.prefix_bits = 128;
    request.interface = (int)if_nametoindex("lo");
    done = ioctl(fd, SIOCSIFADDR, &request) == 0;
    (void)close(fd);
    for (tries = 0; tries < 200 && done && !address_is_ready(address); tries++) {
        fixture_pause_ms(10);
    }
    return done;
}

/* Addresses that only mean something on one interface, from end to end. */
static void zones_kept(void)
{
    struct port_address at = address_ipv6(0xfe, 0x80, 1, 0);
    struct port_address to = at;
    struct port_address peer;
    struct port_datagram info;
    port_handle listener;
    port_handle client;
    port_handle server;
    char bytes[8];

    if (!lo_add(&at)) {
        check_skip("link-local addresses on lo");
        return;
    }
    EXPECT(port_listen(&at, PORT_IPV6, &listener) == PORT_UNREACHABLE);
    at.zone = 99;
    EXPECT(port_listen(&at, PORT_IPV6, &listener) == PORT_UNREACHABLE);
    at.zone = port_interface_number("lo");
    EXPECT(port_listen(&at, PORT_IPV6, &listener) == PORT_OK);
    to.port = at.port;
    EXPECT(port_connect(&to, &client) == PORT_UNREACHABLE);
    to.zone = at.zone;
    EXPECT(connect_wait(&to, &client) == PORT_OK);
    EXPECT(accept_wait(listener, &server, &peer) == PORT_OK);
    EXPECT(address_same_ip(&peer, &at) && peer.zone == at.zone);
    port_close(client);
    port_close(server);
    port_close(listener);
    at = address_ipv6(0, 0, 0, 0);
    EXPECT(port_datagram_open(&at, PORT_DUAL, &server) == PORT_OK);
    to.port = at.port;
    at = address_ipv6(0, 0, 0, 0);
    EXPECT(port_datagram_open(&at, PORT_IPV6, &client) == PORT_OK);
    EXPECT(port_datagram_send(client, "?", 1, &unspecified, &to) == 1);
    EXPECT(datagram_wait(server, bytes, 8, &info) == 1);
    EXPECT(info.from.zone == to.zone && info.to.zone == to.zone);
    EXPECT(address_same_ip(&info.to, &to) && !info.from_self && !info.to_many);
    EXPECT(port_datagram_send(server, "!", 1, &info.to, &info.from) == 1);
    EXPECT(datagram_wait(client, bytes, 8, &info) == 1);
    EXPECT(info.from.port == to.port);
    port_close(client);
    port_close(server);
}

/* Several addresses of one machine: answers leave from the one asked, and what comes from any of
 * them with our own port number is our own. */
static void addresses_kept(void)
{
    const struct port_address first = address_ipv6(0xfd, 1, 1, 0);
    const struct port_address second = address_ipv6(0xfd, 1, 2, 0);
    struct port_address at = address_ipv6(0, 0, 0, 0);
    struct port_address to = second;
    struct port_datagram info;
    port_handle client;
    port_handle server;
    char bytes[8];

    if (!lo_add(&first) || !lo_add(&second)) {
        check_skip("more addresses on lo");
        return;
    }
    EXPECT(port_datagram_open(&at, PORT_DUAL, &server) == PORT_OK);
    to.port = at.port;
    at = address_ipv6(0, 0, 0, 0);
    EXPECT(port_datagram_open(&at, PORT_IPV6, &client) == PORT_OK);
    EXPECT(port_datagram_send(client, "?", 1, &first, &to) == 1);
    EXPECT(datagram_wait(server, bytes, 8, &info) == 1);
    EXPECT(address_same_ip(&info.from, &first));
    EXPECT(address_same_ip(&info.to, &second));
    EXPECT(info.to.zone == 0 && !info.from_self);
    EXPECT(port_datagram_send(server, "!", 1, &info.to, &info.from) == 1);
    EXPECT(datagram_wait(client, bytes, 8, &info) == 1);
    EXPECT(address_same_ip(&info.from, &second));
    EXPECT(port_datagram_send(server, "me", 2, &first, &to) == 2);
    EXPECT(datagram_wait(server, bytes, 8, &info) == 2);
    EXPECT(address_same_ip(&info.from, &first) && info.from.port == to.port);
    EXPECT(info.from_self);
    port_close(client);
    port_close(server);
}

static bool setting_write(const char *path, const char *value)
{
    const int fd = open(path, O_WRONLY);
    const bool done = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);

    if (fd >= 0) {
        (void)close(fd);
    }
    return done;
}

/* A dual listener serves what there is; IPv6 alone is refused in a way that main can act on. */
static void ipv6_missing(void)
{
    struct port_address ipv6 = address_ipv6(0, 0, 1, 0);
    port_handle listener;
    struct pair pair;

    if (!setting_write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1")) {
        check_skip("IPv6 cannot be turned off");
        return;
    }
    EXPECT(port_listen(&ipv6, PORT_IPV6, &listener) == PORT_UNREACHABLE);
    if (pair_open(&ways[2], &pair)) {
        pair_close(&pair);
    }
}

static void network_of_our_own(void)
{
    struct port_address away = address_ipv4(192, 0, 2, 1, 9);
    struct port_address away6 = address_ipv6(0x20, 1, 9, 9);
    port_handle client;

    if (unshare(CLONE_NEWNET) != 0) {
        check_skip("a network of our own");
        return;
    }
    EXPECT(port_start() == PORT_OK);
    lo_up();
    EXPECT(connect_wait(&away, &client) == PORT_UNREACHABLE);
    EXPECT(connect_wait(&away6, &client) == PORT_UNREACHABLE);
    zones_kept();
    addresses_kept();
    ipv6_missing();
    port_end();
}

/* A port below 1,024, for somebody who is not the superuser. */
static void privileged_port_denied(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 1);
    port_handle listener;
    int result;

    if (getuid() == 0 && setuid(65534) != 0) {
        return;
    }
    EXPECT(port_start() == PORT_OK);
    result = port_listen(&at, PORT_IPV4, &listener);
    if (result == PORT_OK) {
        check_skip("every port is for everybody here");
    } else {
        EXPECT(result == PORT_DENIED);
    }
    port_end();
}

void test_posix_sockets(void)
{
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i])) {
            options_set(&ways[i]);
            urgent_byte_kept(&ways[i]);
            if (ways[i].from_ipv4) {
                many_told_ipv4(&ways[i]);
            }
        }
    }
    child_run(network_of_our_own);
    child_run(privileged_port_denied);
}
