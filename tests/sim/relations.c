/* SPDX-License-Identifier: MIT */
/* What must be the same in two runs that differ in something that must not matter. */
#include <stdio.h>

#include "tests/sim/driver.h"

static void differs(struct sums *sums, const struct scenario *scenario, const char *invariant,
                    const char *how)
{
    printf("FAIL app=%s seed=0x%llx inv=%s  \"%s\"\n", world_app_name(scenario->app),
           (unsigned long long)scenario->seed, invariant, how);
    sums->failures++;
}

/* The same run again, after another one (C13). Leaves in `outcome` what the first one gave. */
static const char *again_objection(const struct scenario *scenario, const struct scenario *other,
                                   struct outcome *outcome)
{
    struct outcome again;
    world_run(scenario, outcome);
    world_run(other, &again);
    world_run(scenario, &again);
    return again.hash == outcome->hash ? NULL : "a second run in the same process is another";
}

/* The same run with a clock that began elsewhere (C10). */
static const char *clock_objection(const struct scenario *scenario)
{
    static const uint64_t starts_ms[] = {(UINT64_C(1) << 32) - 7000, 0,
                                         (UINT64_C(1) << 31) - 9000};
    struct scenario shifted = *scenario;
    uint64_t first = 0;
    shifted.start_given = true;
    for (size_t i = 0; i < COUNT_OF(starts_ms); i++) {
        struct outcome outcome;
        shifted.start_ms = starts_ms[i];
        world_run(&shifted, &outcome);
        first = i == 0 ? outcome.hash : first;
        if (outcome.hash != first) {
            return "the clock's first value makes a difference";
        }
    }
    return NULL;
}

/* Every twentieth seed twice, the second time after others; and with the clock begun elsewhere,
 * which must change nothing. */
void det_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    uint64_t count = seeds_to_run(all) * all->apps_count / 20;
    for (uint64_t i = job; i < count; i += all->jobs) {
        struct scenario scenario = scenario_of(all->apps[i % all->apps_count],
                                               seed_number(all, i / all->apps_count));
        struct scenario other = scenario_of(all->apps[(i + 1) % all->apps_count],
                                            seed_number(all, i + 1));
        struct outcome outcome;
        const char *objection = again_objection(&scenario, &other, &outcome);
        sums_take(sums, scenario.seed, &outcome);
        if (objection != NULL) {
            differs(sums, &scenario, "C13", objection);
        }
        objection = clock_objection(&scenario);
        if (objection != NULL) {
            differs(sums, &scenario, "C10", objection);
        }
    }
}

/* What a client got, and whether it was all. */
struct got {
    uint64_t stream;
    bool whole;
};

/* One client is rude and its connection faulty, or not: all others get the same bytes (C12).
 * `outcome` is that of the run that failed, or of the last one. */
static const char *isolation_objection(struct scenario scenario, struct outcome *outcome)
{
    static struct got tamed[WORLD_CLIENTS];
    scenario.isolated = true;
    scenario.tamed = true;
    scenario.suspect = (unsigned)(scenario.seed % scenario.clients);
    world_run(&scenario, outcome);
    for (unsigned id = 0; id < scenario.clients; id++) {
        tamed[id].stream = world_stream(id, &tamed[id].whole);
    }
    scenario.tamed = false;
    if (!outcome->failed) {
        world_run(&scenario, outcome);
    }
    for (unsigned id = 0; id < scenario.clients && !outcome->failed; id++) {
        bool whole;
        uint64_t stream = world_stream(id, &whole);
        /* The same bytes may end otherwise: when it was accepted, and so how its requests fell into
         * pieces, depends on others. */
        if (id != scenario.suspect && world_patient(id) && stream != tamed[id].stream &&
            (whole || tamed[id].whole)) {
            return "a client gets other bytes because of another";
        }
    }
    return NULL;
}

bool relation_breaks(const struct scenario *scenario, struct outcome *outcome)
{
    struct scenario other = plan_scenario(scenario->app, scenario->seed + 1);
    const char *invariant = "C13";
    const char *objection = again_objection(scenario, &other, outcome);
    if (objection == NULL) {
        invariant = "C10";
        objection = clock_objection(scenario);
    }
    if (objection == NULL && (scenario->app == WORLD_ECHO || scenario->app == WORLD_FILE)) {
        invariant = "C12";
        objection = isolation_objection(*scenario, outcome);
    }
    outcome->failed = objection != NULL;
    outcome->failure.invariant = invariant;
    outcome->failure.text = objection;
    outcome->failure.file = "";
    return outcome->failed;
}

static void isolation_of(const struct arguments *all, uint64_t i, struct sums *sums)
{
    static const char *const apps[] = {"echo", "file"};
    struct scenario scenario = scenario_of(apps[i % COUNT_OF(apps)], seed_number(all, i));
    struct outcome outcome;
    const char *objection = isolation_objection(scenario, &outcome);
    sums_take(sums, scenario.seed, &outcome);
    if (outcome.failed) {
        differs(sums, &scenario, outcome.failure.invariant, outcome.failure.text);
    } else if (objection != NULL) {
        differs(sums, &scenario, "C12", objection);
    }
}

void isolation_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    uint64_t count = all->count > 0 ? all->count : 300;
    for (uint64_t i = job; i < count; i += all->jobs) {
        isolation_of(all, i, sums);
    }
}
