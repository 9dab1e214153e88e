/* SPDX-License-Identifier: MIT */
/* An app whose console is a terminal, over the simulated port. With fake_terminal.c. */
#ifndef TESTS_UNIT_FAKE_CONSOLE_H
#define TESTS_UNIT_FAKE_CONSOLE_H

#include "core/app.h"
#include "port/sim/sim.h"
#include "tests/unit/fake_terminal.h"

enum { QUEUE_BYTES = 1 << 17 };

struct fake_console {
    struct conn *console;
    char queue[QUEUE_BYTES]; /* to be written */
    size_t from;
    size_t to;
    char typed[QUEUE_BYTES];
    size_t typed_n;
    size_t takes;            /* of what it is offered */
    unsigned ends;
};
extern struct fake_console app;
extern size_t painted;     /* bytes that the terminal was told */
extern uint64_t resume_ms; /* when the terminal takes output again */

void begin(const struct sim_plan *plan, bool log);
void begin_quiet(void);
void end(void);

void type(const char *keys);
void say(const char *text); /* the app says it */
bool typed_is(const char *text);

/* Lets time pass; run_ms paints once more, as the next pass will. */
void turn_ms(uint64_t ms);
void run_ms(uint64_t ms);

#endif
