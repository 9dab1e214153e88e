/* SPDX-License-Identifier: MIT */
/* Links between two ends: bytes in flight, windows, ends and resets. */
#include <string.h>

#include "port/sim/state.h"

/* ---- Slots --------------------------------------------------------------------------------- */

static uint32_t slot_of_id(uint32_t id)
{
    return id < SIM_DIALLED ? id % SIM_PEERS
                            : SIM_PEERS + (id - SIM_DIALLED) % (SIM_LINKS - SIM_PEERS);
}

struct sim_link *sim_link_at(uint32_t slot)
{
    return &sim_store.links[slot];
}

uint32_t sim_link_slot(const struct sim_link *link)
{
    return (uint32_t)(link - sim_store.links);
}

struct sim_link *sim_link_by_id(uint32_t id)
{
    uint32_t slot = slot_of_id(id);

    if (slot >= sim.links_used || sim_store.links[slot].id != id ||
        sim_store.links[slot].stage == SIM_STAGE_FREE) {
        return NULL;
    }
    return &sim_store.links[slot];
}

static void end_begin(struct sim_end *end, uint32_t window_bytes, uint64_t tag)
{
    end->handle = PORT_NONE;
    end->open = true;
    end->reset_ms = SIM_NEVER;
    end->wake_ms = SIM_NEVER;
    end->in.window = window_bytes;
    end->in.end_ms = SIM_NEVER;
    end->in.tag = tag;
}

struct sim_link *sim_link_new(uint32_t id, uint32_t latency_ms, uint32_t window_bytes)
{
    uint32_t slot = slot_of_id(id);
    struct sim_link *link = &sim_store.links[slot];

    CHECK(window_bytes >= 1 && window_bytes <= SIM_PIPE_BYTES);
    while (sim.links_used <= slot) {
        sim_store.links[sim.links_used].stage = SIM_STAGE_FREE;
        sim.link_next[sim.links_used] = SIM_NEVER;
        sim.links_used++;
    }
    if (link->stage != SIM_STAGE_FREE && link->stage != SIM_STAGE_OVER) {
        return NULL;
    }
    memset(link, 0, sizeof *link);
    link->stage = SIM_STAGE_DIALLED;
    link->id = id;
    link->latency_ms = latency_ms;
    link->worse = (sim_mix(sim.plan.seed, 0x776f, id) & 1) != 0;
    link->stage_ms = sim.now_ms + latency_ms;
    end_begin(&link->ends[0], window_bytes, (uint64_t)id * 2);
    end_begin(&link->ends[1], window_bytes, (uint64_t)id * 2 + 1);
    sim_link_schedule(link);
    return link;
}

/* ---- Pipes --------------------------------------------------------------------------------- */

static uint8_t *bytes_of(const struct sim_link *link, unsigned side)
{
    return sim_store.pipes[sim_link_slot(link)][side];
}

size_t sim_pipe_room(const struct sim_pipe *pipe)
{
    uint64_t used = pipe->sent - pipe->taken;

    return used >= pipe->window ? 0 : (size_t)(pipe->window - used);
}

/* Lets go what is written and not yet on its way. */
static void pipe_release(struct sim_link *link, struct sim_pipe *pipe)
{
    struct sim_segment *last;
    uint64_t at = sim.now_ms + link->latency_ms;

    if (pipe->released == pipe->sent) {
        return;
    }
    at += sim_mix(sim.plan.seed, pipe->tag, pipe->sent) % (link->latency_ms / 4 + 1);
    pipe->released = pipe->sent;
    if (pipe->segment_count > 0) {
        last = &pipe->segments[(pipe->segment_first + pipe->segment_count - 1u) % SIM_SEGMENTS];
        if (last->at_ms > at) {
            at = last->at_ms;
        }
        if (pipe->segment_count == SIM_SEGMENTS || last->at_ms == at) {
            last->at_ms = at;
            last->until = pipe->sent;
            return;
        }
    }
    last = &pipe->segments[(pipe->segment_first + pipe->segment_count) % SIM_SEGMENTS];
    pipe->segment_count++;
    last->at_ms = at;
    last->until = pipe->sent;
}

size_t sim_end_write(struct sim_link *link, unsigned side, const uint8_t *bytes, size_t n,
                     bool more)
{
    struct sim_pipe *pipe = &link->ends[1 - side].in;
    uint8_t *ring = bytes_of(link, 1 - side);
    size_t room = sim_pipe_room(pipe);
    size_t at = (size_t)(pipe->sent % SIM_PIPE_BYTES);
    size_t first;

    if (n >= room) {
        n = room;
        more = false; /* no stack holds back what more cannot join for want of room */
    }
    first = n < SIM_PIPE_BYTES - at ? n : SIM_PIPE_BYTES - at;
    memcpy(&ring[at], bytes, first);
    memcpy(ring, bytes + first, n - first);
    pipe->sent += n;
    if (!more) {
        pipe_release(link, pipe);
    }
    sim_link_schedule(link);
    return n;
}

size_t sim_end_read(struct sim_link *link, unsigned side, uint8_t *bytes, size_t n, bool keep)
{
    struct sim_end *end = &link->ends[side];
    struct sim_end *other = &link->ends[1 - side];
    const uint8_t *ring = bytes_of(link, side);
    size_t there = (size_t)(end->in.arrived - end->in.taken);
    size_t at = (size_t)(end->in.taken % SIM_PIPE_BYTES);
    size_t first;

    if (n > there) {
        n = there;
    }
    first = n < SIM_PIPE_BYTES - at ? n : SIM_PIPE_BYTES - at;
    memcpy(bytes, &ring[at], first);
    memcpy(bytes + first, ring, n - first);
    if (!keep) {
        end->in.taken += n;
        if (other->blocked && n > 0) {
            other->blocked = false;
            other->wake_ms = sim.now_ms + link->latency_ms;
            sim_link_schedule(link);
        }
    }
    return n;
}

bool sim_end_readable(const struct sim_link *link, unsigned side)
{
    const struct sim_end *end = &link->ends[side];

    return end->reset || end->in.arrived > end->in.taken || end->in.end_arrived;
}

bool sim_end_writable(const struct sim_link *link, unsigned side)
{
    const struct sim_end *end = &link->ends[side];

    if (link->stage == SIM_STAGE_DIALLED) {
        return false;
    }
    return end->reset || sim_pipe_room(&link->ends[1 - side].in) > 0;
}

/* ---- Ends ---------------------------------------------------------------------------------- */

static void link_settle(struct sim_link *link)
{
    if (!link->ends[0].open && !link->ends[1].open) {
        link->stage = SIM_STAGE_OVER;
    }
    sim_link_schedule(link);
}

void sim_end_shut(struct sim_link *link, unsigned side)
{
    struct sim_pipe *pipe = &link->ends[1 - side].in;

    if (link->ends[side].shut) {
        return;
    }
    link->ends[side].shut = true;
    pipe_release(link, pipe);
    pipe->end_sent = true;
    pipe->end_ms = sim.now_ms + link->latency_ms;
    if (pipe->segment_count > 0) {
        uint64_t at = pipe->segments[(pipe->segment_first + pipe->segment_count - 1u) %
                                     SIM_SEGMENTS].at_ms;

        if (pipe->end_ms < at) {
            pipe->end_ms = at;
        }
    }
    sim_link_schedule(link);
}

void sim_end_reset(struct sim_link *link, unsigned side)
{
    struct sim_end *other = &link->ends[1 - side];

    link->ends[side].open = false;
    if (other->reset_ms == SIM_NEVER && !other->reset) {
        other->reset_ms = sim.now_ms + link->latency_ms;
    }
    link_settle(link);
}

void sim_end_close(struct sim_link *link, unsigned side)
{
    struct sim_end *end = &link->ends[side];

    if (end->in.arrived > end->in.taken) {
        sim_end_reset(link, side); /* what nobody will read is an error to the one who sent it */
        return;
    }
    sim_end_shut(link, side);
    end->open = false;
    link_settle(link);
}

/* ---- Time ---------------------------------------------------------------------------------- */

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t end_next(const struct sim_end *end)
{
    const struct sim_pipe *pipe = &end->in;
    uint64_t next = earlier(end->reset_ms, end->wake_ms);

    if (pipe->segment_count > 0) {
        return earlier(next, pipe->segments[pipe->segment_first].at_ms);
    }
    if (pipe->end_sent && !pipe->end_arrived) {
        return earlier(next, pipe->end_ms);
    }
    return next;
}

void sim_link_schedule(struct sim_link *link)
{
    uint64_t next = SIM_NEVER;

    if (link->stage == SIM_STAGE_DIALLED) {
        next = link->stage_ms;
    } else if (link->stage != SIM_STAGE_OVER && link->stage != SIM_STAGE_FREE) {
        next = earlier(end_next(&link->ends[0]), end_next(&link->ends[1]));
    }
    sim.link_next[sim_link_slot(link)] = next;
}

uint64_t sim_links_next(void)
{
    uint64_t next = SIM_NEVER;

    for (uint32_t i = 0; i < sim.links_used; i++) {
        next = earlier(next, sim.link_next[i]);
    }
    return next;
}

/* Bytes came to an end that is gone: the other one learns it by a reset. */
static void refuse_bytes(struct sim_link *link, unsigned side)
{
    struct sim_end *other = &link->ends[1 - side];

    link->ends[side].in.taken = link->ends[side].in.arrived;
    if (other->open && !other->reset && other->reset_ms == SIM_NEVER) {
        other->reset_ms = sim.now_ms + link->latency_ms;
    }
}

/* Everything due at one end. True when it heard something new. */
static bool end_step(struct sim_link *link, unsigned side)
{
    struct sim_end *end = &link->ends[side];
    struct sim_pipe *pipe = &end->in;
    bool news = false;

    while (pipe->segment_count > 0 && pipe->segments[pipe->segment_first].at_ms <= sim.now_ms) {
        uint64_t until = pipe->segments[pipe->segment_first].until;

        pipe->arrived = until > pipe->arrived ? until : pipe->arrived; /* or it came before */
        pipe->segment_first = (uint8_t)((pipe->segment_first + 1u) % SIM_SEGMENTS);
        pipe->segment_count--;
        news = true;
    }
    if (pipe->segment_count == 0 && pipe->end_sent && !pipe->end_arrived &&
        pipe->end_ms <= sim.now_ms) {
        pipe->end_arrived = true;
        news = true;
    }
    if (end->wake_ms <= sim.now_ms) {
        end->wake_ms = SIM_NEVER;
        news = true;
    }
    if (!end->open && pipe->arrived > pipe->taken) {
        refuse_bytes(link, side);
    }
    if (end->reset_ms <= sim.now_ms) {
        end->reset_ms = SIM_NEVER;
        end->reset = true;
        pipe->segment_count = 0;
        if (link->worse) {
            pipe->arrived = pipe->taken;
        }
        news = true;
    }
    return news && end->open;
}

static void link_refuse(struct sim_link *link, int outcome)
{
    link->stage = SIM_STAGE_OPEN;
    link->outcome = (int8_t)outcome;
    link->ends[1].open = false;
    link->ends[0].reset = true;
}

/* The first word of a connection reaches who it was meant for. */
static void link_arrive(struct sim_link *link)
{
    struct sim_listener *listener;
    size_t limit = sim.plan.queues ? SIM_BACKLOG : 2;

    if (link->outcome != PORT_OK) {
        link_refuse(link, link->outcome);
        return;
    }
    if (!link->to_server) {
        link->stage = SIM_STAGE_OPEN;
        return;
    }
    listener = sim_listener_for(&link->ends[1].address, false);
    if (listener == NULL || listener->queued == limit) {
        link_refuse(link, PORT_REFUSED);
        return;
    }
    link->listener = (uint32_t)(listener - sim.listeners);
    listener->queue[listener->queued] = (uint16_t)sim_link_slot(link);
    listener->queued++;
    link->stage = SIM_STAGE_QUEUED;
}

static void link_step(struct sim_link *link)
{
    bool news[2] = { false, false };

    if (link->stage == SIM_STAGE_DIALLED) {
        link_arrive(link);
        news[0] = true;
        news[1] = !link->to_server;
    } else {
        news[0] = end_step(link, 0);
        news[1] = end_step(link, 1);
    }
    sim_link_schedule(link);
    if (sim.hooks.arrived != NULL) {
        if (news[0] && !link->by_server) {
            sim.hooks.arrived(link->id);
        }
        if (news[1] && !link->to_server) {
            sim.hooks.arrived(link->id);
        }
    }
}

void sim_links_step(void)
{
    for (uint32_t i = 0; i < sim.links_used; i++) {
        if (sim.link_next[i] <= sim.now_ms) {
            link_step(&sim_store.links[i]);
        }
    }
}
