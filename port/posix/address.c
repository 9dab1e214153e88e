/* SPDX-License-Identifier: MIT */
/* Addresses: ours, in which IPv4 is v4-mapped IPv6, and the system's. */
#include "port/posix/posix.h"

#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool posix_address_is_mapped(const struct port_address *address)
{
    return memcmp(address->ip, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

bool posix_address_is_unspecified(const struct port_address *address)
{
    static const uint8_t zeros[16];

    if (posix_address_is_mapped(address)) {
        return memcmp(address->ip + 12, zeros, 4) == 0;
    }
    return memcmp(address->ip, zeros, 16) == 0;
}

bool posix_address_is_link_local(const struct port_address *address)
{
    const uint8_t *ip = address->ip;

    return (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) ||
           (ip[0] == 0xff && ((ip[1] & 0x0f) == 1 || (ip[1] & 0x0f) == 2));
}

void posix_address_from_ipv4(struct port_address *address, const struct in_addr *ipv4)
{
    memcpy(address->ip, mapped_prefix, sizeof(mapped_prefix));
    memcpy(address->ip + sizeof(mapped_prefix), &ipv4->s_addr, 4);
    address->zone = 0;
}

void posix_address_to_ipv4(const struct port_address *address, struct in_addr *ipv4)
{
    CHECK(posix_address_is_mapped(address));
    memcpy(&ipv4->s_addr, address->ip + sizeof(mapped_prefix), 4);
}

socklen_t posix_address_to_socket(const struct port_address *address, int domain,
                                  union posix_socket_address *to)
{
    memset(to, 0, sizeof(*to));
    if (domain == AF_INET) {
        to->ipv4.sin_family = AF_INET;
        to->ipv4.sin_port = htons(address->port);
        posix_address_to_ipv4(address, &to->ipv4.sin_addr);
        return sizeof(to->ipv4);
    }
    CHECK(domain == AF_INET6);
    to->ipv6.sin6_family = AF_INET6;
    to->ipv6.sin6_port = htons(address->port);
    to->ipv6.sin6_scope_id = address->zone;
    memcpy(to->ipv6.sin6_addr.s6_addr, address->ip, 16);
    return sizeof(to->ipv6);
}

void posix_address_from_socket(const union posix_socket_address *from,
                               struct port_address *address)
{
    memset(address, 0, sizeof(*address));
    if (from->any.sa_family == AF_INET) {
        posix_address_from_ipv4(address, &from->ipv4.sin_addr);
        address->port = ntohs(from->ipv4.sin_port);
    } else if (from->any.sa_family == AF_INET6) {
        memcpy(address->ip, from->ipv6.sin6_addr.s6_addr, 16);
        address->zone = from->ipv6.sin6_scope_id;
        address->port = ntohs(from->ipv6.sin6_port);
    }
}
