/* SPDX-License-Identifier: MIT */
/* Every fault at every occasion, one at a time. */
#include "tests/sim/torture.h"

#include <string.h>

enum {
    CLIENTS = 4,
    OCCASIONS_MAX = 60 /* of one fault on one connection: the rest are more of the same */
};

static const uint16_t forms_ms[] = {0, 50, 5000};

void torture_begin(struct torture *torture)
{
    struct scenario *scenario = &torture->scenario;
    scenario->clients = CLIENTS;
    scenario->listed = true;
    scenario->list = NULL;
    scenario->list_count = 0;
    torture->kill_points = 0;
    torture->kind = 0;
    torture->connection = SIM_NOBODY;
    torture->nth = 0;
    torture->form = 0;
    world_run(scenario, &torture->outcome);
    for (unsigned kind = 0; kind < SIM_FAULT_KINDS; kind++) {
        for (int32_t id = SIM_NOBODY; id < CLIENTS; id++) {
            torture->chances[kind][id + 1] = sim_fault_chances((enum sim_fault_kind)kind, id);
        }
    }
}

static bool is_wait(unsigned kind)
{
    return kind == SIM_WAIT_EARLY || kind == SIM_WAIT_SPURIOUS || kind == SIM_WAIT_PAUSE;
}

/* The next that is to be played; false: there is none. */
static bool advance(struct torture *torture)
{
    while (torture->kind < SIM_FAULT_KINDS) {
        uint32_t chances = torture->chances[torture->kind][torture->connection + 1];
        uint32_t stride = is_wait(torture->kind) ? 1 + chances / OCCASIONS_MAX : 1;
        bool wait = is_wait(torture->kind);
        if (torture->nth < chances && (wait || torture->nth < OCCASIONS_MAX)) {
            torture->fault.kind = (uint8_t)torture->kind;
            torture->fault.connection = torture->connection;
            torture->fault.nth = torture->nth;
            torture->fault.sticky_ms = forms_ms[torture->form];
            torture->form++;
            if (torture->form == COUNT_OF(forms_ms)) {
                torture->form = 0;
                torture->nth += stride;
            }
            return true;
        }
        torture->nth = 0;
        torture->connection++;
        if (torture->connection == CLIENTS) {
            torture->connection = SIM_NOBODY;
            torture->kind++;
        }
    }
    return false;
}

bool torture_next(struct torture *torture)
{
    if (!advance(torture)) {
        return false;
    }
    torture->kill_points++;
    torture->scenario.list = &torture->fault;
    torture->scenario.list_count = 1;
    world_run(&torture->scenario, &torture->outcome);
    return true;
}
