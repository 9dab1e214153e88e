/* SPDX-License-Identifier: MIT */
/* Shared by the files of the conformance program: what every group of tests starts from. */
#ifndef TESTS_PORT_CONFORM_H
#define TESTS_PORT_CONFORM_H

#include "port/port.h"
#include "tests/port/fixture.h"

/* The ways a peer can come: IPv4, IPv6, and both to a dual listener. */
struct way {
    const char *name;
    enum port_family family;
    bool from_ipv4;
};
enum { WAYS = 4 };
extern const struct way ways[WAYS];
/* False if this system lacks the address family. */
bool way_exists(const struct way *way);
/* Where to listen, and where to connect to what listens at `port`. */
struct port_address way_listen_at(const struct way *way);
struct port_address way_connect_to(const struct way *way, uint16_t port);

struct port_address address_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port);
struct port_address address_ipv6(uint8_t first, uint8_t second, uint8_t last, uint16_t port);
bool address_same_ip(const struct port_address *a, const struct port_address *b);

/* Two ends of one connection, and the listener it came by. */
struct pair {
    struct port_address at;   /* where the listener is */
    struct port_address peer; /* of the client, as accepted */
    port_handle listener;
    port_handle server;
    port_handle client;
};
bool pair_open(const struct way *way, struct pair *pair);
void pair_close(struct pair *pair);

/* Waits until the handle is ready for some of `wanted`; returns what. 0 after timeout_ms. */
unsigned wait_ready(port_handle handle, unsigned wanted, int32_t timeout_ms);
/* Accepts, connects, sends all, receives up to n: as the calls, waiting up to two seconds. */
int accept_wait(port_handle listener, port_handle *connection, struct port_address *peer);
int connect_wait(const struct port_address *to, port_handle *connection);
bool send_wait(port_handle connection, const void *bytes, size_t n);
/* The count received before PORT_EOF or another end, which goes to *last. */
size_t receive_wait(port_handle connection, void *bytes, size_t n, int *last);
int datagram_wait(port_handle datagrams, void *bytes, size_t n, struct port_datagram *info);
/* The same byte for the same place, different for close places. */
unsigned char pattern_byte(size_t i);

void test_life(void);
void test_listen(void);
void test_connect(void);
void test_stream(void);
void test_ends(void);
void test_datagram(void);
void test_wait(void);
void test_file(void);
void test_directory(void);
void test_console(void);
void test_log(void);
void test_text(void);
void test_tool(void);
void test_record(void);

#endif
