/* SPDX-License-Identifier: MIT */
/* From a seed to a world: how many come, how hostile it is, when its clock began. */
#include <string.h>

#include "tests/sim/world.h"

static const char *const app_names[WORLD_APPS] = {"echo", "udp", "file", "chat", "desk",
                                                  "mixed", "canary", "script"};

const char *world_app_name(enum world_app app)
{
    return app_names[app];
}

int world_app_by_name(const char *name)
{
    for (int app = 0; app < WORLD_APPS; app++) {
        if (strcmp(app_names[app], name) == 0) {
            return app;
        }
    }
    return -1;
}

struct scenario plan_scenario(enum world_app app, uint64_t seed)
{
    struct scenario scenario;
    uint64_t hash = sim_mix(seed, 0x706c, 1);
    memset(&scenario, 0, sizeof scenario);
    scenario.app = app;
    scenario.seed = seed;
    scenario.clients = 4 + (unsigned)(hash % 60);
    if ((hash >> 32) % 8 == 0) {
        scenario.clients = WORLD_CLIENTS - 1;
    }
    if (app == WORLD_CHAT || app == WORLD_DESK) {
        scenario.clients = 3 + (unsigned)(hash % 22);
    }
    return scenario;
}

bool world_takes_part(const struct scenario *scenario, unsigned id)
{
    if (id >= scenario->clients) {
        return false;
    }
    return !scenario->masked || (scenario->mask[id / 8] & (1u << (id % 8))) != 0;
}

/* Faults of the start, which end most runs before they begin, and of tools. */
static bool is_of_the_start(unsigned kind)
{
    return kind <= SIM_LISTEN_FULL || kind >= SIM_TOOL_NOENT;
}

static bool ends_much(unsigned kind)
{
    return kind == SIM_CONSOLE_EOF || kind == SIM_CONSOLE_GONE || kind == SIM_CONSOLE_NOENT;
}

static uint16_t rate_of(uint64_t hash)
{
    static const uint16_t rates[] = {8192, 2048, 512, 128};
    return rates[hash % COUNT_OF(rates)];
}

static uint64_t start_of(uint64_t seed)
{
    uint64_t hash = sim_mix(seed, 0x7374, 2);
    uint64_t before_ms = (hash >> 8) % 60000;
    switch (hash % 4) {
    case 0:
        return (UINT64_C(1) << 31) - before_ms;
    case 1:
        return (UINT64_C(1) << 32) - before_ms;
    default:
        return hash % 3 == 0 ? 0 : (hash >> 16) % 1000000;
    }
}

/* Faults of one connection alone, or none at all. */
static void plan_isolated(const struct scenario *scenario, struct sim_plan *plan)
{
    plan->handles = 200;
    plan->wall_known = false; /* dates depend on when an answer is made */
    plan->only = (int32_t)scenario->suspect;
    for (unsigned kind = 0; kind < SIM_FAULT_KINDS; kind++) {
        bool own = kind >= SIM_RECEIVE_SHORT && kind <= SIM_SHUT_RESET;
        plan->rate[kind] = own && !scenario->tamed ? 4096 : 0;
    }
}

void plan_faults(const struct scenario *scenario, struct sim_plan *plan)
{
    uint64_t hash = sim_mix(scenario->seed, 0x6661, 3);
    bool quiet = hash % 8 == 0 || (scenario->app == WORLD_DESK && hash % 3 == 0);
    bool starts_badly = hash % 16 == 1;
    *plan = sim_plan_quiet(scenario->seed);
    plan->strict = true;
    plan->start_ms = scenario->start_given ? scenario->start_ms : start_of(scenario->seed);
    plan->handles = (hash >> 8) % 8 == 0 ? (uint16_t)(12 + (hash >> 16) % 20) : 200;
    plan->handles = starts_badly && (hash >> 16) % 8 == 0 ? 0 : plan->handles;
    plan->queues = (hash >> 24) % 8 != 0;
    plan->files_sent = (hash >> 28) % 2 == 0;
    plan->cost_base_us = (uint16_t)((hash >> 32) % 3);
    plan->cost_each_us16 = (uint16_t)((hash >> 36) % 4 == 0 ? 4096 : 1);
    plan->wall_known = (hash >> 40) % 4 != 0;
    plan->listed = scenario->listed;
    plan->list = scenario->list;
    plan->list_count = scenario->list_count;
    for (unsigned kind = 0; kind < SIM_FAULT_KINDS && !quiet; kind++) {
        uint64_t of_kind = sim_mix(scenario->seed, 0x7261, kind);
        bool enabled = of_kind % 3 == 0 && (!is_of_the_start(kind) || starts_badly) &&
                       (!ends_much(kind) || of_kind % 30 == 0);
        bool few = is_of_the_start(kind) || kind == SIM_CONNECTED_TIMEDOUT; /* occasions */
        plan->rate[kind] = !enabled ? 0 : few ? 24000 : rate_of(of_kind >> 16);
    }
    for (unsigned kind = 0; kind < SIM_FAULT_KINDS && scenario->one_kind; kind++) {
        bool once = is_of_the_start(kind) || kind == SIM_CONSOLE_NOENT; /* it has one chance */
        uint16_t rate = once ? 40000 : scenario->seed % 3 == 0 ? 16384 : 2048;
        plan->rate[kind] = kind == scenario->kind ? rate : 0;
    }
    if (scenario->isolated) {
        plan_isolated(scenario, plan);
    }
}
