/* SPDX-License-Identifier: MIT */
/*
 * The simulator's driver. Verbs: run, replay, shrink, torture, soak, canary, det, isolation, split,
 * matrix, hunt; and script FILE. Arguments are NAME=VALUE: APP= SEED= N= CONNS= FAULTS= HOURS=
 * JOBS= FRESH= COMMIT=.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/driver.h"
#include "tests/sim/report.h"
#include "tests/sim/script.h"
#include "tests/sim/split.h"
#include "tests/sim/torture.h"

enum { REPORTS_MAX = 4, JOBS_MAX = 16, SEEDS_DEFAULT = 1200, SEEDS_FRESH = 400, SEEN_LEAST = 100 };

static void sums_add(struct sums *sums, const struct sums *more)
{
    sums->connections += more->connections;
    sums->seeds += more->seeds;
    sums->failures += more->failures;
    sums->hash += more->hash;
    sums->faults += more->faults;
    sums->calls += more->calls;
    sums->virtual_ms += more->virtual_ms;
    sums->kill_points += more->kill_points;
    for (unsigned i = 0; i < SEEN_COUNT; i++) {
        sums->seen[i] += more->seen[i];
    }
    for (unsigned i = 0; i < MATRIX_CELLS; i++) {
        sums->cells[i] += more->cells[i];
    }
}

void sums_take(struct sums *sums, uint64_t seed, const struct outcome *outcome)
{
    sums->connections += outcome->connections;
    sums->seeds++;
    sums->hash += sim_mix(outcome->hash, seed, 1);
    sums->faults += outcome->faults;
    sums->calls += outcome->calls;
    sums->virtual_ms += outcome->virtual_ms;
}

/* ---- Arguments ----------------------------------------------------------------------------- */

static const char *const apps_default[] = {"echo", "udp",
#if APP_FILEGET
                                           "file",
#endif
#if APP_CHAT
                                           "chat", "desk",
#endif
                                           "mixed"};

static bool argument(const char *given, const char *name, const char **value)
{
    size_t n = strlen(name);
    if (strncmp(given, name, n) != 0 || given[n] != '=') {
        return false;
    }
    *value = given + n + 1;
    return **value != '\0';
}

static bool read_arguments(int argc, char **argv, struct arguments *all)
{
    memset(all, 0, sizeof *all);
    all->jobs = 1;
    for (int i = 2; i < argc; i++) {
        const char *value = "";
        if (argument(argv[i], "APP", &value)) {
            all->apps[0] = value;
            all->apps_count = 1;
        } else if (argument(argv[i], "SEED", &value)) {
            all->seed = strtoull(value, NULL, 0);
            all->seed_given = true;
        } else if (argument(argv[i], "N", &value)) {
            all->count = strtoull(value, NULL, 0);
        } else if (argument(argv[i], "CONNS", &value)) {
            all->clients = value;
        } else if (argument(argv[i], "FAULTS", &value)) {
            all->faults = value;
        } else if (argument(argv[i], "HOURS", &value)) {
            all->hours = strtoull(value, NULL, 0);
        } else if (argument(argv[i], "JOBS", &value)) {
            all->jobs = strtoull(value, NULL, 0);
        } else if (argument(argv[i], "FRESH", &value)) {
            all->fresh = strtoull(value, NULL, 16);
            all->fresh_given = true;
        } else if (argument(argv[i], "COMMIT", &value)) {
            all->commit = value;
        } else if (strchr(argv[i], '=') == NULL || strchr(argv[i], '=')[1] != '\0') {
            fprintf(stderr, "sim: %s: not an argument\n", argv[i]);
            return false;
        }
    }
    if (all->apps_count == 0) {
        memcpy(all->apps, apps_default, sizeof apps_default);
        all->apps_count = COUNT_OF(apps_default);
    }
    for (unsigned i = 0; i < all->apps_count; i++) {
        if (world_app_by_name(all->apps[i]) < 0) {
            fprintf(stderr, "sim: no app %s\n", all->apps[i]);
            return false;
        }
    }
    all->jobs = all->jobs < 1 ? 1 : all->jobs > JOBS_MAX ? JOBS_MAX : all->jobs;
    return true;
}

struct scenario scenario_of(const char *app, uint64_t seed)
{
    return plan_scenario((enum world_app)world_app_by_name(app), seed);
}

/* ---- run ----------------------------------------------------------------------------------- */

uint64_t seed_number(const struct arguments *all, uint64_t i)
{
    if (all->seed_given) {
        return all->count == 0 ? all->seed : sim_mix(all->seed, 0x4e, i);
    }
    return all->fresh_given && i >= SEEDS_DEFAULT ? sim_mix(all->fresh, 0x46, i) : i + 1;
}

uint64_t seeds_to_run(const struct arguments *all)
{
    if (all->count > 0) {
        return all->count;
    }
    if (all->seed_given) {
        return 1;
    }
    return all->fresh_given ? SEEDS_DEFAULT + SEEDS_FRESH : SEEDS_DEFAULT;
}

static void run_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    uint64_t count = seeds_to_run(all) * all->apps_count;
    for (uint64_t i = job; i < count; i += all->jobs) {
        const char *app = all->apps[i % all->apps_count];
        uint64_t seed = seed_number(all, i / all->apps_count);
        struct scenario scenario = scenario_of(app, seed);
        struct outcome outcome;
        world_run(&scenario, &outcome);
        sums_take(sums, seed, &outcome);
        if (outcome.failed) {
            sums->failures++;
            if (sums->failures <= REPORTS_MAX) {
                report_failure(&scenario, &outcome, all->commit);
            }
        }
    }
}

/* ---- torture ------------------------------------------------------------------------------- */

static void torture_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    uint64_t count = (all->count > 0 ? all->count : 12) * all->apps_count;
    for (uint64_t i = job; i < count; i += all->jobs) {
        struct torture torture;
        torture.scenario = scenario_of(all->apps[i % all->apps_count],
                                       seed_number(all, i / all->apps_count));
        torture_begin(&torture);
        while (torture_next(&torture)) {
            sums_take(sums, torture.kill_points, &torture.outcome);
            if (torture.outcome.failed) {
                sums->failures++;
                if (sums->failures <= REPORTS_MAX) {
                    report_failure(&torture.scenario, &torture.outcome, all->commit);
                }
            }
        }
        sums->kill_points += torture.kill_points;
    }
}

/* ---- split --------------------------------------------------------------------------------- */

static void split_job(const struct arguments *all, unsigned job, struct sums *sums)
{
    struct split_counts counts = {0, 0, 0};
    split_run(job, (unsigned)all->jobs, &counts);
    sums->connections += counts.runs;
    sums->seeds += counts.requests;
    sums->failures += counts.failures;
}

/* ---- Jobs ---------------------------------------------------------------------------------- */

static void jobs_run(const struct arguments *all, job_function *function, struct sums *sums)
{
    int pipes[JOBS_MAX][2];
    pid_t pids[JOBS_MAX];
    fflush(stdout);
    if (all->jobs == 1) {
        function(all, 0, sums);
        sums_take_seen(sums);
        return;
    }
    for (unsigned job = 0; job < all->jobs; job++) {
        if (pipe(pipes[job]) != 0 || (pids[job] = fork()) < 0) {
            perror("sim");
            exit(2);
        }
        if (pids[job] == 0) {
            struct sums own;
            memset(&own, 0, sizeof own);
            function(all, job, &own);
            sums_take_seen(&own);
            fflush(stdout);
            _exit(write(pipes[job][1], &own, sizeof own) == (ssize_t)sizeof own ? 0 : 2);
        }
        close(pipes[job][1]);
    }
    for (unsigned job = 0; job < all->jobs; job++) {
        struct sums own;
        int status = 0;
        if (read(pipes[job][0], &own, sizeof own) == (ssize_t)sizeof own) {
            sums_add(sums, &own);
        } else {
            sums->failures++;
        }
        close(pipes[job][0]);
        waitpid(pids[job], &status, 0);
    }
}

static int say_sums(const struct sums *sums)
{
    printf("%llu connections, %llu seeds, %llu failures, hash 0x%016llx\n",
           (unsigned long long)sums->connections, (unsigned long long)sums->seeds,
           (unsigned long long)sums->failures, (unsigned long long)sums->hash);
    return sums->failures == 0 ? 0 : 1;
}

/* Whether enough runs are asked for that every situation must be among them. */
static bool is_push(const struct arguments *all)
{
    return all->fresh_given && all->apps_count > 1 && !all->seed_given && all->count == 0;
}

static int matrix_verb(const struct arguments *all)
{
    static struct sums sums;
    if (!matrix_read("tests/matrix.txt")) {
        return 1;
    }
    jobs_run(all, matrix_job, &sums);
    sums.failures += matrix_report(sums.cells);
    return say_sums(&sums);
}

static int jobs_verb(const struct arguments *all, job_function *function)
{
    static struct sums sums;
    jobs_run(all, function, &sums);
    printf("%llu faults, %llu port calls, %llu virtual hours", (unsigned long long)sums.faults,
           (unsigned long long)sums.calls, (unsigned long long)(sums.virtual_ms / 3600000));
    if (sums.kill_points > 0) {
        printf(", %llu kill points", (unsigned long long)sums.kill_points);
    }
    printf("\n");
    if (function == run_job) {
        sums.failures += seen_report(&sums, is_push(all) ? SEEN_LEAST : 0);
    }
    return say_sums(&sums);
}

/* ---- One scenario -------------------------------------------------------------------------- */

static int one_verb(const struct arguments *all, bool verbose)
{
    struct scenario scenario = scenario_of(all->apps[0], all->seed);
    struct outcome outcome;
    struct sums sums;
    memset(&sums, 0, sizeof sums);
    if ((all->clients != NULL && !report_read_clients(all->clients, &scenario)) ||
        (all->faults != NULL && !report_read_faults(all->faults, &scenario))) {
        fprintf(stderr, "sim: CONNS= is a list of numbers, FAULTS= of kind@connection.nth\n");
        return 2;
    }
    if (all->clients != NULL && all->faults == NULL && !verbose) {
        scenario.listed = false;
    }
    scenario.soak_ms = all->hours * 3600000;
    scenario.verbose = verbose;
    world_run(&scenario, &outcome);
    scenario.verbose = false;
    sums_take(&sums, scenario.seed, &outcome);
    if (outcome.failed) {
        sums.failures++;
        report_failure(&scenario, &outcome, all->commit);
    }
    return say_sums(&sums);
}

static int soak_verb(const struct arguments *all)
{
    struct sums sums;
    memset(&sums, 0, sizeof sums);
    for (unsigned i = 0; i < all->apps_count; i++) {
        struct scenario scenario = scenario_of(all->apps[i], all->seed_given ? all->seed : 1);
        struct outcome outcome;
        scenario.soak_ms = (all->hours > 0 ? all->hours : 72) * 3600000;
        world_run(&scenario, &outcome);
        sums_take(&sums, scenario.seed, &outcome);
        sums.failures += outcome.failed ? 1u : 0u;
        printf("%s: %llu virtual hours, %llu connections%s%s%s\n", all->apps[i],
               (unsigned long long)(outcome.virtual_ms / 3600000),
               (unsigned long long)outcome.connections, outcome.failed ? ", FAIL " : "",
               outcome.failed ? outcome.failure.invariant : "",
               outcome.failed ? outcome.failure.text : "");
    }
    return say_sums(&sums);
}

/* Until the first failure, for mutants: one line says by what and how soon. */
static int hunt_verb(const struct arguments *all)
{
    uint64_t connections = 0;
    for (uint64_t i = 0; i < seeds_to_run(all); i++) {
        struct scenario scenario = scenario_of(all->apps[0], seed_number(all, i));
        struct outcome outcome;
        world_run(&scenario, &outcome);
        connections += outcome.connections;
        if (outcome.failed || (i % 10 == 0 && relation_breaks(&scenario, &outcome))) {
            printf("killed by %s with seed %llu, %llu connections: %s %s\n",
                   outcome.failure.invariant, (unsigned long long)(i + 1),
                   (unsigned long long)connections, outcome.failure.text, outcome.failure.file);
            return 0;
        }
    }
    printf("alive after %llu seeds, %llu connections\n", (unsigned long long)seeds_to_run(all),
           (unsigned long long)connections);
    return 1;
}

/* A planted defect must be found, and made small; else nothing here means anything. */
static int canary_verb(const struct arguments *all)
{
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        struct scenario scenario = scenario_of("canary", seed);
        struct outcome outcome;
        world_run(&scenario, &outcome);
        if (outcome.failed) {
            report_failure(&scenario, &outcome, all->commit);
            printf("the canary died with seed %llu, as it should\n", (unsigned long long)seed);
            return 0;
        }
    }
    printf("the canary lives: the simulation finds nothing\n");
    return 1;
}

int main(int argc, char **argv)
{
    struct arguments all;
    const char *verb = argc > 1 ? argv[1] : "";
    if (argc == 3 && strcmp(verb, "script") == 0) {
        return script_play_file(argv[2], true) ? 0 : 1;
    }
    if (argc < 2 || !read_arguments(argc, argv, &all)) {
        fprintf(stderr,
                "usage: sim run|replay|shrink|torture|soak|canary|det|isolation|split|matrix|hunt "
                "[NAME=VALUE...]\n");
        return 2;
    }
    if (strcmp(verb, "run") == 0) {
        return jobs_verb(&all, run_job);
    }
    if (strcmp(verb, "torture") == 0) {
        return jobs_verb(&all, torture_job);
    }
    if (strcmp(verb, "det") == 0) {
        return jobs_verb(&all, det_job);
    }
    if (strcmp(verb, "isolation") == 0) {
        return jobs_verb(&all, isolation_job);
    }
    if (strcmp(verb, "matrix") == 0) {
        return matrix_verb(&all);
    }
    if (strcmp(verb, "split") == 0) {
        return jobs_verb(&all, split_job);
    }
    if (strcmp(verb, "replay") == 0 || strcmp(verb, "shrink") == 0) {
        return one_verb(&all, strcmp(verb, "replay") == 0);
    }
    if (strcmp(verb, "soak") == 0) {
        return soak_verb(&all);
    }
    if (strcmp(verb, "hunt") == 0) {
        return hunt_verb(&all);
    }
    if (strcmp(verb, "canary") == 0) {
        return canary_verb(&all);
    }
    fprintf(stderr, "sim: no verb %s\n", verb);
    return 2;
}
