/* SPDX-License-Identifier: MIT */
/* Datagrams: a short ring for each socket; when it is full, the newest is lost. */
#include <string.h>

#include "lwip/ip.h"
#include "lwip/netif.h"

#include "port/lwip/stack.h"

/* The longest datagram: what IPv4 can carry less the headers, so that IPv6 can as well. */
enum { DATAGRAM_BYTES_MAX = 65507 };

STATIC_ASSERT(PORT_LWIP_DATAGRAM_SOCKETS_MAX >= 1 && PORT_LWIP_DATAGRAM_SOCKETS_MAX <= 16);
STATIC_ASSERT(PORT_LWIP_DATAGRAMS_MAX >= 1 && PORT_LWIP_DATAGRAMS_MAX <= 64);

struct waiting {
    struct pbuf *p;
    ip_addr_t from;
    ip_addr_t to;
    uint16_t port;
    bool to_many;
};

struct ring {
    struct waiting waiting[PORT_LWIP_DATAGRAMS_MAX];
    uint8_t head;
    uint8_t count;
    bool taken;
};

static struct {
    struct ring rings[PORT_LWIP_DATAGRAM_SOCKETS_MAX];
} state;

size_t stack_datagram_static_bytes(void)
{
    return sizeof state;
}

static struct ring *ring_of(const struct stack_socket *socket)
{
    CHECK(socket->ring < PORT_LWIP_DATAGRAM_SOCKETS_MAX && state.rings[socket->ring].taken);
    return &state.rings[socket->ring];
}

static void on_datagram(void *argument, struct udp_pcb *block, struct pbuf *p,
                        const ip_addr_t *from, u16_t port)
{
    struct ring *ring = ring_of(argument);
    (void)block;
    if (ring->count == PORT_LWIP_DATAGRAMS_MAX) {
        (void)pbuf_free(p);
        return;
    }
    unsigned tail = (ring->head + (unsigned)ring->count) % PORT_LWIP_DATAGRAMS_MAX;
    struct waiting *waiting = &ring->waiting[tail];
    waiting->p = p;
    waiting->port = port;
    ip_addr_copy(waiting->from, *from);
    ip_addr_copy(waiting->to, *ip_current_dest_addr());
    waiting->to_many = ip_addr_ismulticast(ip_current_dest_addr()) ||
                       ip_addr_isbroadcast(ip_current_dest_addr(), ip_current_netif());
    ring->count++;
}

static bool ring_take(struct stack_socket *socket)
{
    for (unsigned i = 0; i < PORT_LWIP_DATAGRAM_SOCKETS_MAX; i++) {
        if (!state.rings[i].taken) {
            memset(&state.rings[i], 0, sizeof state.rings[i]);
            state.rings[i].taken = true;
            socket->ring = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static void ring_pop(struct ring *ring)
{
    (void)pbuf_free(ring->waiting[ring->head].p);
    ring->head = (uint8_t)((ring->head + 1u) % PORT_LWIP_DATAGRAMS_MAX);
    ring->count--;
}

int port_datagram_open(struct port_address *at, enum port_family family, port_handle *datagrams)
{
    ip_addr_t ip;
    uint8_t type = IPADDR_TYPE_V4;
    int result = stack_address_bind(at, family, STACK_DATAGRAMS, &ip, &type);
    if (result != PORT_OK) {
        return result;
    }
    struct udp_pcb *block = udp_new_ip_type(type);
    if (block == NULL) {
        return PORT_FULL;
    }
    /* Who overlaps was looked at; lwIP's own rule is stricter than that. */
    ip_set_option(block, SOF_REUSEADDR);
    err_t error = udp_bind(block, &ip, at->port);
    struct stack_socket *socket = error == ERR_OK ? stack_socket_take(STACK_DATAGRAMS) : NULL;
    if (socket == NULL || !ring_take(socket)) {
        if (socket != NULL) {
            stack_socket_free(socket);
        }
        udp_remove(block);
        return error == ERR_USE ? PORT_INUSE : PORT_FULL;
    }
    socket->block.udp = block;
    udp_recv(block, on_datagram, socket);
    at->port = block->local_port;
    *datagrams = stack_socket_handle(socket);
    return PORT_OK;
}

void stack_datagrams_close(struct stack_socket *socket)
{
    struct ring *ring = ring_of(socket);
    udp_remove(socket->block.udp);
    for (unsigned left = PORT_LWIP_DATAGRAMS_MAX; left > 0 && ring->count > 0; left--) {
        ring_pop(ring);
    }
    ring->taken = false;
}

bool stack_datagrams_ready(const struct stack_socket *socket)
{
    return ring_of(socket)->count > 0;
}

/* An address that this socket sends from. */
static bool from_this_socket(const struct stack_socket *socket, const struct waiting *waiting)
{
    const struct udp_pcb *block = socket->block.udp;
    bool any = ip_addr_isany(&block->local_ip);
    return waiting->port == block->local_port && stack_address_is_ours(&waiting->from) &&
           (any || ip_addr_cmp(&block->local_ip, &waiting->from));
}

int port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                          struct port_datagram *info)
{
    struct stack_socket *socket = stack_socket_at(datagrams, STACK_DATAGRAMS);
    struct ring *ring = ring_of(socket);
    if (ring->count == 0) {
        return PORT_AGAIN;
    }
    const struct waiting *waiting = &ring->waiting[ring->head];
    int length = waiting->p->tot_len;
    if (n > 0) {
        (void)pbuf_copy_partial(waiting->p, bytes, n < UINT16_MAX ? (uint16_t)n : UINT16_MAX, 0);
    }
    stack_address_from(&waiting->from, waiting->port, &info->from);
    stack_address_from(&waiting->to, socket->block.udp->local_port, &info->to);
    info->to_many = waiting->to_many;
    info->from_self = from_this_socket(socket, waiting);
    ring_pop(ring);
    return length;
}

/* Sends p, from an address of ours or as lwIP chooses. */
static err_t datagram_out(struct udp_pcb *block, struct pbuf *p, const ip_addr_t *from,
                          const ip_addr_t *to, uint16_t port)
{
    if (ip_addr_isany(from)) {
        if (ip_addr_isany(&block->local_ip)) {
            return udp_sendto(block, p, to, port);
        }
        from = &block->local_ip;
    }
    if (IP_GET_TYPE(from) != IP_GET_TYPE(to) || !stack_address_is_ours(from)) {
        return ERR_RTE;
    }
    struct netif *netif = ip_route(from, to);
    return netif == NULL ? ERR_RTE : udp_sendto_if_src(block, p, to, port, netif, from);
}

int port_datagram_send(port_handle datagrams, const void *bytes, size_t n,
                       const struct port_address *from, const struct port_address *to)
{
    struct stack_socket *socket = stack_socket_at(datagrams, STACK_DATAGRAMS);
    if (n > DATAGRAM_BYTES_MAX) {
        return PORT_SKIP;
    }
    /* Not copied, unless it must wait for a neighbour's address: then lwIP does it. */
    struct pbuf *p = pbuf_alloc_reference((void *)(uintptr_t)bytes, (uint16_t)n, PBUF_REF);
    if (p == NULL) {
        return PORT_FULL;
    }
    ip_addr_t source;
    ip_addr_t target;
    stack_address_to(from, &source);
    stack_address_to(to, &target);
    err_t error = datagram_out(socket->block.udp, p, &source, &target, to->port);
    (void)pbuf_free(p);
    if (error == ERR_OK) {
        return (int)n;
    }
    return error == ERR_MEM || error == ERR_BUF ? PORT_FULL : PORT_SKIP;
}
