/* SPDX-License-Identifier: MIT */
/* Counts cells of the fault matrix, and compares them with tests/matrix.txt. */
#include "tests/sim/matrix.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/desk.h"
#include "tests/sim/files.h"

enum { SLOTS_KEPT = 3 };

static const char *const form_names[FORMS] = {"once", "sticky50ms", "sticky5s"};
static const char *const situation_names[MATRIX_SITUATIONS] = {
    "idle", "mid-request", "mid-reply", "half-closed", "table-full"};

static struct {
    uint32_t counts[MATRIX_CELLS];
    bool described[SIM_FAULT_KINDS];
    bool cannot[MATRIX_CELLS];
    bool rare[MATRIX_CELLS];
} state;

static size_t cell_of(unsigned kind, unsigned form, unsigned situation)
{
    return ((size_t)kind * FORMS + form) * MATRIX_SITUATIONS + situation;
}

/* ---- What is under way --------------------------------------------------------------------- */

static unsigned of_visit(const struct client *client)
{
    const struct visit *visit = file_visit(client);
    bool replies = visit->http ? visit->phase != VISIT_STATUS || visit->line_bytes > 0
                               : client->replied > 0;
    unsigned next = visit->answered < visit->count ? visit->answered : 0;
    uint64_t begins = visit->answered > 0 ? visit->requests[visit->answered - 1].ends_at : 0;
    if (replies || client->received >= visit->requests[next].ends_at) {
        return MATRIX_REPLY;
    }
    return client->received > begins ? MATRIX_REQUEST : MATRIX_IDLE;
}

static unsigned of_client(const struct client *client)
{
    if (client->server_ended || client->server_shut) {
        return MATRIX_HALF_CLOSED;
    }
    switch ((enum world_app)client->app) {
    case WORLD_FILE:
        return of_visit(client);
    case WORLD_DESK:
        if (desk_guest(client)->asked > desk_guest(client)->answers) {
            return MATRIX_REPLY;
        }
        break;
    case WORLD_ECHO:
    case WORLD_UDP:
    case WORLD_CANARY:
        if (client->received > client->replied) {
            return MATRIX_REPLY;
        }
        break;
    case WORLD_CHAT:
    case WORLD_MIXED:
    case WORLD_SCRIPT:
    case WORLD_APPS:
        break;
    }
    if (client->replied > 0 && sim_server_room(client->id) == 0) {
        return MATRIX_REPLY;
    }
    return client->received > 0 && client->received < client->to_send ? MATRIX_REQUEST
                                                                      : MATRIX_IDLE;
}

/* The situations, a bit each, of a connection, or of all for what happens to none of them. */
static unsigned situations_of(int32_t connection)
{
    unsigned all = 0;
    /* some slots are kept for other apps, and for those that the server dials */
    bool none_left = world.capacity > 0 && sim_held_count() + SLOTS_KEPT >= world.capacity;
    unsigned full = none_left ? 1u << MATRIX_TABLE_FULL : 0u;
    if (connection >= SIM_DIALLED && service_situation((unsigned)connection) != 0) {
        return service_situation((unsigned)connection) | full;
    }
    if (connection >= 0 && connection < WORLD_CLIENTS && sim_held((unsigned)connection)) {
        return 1u << of_client(&world.clients[connection]) | full;
    }
    for (unsigned id = 0; id < world.count; id++) {
        all |= sim_held(id) ? 1u << of_client(&world.clients[id]) : 0u;
    }
    return (all == 0 ? 1u << MATRIX_IDLE : all) | full;
}

void matrix_fault(void)
{
    size_t last = sim_fault_count() - 1;
    const struct sim_fault *fault;
    if (last >= SIM_FAULTS_MAX) {
        return;
    }
    fault = sim_fault_at(last);
    unsigned form = fault->sticky_ms == 0 ? FORM_ONCE
                    : fault->sticky_ms < 1000 ? FORM_50_MS : FORM_5_S;
    unsigned situations = situations_of(fault->connection);
    for (unsigned i = 0; i < MATRIX_SITUATIONS; i++) {
        state.counts[cell_of(fault->kind, form, i)] += (situations >> i) & 1u;
    }
}

const uint32_t *matrix_counts(void)
{
    return state.counts;
}

/* ---- tests/matrix.txt ---------------------------------------------------------------------- */

static bool part_is(const char *part, const char *name)
{
    return strcmp(part, "*") == 0 || strcmp(part, name) == 0;
}

/* "kind/form/situation", of which each may be "*". False: there is no such cell. */
static bool read_exception(char *cell, bool *exceptions)
{
    char *form = strchr(cell, '/');
    char *situation = form == NULL ? NULL : strchr(form + 1, '/');
    bool found = false;
    if (situation == NULL) {
        return false;
    }
    *form = '\0';
    *situation = '\0';
    for (size_t i = 0; i < MATRIX_CELLS; i++) {
        unsigned kind = (unsigned)(i / MATRIX_SITUATIONS / FORMS);
        if (part_is(cell, sim_fault_name((enum sim_fault_kind)kind)) &&
            part_is(form + 1, form_names[i / MATRIX_SITUATIONS % FORMS]) &&
            part_is(situation + 1, situation_names[i % MATRIX_SITUATIONS])) {
            exceptions[i] = true;
            found = true;
        }
    }
    return found;
}

static bool read_line(char *line)
{
    char *word = line + strspn(line, " \n");
    bool exception = *word == '-' || *word == '~';
    bool *exceptions = *word == '-' ? state.cannot : state.rare;
    char *rest;
    int kind;
    if (*word == '#' || *word == '\0') {
        return true;
    }
    word += exception ? 1 + strspn(word + 1, " ") : 0;
    rest = word + strcspn(word, " \n");
    if (rest[strspn(rest, " \n")] == '\0') {
        return false; /* without a word about it */
    }
    *rest = '\0';
    if (exception) {
        return read_exception(word, exceptions);
    }
    kind = sim_fault_by_name(word, strlen(word));
    if (kind < 0 || state.described[kind]) {
        return false;
    }
    state.described[kind] = true;
    return true;
}

bool matrix_read(const char *path)
{
    char line[300];
    unsigned number = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        printf("%s cannot be read\n", path);
        return false;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        if (!read_line(line)) {
            printf("%s:%u: neither a fault nor cells of one, or nothing said about it\n", path,
                   number);
            fclose(file);
            return false;
        }
    }
    fclose(file);
    for (unsigned kind = 0; kind < SIM_FAULT_KINDS; kind++) {
        if (!state.described[kind]) {
            printf("%s does not say what %s is\n", path,
                   sim_fault_name((enum sim_fault_kind)kind));
            return false;
        }
    }
    return true;
}

bool matrix_lacks(unsigned kind, const uint32_t *counts)
{
    for (size_t i = cell_of(kind, 0, 0); i < cell_of(kind + 1, 0, 0); i++) {
        if (counts[i] == 0 && !state.cannot[i] && !state.rare[i]) {
            return true;
        }
    }
    return false;
}

unsigned matrix_report(const uint32_t *counts)
{
    unsigned hit = 0;
    unsigned excused = 0;
    unsigned wrong = 0;
    for (size_t i = 0; i < MATRIX_CELLS; i++) {
        hit += counts[i] > 0 ? 1u : 0u;
        excused += counts[i] == 0 && (state.cannot[i] || state.rare[i]) ? 1u : 0u;
        if ((counts[i] > 0) == state.cannot[i] && !state.rare[i]) {
            wrong++;
            printf("%s %s/%s/%s\n", state.cannot[i] ? "hit though it cannot be:" : "never hit:",
                   sim_fault_name((enum sim_fault_kind)(i / MATRIX_SITUATIONS / FORMS)),
                   form_names[i / MATRIX_SITUATIONS % FORMS],
                   situation_names[i % MATRIX_SITUATIONS]);
        }
    }
    printf("%u of %u cells hit, %u cannot be or are rare, %u are wrong\n", hit,
           (unsigned)MATRIX_CELLS, excused, wrong);
    return wrong;
}
