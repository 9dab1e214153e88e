/* SPDX-License-Identifier: MIT */
/* Conformance: datagrams. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

static const struct port_address unspecified;

/* Two sockets, both on the family's loopback address. */
struct sockets {
    struct port_address server_at;
    struct port_address to_server;
    struct port_address client_at;
    struct port_address to_client;
    port_handle server;
    port_handle client;
};

static bool sockets_open(const struct way *way, struct sockets *sockets)
{
    sockets->server_at = way_listen_at(way);
    sockets->client_at = way_connect_to(way, 0);
    if (port_datagram_open(&sockets->server_at, way->family, &sockets->server) != PORT_OK ||
        port_datagram_open(&sockets->client_at, way->from_ipv4 ? PORT_IPV4 : PORT_IPV6,
                           &sockets->client) != PORT_OK) {
        EXPECT(false);
        return false;
    }
    EXPECT(sockets->server_at.port != 0 && sockets->client_at.port != 0);
    sockets->to_server = way_connect_to(way, sockets->server_at.port);
    sockets->to_client = way_connect_to(way, sockets->client_at.port);
    return true;
}

/* There and back: who sent it and to where, and the answer from there. */
static void datagram_answered(const struct sockets *sockets)
{
    struct port_datagram info;
    char bytes[16];

    EXPECT(port_datagram_receive(sockets->server, bytes, 16, &info) == PORT_AGAIN);
    EXPECT(port_datagram_send(sockets->client, "question", 8, &unspecified,
                              &sockets->to_server) == 8);
    EXPECT(wait_ready(sockets->server, PORT_READ, 1000) == PORT_READ);
    memset(&info, 0x55, sizeof(info));
    EXPECT(datagram_wait(sockets->server, bytes, 16, &info) == 8);
    EXPECT(memcmp(bytes, "question", 8) == 0);
    EXPECT(address_same_ip(&info.from, &sockets->to_client));
    EXPECT(info.from.port == sockets->client_at.port);
    EXPECT(address_same_ip(&info.to, &sockets->to_server));
    EXPECT(info.to.port == sockets->server_at.port);
    EXPECT(info.from.zone == 0 && info.to.zone == 0);
    EXPECT(!info.from_self);
    EXPECT(!info.to_many);
    EXPECT(port_datagram_send(sockets->server, "answer", 6, &info.to, &info.from) == 6);
    EXPECT(datagram_wait(sockets->client, bytes, 16, &info) == 6);
    EXPECT(memcmp(bytes, "answer", 6) == 0);
    EXPECT(address_same_ip(&info.from, &sockets->to_server));
    EXPECT(info.from.port == sockets->server_at.port);
    EXPECT(port_datagram_receive(sockets->client, bytes, 16, &info) == PORT_AGAIN);
}

/* Empty ones arrive; long ones are cut and say how long they were; each stays one. */
static void lengths_true(const struct sockets *sockets)
{
    static unsigned char block[3000];
    struct port_datagram info;
    size_t i;

    for (i = 0; i < sizeof(block); i++) {
        block[i] = pattern_byte(i);
    }
    EXPECT(port_datagram_send(sockets->client, block, 0, &unspecified, &sockets->to_server) == 0);
    EXPECT(port_datagram_send(sockets->client, block, 1400, &unspecified,
                              &sockets->to_server) == 1400);
    EXPECT(port_datagram_send(sockets->client, block, 1, &unspecified, &sockets->to_server) == 1);
    memset(block, 0, sizeof(block));
    EXPECT(datagram_wait(sockets->server, block, 16, &info) == 0);
    EXPECT(info.from.port == sockets->client_at.port);
    EXPECT(datagram_wait(sockets->server, block, 100, &info) > 100);
    EXPECT(block[99] == pattern_byte(99) && block[100] == 0);
    EXPECT(datagram_wait(sockets->server, block, 0, &info) > 0);
    EXPECT(port_datagram_receive(sockets->server, block, 16, &info) == PORT_AGAIN);
    EXPECT(port_datagram_send(sockets->client, block, 1400, &unspecified,
                              &sockets->to_server) == 1400);
    EXPECT(datagram_wait(sockets->server, block, sizeof(block), &info) == 1400);
}

/* A datagram to nobody does not trouble the next. */
static void errors_queued(const struct way *way, const struct sockets *sockets)
{
    struct port_address nobody = way_connect_to(way, 0);
    struct port_datagram info;
    port_handle closed;
    char bytes[8];
    int result;
    int skips = 0;

    EXPECT(port_datagram_open(&nobody, way->from_ipv4 ? PORT_IPV4 : PORT_IPV6, &closed) ==
           PORT_OK);
    port_close(closed);
    result = port_datagram_send(sockets->client, "x", 1, &unspecified, &nobody);
    EXPECT(result == 1 || result == PORT_SKIP);
    fixture_pause_ms(2);
    result = port_datagram_send(sockets->client, "y", 1, &unspecified, &sockets->to_server);
    EXPECT(result == 1 || result == PORT_SKIP);
    if (result == PORT_SKIP) {
        EXPECT(port_datagram_send(sockets->client, "y", 1, &unspecified, &sockets->to_server) ==
               1);
    }
    EXPECT(datagram_wait(sockets->server, bytes, 8, &info) == 1);
    do {
        result = port_datagram_receive(sockets->client, bytes, 8, &info);
        skips++;
    } while (result == PORT_SKIP && skips < 4);
    EXPECT(result == PORT_AGAIN);
}

/* A socket that hears itself is told. */
static void self_told(const struct way *way, const struct sockets *sockets)
{
    const struct port_address *to = &sockets->to_server;
    struct port_datagram info;
    char bytes[8];

    EXPECT(port_datagram_send(sockets->server, "me", 2, &unspecified, to) == 2);
    EXPECT(datagram_wait(sockets->server, bytes, 8, &info) == 2);
    EXPECT(info.from_self);
    EXPECT(port_datagram_send(sockets->server, "me", 2, to, to) == 2);
    EXPECT(datagram_wait(sockets->server, bytes, 8, &info) == 2);
    EXPECT(info.from_self);
    if (way->family == PORT_DUAL && way->from_ipv4) {
        const struct port_address other = address_ipv4(127, 0, 0, 3, to->port);

        /* From one address of ours to another. */
        EXPECT(port_datagram_send(sockets->server, "me", 2, &other, to) == 2);
        EXPECT(datagram_wait(sockets->server, bytes, 8, &info) == 2);
        EXPECT(info.from_self);
        EXPECT(address_same_ip(&info.from, &other));
    }
}

/* Another socket with the same port number on another address is not this very socket. */
static void neighbour_told(void)
{
    struct port_address here = address_ipv4(127, 0, 0, 1, 0);
    struct port_address there = address_ipv4(127, 0, 0, 2, 0);
    struct port_datagram info;
    port_handle first;
    port_handle second;
    char bytes[8];

    EXPECT(port_datagram_open(&here, PORT_IPV4, &first) == PORT_OK);
    there.port = here.port;
    if (port_datagram_open(&there, PORT_IPV4, &second) != PORT_OK) {
        check_skip("127.0.0.2 is not an address here");
        port_close(first);
        return;
    }
    EXPECT(port_datagram_send(second, "hi", 2, &unspecified, &here) == 2);
    EXPECT(datagram_wait(first, bytes, 8, &info) == 2);
    EXPECT(info.from.port == here.port);
    EXPECT(!info.from_self);
    port_close(second);
    port_close(first);
}

/* Asked at another address of ours, the answer leaves from there. */
static void source_kept(const struct way *way, const struct sockets *sockets)
{
    const struct port_address to = address_ipv4(127, 0, 0, 2, sockets->server_at.port);
    struct port_datagram info;
    char bytes[8];

    if (way->family != PORT_DUAL || !way->from_ipv4) {
        return;
    }
    if (port_datagram_send(sockets->client, "?", 1, &unspecified, &to) != 1) {
        check_skip("127.0.0.2 is not an address here");
        return;
    }
    EXPECT(datagram_wait(sockets->server, bytes, 8, &info) == 1);
    EXPECT(address_same_ip(&info.to, &to));
    EXPECT(port_datagram_send(sockets->server, "!", 1, &info.to, &info.from) == 1);
    EXPECT(datagram_wait(sockets->client, bytes, 8, &info) == 1);
    EXPECT(address_same_ip(&info.from, &to));
}

static void unsendable_skipped(const struct way *way, const struct sockets *sockets)
{
    static unsigned char huge[70000];
    const struct port_address foreign = address_ipv4(192, 0, 2, 1, 0);
    struct port_address to;

    EXPECT(port_datagram_send(sockets->client, huge, sizeof(huge), &unspecified,
                              &sockets->to_server) == PORT_SKIP);
    if (way->from_ipv4) {
        /* From an address that is not ours. */
        EXPECT(port_datagram_send(sockets->client, "x", 1, &foreign, &sockets->to_server) ==
               PORT_SKIP);
    } else {
        /* From an address of the other family. */
        EXPECT(port_datagram_send(sockets->client, "x", 1, &foreign, &sockets->to_server) ==
               PORT_SKIP);
    }
    if (fixture_unreachable(&to)) {
        to.port = 9;
        EXPECT(port_datagram_send(sockets->server, "x", 1, &unspecified, &to) == PORT_SKIP);
    }
}

/* The port of an open socket is not to be had again; a closed one's is. */
static void port_exclusive(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address again;
    struct port_address foreign = address_ipv4(192, 0, 2, 1, 0);
    port_handle first;
    port_handle second;

    EXPECT(port_datagram_open(&foreign, PORT_IPV4, &first) == PORT_UNREACHABLE);
    EXPECT(port_datagram_open(&at, way->family, &first) == PORT_OK);
    again = at;
    EXPECT(port_datagram_open(&again, way->family, &second) == PORT_INUSE);
    port_close(first);
    EXPECT(port_datagram_open(&again, way->family, &second) == PORT_OK);
    port_close(second);
}

/* PORT_FULL comes in the end, and passes. */
static void sockets_run_out(void)
{
    enum { MANY = 1200 };
    static port_handle handles[MANY];
    size_t count = 0;
    int result = PORT_OK;

    while (result == PORT_OK && count < MANY) {
        struct port_address at = address_ipv4(127, 0, 0, 1, 0);

        result = port_datagram_open(&at, PORT_IPV4, &handles[count]);
        count += result == PORT_OK;
    }
    EXPECT(result == PORT_OK || result == PORT_FULL);
    EXPECT(count >= 4);
    while (count > 0) {
        count--;
        port_close(handles[count]);
    }
}

static void send_on_stream(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    port_handle listener;

    if (port_listen(&at, PORT_IPV4, &listener) == PORT_OK) {
        (void)port_datagram_send(listener, "x", 1, &unspecified, &at);
    }
}

void test_datagram(void)
{
    struct sockets sockets;
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (!way_exists(&ways[i]) || !sockets_open(&ways[i], &sockets)) {
            continue;
        }
        datagram_answered(&sockets);
        lengths_true(&sockets);
        errors_queued(&ways[i], &sockets);
        self_told(&ways[i], &sockets);
        source_kept(&ways[i], &sockets);
        unsendable_skipped(&ways[i], &sockets);
        port_close(sockets.client);
        port_close(sockets.server);
        port_exclusive(&ways[i]);
    }
    neighbour_told();
    sockets_run_out();
    EXPECT(fixture_fails(send_on_stream));
}
