/* SPDX-License-Identifier: MIT */
/* Addresses of the contract and of lwIP. */
#include <string.h>

#include "lwip/netif.h"

#include "port/lwip/stack.h"

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_mapped(const struct port_address *address)
{
    return memcmp(address->ip, mapped_prefix, sizeof mapped_prefix) == 0;
}

void stack_address_to(const struct port_address *address, ip_addr_t *ip)
{
    memset(ip, 0, sizeof *ip);
    if (is_mapped(address)) {
        IP_SET_TYPE(ip, IPADDR_TYPE_V4);
        memcpy(&ip_2_ip4(ip)->addr, address->ip + 12, 4);
        return;
    }
    ip6_addr_t *ip6 = ip_2_ip6(ip);
    IP_SET_TYPE(ip, IPADDR_TYPE_V6);
    memcpy(ip6->addr, address->ip, 16);
    if (ip6_addr_has_scope(ip6, IP6_UNKNOWN)) {
        ip6_addr_set_zone(ip6, (uint8_t)address->zone);
        if (ip6_addr_lacks_zone(ip6, IP6_UNKNOWN) && netif_default != NULL) {
            ip6_addr_assign_zone(ip6, IP6_UNKNOWN, netif_default);
        }
    }
}

void stack_address_from(const ip_addr_t *ip, uint16_t port, struct port_address *address)
{
    memset(address, 0, sizeof *address);
    address->port = port;
    if (IP_IS_V4(ip)) {
        memcpy(address->ip, mapped_prefix, sizeof mapped_prefix);
        memcpy(address->ip + 12, &ip_2_ip4(ip)->addr, 4);
    } else {
        memcpy(address->ip, ip_2_ip6(ip)->addr, 16);
        address->zone = ip6_addr_zone(ip_2_ip6(ip));
    }
}

bool stack_address_is_ours(const ip_addr_t *ip)
{
    struct netif *netif;
    NETIF_FOREACH(netif) {
        if (IP_IS_V4(ip)) {
            if (ip4_addr_cmp(netif_ip4_addr(netif), ip_2_ip4(ip))) {
                return true;
            }
            continue;
        }
        /* A tentative address may be somebody else's, but its own probes are not for sockets. */
        if (netif_get_ip6_addr_match(netif, ip_2_ip6(ip)) >= 0) {
            return true;
        }
    }
    return false;
}

/* Whether sockets bound to these could get the same peers. */
static bool bound_overlap(const ip_addr_t *a, const ip_addr_t *b)
{
    if (IP_IS_ANY_TYPE_VAL(*a) || IP_IS_ANY_TYPE_VAL(*b)) {
        return true;
    }
    return IP_GET_TYPE(a) == IP_GET_TYPE(b) &&
           (ip_addr_isany(a) || ip_addr_isany(b) || ip_addr_cmp(a, b));
}

static bool bound_elsewhere(const ip_addr_t *ip, uint16_t port, enum stack_kind kind)
{
    for (unsigned i = 0; i < PORT_LWIP_SOCKETS_MAX; i++) {
        const struct stack_socket *socket = stack_socket_number(i);
        if (socket->kind != (uint8_t)kind) {
            continue;
        }
        bool listens = kind == STACK_LISTENER;
        const ip_addr_t *theirs = listens ? &socket->block.tcp->local_ip
                                          : &socket->block.udp->local_ip;
        uint16_t taken = listens ? socket->block.tcp->local_port : socket->block.udp->local_port;
        if (taken == port && bound_overlap(ip, theirs)) {
            return true;
        }
    }
    return false;
}

int stack_address_bind(const struct port_address *at, enum port_family family,
                       enum stack_kind kind, ip_addr_t *ip, uint8_t *type)
{
    stack_address_to(at, ip);
    bool any = ip_addr_isany(ip);
    switch (family) {
    case PORT_IPV4:
        *type = IPADDR_TYPE_V4;
        break;
    case PORT_IPV6:
        *type = IPADDR_TYPE_V6;
        break;
    case PORT_DUAL:
        *type = IPADDR_TYPE_ANY;
        CHECK(any);
        ip_addr_copy(*ip, *IP_ANY_TYPE);
        break;
    }
    if (!any && (IP_GET_TYPE(ip) != *type || !stack_address_is_ours(ip))) {
        return PORT_UNREACHABLE;
    }
    return at->port != 0 && bound_elsewhere(ip, at->port, kind) ? PORT_INUSE : PORT_OK;
}
