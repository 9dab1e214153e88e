/* SPDX-License-Identifier: MIT */
/* Senders of datagrams to echo, and what holds: U1 one answer at most, U2 none to whom it must not
 * be, U3 nothing depends on what came before, U5 never more bytes than came. */
#include <string.h>

#include "tests/sim/world.h"

enum {
    SOURCES = 13,
    REQUESTS = 256,
    BYTES_MAX = 1900,
    GAP_MS = 400,
    LOW_BURST = 20,
    OURSELVES = SOURCES - 1
};

struct source {
    struct port_address address;
    struct port_address to;
    bool filtered;        /* must never be answered */
    bool many;
    bool bursts;          /* all at once */
    bool last_answered;   /* what it asked after the world had healed */
    bool last_asked;
    uint64_t next_ms;
    uint64_t first_ms;
    uint64_t answers;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint32_t sent;
    uint32_t limit;
};

static struct {
    struct source sources[SOURCES];
    unsigned count;
    uint64_t hashes[REQUESTS]; /* of what was asked and not yet answered */
    uint32_t owed[REQUESTS];
    unsigned requests;
    uint64_t sent;
    uint64_t answered;
    uint64_t answerable;
    bool due;                  /* the last that came is to be answered at once, */
    size_t due_faults;         /* unless a fault came after so many; */
    uint64_t due_hash;         /* as this */
} udp;

static uint64_t pick(unsigned source, uint64_t what)
{
    return sim_mix(world.scenario.seed, ((uint64_t)source << 32) | 0x7564, what);
}

static void source_begin(unsigned i)
{
    static const uint16_t bad_ports[] = {0, 7, 19, 53, 123, 1023, 1900, 5353, 11211, 7007};
    struct source *source = &udp.sources[i];
    uint64_t hash = pick(i, 1);
    unsigned family = hash % 3 == 0 ? PORT_IPV6 : PORT_IPV4;
    memset(source, 0, sizeof *source);
    source->address = world_address(family, 300 + i, (uint16_t)(40000 + i));
    source->to = world_server(WORLD_UDP, family);
    switch ((hash >> 8) % 8) {
    case 0:
        source->address.port = bad_ports[(hash >> 16) % COUNT_OF(bad_ports)];
        source->filtered = true;
        break;
    case 1:
        source->address.port = (uint16_t)(2000 + i); /* a server's, held to a low rate */
        break;
    case 2:
        source->many = true;
        source->filtered = true;
        break;
    case 3:
        if (family == PORT_IPV4) {
            source->address.ip[12] = (hash >> 16) % 2 == 0 ? 224 : 255;
            memset(source->address.ip + 13, 255, 3);
        } else {
            source->address.ip[0] = 0xff;
        }
        source->filtered = true;
        break;
    default:
        break;
    }
    source->limit = 5 + (uint32_t)((hash >> 24) % 60);
    source->bursts = source->address.port < 32768 && !source->filtered;
    source->limit = source->bursts ? 70 : source->limit;
    source->next_ms = (hash >> 32) % 3000;
    source->first_ms = UINT64_MAX;
    if (i == OURSELVES) { /* somebody sends in our name */
        memcpy(source->address.ip, source->to.ip, sizeof source->address.ip);
        source->address.port = source->to.port;
        source->filtered = true;
        source->bursts = false;
    }
}

void udp_begin(void)
{
    memset(&udp, 0, sizeof udp);
    if (!world.udp) {
        return;
    }
    udp.count = SOURCES;
    for (unsigned i = 0; i < udp.count; i++) {
        source_begin(i);
    }
}

static uint64_t content_hash(const struct port_address *peer, const struct port_address *us,
                             const uint8_t *bytes, size_t n)
{
    uint64_t hash = sim_mix(n, peer->port, 5);
    for (size_t i = 0; i < 16; i++) {
        hash = hash * 31 + peer->ip[i] + (uint64_t)us->ip[i] * 257;
    }
    for (size_t i = 0; i < n; i++) {
        hash = hash * 1099511628211u + bytes[i];
    }
    return hash;
}

static void source_send(unsigned i)
{
    struct source *source = &udp.sources[i];
    uint8_t bytes[BYTES_MAX];
    uint64_t hash = pick(i, 100 + source->sent);
    static const uint16_t sizes[] = {1, 16, 200, 1472, BYTES_MAX};
    size_t n = (size_t)((hash >> 8) % sizes[hash % COUNT_OF(sizes)]);
    n = (hash >> 4) % 16 == 0 ? CFG_DATAGRAM_BYTES : n; /* what just fits */
    for (size_t at = 0; at < n; at++) {
        bytes[at] = (uint8_t)(hash >> (at % 8 * 8)) ^ (uint8_t)at;
    }
    source->sent++;
    udp.sent++;
    source->first_ms = source->first_ms == UINT64_MAX ? sim_now() : source->first_ms;
    if (!source->filtered && n <= CFG_DATAGRAM_BYTES) {
        udp.answerable++;
        udp.hashes[udp.requests % REQUESTS] = content_hash(&source->address, &source->to, bytes, n);
        udp.owed[udp.requests % REQUESTS] = 2;
        udp.requests++;
    }
    sim_datagram_send(&source->address, &source->to, bytes, n, (uint32_t)(hash >> 40) % 50,
                      source->many);
    source->next_ms = source->sent >= source->limit ? UINT64_MAX
                                                    : sim_now() + 1 + (hash >> 48) % GAP_MS;
    if ((source->sent % 8 < 3 || source->bursts) && source->next_ms != UINT64_MAX) {
        source->next_ms = sim_now() + 1;
    }
    if (source->next_ms == UINT64_MAX && !source->last_asked) {
        source->next_ms = world.heal_ms + 100;
    }
    source->last_asked = sim_now() >= world.heal_ms && n <= CFG_DATAGRAM_BYTES;
}

uint64_t udp_step(uint64_t now)
{
    uint64_t next = UINT64_MAX;
    for (unsigned i = 0; i < udp.count; i++) {
        if (udp.sources[i].next_ms <= now) {
            source_send(i);
        }
        next = udp.sources[i].next_ms < next ? udp.sources[i].next_ms : next;
    }
    return next;
}

static struct source *source_of(const struct port_address *address)
{
    for (unsigned i = 0; i < udp.count; i++) {
        if (memcmp(udp.sources[i].address.ip, address->ip, 16) == 0 &&
            udp.sources[i].address.port == address->port) {
            return &udp.sources[i];
        }
    }
    return NULL;
}

/* A reply must be what some request of that peer was, from the address that was asked. */
static void match_request(const struct port_address *from, const struct port_address *to,
                          const uint8_t *bytes, size_t n)
{
    uint64_t hash = content_hash(to, from, bytes, n);
    for (unsigned i = 0; i < udp.requests && i < REQUESTS; i++) {
        if (udp.hashes[i] == hash && udp.owed[i] > 0) {
            udp.owed[i]--;
            return;
        }
    }
    if (udp.requests <= REQUESTS) {
        sim_fail("U1", SIM_NOBODY, "an answer to nothing that was asked");
    }
}

/* U3: what is answered depends on one datagram alone, whatever was lost, doubled or late before. */
static void must_be_answered(void)
{
    if (udp.due && sim_fault_count() == udp.due_faults) {
        sim_fail("U3", SIM_NOBODY, "a datagram is not answered because of others");
    }
    udp.due = false;
}

void udp_received(const struct port_datagram *info, const uint8_t *bytes, size_t kept, size_t n)
{
    struct source *source = source_of(&info->from);
    must_be_answered();
    if (source != NULL) {
        source->bytes_in += n;
    }
    udp.due = source != NULL && !source->filtered && n <= CFG_DATAGRAM_BYTES && kept == n &&
              source->address.port >= 32768 && !sim_faults_last();
    udp.due_faults = sim_fault_count();
    udp.due_hash = content_hash(&info->from, &info->to, bytes, kept);
}

void udp_waiting(void)
{
    must_be_answered();
}

void udp_reply(const struct port_address *from, const struct port_address *to,
               const uint8_t *bytes, size_t n)
{
    struct source *source = source_of(to);
    uint64_t elapsed_ms;
    if (source == NULL) {
        sim_fail("U1", SIM_NOBODY, "an answer to nobody who asked");
    }
    if (source->filtered) {
        sim_fail("U2", SIM_NOBODY, "an answer to whom nobody may answer");
    }
    source->answers++;
    source->last_answered = source->last_answered || source->last_asked;
    source->bytes_out += n;
    udp.answered++;
    if (source->bytes_out > source->bytes_in) {
        sim_fail("U5", SIM_NOBODY, "more bytes went out than came in");
    }
    elapsed_ms = sim_now() - source->first_ms;
    if (to->port < 32768 && source->answers > LOW_BURST + 1 + elapsed_ms * 20 / 1000) {
        sim_fail("U2", SIM_NOBODY, "a server's port is answered too often");
    }
    if (udp.due && content_hash(to, from, bytes, n) != udp.due_hash) {
        sim_fail("U3", SIM_NOBODY, "an answer to another datagram than the last");
    }
    udp.due = false;
    match_request(from, to, bytes, n);
}

/* Where nothing was lost, every request that may be answered was, within the burst. */
void udp_finish(void)
{
    for (unsigned i = 0; i < udp.count && world.stop_ms > world.heal_ms + 2000; i++) {
        const struct source *source = &udp.sources[i];
        if (!source->filtered && source->last_asked && !source->last_answered) {
            sim_fail("U4", SIM_NOBODY, "nothing is answered any more though the world healed");
        }
    }
    if (sim_fault_count() > 0 || world.stop_ms < world.heal_ms) {
        return;
    }
    for (unsigned i = 0; i < udp.count; i++) {
        const struct source *source = &udp.sources[i];
        if (!source->filtered && source->address.port >= 32768 && source->bytes_in > 0 &&
            source->answers == 0 && source->sent > 20) {
            sim_fail("U1", SIM_NOBODY, "a peer that may ask was never answered");
        }
    }
    if (udp.answered > udp.answerable) {
        sim_fail("U1", SIM_NOBODY, "more answers than requests");
    }
}
