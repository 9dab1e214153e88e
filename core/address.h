/* SPDX-License-Identifier: MIT */
/* Questions about addresses. IPv4 is v4-mapped throughout, and every answer is the same for it as
 * for the plain form. */
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include "port/port.h"

bool address_is_ipv4(const struct port_address *address);
bool address_is_loopback(const struct port_address *address);    /* 127/8, ::1 */
bool address_is_unspecified(const struct port_address *address); /* 0.0.0.0, :: */
bool address_is_multicast(const struct port_address *address);   /* 224/4, ff00::/8 */
bool address_is_broadcast(const struct port_address *address);   /* 255.255.255.255 */
bool address_is_link_local(const struct port_address *address);  /* 169.254/16, fe80::/10 */
bool address_ip_equal(const struct port_address *a, const struct port_address *b); /* and zone */

/* The every-address of a family: ::ffff:0.0.0.0 for PORT_IPV4, :: for the others. */
struct port_address address_any(enum port_family family, uint16_t port);

/* What limits count as one peer: an IPv4 address, the /64 of an IPv6 address, a whole link-local
 * address with its zone. Hashed with a secret drawn at start; equal keys are one peer. */
uint32_t address_peer_key(const struct port_address *address);

/* Draws the secret of address_peer_key (port_random). Before serving. */
void address_start(void);

/* Reads a literal of n bytes: 192.0.2.1, 2001:db8::1, [2001:db8::1], ::ffff:192.0.2.1, fe80::1%2
 * (RFC 4291 section 2.2, RFC 4007 section 11), with a port as 192.0.2.1:80 or [2001:db8::1]:80;
 * port and zone are 0 unless given. A zone that is a name is not read: *zone_at is where it begins
 * in bytes (it ends at ']' or with them), 0 if there is none. False: not a literal, and nothing but
 * *zone_at was written. Strict: no octal, no shortened IPv4. */
bool address_parse(const char *bytes, size_t n, struct port_address *address, size_t *zone_at);

extern const size_t address_static_bytes;

#endif
