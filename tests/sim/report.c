/* SPDX-License-Identifier: MIT */
/* Shrinking: fewer clients, then fewer faults, as long as the same invariant breaks. */
#include "tests/sim/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_MAX = 600 };

static struct {
    struct sim_fault faults[SIM_FAULTS_MAX]; /* of the scenario that fails */
    struct sim_fault trial[SIM_FAULTS_MAX];
    struct sim_fault given[SIM_FAULTS_MAX];
    size_t faults_count;
    unsigned runs;
    const char *invariant;
} state;

/* ---- Reading ------------------------------------------------------------------------------- */

bool report_read_clients(const char *text, struct scenario *scenario)
{
    memset(scenario->mask, 0, sizeof scenario->mask);
    scenario->masked = true;
    while (*text != '\0') {
        char *end;
        unsigned long id = strtoul(text, &end, 10);
        if (end == text || id >= WORLD_CLIENTS) {
            return false;
        }
        scenario->mask[id / 8] |= (uint8_t)(1u << (id % 8));
        text = end;
        while (*text == ' ' || *text == ',') {
            text++;
        }
    }
    return true;
}

const char *report_read_fault(const char *text, struct sim_fault *fault)
{
    const char *at = strchr(text, '@');
    int kind = at == NULL ? -1 : sim_fault_by_name(text, (size_t)(at - text));
    char *end;
    if (kind < 0) {
        return NULL;
    }
    fault->kind = (uint8_t)kind;
    fault->connection = (int32_t)strtol(at + 1, &end, 10);
    fault->sticky_ms = 0;
    if (*end != '.') {
        return NULL;
    }
    fault->nth = (uint32_t)strtoul(end + 1, &end, 10);
    if (*end == '~') {
        fault->sticky_ms = (uint16_t)strtoul(end + 1, &end, 10);
    }
    return end;
}

bool report_read_faults(const char *text, struct scenario *scenario)
{
    scenario->listed = true;
    scenario->list = state.given;
    scenario->list_count = 0;
    while (*text != '\0') {
        if (scenario->list_count == SIM_FAULTS_MAX) {
            return false;
        }
        text = report_read_fault(text, &state.given[scenario->list_count]);
        if (text == NULL) {
            return false;
        }
        scenario->list_count++;
        while (*text == ',' || *text == ' ') {
            text++;
        }
    }
    return true;
}

/* ---- Shrinking ----------------------------------------------------------------------------- */

static bool still_fails(const struct scenario *scenario, struct outcome *outcome)
{
    state.runs++;
    world_run(scenario, outcome);
    return outcome->failed && strcmp(outcome->failure.invariant, state.invariant) == 0;
}

/* Writes down the faults of the seed, so that they can be taken away one by one. */
static bool make_explicit(struct scenario *scenario, struct outcome *outcome)
{
    struct scenario listed = *scenario;
    if (scenario->listed) {
        memmove(state.faults, scenario->list, scenario->list_count * sizeof state.faults[0]);
        state.faults_count = scenario->list_count;
    } else {
        if (!still_fails(scenario, outcome) || sim_fault_count() > SIM_FAULTS_MAX) {
            return false;
        }
        state.faults_count = sim_fault_count();
        for (size_t i = 0; i < state.faults_count; i++) {
            state.faults[i] = *sim_fault_at(i);
        }
    }
    listed.listed = true;
    listed.list = state.faults;
    listed.list_count = state.faults_count;
    if (!still_fails(&listed, outcome)) {
        return false;
    }
    *scenario = listed;
    return true;
}

static unsigned mask_count(const struct scenario *scenario)
{
    unsigned count = 0;
    for (unsigned id = 0; id < scenario->clients; id++) {
        count += world_takes_part(scenario, id) ? 1u : 0u;
    }
    return count;
}

/* Leaves out `size` clients at a time, from the last. */
static void shrink_clients(struct scenario *scenario, struct outcome *outcome)
{
    if (!scenario->masked) {
        memset(scenario->mask, 0xff, sizeof scenario->mask);
        scenario->masked = true;
    }
    for (unsigned size = scenario->clients; size > 0; size /= 2) {
        for (unsigned begin = 0; begin < scenario->clients && state.runs < RUNS_MAX;
             begin += size) {
            struct scenario fewer = *scenario;
            for (unsigned id = begin; id < begin + size && id < scenario->clients; id++) {
                fewer.mask[id / 8] &= (uint8_t)~(1u << (id % 8));
            }
            if (memcmp(fewer.mask, scenario->mask, sizeof fewer.mask) != 0 &&
                still_fails(&fewer, outcome)) {
                *scenario = fewer;
            }
        }
    }
}

static void shrink_faults(struct scenario *scenario, struct outcome *outcome)
{
    size_t size = state.faults_count;
    while (size > 0) {
        size_t begin = 0;
        while (begin < state.faults_count && state.runs < RUNS_MAX) {
            struct scenario fewer = *scenario;
            size_t cut = begin + size < state.faults_count ? size : state.faults_count - begin;
            memcpy(state.trial, state.faults, begin * sizeof state.trial[0]);
            memcpy(state.trial + begin, state.faults + begin + cut,
                   (state.faults_count - begin - cut) * sizeof state.trial[0]);
            fewer.list = state.trial;
            fewer.list_count = state.faults_count - cut;
            if (still_fails(&fewer, outcome)) {
                state.faults_count -= cut;
                memcpy(state.faults, state.trial, state.faults_count * sizeof state.faults[0]);
                scenario->list_count = state.faults_count;
            } else {
                begin += size;
            }
        }
        size /= 2;
    }
}

/* ---- Printing ------------------------------------------------------------------------------ */

static void print_replay(const struct scenario *scenario, const char *commit)
{
    const char *separator = "";
    printf("  replay: ");
    if (commit != NULL) {
        printf("git checkout %s && ", commit);
    }
    printf("make sim-replay APP=%s SEED=0x%llx", world_app_name(scenario->app),
           (unsigned long long)scenario->seed);
    if (scenario->masked) {
        printf(" CONNS=\"");
        for (unsigned id = 0; id < scenario->clients; id++) {
            if (world_takes_part(scenario, id)) {
                printf("%s%u", separator, id);
                separator = " ";
            }
        }
        printf("\"");
    }
    if (scenario->listed) {
        printf(" FAULTS=");
        for (size_t i = 0; i < scenario->list_count; i++) {
            const struct sim_fault *fault = &scenario->list[i];
            printf("%s%s@%ld.%lu", i == 0 ? "" : ",",
                   sim_fault_name((enum sim_fault_kind)fault->kind), (long)fault->connection,
                   (unsigned long)fault->nth);
            if (fault->sticky_ms > 0) {
                printf("~%u", fault->sticky_ms);
            }
        }
    }
    printf("\n");
}

void report_failure(const struct scenario *scenario, const struct outcome *outcome,
                    const char *commit)
{
    struct scenario small = *scenario;
    struct outcome last = *outcome;
    const struct sim_failure *failure = &outcome->failure;
    clock_t began = clock();
    bool shrunk;
    printf("FAIL commit=%s app=%s seed=0x%llx inv=%s t=%llu.%03llus conn=%ld  \"%s%s%s",
           commit == NULL ? "?" : commit, world_app_name(scenario->app),
           (unsigned long long)scenario->seed, failure->invariant,
           (unsigned long long)(failure->at_ms / 1000), (unsigned long long)(failure->at_ms % 1000),
           (long)failure->connection, failure->text, failure->file[0] == '\0' ? "" : " ",
           failure->file);
    if (failure->file[0] != '\0') {
        printf(":%d", failure->line);
    }
    printf("\"\n");
    state.runs = 0;
    state.invariant = failure->invariant;
    shrunk = make_explicit(&small, &last);
    if (shrunk) {
        shrink_clients(&small, &last);
        shrink_faults(&small, &last);
        shrink_clients(&small, &last);
    }
    printf("  shrunk: %u conn, %zu faults (%u runs, %.1f s)%s\n", mask_count(&small),
           shrunk ? state.faults_count : outcome->faults, state.runs,
           (double)(clock() - began) / (double)CLOCKS_PER_SEC,
           shrunk ? "" : " - fails only with the seed's own faults");
    print_replay(&small, commit);
    fflush(stdout);
}
