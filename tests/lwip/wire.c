/* SPDX-License-Identifier: MIT */
/*
 * A peer that is lwIP too, on a UDP wire that loses frames: wire HERE THERE LOST_PERMILLE IPV6
 * Echo over TCP and UDP and a page over HTTP, at 10.77.0.2 and at the board's link-local address.
 */
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

#include "boards/lwip-host/host.h"
#include "core/address.h"
#include "port/port.h"

enum { TOTAL = 200000, PATIENCE_MS = 20000 };

static const struct port_address unspecified;
static uint8_t block[4096];

static struct port_address parse(const char *text, uint16_t port)
{
    struct port_address address;
    size_t zone_at = 0;
    EXPECT(address_parse(text, strlen(text), &address, &zone_at));
    address.port = port;
    return address;
}

static uint8_t wait_for(port_handle handle, uint8_t wanted, int32_t ms)
{
    struct port_event event = {handle, wanted, 0};
    (void)port_wait(&event, 1, ms);
    return event.got;
}

static bool dial(const struct port_address *to, port_handle *connection)
{
    return port_connect(to, connection) == PORT_OK &&
           wait_for(*connection, PORT_WRITE, PATIENCE_MS) != 0 &&
           port_connected(*connection) == PORT_OK;
}

static void echo_stream(const char *host)
{
    struct port_address to = parse(host, 7007);
    port_handle connection;
    size_t sent = 0;
    size_t got = 0;
    bool same = true;
    bool dialled = dial(&to, &connection);
    EXPECT(dialled);
    uint64_t end_ms = port_now_ms() + 60000;
    while (dialled && got < TOTAL && port_now_ms() < end_ms) {
        struct port_event event = {connection, PORT_READ, 0};
        event.wanted |= sent < TOTAL ? PORT_WRITE : 0;
        (void)port_wait(&event, 1, 1000);
        size_t piece = TOTAL - sent < sizeof block ? TOTAL - sent : sizeof block;
        for (size_t i = 0; i < piece; i++) {
            block[i] = (uint8_t)((sent + i) * 31 + ((sent + i) >> 8));
        }
        int n = (event.got & PORT_WRITE) != 0 ? port_send(connection, block, piece, false) : 0;
        sent += n > 0 ? (size_t)n : 0;
        n = (event.got & PORT_READ) != 0 ? port_receive(connection, block, sizeof block) : 0;
        for (int i = 0; i < n; i++) {
            size_t at = got + (size_t)i;
            same = same && block[i] == (uint8_t)(at * 31 + (at >> 8));
        }
        got += n > 0 ? (size_t)n : 0;
    }
    EXPECT(got == TOTAL);
    EXPECT(same);
    if (dialled) {
        port_close(connection);
    }
}

/* Sent again until it comes back, as whoever uses UDP must. */
static bool echo_datagram(port_handle datagrams, const struct port_address *to, size_t n)
{
    struct port_datagram info;
    for (unsigned tries = 0; tries < 8; tries++) {
        memset(block, (int)(n & 0xff), n);
        int sent = port_datagram_send(datagrams, block, n, &unspecified, to);
        EXPECT(sent == (int)n || sent == PORT_SKIP || sent == PORT_FULL);
        while (wait_for(datagrams, PORT_READ, 300) != 0) {
            int got = port_datagram_receive(datagrams, block, sizeof block, &info);
            if (got == (int)n && (n == 0 || block[n - 1] == (n & 0xff))) {
                return true;
            }
        }
    }
    return false;
}

static void echo_datagrams(const char *host)
{
    static const size_t sizes[] = {1, 2, 100, 535, 536, 537, 1000, 1400, 1452, 1472};
    struct port_address to = parse(host, 7007);
    struct port_address at;
    port_handle datagrams;
    memset(&at, 0, sizeof at);
    EXPECT(port_datagram_open(&at, PORT_DUAL, &datagrams) == PORT_OK);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        if (sizes[i] <= (address_is_ipv4(&to) ? 1472u : 1452u)) {
            EXPECT(echo_datagram(datagrams, &to, sizes[i]));
        }
    }
    port_close(datagrams);
}

static void page(const char *host)
{
    static const char request[] = "GET /hello.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    static const char status[] = "HTTP/1.1 200 OK\r\n";
    struct port_address to = parse(host, 8080);
    port_handle connection;
    size_t got = 0;
    int n = 1;
    bool dialled = dial(&to, &connection);
    EXPECT(dialled);
    if (!dialled) {
        return;
    }
    EXPECT(port_send(connection, request, sizeof request - 1, false) == sizeof request - 1);
    while (n != PORT_EOF && n != PORT_RESET && got < sizeof block - 1) {
        if (wait_for(connection, PORT_READ, PATIENCE_MS) == 0) {
            break;
        }
        n = port_receive(connection, block + got, sizeof block - 1 - got);
        got += n > 0 ? (size_t)n : 0;
    }
    EXPECT(n == PORT_EOF);
    EXPECT(got > sizeof status && memcmp(block, status, sizeof status - 1) == 0);
    port_close(connection);
}

int main(int count, char **arguments)
{
    if (count != 5) {
        printf("usage: wire HERE THERE LOST_PERMILLE IPV6\n");
        return 2;
    }
    host_settings.wire = HOST_UDP;
    host_settings.here = (uint16_t)atoi(arguments[1]);
    host_settings.there = (uint16_t)atoi(arguments[2]);
    host_settings.lost_permille = (uint32_t)atoi(arguments[3]);
    host_settings.ipv4 = "10.77.0.7";
    host_settings.hardware = 7;
    EXPECT(port_start() == PORT_OK);
    const char *hosts[] = {"10.77.0.2", arguments[4]};
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        echo_stream(hosts[i]);
        echo_datagrams(hosts[i]);
        page(hosts[i]);
    }
    for (unsigned left = 10; left > 0; left--) {
        (void)port_wait(NULL, 0, 100);
    }
    return check_report("wire");
}
