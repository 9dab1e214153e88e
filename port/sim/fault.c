/* SPDX-License-Identifier: MIT */
/* Whether a fault happens now: by rates and a hash, or by a list. */
#include <string.h>

#include "port/sim/state.h"

#define SIM_FAULT_TEXT(name, text) text,
static const char *const names[SIM_FAULT_KINDS] = { SIM_FAULT_LIST(SIM_FAULT_TEXT) };
#undef SIM_FAULT_TEXT

const char *sim_fault_name(enum sim_fault_kind kind)
{
    return names[kind];
}

int sim_fault_by_name(const char *name, size_t n)
{
    for (int kind = 0; kind < SIM_FAULT_KINDS; kind++) {
        if (strlen(names[kind]) == n && memcmp(names[kind], name, n) == 0) {
            return kind;
        }
    }
    return -1;
}

static uint64_t fault_hash(unsigned kind, int32_t connection, uint32_t nth)
{
    return sim_mix(sim.plan.seed, ((uint64_t)kind << 32) | (uint32_t)connection, nth);
}

static size_t filter_bit(unsigned kind, int32_t connection, uint32_t nth)
{
    return (size_t)(fault_hash(kind, connection, nth) % (sizeof sim.fault_filter * 8));
}

void sim_faults_begin(void)
{
    const struct sim_plan *plan = &sim.plan;

    for (size_t i = 0; plan->listed && i < plan->list_count; i++) {
        const struct sim_fault *fault = &plan->list[i];
        size_t bit = filter_bit(fault->kind, fault->connection, fault->nth);

        sim.fault_filter[bit / 8] |= (uint8_t)(1U << (bit % 8));
    }
}

static uint32_t *chances_of(enum sim_fault_kind kind, int32_t connection)
{
    struct sim_link *link;

    if (connection < 0) {
        return &sim.chances[kind];
    }
    link = sim_link_by_id((uint32_t)connection);
    return link == NULL ? NULL : &link->chances[kind];
}

unsigned sim_fault_chances(enum sim_fault_kind kind, int32_t connection)
{
    const uint32_t *chances = chances_of(kind, connection);

    return chances == NULL ? 0 : *chances;
}

static bool sticks(enum sim_fault_kind kind, int32_t connection)
{
    for (size_t i = 0; i < sim.sticky_count; i++) {
        struct sim_sticky *sticky = &sim.sticky[i];

        if (sticky->until_ms <= sim.now_ms) {
            sim.sticky_count--;
            *sticky = sim.sticky[sim.sticky_count];
            i--;
        } else if (sticky->kind == kind && sticky->connection == connection) {
            return true;
        }
    }
    return false;
}

bool sim_fault_sticks(enum sim_fault_kind kind, int32_t connection)
{
    return sim.sticky_count > 0 && !sim.healed && sticks(kind, connection);
}

bool sim_faults_last(void)
{
    return sim_faults_next() != SIM_NEVER;
}

uint64_t sim_faults_next(void)
{
    uint64_t next = SIM_NEVER;

    for (size_t i = 0; i < sim.sticky_count; i++) {
        uint64_t until = sim.sticky[i].until_ms;

        next = until > sim.now_ms && until < next ? until : next;
    }
    return next;
}

bool sim_fault_lasts(enum sim_fault_kind kind)
{
    for (size_t i = 0; i < sim.sticky_count; i++) {
        if (sim.sticky[i].kind == kind && sim.sticky[i].until_ms > sim.now_ms) {
            return true;
        }
    }
    return false;
}

/* What lasts belongs to the system, not to a connection, where the system runs out of things. */
static int32_t stick_to(enum sim_fault_kind kind, int32_t connection)
{
    return kind == SIM_ACCEPT_FULL || kind == SIM_FILE_OPEN_FULL ? SIM_NOBODY : connection;
}

/* How long the fault of this name lasts when rates decide: half once, half for a while. */
static uint16_t sticky_ms_of(uint64_t hash)
{
    switch ((hash >> 20) & 7) {
    case 0:
    case 1:
        return 50;
    case 2:
        return 5000;
    default:
        return 0;
    }
}

static void remember(enum sim_fault_kind kind, int32_t connection, uint32_t nth,
                     uint16_t sticky_ms)
{
    if (kind == SIM_DATAGRAM_RECEIVE_SKIP) {
        sticky_ms = 0; /* each queued error is told once, and the queue ends */
    }
    if (sim.sticky_count == SIM_STICKY) {
        sticky_ms = 0; /* so many last already: this one happens once */
    }
    if (sim.faults_count < SIM_FAULTS_MAX) {
        struct sim_fault *fault = &sim_store.faults[sim.faults_count];

        fault->kind = (uint8_t)kind;
        fault->connection = connection;
        fault->nth = nth;
        fault->sticky_ms = sticky_ms;
    }
    sim.faults_count++;
    if (sticky_ms > 0 && sim.sticky_count < SIM_STICKY) {
        struct sim_sticky *sticky = &sim.sticky[sim.sticky_count];

        sticky->kind = (uint8_t)kind;
        sticky->connection = stick_to(kind, connection);
        sticky->until_ms = sim.now_ms + sticky_ms;
        sim.sticky_count++;
    }
    if (sticky_ms == 0) {
        sim.progress++; /* a single false alarm excuses a pass in vain; a lasting one does not */
    }
    if (sim.hooks.trace != NULL) {
        sim.hooks.trace(names[kind], connection, nth);
    }
}

static bool decide(enum sim_fault_kind kind, int32_t connection, uint32_t nth)
{
    const struct sim_plan *plan = &sim.plan;
    uint64_t hash;

    if (sim.healed) {
        return false;
    }
    if (!plan->listed) {
        if (plan->rate[kind] == 0 || (plan->only != SIM_NOBODY && plan->only != connection)) {
            return false;
        }
        hash = fault_hash(kind, connection, nth);
        if ((hash & 0xffff) >= plan->rate[kind]) {
            return false;
        }
        remember(kind, connection, nth, sticky_ms_of(hash));
        return true;
    }
    if (plan->list_count > 0) {
        size_t bit = filter_bit(kind, connection, nth);

        if ((sim.fault_filter[bit / 8] & (1U << (bit % 8))) == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < plan->list_count; i++) {
        const struct sim_fault *fault = &plan->list[i];

        if (fault->kind == kind && fault->connection == connection && fault->nth == nth) {
            remember(kind, connection, nth, fault->sticky_ms);
            return true;
        }
    }
    return false;
}

bool sim_fault(enum sim_fault_kind kind, int32_t connection)
{
    uint32_t *chances = chances_of(kind, connection);
    uint32_t nth = 0;

    if (chances != NULL) {
        nth = *chances;
        (*chances)++;
    }
    if (sim_fault_sticks(kind, stick_to(kind, connection))) {
        return true;
    }
    return decide(kind, connection, nth);
}

bool sim_fault_at_wait(enum sim_fault_kind kind)
{
    unsigned slot = (unsigned)kind - SIM_WAIT_EARLY;
    uint32_t nth = (uint32_t)sim.now_ms;

    if (sim.wait_nth[slot] == nth + 1) {
        return false;
    }
    sim.wait_nth[slot] = nth + 1;
    sim.chances[kind] = nth + 1;
    if (kind == SIM_WAIT_SPURIOUS && sim_fault_sticks(kind, SIM_NOBODY)) {
        return true;
    }
    return decide(kind, SIM_NOBODY, nth);
}

uint32_t sim_fault_amount(enum sim_fault_kind kind, int32_t connection, uint32_t n)
{
    unsigned nth = sim_fault_chances(kind, connection);

    return (uint32_t)(sim_mix(sim.plan.seed ^ 0x616d, ((uint64_t)kind << 32) |
                              (uint32_t)connection, nth) % n);
}

void sim_faults_off(void)
{
    sim.healed = true;
    sim.sticky_count = 0;
}

size_t sim_fault_count(void)
{
    return sim.faults_count;
}

const struct sim_fault *sim_fault_at(size_t i)
{
    return &sim_store.faults[i];
}
