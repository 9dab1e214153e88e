/* SPDX-License-Identifier: MIT */
/* Conformance: listening and accepting. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

/* The system chooses a port, tells it, and nobody else can have it meanwhile. */
static void port_chosen(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address again;
    port_handle listener;
    port_handle other = PORT_NONE;

    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    EXPECT(at.port != 0);
    again = at;
    EXPECT(port_listen(&again, way->family, &other) == PORT_INUSE);
    EXPECT(other == PORT_NONE);
    EXPECT(memcmp(&again, &at, sizeof(at)) == 0);
    port_close(listener);
    EXPECT(port_listen(&again, way->family, &listener) == PORT_OK);
    EXPECT(again.port == at.port);
    port_close(listener);
}

/* A dual listener holds the IPv4 port too; an IPv6 one does not. */
static void families_apart(void)
{
    struct port_address dual = address_ipv6(0, 0, 0, 0);
    struct port_address ipv6 = address_ipv6(0, 0, 0, 0);
    struct port_address ipv4 = address_ipv4(0, 0, 0, 0, 0);
    port_handle first;
    port_handle second;

    if (port_listen(&dual, PORT_DUAL, &first) == PORT_OK) {
        ipv4.port = dual.port;
        EXPECT(port_listen(&ipv4, PORT_IPV4, &second) == PORT_INUSE);
        port_close(first);
    }
    if (port_listen(&ipv6, PORT_IPV6, &first) == PORT_OK) {
        struct port_address to = address_ipv4(127, 0, 0, 1, ipv6.port);

        int result = connect_wait(&to, &second);
        EXPECT(result == PORT_REFUSED || (result == PORT_RESET && !fixture_can(FIXTURE_REFUSALS)));
        ipv4.port = ipv6.port;
        EXPECT(port_listen(&ipv4, PORT_IPV4, &second) == PORT_OK);
        port_close(second);
        port_close(first);
    }
}

static void foreign_addresses_refused(void)
{
    struct port_address ipv4 = address_ipv4(192, 0, 2, 1, 0);
    struct port_address ipv6 = address_ipv6(0x20, 0x01, 1, 0);
    port_handle listener;

    ipv6.ip[2] = 0x0d; /* 2001:db8::1, for documentation (RFC 3849) */
    ipv6.ip[3] = 0xb8;
    EXPECT(port_listen(&ipv4, PORT_IPV4, &listener) == PORT_UNREACHABLE);
    EXPECT(port_listen(&ipv6, PORT_IPV6, &listener) == PORT_UNREACHABLE);
}

static void nobody_waits(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address peer;
    port_handle listener;
    port_handle connection;

    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    EXPECT(port_accept(listener, &connection, &peer) == PORT_AGAIN);
    EXPECT(wait_ready(listener, PORT_READ, 20) == 0);
    EXPECT(port_accept(listener, &connection, &peer) == PORT_AGAIN);
    port_close(listener);
}

/* The listener tells who came: an IPv4 peer is v4-mapped whatever it listens on. */
static void peer_told(const struct way *way)
{
    const struct port_address loopback = way_connect_to(way, 0);
    struct pair pair;

    if (!pair_open(way, &pair)) {
        return;
    }
    EXPECT(address_same_ip(&pair.peer, &loopback));
    EXPECT(pair.peer.zone == 0);
    EXPECT(pair.peer.port != 0 && pair.peer.port != pair.at.port);
    EXPECT(pair.server != pair.client && pair.server != pair.listener);
    pair_close(&pair);
}

/* Where peers wait in the system, each of them is there when accepting begins, in order. */
static void peers_queue(const struct way *way)
{
    enum { PEERS = 10 };
    struct port_address at = way_listen_at(way);
    struct port_address to;
    struct port_address peer;
    port_handle clients[PEERS];
    port_handle server;
    port_handle listener;
    size_t i;

    if (!port_listener_queues()) {
        check_skip("peers are refused while nobody accepts");
        return;
    }
    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    to = way_connect_to(way, at.port);
    for (i = 0; i < PEERS; i++) {
        const unsigned char mark = (unsigned char)i;

        EXPECT(connect_wait(&to, &clients[i]) == PORT_OK);
        EXPECT(send_wait(clients[i], &mark, 1));
    }
    for (i = 0; i < PEERS; i++) {
        unsigned char mark = 0xff;
        int last;

        EXPECT(wait_ready(listener, PORT_READ, 1000) == PORT_READ);
        EXPECT(accept_wait(listener, &server, &peer) == PORT_OK);
        EXPECT(receive_wait(server, &mark, 1, &last) == 1);
        EXPECT(mark == i);
        port_close(server);
        port_close(clients[i]);
    }
    EXPECT(port_accept(listener, &server, &peer) == PORT_AGAIN);
    port_close(listener);
}

/* A peer that resets before it is accepted: no trouble for the one after it. */
static void peer_vanishes(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address to;
    struct port_address peer;
    port_handle listener;
    port_handle gone;
    port_handle stays;
    port_handle server;
    char byte;
    int result;
    int last;

    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    to = way_connect_to(way, at.port);
    EXPECT(connect_wait(&to, &gone) == PORT_OK);
    port_abort(gone);
    (void)wait_ready(listener, PORT_READ, 100);
    result = port_accept(listener, &server, &peer);
    EXPECT(result == PORT_OK || result == PORT_SKIP || result == PORT_AGAIN);
    if (result == PORT_OK) {
        EXPECT(wait_ready(server, PORT_READ, 1000) == PORT_READ);
        EXPECT(port_receive(server, &byte, 1) == PORT_RESET);
        port_close(server);
    }
    EXPECT(connect_wait(&to, &stays) == PORT_OK);
    EXPECT(accept_wait(listener, &server, &peer) == PORT_OK);
    EXPECT(send_wait(stays, "x", 1));
    EXPECT(receive_wait(server, &byte, 1, &last) == 1);
    port_close(server);
    port_close(stays);
    port_close(listener);
}

/* The end that closes first keeps the port in TIME_WAIT; listening there works all the same. */
static void port_taken_again(const struct way *way)
{
    struct pair pair;
    struct port_address at;
    port_handle listener;
    char byte;
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    at = pair.at;
    port_close(pair.listener);
    port_close(pair.server);
    EXPECT(receive_wait(pair.client, &byte, 1, &last) == 0);
    EXPECT(last == PORT_EOF);
    port_close(pair.client);
    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    EXPECT(at.port == pair.at.port);
    port_close(listener);
}

static void accept_closed(void)
{
    struct port_address peer;
    port_handle connection;

    (void)port_accept(PORT_NONE, &connection, &peer);
}

void test_listen(void)
{
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i])) {
            port_chosen(&ways[i]);
            nobody_waits(&ways[i]);
            peer_told(&ways[i]);
            peers_queue(&ways[i]);
            peer_vanishes(&ways[i]);
            port_taken_again(&ways[i]);
        }
    }
    families_apart();
    foreign_addresses_refused();
    EXPECT(fixture_fails(accept_closed));
}
