/* SPDX-License-Identifier: MIT */
/* Listeners and datagram sockets: addresses that are taken, peers that wait. */
#include <string.h>

#include "port/sim/state.h"

/* The addresses of the simulated host, beside 127.0.0.0/8: for documentation (RFC 5737), private
 * (RFC 4193), link-local. */
static const uint8_t ours[][16] = {
    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 198, 51, 100, 1 },
    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
    { 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
    { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }
};

static bool is_v4(const struct port_address *address)
{
    return memcmp(address->ip, ours[0], 12) == 0;
}

static bool is_any(const struct port_address *address)
{
    static const uint8_t zeros[16] = { 0 };

    return memcmp(address->ip + (is_v4(address) ? 12 : 0), zeros, is_v4(address) ? 4 : 16) == 0;
}

bool sim_address_is_ours(const struct port_address *address)
{
    if (is_v4(address) && address->ip[12] == 127) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        if (memcmp(address->ip, ours[i], 16) == 0) {
            return true;
        }
    }
    return false;
}

bool sim_address_may_send(const struct port_address *from, const struct port_address *to)
{
    return is_any(from) || (sim_address_is_ours(from) && is_v4(from) == is_v4(to));
}

bool sim_socket_reached(const struct sim_listener *socket, const struct port_address *to)
{
    if (socket->at.port != to->port) {
        return false;
    }
    if (!is_any(&socket->at)) {
        return memcmp(socket->at.ip, to->ip, 16) == 0;
    }
    return socket->family == PORT_DUAL || (socket->family == PORT_IPV4) == is_v4(to);
}

struct sim_listener *sim_listener_for(const struct port_address *to, bool datagrams)
{
    for (size_t i = 0; i < SIM_LISTENERS; i++) {
        struct sim_listener *socket = &sim.listeners[i];

        if (socket->open && socket->datagrams == datagrams && sim_socket_reached(socket, to)) {
            return socket;
        }
    }
    return NULL;
}

static bool families_meet(unsigned a, unsigned b)
{
    return a == b || a == PORT_DUAL || b == PORT_DUAL;
}

static bool in_use(const struct port_address *at, enum port_family family, bool datagrams)
{
    for (size_t i = 0; i < SIM_LISTENERS; i++) {
        const struct sim_listener *socket = &sim.listeners[i];

        if (socket->open && socket->datagrams == datagrams && socket->at.port == at->port &&
            families_meet(socket->family, family) &&
            (is_any(&socket->at) || is_any(at) || memcmp(socket->at.ip, at->ip, 16) == 0)) {
            return true;
        }
    }
    return false;
}

static int open_fault(void)
{
    if (sim_fault(SIM_LISTEN_INUSE, SIM_NOBODY)) {
        return PORT_INUSE;
    }
    if (sim_fault(SIM_LISTEN_DENIED, SIM_NOBODY)) {
        return PORT_DENIED;
    }
    if (sim_fault(SIM_LISTEN_UNREACHABLE, SIM_NOBODY)) {
        return PORT_UNREACHABLE;
    }
    if (sim_fault(SIM_LISTEN_FULL, SIM_NOBODY) || !sim_handles_left()) {
        return PORT_FULL;
    }
    return PORT_OK;
}

int sim_socket_open(struct port_address *at, enum port_family family, bool datagrams,
                    port_handle *handle)
{
    struct sim_listener *socket;
    uint32_t i = 0;
    int result = open_fault();

    if (result != PORT_OK) {
        return result;
    }
    if (at->port != 0 && at->port < 1024) {
        return PORT_DENIED;
    }
    if (!is_any(at) && (!sim_address_is_ours(at) || is_v4(at) != (family == PORT_IPV4))) {
        return PORT_UNREACHABLE;
    }
    while (at->port == 0) {
        struct port_address wanted = *at;

        wanted.port = (uint16_t)sim.port_next;
        sim.port_next++;
        if (!in_use(&wanted, family, datagrams)) {
            *at = wanted;
        }
    }
    if (in_use(at, family, datagrams)) {
        return PORT_INUSE;
    }
    while (i < SIM_LISTENERS && sim.listeners[i].open) {
        i++;
    }
    if (i == SIM_LISTENERS) {
        return PORT_FULL;
    }
    socket = &sim.listeners[i];
    memset(socket, 0, sizeof *socket);
    socket->at = *at;
    socket->family = (uint8_t)family;
    socket->open = true;
    socket->datagrams = datagrams;
    *handle = sim_handle_take(datagrams ? SIM_HANDLE_DATAGRAM : SIM_HANDLE_LISTENER, i, 0);
    return PORT_OK;
}

void sim_socket_close(uint32_t i)
{
    struct sim_listener *socket = &sim.listeners[i];

    for (unsigned waiting = 0; waiting < socket->queued; waiting++) {
        sim_end_reset(sim_link_at(socket->queue[waiting]), 1);
    }
    socket->open = false;
}

int port_listen(struct port_address *at, enum port_family family, port_handle *listener)
{
    return sim_result("listen", SIM_NOBODY, sim_socket_open(at, family, false, listener));
}

int port_datagram_open(struct port_address *at, enum port_family family, port_handle *datagrams)
{
    return sim_result("Datagram_open", SIM_NOBODY, sim_socket_open(at, family, true, datagrams));
}

bool port_listener_queues(void)
{
    return sim.plan.queues;
}

/* Newcomers arrive with bytes or without, whatever comes of the hint. */
void port_listener_defer(port_handle listener)
{
    sim.listeners[sim_handle_get(listener, SIM_HANDLE_LISTENER, "defer")->object].defers = true;
}

static struct sim_link *queue_head(const struct sim_listener *socket)
{
    return sim_link_at(socket->queue[0]);
}

static void queue_drop(struct sim_listener *socket)
{
    socket->queued--;
    memmove(&socket->queue[0], &socket->queue[1], socket->queued * sizeof socket->queue[0]);
}

/* What an accept meets at the head of the queue; faults are named by who waits there. */
static int accept_outcome(struct sim_listener *socket, int32_t head)
{
    if (sim_fault(SIM_ACCEPT_FULL, head) || !sim_handles_left()) {
        return PORT_FULL;
    }
    if (socket->queued == 0 || sim_fault(SIM_ACCEPT_AGAIN, head)) {
        return PORT_AGAIN;
    }
    if (sim_fault(SIM_ACCEPT_SKIP, head)) {
        struct sim_link *link = queue_head(socket);

        sim_end_reset(link, 1);
        queue_drop(socket);
        sim.progress++;
        return PORT_SKIP;
    }
    return PORT_OK;
}

int port_accept(port_handle listener, port_handle *connection, struct port_address *peer)
{
    struct sim_handle *handle = sim_handle_get(listener, SIM_HANDLE_LISTENER, "accept");
    struct sim_listener *socket = &sim.listeners[handle->object];
    int32_t head = socket->queued == 0 ? SIM_NOBODY : (int32_t)queue_head(socket)->id;
    struct sim_link *link;
    int result;

    if (sim.plan.strict) {
        sim_handle_must_be_ready(listener, PORT_READ, "accept without readiness");
    }
    result = accept_outcome(socket, head);
    if (result == PORT_FULL) {
        sim.full_ms = sim.now_ms + 1;
    }
    if (result != PORT_OK) {
        return sim_result("accept", head, result);
    }
    link = queue_head(socket);
    queue_drop(socket);
    link->stage = SIM_STAGE_OPEN;
    link->ends[1].handle = sim_handle_take(SIM_HANDLE_STREAM, sim_link_slot(link), 1);
    sim_link_schedule(link);
    if (sim_fault(SIM_ACCEPT_GONE, head) && link->ends[0].open && !link->by_server) {
        sim_end_reset(link, 0);
        link->ends[1].reset = true;
        if (sim.hooks.arrived != NULL) {
            sim.hooks.arrived(link->id);
        }
    }
    *connection = link->ends[1].handle;
    if (socket->defers) {
        sim_handle_get(*connection, SIM_HANDLE_STREAM, "accept")->ready = PORT_READ;
    }
    *peer = link->ends[0].address;
    sim.progress++;
    if (sim.hooks.accepted != NULL) {
        sim.hooks.accepted(link->id);
    }
    return sim_result("accept", head, PORT_OK);
}
