/* SPDX-License-Identifier: MIT */
/* What the driver's parts share: its arguments, and what its jobs add up. */
#ifndef TESTS_SIM_DRIVER_H
#define TESTS_SIM_DRIVER_H

#include "tests/sim/matrix.h"
#include "tests/sim/seen.h"

struct arguments {
    const char *apps[WORLD_APPS];
    unsigned apps_count;
    const char *clients;
    const char *faults;
    const char *commit;
    uint64_t seed;
    bool seed_given;
    uint64_t count;
    uint64_t fresh;
    bool fresh_given;
    uint64_t hours;
    uint64_t jobs;
};

/* What the jobs add up. */
struct sums {
    uint64_t connections;
    uint64_t seeds;
    uint64_t failures;
    uint64_t hash;
    uint64_t faults;
    uint64_t calls;
    uint64_t virtual_ms;
    uint64_t kill_points;
    uint64_t seen[SEEN_COUNT];      /* situations */
    uint32_t cells[MATRIX_CELLS];   /* of the matrix of faults */
};

/* Adds a run. The hash does not depend on the order of seeds, nor on how jobs share them. */
void sums_take(struct sums *sums, uint64_t seed, const struct outcome *outcome);

struct scenario scenario_of(const char *app, uint64_t seed);
/* The ith seed that the arguments ask for, of so many. */
uint64_t seed_number(const struct arguments *all, uint64_t i);
uint64_t seeds_to_run(const struct arguments *all);

/* A job does every jobs-th part of something, beginning with the job-th. */
typedef void job_function(const struct arguments *all, unsigned job, struct sums *sums);

/* relations.c: the same run again, after others, from another time (C10, C13); with one client rude
 * or not (C12). */
void det_job(const struct arguments *all, unsigned job, struct sums *sums);
void isolation_job(const struct arguments *all, unsigned job, struct sums *sums);
/* Whether one of these holds no more for a run; then `outcome` says which. */
bool relation_breaks(const struct scenario *scenario, struct outcome *outcome);

/* coverage.c: what a job has seen, into its sums; every kind of fault in every situation. */
void sums_take_seen(struct sums *sums);
void matrix_job(const struct arguments *all, unsigned job, struct sums *sums);
/* Says how rare the rarest situations are; returns how many were seen fewer than `least` times. */
unsigned seen_report(const struct sums *sums, uint64_t least);

#endif
