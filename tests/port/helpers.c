/* SPDX-License-Identifier: MIT */
/* What the groups of conformance tests share: addresses, pairs of ends, patient calls. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

/* Nothing between two ends of one machine takes longer. */
enum { PATIENCE_MS = 2000 };

const struct way ways[WAYS] = {
    {"IPv4", PORT_IPV4, true},
    {"IPv6", PORT_IPV6, false},
    {"IPv4 to a dual listener", PORT_DUAL, true},
    {"IPv6 to a dual listener", PORT_DUAL, false},
};

struct port_address address_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
    struct port_address address;

    memset(&address, 0, sizeof(address));
    address.ip[10] = 0xff;
    address.ip[11] = 0xff;
    address.ip[12] = a;
    address.ip[13] = b;
    address.ip[14] = c;
    address.ip[15] = d;
    address.port = port;
    return address;
}

struct port_address address_ipv6(uint8_t first, uint8_t second, uint8_t last, uint16_t port)
{
    struct port_address address;

    memset(&address, 0, sizeof(address));
    address.ip[0] = first;
    address.ip[1] = second;
    address.ip[15] = last;
    address.port = port;
    return address;
}

bool address_same_ip(const struct port_address *a, const struct port_address *b)
{
    return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

struct port_address way_listen_at(const struct way *way)
{
    switch (way->family) {
    case PORT_IPV4:
        return address_ipv4(127, 0, 0, 1, 0);
    case PORT_IPV6:
        return address_ipv6(0, 0, 1, 0);
    case PORT_DUAL:
        return address_ipv6(0, 0, 0, 0);
    }
    return address_ipv6(0, 0, 0, 0);
}

struct port_address way_connect_to(const struct way *way, uint16_t port)
{
    return way->from_ipv4 ? address_ipv4(127, 0, 0, 1, port) : address_ipv6(0, 0, 1, port);
}

bool way_exists(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    port_handle listener;
    const int result = port_listen(&at, way->family, &listener);

    if (result == PORT_OK) {
        port_close(listener);
        return true;
    }
    EXPECT(result == PORT_UNREACHABLE);
    check_skip(way->name);
    return false;
}

unsigned wait_ready(port_handle handle, unsigned wanted, int32_t timeout_ms)
{
    struct port_event event;
    uint64_t end_ms;

    (void)port_wait(NULL, 0, 0);
    end_ms = port_now_ms() + (uint64_t)timeout_ms;
    event.handle = handle;
    event.wanted = (uint8_t)wanted;
    for (;;) {
        const uint64_t now_ms = port_now_ms();
        const int32_t left_ms = now_ms < end_ms ? (int32_t)(end_ms - now_ms) : 0;
        int ready;

        event.got = 0xff;
        ready = port_wait(&event, 1, left_ms);
        EXPECT(ready == (event.got != 0));
        EXPECT((event.got & ~wanted) == 0);
        if (ready > 0 || left_ms == 0) {
            return event.got;
        }
    }
}

int accept_wait(port_handle listener, port_handle *connection, struct port_address *peer)
{
    int result = port_accept(listener, connection, peer);

    while (result == PORT_AGAIN && wait_ready(listener, PORT_READ, PATIENCE_MS) != 0) {
        result = port_accept(listener, connection, peer);
    }
    return result;
}

/* Other results than PORT_OK leave no handle. */
int connect_wait(const struct port_address *to, port_handle *connection)
{
    int result = port_connect(to, connection);

    if (result != PORT_OK) {
        return result;
    }
    result = PORT_AGAIN;
    while (result == PORT_AGAIN && wait_ready(*connection, PORT_WRITE, PATIENCE_MS) != 0) {
        result = port_connected(*connection);
    }
    if (result != PORT_OK) {
        port_close(*connection);
    }
    return result;
}

bool pair_open(const struct way *way, struct pair *pair)
{
    struct port_address to;

    pair->at = way_listen_at(way);
    if (port_listen(&pair->at, way->family, &pair->listener) != PORT_OK) {
        EXPECT(false);
        return false;
    }
    to = way_connect_to(way, pair->at.port);
    if (connect_wait(&to, &pair->client) != PORT_OK) {
        EXPECT(false);
        port_close(pair->listener);
        return false;
    }
    if (accept_wait(pair->listener, &pair->server, &pair->peer) != PORT_OK) {
        EXPECT(false);
        port_close(pair->client);
        port_close(pair->listener);
        return false;
    }
    return true;
}

void pair_close(struct pair *pair)
{
    port_close(pair->client);
    port_close(pair->server);
    port_close(pair->listener);
}

bool send_wait(port_handle connection, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;
    size_t done = 0;

    while (done < n) {
        const int sent = port_send(connection, from + done, n - done, false);

        if (sent > 0) {
            done += (size_t)sent;
        } else if (sent != PORT_AGAIN || wait_ready(connection, PORT_WRITE, PATIENCE_MS) == 0) {
            return false;
        }
    }
    return true;
}

size_t receive_wait(port_handle connection, void *bytes, size_t n, int *last)
{
    unsigned char *to = bytes;
    size_t done = 0;

    *last = PORT_OK;
    while (done < n) {
        const int got = port_receive(connection, to + done, n - done);

        EXPECT(got != 0 && got <= (int)(n - done));
        if (got > 0) {
            done += (size_t)got;
        } else if (got != PORT_AGAIN || wait_ready(connection, PORT_READ, PATIENCE_MS) == 0) {
            *last = got;
            return done;
        }
    }
    return done;
}

int datagram_wait(port_handle datagrams, void *bytes, size_t n, struct port_datagram *info)
{
    int result = port_datagram_receive(datagrams, bytes, n, info);

    while (result == PORT_AGAIN && wait_ready(datagrams, PORT_READ, PATIENCE_MS) != 0) {
        result = port_datagram_receive(datagrams, bytes, n, info);
    }
    return result;
}

unsigned char pattern_byte(size_t i)
{
    return (unsigned char)(i * 7 + i / 251 + i / 65521);
}
