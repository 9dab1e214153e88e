/* SPDX-License-Identifier: MIT */
/* The other end of connections: what tests do as peers. */
#include "port/sim/state.h"

/* The link of a connection and the end that is the test's. */
static struct sim_link *peer_link(unsigned connection, unsigned *side)
{
    struct sim_link *link = sim_link_by_id(connection);

    CHECK(link != NULL);
    *side = link->by_server ? 1 : 0;
    return link;
}

int sim_peer_connect(unsigned id, const struct port_address *from, const struct port_address *to,
                     uint32_t latency_ms, uint32_t window_bytes)
{
    struct sim_link *link;

    CHECK(id < SIM_DIALLED);
    link = sim_link_new(id, latency_ms, window_bytes);
    if (link == NULL) {
        return PORT_FULL;
    }
    link->to_server = true;
    link->ends[0].address = *from;
    link->ends[1].address = *to;
    return PORT_OK;
}

void sim_peer_listen(const struct port_address *at)
{
    CHECK(sim.peer_listens < COUNT_OF(sim.peer_listen));
    sim.peer_listen[sim.peer_listens] = *at;
    sim.peer_listens++;
}

enum sim_peer_state sim_peer_state(unsigned connection)
{
    unsigned side;
    const struct sim_link *link = peer_link(connection, &side);
    const struct sim_end *end = &link->ends[side];

    if (!end->open) {
        return SIM_PEER_CLOSED;
    }
    if (link->stage == SIM_STAGE_DIALLED) {
        return SIM_PEER_CONNECTING;
    }
    if (end->in.arrived > end->in.taken) {
        return SIM_PEER_OPEN;
    }
    if (end->reset) {
        return SIM_PEER_RESET;
    }
    return end->in.end_arrived ? SIM_PEER_ENDED : SIM_PEER_OPEN;
}

size_t sim_peer_send(unsigned connection, const void *bytes, size_t n)
{
    unsigned side;
    struct sim_link *link = peer_link(connection, &side);
    struct sim_end *end = &link->ends[side];
    size_t sent;

    if (!end->open || end->shut || end->reset || link->stage == SIM_STAGE_DIALLED) {
        return 0;
    }
    sent = sim_end_write(link, side, bytes, n, false);
    if (sent < n) {
        end->blocked = true;
    }
    return sent;
}

size_t sim_peer_readable(unsigned connection)
{
    unsigned side;
    const struct sim_link *link = peer_link(connection, &side);

    return (size_t)(link->ends[side].in.arrived - link->ends[side].in.taken);
}

size_t sim_peer_read(unsigned connection, void *bytes, size_t n)
{
    unsigned side;
    struct sim_link *link = peer_link(connection, &side);
    size_t got = sim_end_read(link, side, bytes, n, false);

    sim.progress += got > 0;
    return got;
}

void sim_peer_shut(unsigned connection)
{
    unsigned side;
    struct sim_link *link = peer_link(connection, &side);

    if (link->ends[side].open && !link->ends[side].reset) {
        sim_end_shut(link, side);
    }
}

/* Before the connection arrived there is nothing to close: it will be refused by nobody. */
static bool peer_gives_up(struct sim_link *link)
{
    if (link->stage != SIM_STAGE_DIALLED) {
        return false;
    }
    link->ends[0].open = false;
    link->ends[1].open = false;
    link->stage = SIM_STAGE_OVER;
    sim_link_schedule(link);
    return true;
}

void sim_peer_close(unsigned connection)
{
    unsigned side;
    struct sim_link *link = peer_link(connection, &side);

    if (link->ends[side].open && !peer_gives_up(link)) {
        if (link->ends[side].reset) {
            sim_end_reset(link, side);
        } else {
            sim_end_close(link, side);
        }
    }
}

void sim_peer_reset(unsigned connection)
{
    unsigned side;
    struct sim_link *link = peer_link(connection, &side);

    if (link->ends[side].open && !peer_gives_up(link)) {
        sim_end_reset(link, side);
    }
}

bool sim_held(unsigned connection)
{
    const struct sim_link *link = sim_link_by_id(connection);

    return link != NULL &&
           (link->ends[0].handle != PORT_NONE || link->ends[1].handle != PORT_NONE);
}

uint64_t sim_full_ms(void)
{
    return sim.full_ms - 1;
}

unsigned sim_backlog(void)
{
    unsigned queued = 0;

    for (size_t i = 0; i < SIM_LISTENERS; i++) {
        queued += sim.listeners[i].open ? sim.listeners[i].queued : 0u;
    }
    return queued;
}

struct port_address sim_peer_address(unsigned connection)
{
    unsigned side;
    const struct sim_link *link = peer_link(connection, &side);

    return link->ends[side].address;
}

size_t sim_server_readable(unsigned connection)
{
    unsigned side;
    const struct sim_link *link = peer_link(connection, &side);

    return (size_t)(link->ends[1 - side].in.arrived - link->ends[1 - side].in.taken);
}

size_t sim_server_room(unsigned connection)
{
    unsigned side;
    const struct sim_link *link = peer_link(connection, &side);

    return sim_pipe_room(&link->ends[side].in);
}
