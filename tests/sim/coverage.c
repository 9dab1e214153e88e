/* SPDX-License-Identifier: MIT */
/* What runs have met: situations, and cells of the matrix of faults. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/driver.h"

enum { RUNS_MAX = 1000, CLIENTS = 40 }; /* for one kind of fault; more than the table holds */

void sums_take_seen(struct sums *sums)
{
    for (unsigned i = 0; i < SEEN_COUNT; i++) {
        sums->seen[i] = seen_count((enum seen)i);
    }
    memcpy(sums->cells, matrix_counts(), sizeof sums->cells);
}

unsigned seen_report(const struct sums *sums, uint64_t least)
{
    unsigned rare = 0;
    unsigned rarest = 0;
    for (unsigned i = 0; i < SEEN_COUNT; i++) {
        rarest = sums->seen[i] < sums->seen[rarest] ? i : rarest;
        if (sums->seen[i] < least) {
            rare++;
            printf("FAIL seen only %llu times: %s\n", (unsigned long long)sums->seen[i],
                   seen_name((enum seen)i));
        }
    }
    printf("%u situations, the rarest seen %llu times: %s\n", (unsigned)SEEN_COUNT,
           (unsigned long long)sums->seen[rarest], seen_name((enum seen)rarest));
    return rare;
}

/* One kind of fault at a time, in worlds of all apps, until all its cells were hit. */
void matrix_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    for (unsigned kind = job; kind < SIM_FAULT_KINDS; kind += (unsigned)all->jobs) {
        for (unsigned run = 0; run < RUNS_MAX && matrix_lacks(kind, matrix_counts()); run++) {
            struct scenario scenario = scenario_of(all->apps[run % all->apps_count],
                                                   seed_number(all, run));
            struct outcome outcome;
            scenario.one_kind = true;
            scenario.kind = (uint8_t)kind;
            if (run % 2 == 0) {
                scenario.clients = CLIENTS;
            }
            world_run(&scenario, &outcome);
            sums_take(sums, scenario.seed, &outcome);
        }
    }
}
