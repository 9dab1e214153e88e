/* SPDX-License-Identifier: MIT */
/*
 * A peer that is no TCP/IP stack: makes its own frames, and wrong ones, on a UDP wire.
 *   attack HERE THERE      ports of 127.0.0.1; the board is 10.77.0.2, and echo is at 7007
 * Segments that reach beyond the window, before the bytes that come first (which lwIP up to 2.1.3
 * does not survive without port/lwip/guard.h); frames cut short, and of chance.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tests/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FRAME_BYTES = 1600, PATIENCE_MS = 3000, ECHO_PORT = 7007 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
enum { ETHERNET = 14, IPV4 = 20, TCP = 20, HEADERS = ETHERNET + IPV4 + TCP };

static const uint8_t our_hardware[6] = {0x02, 1, 2, 3, 4, 5};
static const uint8_t our_ip[4] = {10, 77, 0, 9};
static const uint8_t their_ip[4] = {10, 77, 0, 2};

static struct {
    int fd;
    uint8_t their_hardware[6];
    uint16_t port;     /* ours */
    uint32_t next;     /* our next sequence number */
    uint32_t expected; /* theirs */
    uint32_t taken;    /* what they acknowledged last */
    uint16_t window;   /* theirs */
    uint8_t flags;     /* of the last segment that came, and its bytes */
    size_t bytes;
    uint8_t data[FRAME_BYTES];
} state;

static void put16(uint8_t *to, unsigned value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void put32(uint8_t *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to + 2, value & 0xffff);
}

static uint32_t get32(const uint8_t *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static uint32_t sum(const uint8_t *bytes, size_t n, uint32_t total)
{
    for (size_t i = 0; i < n; i++) {
        total += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
    }
    return total;
}

static unsigned fold(uint32_t total)
{
    while (total > 0xffff) {
        total = (total & 0xffff) + (total >> 16);
    }
    return ~total & 0xffff;
}

static void frame_send(const uint8_t *frame, size_t n)
{
    (void)!send(state.fd, frame, n, 0);
}

/* Waits for a frame; 0: none came in time. */
static size_t frame_receive(uint8_t *frame, int ms)
{
    struct pollfd wanted = {state.fd, POLLIN, 0};
    if (poll(&wanted, 1, ms) != 1) {
        return 0;
    }
    ssize_t n = recv(state.fd, frame, FRAME_BYTES, 0);
    return n > 0 ? (size_t)n : 0;
}

static void arp_send(uint8_t kind, const uint8_t *to_hardware)
{
    uint8_t frame[60];
    memset(frame, 0, sizeof frame);
    memcpy(frame, to_hardware, 6);
    memcpy(frame + 6, our_hardware, 6);
    memcpy(frame + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00", 9);
    frame[21] = kind;
    memcpy(frame + 22, our_hardware, 6);
    memcpy(frame + 28, our_ip, 4);
    memcpy(frame + 32, kind == 2 ? to_hardware : frame, 6);
    memcpy(frame + 38, their_ip, 4);
    frame_send(frame, sizeof frame);
}

static size_t segment_make(uint8_t *frame, uint32_t sequence, unsigned flags, const uint8_t *data,
                           size_t n)
{
    uint8_t *ip = frame + ETHERNET;
    uint8_t *tcp = ip + IPV4;
    memset(frame, 0, HEADERS);
    memcpy(frame, state.their_hardware, 6);
    memcpy(frame + 6, our_hardware, 6);
    put16(frame + 12, 0x0800);
    ip[0] = 0x45;
    put16(ip + 2, (unsigned)(IPV4 + TCP + n));
    ip[8] = 64;
    ip[9] = 6;
    memcpy(ip + 12, our_ip, 4);
    memcpy(ip + 16, their_ip, 4);
    put16(ip + 10, fold(sum(ip, IPV4, 0)));
    put16(tcp, state.port);
    put16(tcp + 2, ECHO_PORT);
    put32(tcp + 4, sequence);
    put32(tcp + 8, state.expected);
    tcp[12] = 5 << 4;
    tcp[13] = (uint8_t)flags;
    put16(tcp + 14, 60000);
    if (n > 0) {
        memcpy(tcp + TCP, data, n);
    }
    uint32_t total = sum(ip + 12, 8, 6 + (uint32_t)(TCP + n));
    put16(tcp + 16, fold(sum(tcp, TCP + n, total)));
    return HEADERS + n;
}

static void segment_send(uint32_t sequence, unsigned flags, const uint8_t *data, size_t n)
{
    uint8_t frame[FRAME_BYTES];
    frame_send(frame, segment_make(frame, sequence, flags, data, n));
}

/* Waits for a segment to us, answering ARP meanwhile. */
static int segment_receive(int ms)
{
    uint8_t frame[FRAME_BYTES];
    for (int left = 100; left > 0; left--) {
        size_t n = frame_receive(frame, ms);
        if (n == 0) {
            return 0;
        }
        if (frame[12] == 8 && frame[13] == 6 && frame[21] == 1 &&
            memcmp(frame + 38, our_ip, 4) == 0) {
            arp_send(2, frame + 6);
        }
        const uint8_t *ip = frame + ETHERNET;
        const uint8_t *tcp = ip + IPV4;
        if (n < HEADERS || frame[12] != 8 || frame[13] != 0 || ip[9] != 6 ||
            (unsigned)(tcp[2] << 8 | tcp[3]) != state.port) {
            continue;
        }
        size_t header = (size_t)(tcp[12] >> 4) * 4;
        state.flags = tcp[13];
        state.taken = get32(tcp + 8);
        state.window = (uint16_t)(tcp[14] << 8 | tcp[15]);
        state.bytes = (size_t)(ip[2] << 8 | ip[3]) - IPV4 - header;
        memcpy(state.data, tcp + header, state.bytes);
        if ((state.flags & SYN) != 0) {
            state.expected = get32(tcp + 4) + 1;
        } else if (get32(tcp + 4) == state.expected) {
            state.expected += (uint32_t)state.bytes;
        }
        return 1;
    }
    return 0;
}

static int neighbour_find(void)
{
    static const uint8_t everybody[6] = {255, 255, 255, 255, 255, 255};
    uint8_t frame[FRAME_BYTES];
    for (int tries = 0; tries < 20; tries++) {
        arp_send(1, everybody);
        while (frame_receive(frame, 200) > 0) {
            if (frame[12] == 8 && frame[13] == 6 && frame[21] == 2 &&
                memcmp(frame + 28, their_ip, 4) == 0) {
                memcpy(state.their_hardware, frame + 22, 6);
                return 1;
            }
        }
    }
    return 0;
}

static int stream_open(uint16_t port)
{
    state.port = port;
    state.next = 0xfffff000u + port;
    state.expected = 0;
    segment_send(state.next, SYN, NULL, 0);
    state.next++;
    if (!segment_receive(PATIENCE_MS) || state.flags != (SYN | ACK)) {
        return 0;
    }
    segment_send(state.next, ACK, NULL, 0);
    return 1;
}

/* Sends in order and reads the echo. */
static int stream_echoes(const uint8_t *bytes, size_t n)
{
    size_t got = 0;
    segment_send(state.next, ACK | PSH, bytes, n);
    state.next += (uint32_t)n;
    while (got < n && segment_receive(PATIENCE_MS)) {
        if (state.bytes > 0) {
            got += state.bytes;
            segment_send(state.next, ACK, NULL, 0);
        }
    }
    return got == n;
}

/* A stretch beyond the window first, of `n` bytes at `ahead`, then all that comes before it. */
static void beyond_window(uint16_t port, uint32_t ahead, size_t n)
{
    static uint8_t block[FRAME_BYTES];
    EXPECT(stream_open(port));
    segment_send(state.next + ahead, ACK | PSH, block, n);
    segment_send(state.next + ahead, ACK | PSH | FIN, block, n); /* same place, another length */
    for (uint32_t sent = 0; sent < ahead;) {
        uint32_t piece = ahead - sent < 500 ? ahead - sent : 500;
        segment_send(state.next + sent, ACK | PSH, block, piece);
        sent += piece;
    }
    for (int left = 20; left > 0 && segment_receive(20); left--) {
        segment_send(state.taken, ACK, NULL, 0);
    }
    segment_send(state.taken, RST | ACK, NULL, 0);
}

/* Frames that are cut, or whose bytes are changed by chance. */
static void frames_of_chance(void)
{
    static uint8_t block[64];
    uint8_t frame[FRAME_BYTES];
    uint32_t chance = 1;
    for (int i = 0; i < 3000; i++) {
        state.port = (uint16_t)(30000 + i % 50);
        size_t n = segment_make(frame, (uint32_t)i * 7919u, i % 3 == 0 ? SYN : ACK | PSH, block,
                                (size_t)(i % 64));
        for (int changes = i % 4; changes > 0; changes--) {
            chance = chance * 1664525u + 1013904223u;
            frame[12 + chance % (n - 12)] = (uint8_t)(chance >> 24);
        }
        if (i % 5 == 0) {
            chance = chance * 1664525u + 1013904223u;
            n = 14 + chance % (n - 14);
        }
        if (i % 7 == 0) {
            memcpy(frame + 12, "\x86\xdd\x60", 3); /* as if it were IPv6 */
        }
        frame_send(frame, n);
        if (i % 8 == 0) {
            (void)usleep(1000);
        }
        while (frame_receive(frame, 0) > 0) {
        }
    }
}

static int wire_open(const char *here, const char *there)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)atoi(here));
    state.fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(state.fd, (struct sockaddr *)&address, sizeof address) != 0) {
        return 0;
    }
    address.sin_port = htons((uint16_t)atoi(there));
    return connect(state.fd, (struct sockaddr *)&address, sizeof address) == 0;
}

int main(int count, char **arguments)
{
    if (count != 3 || !wire_open(arguments[1], arguments[2])) {
        printf("usage: attack HERE THERE\n");
        return 2;
    }
    EXPECT(neighbour_find());
    EXPECT(stream_open(2000));
    EXPECT(stream_echoes((const uint8_t *)"before", 6));
    unsigned window = state.window;
    segment_send(state.next, RST | ACK, NULL, 0);
    for (uint16_t i = 0; i < 8; i++) {
        beyond_window((uint16_t)(3000 + i), window - 600u + i * 70u, 1400);
        beyond_window((uint16_t)(4000 + i), 100u + i, 1400);
    }
    frames_of_chance();
    (void)usleep(200000);
    EXPECT(neighbour_find());
    int alive = 0;
    for (uint16_t i = 0; i < 40 && !alive; i++) { /* until half-open ones have gone */
        alive = stream_open((uint16_t)(5000 + i));
    }
    EXPECT(alive);
    EXPECT(stream_echoes((const uint8_t *)"after", 5));
    segment_send(state.next, RST | ACK, NULL, 0);
    return check_report("attack");
}
