/* SPDX-License-Identifier: MIT */
/* The run as a whole: its beginning, its hash, its log, its failure. */
#include <stdlib.h>
#include <string.h>

#include "port/sim/state.h"

struct sim_state sim;
struct sim_store sim_store;

uint64_t sim_mix(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t x = a ^ (b * UINT64_C(0x9e3779b97f4a7c15)) ^ (c * UINT64_C(0xc2b2ae3d27d4eb4f));

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t sim_read_u64(const uint8_t *bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < 8; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

struct sim_plan sim_plan_quiet(uint64_t seed)
{
    struct sim_plan plan;

    memset(&plan, 0, sizeof plan);
    plan.seed = seed;
    plan.handles = 200;
    plan.queues = true;
    plan.console = true;
    plan.wall_known = true;
    plan.files_sent = true;
    plan.only = SIM_NOBODY;
    return plan;
}

void sim_begin(const struct sim_plan *plan, const struct sim_hooks *hooks)
{
    memset(&sim, 0, sizeof sim);
    sim.plan = *plan;
    if (hooks != NULL) {
        sim.hooks = *hooks;
    }
    sim.begun = true;
    sim.hash = plan->seed;
    sim.port_next = 49152;
    sim.wall_known = plan->wall_known;
    sim.wall_s = INT64_C(1700000000);
    sim.datagrams_next_ms = SIM_NEVER;
    for (size_t i = 0; i < SIM_OUTPUTS; i++) {
        sim_store.outputs[i].there = false;
    }
    sim_faults_begin();
}

/* ---- The hash ------------------------------------------------------------------------------ */

uint64_t sim_hash(void)
{
    return sim.hash;
}

void sim_hash_add(uint64_t value)
{
    uint64_t x = (sim.hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);

    sim.hash = x ^ (x >> 29);
}

void sim_hash_bytes(const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    uint64_t tail = n;

    while (n >= 8) {
        sim_hash_add(sim_read_u64(at));
        at += 8;
        n -= 8;
    }
    while (n > 0) {
        tail = (tail << 8) | *at;
        at++;
        n--;
    }
    sim_hash_add(tail);
}

int sim_result(const char *call, int32_t connection, int result)
{
    sim.calls++;
    sim_hash_add(((uint64_t)(uint8_t)call[0] << 56) ^ (sim.now_ms << 20) ^
                 ((uint64_t)(uint32_t)connection << 8) ^ (uint64_t)(uint32_t)result);
    if (sim.hooks.trace != NULL) {
        sim.hooks.trace(call, connection, result);
    }
    return result;
}

uint64_t sim_now(void)
{
    return sim.now_ms;
}

uint64_t sim_progress(void)
{
    return sim.progress;
}

uint64_t sim_calls(void)
{
    return sim.calls;
}

uint64_t sim_waits(void)
{
    return sim.waits;
}

/* ---- Failure ------------------------------------------------------------------------------- */

jmp_buf *sim_failure_jump(void)
{
    sim_store.jump_set = true;
    return &sim_store.jump;
}

void sim_failure_end(void)
{
    sim_store.jump_set = false;
}

const struct sim_failure *sim_failure(void)
{
    return &sim_store.failure;
}

PORT_NORETURN static void fail(const char *invariant, int32_t connection, const char *text,
                               const char *file, int line)
{
    struct sim_failure *failure = &sim_store.failure;

    failure->invariant = invariant;
    failure->text = text;
    failure->file = file;
    failure->line = line;
    failure->connection = connection;
    failure->at_ms = sim.now_ms;
    if (!sim_store.jump_set) {
        abort();
    }
    longjmp(sim_store.jump, 1);
}

void sim_fail(const char *invariant, int32_t connection, const char *text)
{
    fail(invariant, connection, text, "", 0);
}

void port_fail(const char *file, int line)
{
    fail("CHECK", SIM_NOBODY, "a check failed", file != NULL ? file : "", line);
}

/* ---- Log and chance ------------------------------------------------------------------------ */

static void log_out(const char *line, size_t n)
{
    sim_hash_bytes(line, n);
    if (sim.hooks.log != NULL) {
        sim.hooks.log(line, n);
    }
}

/* Says how many lines were lost. */
static void log_lost(void)
{
    static const char before[] = "linnet: ";
    static const char after[] = " log lines were lost";
    char line[sizeof before + 20 + sizeof after];
    size_t digits = 1;
    size_t at = sizeof before - 1;

    for (uint64_t left = sim.log_lost / 10; left > 0; left /= 10) {
        digits++;
    }
    memcpy(line, before, at);
    for (size_t i = digits; i > 0; i--) {
        line[at + i - 1] = (char)('0' + sim.log_lost % 10);
        sim.log_lost /= 10;
    }
    memcpy(line + at + digits, after, sizeof after - 1);
    log_out(line, at + digits + sizeof after - 1);
}

void sim_log_stall(bool stalled)
{
    sim.log_stalled = stalled;
}

void port_log(const char *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)line[i] < 0x20 || (uint8_t)line[i] > 0x7e) {
            sim_fail("S2", SIM_NOBODY, "a log line with a byte that is not printable");
        }
    }
    if (sim.log_stalled || sim_fault(SIM_LOG_LOST, SIM_NOBODY)) {
        sim.log_lost++;
        return;
    }
    if (sim.log_lost > 0) {
        log_lost();
    }
    log_out(line, n);
}

void port_random(void *bytes, size_t n)
{
    uint8_t *at = bytes;

    for (size_t i = 0; i < n; i++) {
        at[i] = (uint8_t)sim_mix(sim.plan.seed, 0x7261, sim.randoms);
        sim.randoms++;
    }
}
