/* SPDX-License-Identifier: MIT */
/* Torture: a quiet scenario is played once to count the occasions of every fault, then once for
 * each occasion with that one fault: once, for 50 ms, for 5 s. */
#ifndef TESTS_SIM_TORTURE_H
#define TESTS_SIM_TORTURE_H

#include "tests/sim/world.h"

struct torture {
    struct scenario scenario;
    struct outcome outcome;     /* of the run that torture_next made */
    struct sim_fault fault;
    uint64_t kill_points;
    unsigned kind;              /* where it is */
    int32_t connection;
    uint32_t nth;
    unsigned form;
    uint32_t chances[SIM_FAULT_KINDS][WORLD_CLIENTS + 1]; /* [0]: of nobody */
};

void torture_begin(struct torture *torture);
bool torture_next(struct torture *torture); /* false: all were played */

#endif
