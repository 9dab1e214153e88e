/* SPDX-License-Identifier: MIT */
/* Datagrams: lost, doubled, late and cut, as networks do. */
#include <string.h>

#include "port/sim/state.h"

static uint64_t send_time(uint32_t latency_ms)
{
    uint64_t at = sim.now_ms + latency_ms;

    if (sim_fault(SIM_NET_REORDER, SIM_NOBODY)) {
        at += 1 + sim_fault_amount(SIM_NET_REORDER, SIM_NOBODY, 100);
    }
    return at;
}

static void keep(const struct port_datagram *info, uint32_t socket, const void *bytes, size_t n,
                 uint64_t at_ms, bool error)
{
    uint32_t i = 0;
    struct sim_datagram *datagram;
    size_t kept = n < SIM_DATAGRAM_BYTES ? n : SIM_DATAGRAM_BYTES;

    while (i < sim.datagrams_used && sim_store.datagrams[i].used) {
        i++;
    }
    if (i == SIM_DATAGRAMS) {
        return; /* the queue of a socket is finite: what does not fit is lost */
    }
    if (i == sim.datagrams_used) {
        sim.datagrams_used++;
    }
    datagram = &sim_store.datagrams[i];
    datagram->info = *info;
    datagram->socket = (uint16_t)socket;
    datagram->n = (uint32_t)n;
    datagram->at_ms = at_ms;
    datagram->order = sim.datagrams_sent;
    datagram->used = true;
    datagram->error = error;
    if (kept > 0) {
        memcpy(sim_store.datagram_bytes[i], bytes, kept);
    }
    sim.datagrams_sent++;
    if (at_ms < sim.datagrams_next_ms) {
        sim.datagrams_next_ms = at_ms;
    }
}

void sim_datagram_send(const struct port_address *from, const struct port_address *to,
                       const void *bytes, size_t n, uint32_t latency_ms, bool to_many)
{
    struct sim_listener *socket = sim_listener_for(to, true);
    struct port_datagram info;

    memset(&info, 0, sizeof info);
    if (socket == NULL || sim_fault(SIM_NET_LOSS, SIM_NOBODY)) {
        return;
    }
    info.from = *from;
    info.to = *to;
    info.to_many = to_many;
    info.from_self = sim_address_is_ours(from) && sim_socket_reached(socket, from);
    keep(&info, (uint32_t)(socket - sim.listeners), bytes, n, send_time(latency_ms), false);
    if (sim_fault(SIM_NET_DUPLICATE, SIM_NOBODY)) {
        keep(&info, (uint32_t)(socket - sim.listeners), bytes, n, send_time(latency_ms), false);
    }
}

unsigned sim_datagrams_waiting(void)
{
    unsigned waiting = 0;

    for (uint32_t i = 0; i < sim.datagrams_used; i++) {
        waiting += sim_store.datagrams[i].used ? 1u : 0u;
    }
    return waiting;
}

/* The one that came first, or NULL. */
static struct sim_datagram *first_of(uint32_t socket)
{
    struct sim_datagram *first = NULL;

    for (uint32_t i = 0; i < sim.datagrams_used; i++) {
        struct sim_datagram *datagram = &sim_store.datagrams[i];

        if (datagram->used && datagram->socket == socket && datagram->at_ms <= sim.now_ms &&
            (first == NULL || datagram->at_ms < first->at_ms ||
             (datagram->at_ms == first->at_ms && datagram->order < first->order))) {
            first = datagram;
        }
    }
    return first;
}

bool sim_datagram_ready(uint32_t socket)
{
    return first_of(socket) != NULL;
}

uint64_t sim_datagrams_step_next(void)
{
    if (sim.datagrams_next_ms <= sim.now_ms) {
        sim.datagrams_next_ms = SIM_NEVER;
        for (uint32_t i = 0; i < sim.datagrams_used; i++) {
            const struct sim_datagram *datagram = &sim_store.datagrams[i];

            if (datagram->used && datagram->at_ms > sim.now_ms &&
                datagram->at_ms < sim.datagrams_next_ms) {
                sim.datagrams_next_ms = datagram->at_ms;
            }
        }
    }
    return sim.datagrams_next_ms;
}

int port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                          struct port_datagram *info)
{
    struct sim_handle *handle = sim_handle_get(datagrams, SIM_HANDLE_DATAGRAM, "datagram_receive");
    struct sim_datagram *first;
    size_t kept;
    uint32_t i;

    if (sim.plan.strict) {
        sim_handle_must_be_ready(datagrams, PORT_READ, "datagram_receive without readiness");
    }
    first = first_of(handle->object);
    if (first == NULL || sim_fault(SIM_DATAGRAM_RECEIVE_AGAIN, SIM_NOBODY)) {
        return sim_result("Datagram_receive", SIM_NOBODY, PORT_AGAIN);
    }
    if (first->error || sim_fault(SIM_DATAGRAM_RECEIVE_SKIP, SIM_NOBODY)) {
        first->used = !first->error;
        sim.progress++;
        return sim_result("Datagram_receive", SIM_NOBODY, PORT_SKIP);
    }
    i = (uint32_t)(first - sim_store.datagrams);
    kept = n < first->n ? n : first->n;
    memset(bytes, 0, kept);
    memcpy(bytes, sim_store.datagram_bytes[i], kept < SIM_DATAGRAM_BYTES ? kept
                                                                         : SIM_DATAGRAM_BYTES);
    sim_hash_bytes(bytes, kept);
    *info = first->info;
    first->used = false;
    sim.progress++;
    if (sim.hooks.datagram_received != NULL) {
        sim.hooks.datagram_received(info, bytes, kept, first->n);
    }
    return sim_result("Datagram_receive", SIM_NOBODY, (int)first->n);
}

int port_datagram_send(port_handle datagrams, const void *bytes, size_t n,
                       const struct port_address *from, const struct port_address *to)
{
    struct sim_handle *handle = sim_handle_get(datagrams, SIM_HANDLE_DATAGRAM, "datagram_send");
    struct sim_listener *target = sim_listener_for(to, true);
    struct port_address source = *from;
    int result = (int)n;

    source.port = sim.listeners[handle->object].at.port;
    if (sim_fault(SIM_DATAGRAM_SEND_AGAIN, SIM_NOBODY)) {
        result = PORT_AGAIN;
    } else if (sim_fault(SIM_DATAGRAM_SEND_FULL, SIM_NOBODY)) {
        result = PORT_FULL;
    } else if (n > SIM_DATAGRAM_BYTES || !sim_address_may_send(from, to) ||
               sim_fault(SIM_DATAGRAM_SEND_SKIP, SIM_NOBODY)) {
        result = PORT_SKIP;
    }
    if (result < 0) {
        return sim_result("datagram_send", SIM_NOBODY, result);
    }
    sim.progress++;
    sim_hash_bytes(bytes, n);
    if (sim.hooks.datagram != NULL) {
        sim.hooks.datagram(&source, to, bytes, n);
    }
    if (target != NULL && sim_address_is_ours(to)) {
        struct port_address sender = source;

        if (!sim_address_is_ours(&sender)) { /* unspecified: the system chooses */
            const struct port_address *bound = &sim.listeners[handle->object].at;

            memcpy(sender.ip, sim_address_is_ours(bound) ? bound->ip : to->ip, sizeof sender.ip);
        }
        sim_datagram_send(&sender, to, bytes, n, 0, false);
    }
    return sim_result("datagram_send", SIM_NOBODY, result);
}
