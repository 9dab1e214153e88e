/* SPDX-License-Identifier: MIT */
/* Failures as people and make need them: what broke, made small, and the line that replays it. */
#ifndef TESTS_SIM_REPORT_H
#define TESTS_SIM_REPORT_H

#include "tests/sim/world.h"

/* Makes a failing scenario small and prints it in three lines. `commit` may be NULL. */
void report_failure(const struct scenario *scenario, const struct outcome *outcome,
                    const char *commit);

/* Reads "3 7 9" into the scenario's mask; "send.reset@7.0,wait.pause@-1.5120~50" into a list of
 * its own. False: not such a list. */
bool report_read_clients(const char *text, struct scenario *scenario);
bool report_read_faults(const char *text, struct scenario *scenario);
/* One of them: returns what follows, or NULL: it is none. */
const char *report_read_fault(const char *text, struct sim_fault *fault);

#endif
