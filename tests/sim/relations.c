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

/* Every twentieth seed twice, the second time after others; and with the clock begun elsewhere,
 * which must change nothing (C10, C13). */
void det_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    uint64_t count = seeds_to_run(all) * all->apps_count / 20;
    for (uint64_t i = job; i < count; i += all->jobs) {
        struct scenario scenario = scenario_of(all->apps[i % all->apps_count],
                                               seed_number(all, i / all->apps_count));
        struct scenario other = scenario_of(all->apps[(i + 1) % all->apps_count],
                                            seed_number(all, i + 1));
        struct outcome first;
        struct outcome between;
        struct outcome again;
        world_run(&scenario, &first);
        world_run(&other, &between);
        world_run(&scenario, &again);
        sums_take(sums, scenario.seed, &first);
        sums_take(sums, other.seed, &between);
        if (first.hash != again.hash) {
            differs(sums, &scenario, "C13", "a second run in the same process is another");
        }
        scenario.start_given = true;
        scenario.start_ms = (UINT64_C(1) << 32) - 7000;
        world_run(&scenario, &again);
        for (unsigned shift = 0; shift < 2; shift++) {
            scenario.start_ms = shift == 0 ? 0 : (UINT64_C(1) << 31) - 9000;
            world_run(&scenario, &between);
            if (between.hash != again.hash) {
                differs(sums, &scenario, "C10", "the clock's first value makes a difference");
            }
        }
    }
}

/* What a client got, and whether it was all. */
struct got {
    uint64_t stream;
    bool whole;
};

/* One client is rude and its connection faulty, or not: all others get the same bytes (C12). */
static void isolation_of(const struct arguments *all, uint64_t i, struct sums *sums)
{
    static const char *const apps[] = {"echo", "file"};
    static struct got tamed[WORLD_CLIENTS];
    struct scenario scenario = scenario_of(apps[i % COUNT_OF(apps)], seed_number(all, i));
    struct outcome outcome;
    scenario.isolated = true;
    scenario.tamed = true;
    scenario.suspect = (unsigned)(scenario.seed % scenario.clients);
    world_run(&scenario, &outcome);
    for (unsigned id = 0; id < scenario.clients; id++) {
        tamed[id].stream = world_stream(id, &tamed[id].whole);
    }
    sums_take(sums, scenario.seed, &outcome);
    scenario.tamed = false;
    if (!outcome.failed) {
        world_run(&scenario, &outcome);
        sums_take(sums, scenario.seed, &outcome);
    }
    if (outcome.failed) {
        differs(sums, &scenario, outcome.failure.invariant, outcome.failure.text);
        return;
    }
    for (unsigned id = 0; id < scenario.clients; id++) {
        bool whole;
        uint64_t stream = world_stream(id, &whole);
        /* The same bytes may end otherwise: when it was accepted, and so how its requests fell into
         * pieces, depends on others. */
        if (id != scenario.suspect && world_patient(id) && stream != tamed[id].stream &&
            (whole || tamed[id].whole)) {
            printf("client %u, because of %u: ", id, scenario.suspect);
            differs(sums, &scenario, "C12", "a client gets other bytes because of another");
            return;
        }
    }
}

void isolation_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    uint64_t count = all->count > 0 ? all->count : 300;
    for (uint64_t i = job; i < count; i += all->jobs) {
        isolation_of(all, i, sums);
    }
}
