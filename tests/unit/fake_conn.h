/* SPDX-License-Identifier: MIT */
/* Two apps on a small table over the simulated port: one with every hook, which does what the test
 * says and keeps what it saw, and one with the fewest. For tests/unit/fake_conn.c. */
#ifndef TESTS_UNIT_FAKE_CONN_H
#define TESTS_UNIT_FAKE_CONN_H

#include "core/app.h"
#include "port/sim/sim.h"

enum { CAPACITY = 16, WINDOW = 4096, FIRST_PORT = 7007, LOG_BYTES = 8192 };

enum deed { NOTHING, FINISH, SHUT, ABORT, QUIET_OTHER, ONE_BYTE, ANSWER, FINISH_AND_WRITE,
            ABORT_ALL, SETTLE, CLOSE, FINISH_AND_CLOSE, ONE_LEFT };

/* What the full app does at each input, and saw. */
struct seen {
    enum deed deed;
    enum deed opening; /* what it does when one is opened */
    struct conn *other;
    struct conn *last;
    unsigned opened;
    unsigned inputs;
    size_t input_bytes;
    unsigned ends;
    unsigned closed;
    enum conn_end why;
    uint64_t closed_ms;
    unsigned resets; /* that were sent */
    size_t written;
    size_t to_write; /* how much ANSWER has it write in all */
};
extern struct seen seen;

struct logged {
    char text[LOG_BYTES];
    size_t n;
};
extern struct logged logged;

/* The first so many apps are built in, the first so many listen: 2 and 2, unless a test says else.
 * Number 2 reserves nothing and has peers take SPARE_STALL_BYTES; number 3 reserves a place. */
enum { SPARE_STALL_BYTES = 3000 };
extern size_t apps_built;
extern size_t apps_listening;

/* App number 0 is the full one, 1 the plain one; peers may be dialled at `somebody`. */
extern const struct app full_app;
extern const struct app plain_app;
extern const struct port_address somebody;
extern const struct port_address here; /* the full app's; the plain one has the next port */

void world_begin(const struct sim_fault *faults, size_t count);
void run_until(uint64_t ms);
void world_end(void);
/* Peer number `id` connects to an app. */
void join(unsigned id, unsigned app);

#endif
