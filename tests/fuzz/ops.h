/* SPDX-License-Identifier: MIT */
/* What an input says, read: its faults, its operations, and how far they went. For fuzz_world.c and
 * world_ops.c. */
#ifndef TESTS_FUZZ_OPS_H
#define TESTS_FUZZ_OPS_H

#include "tests/fuzz/world.h"

enum {
    OPS_MAX = 300,
    FAULTS_MAX = 96,
    GIVEN_FAULTS_MAX = 16,
    TURNS_MAX = 30000,
    CAPACITY_MAX = 16,
    TYPED_MAX = 900,    /* the simulated console holds about so much */
    LAST_STEP_MS = 100, /* at the end all read what there is, so often ... */
    LAST_STEPS = 30     /* ... and so many times */
};

enum op_code {
    OP_ADVANCE,
    OP_CONNECT_ECHO,
    OP_CONNECT_FILE,
    OP_CONNECT_CHAT,
    OP_PHRASE,
    OP_PIECE,
    OP_BYTES,
    OP_READ,
    OP_SHUT,
    OP_RESET,
    OP_CLOSE,
    OP_DATAGRAM,
    OP_WAIT_FAULT,
    OP_CONSOLE,
    OP_FILE,
    OP_SERVER
};

struct op {
    uint64_t at_ms;
    uint8_t code;  /* enum op_code */
    uint8_t extra; /* 0 to 15 */
    uint8_t who;
    uint8_t n;
    const uint8_t *bytes; /* OP_BYTES */
};

enum {
    FLAG_NO_QUEUE = 1,
    FLAG_NO_SEND_FILE = 2,
    FLAG_NO_DATE = 4,
    FLAG_FEW_HANDLES = 8,
    FLAG_CONSOLE = 16,
    FLAG_NEAR_2_31 = 32,
    FLAG_NEAR_2_32 = 64,
    FLAG_DEAR_WAITS = 128
};

struct fuzz_state {
    uint8_t flags;
    struct sim_fault faults[FAULTS_MAX];
    size_t faults_count;
    struct op ops[OPS_MAX];
    unsigned ops_count;
    unsigned next;      /* the op that comes next */
    unsigned last_step; /* at the end */
    uint64_t last_waits;
    uint64_t end_ms;
    uint64_t reported; /* the wait in which a report was asked for */
    bool console;
    bool stopped_now;   /* which cuts anybody */
    size_t typed;       /* at the console */
    struct fuzz_client clients[FUZZ_CLIENTS];
};

extern struct fuzz_state fuzz_state;

/* world_ops.c */
void fuzz_client_read(struct client *client, size_t most);
void fuzz_client_check_end(struct client *client);
void fuzz_stop_server(unsigned request);
void fuzz_run_op(const struct op *op);

#endif
