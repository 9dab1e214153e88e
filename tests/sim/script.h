/* SPDX-License-Identifier: MIT */
/* Scripts: runs whose every step is written down, in a file or by a test, so that they stay the
 * same whatever becomes of the generator of worlds. tests/regress/README.md says how. */
#ifndef TESTS_SIM_SCRIPT_H
#define TESTS_SIM_SCRIPT_H

#include "tests/sim/world.h"

enum {
    SCRIPT_CLIENTS = 40,
    SCRIPT_ACTS = 600,
    SCRIPT_FAULTS = 32,
    SCRIPT_EXPECTATIONS = 60,
    SCRIPT_TEXT_BYTES = 24000,
    SCRIPT_GOT_BYTES = 40000   /* that are remembered of what a client got */
};

enum script_what {
    SCRIPT_CONNECT,   /* to port `n`, with `window` and `latency_ms` */
    SCRIPT_SEND,      /* n bytes of the text from `at`; what does not fit follows later */
    SCRIPT_SHUT,
    SCRIPT_CLOSE,
    SCRIPT_RESET,
    SCRIPT_READS,     /* from now on n bytes every `window` ms; 0: none; UINT32_MAX: all at once */
    SCRIPT_TYPE,      /* the operator types */
    SCRIPT_STALL,     /* the console takes nothing (n is 1), or does again */
    SCRIPT_RESIZE,    /* file number `client` of the tree now has n bytes */
    SCRIPT_STOP,
    SCRIPT_WAIT       /* nothing: the run lasts until then at least */
};

struct script_act {
    uint64_t at_ms;
    uint8_t what;     /* enum script_what */
    uint8_t client;
    uint32_t n;
    uint32_t at;
    uint32_t window;
    uint32_t latency_ms;
};

enum script_expected {
    EXPECT_GOT,       /* exactly this text */
    EXPECT_HAS,       /* this text somewhere */
    EXPECT_HAS_NOT,
    EXPECT_BODY,      /* it ends with all of file n, and begins with a head or with it */
    EXPECT_ENDS,      /* enum script_end */
    EXPECT_BYTES,     /* n of them */
    EXPECT_ENDED_BY,  /* no later than at n ms */
    EXPECT_HELD_UNTIL /* the server ends it no earlier than at n ms */
};

enum script_end { SCRIPT_OPEN, SCRIPT_FIN, SCRIPT_CUT };

struct script_expectation {
    uint8_t what;
    uint8_t client;
    uint32_t n;
    uint32_t at;
    uint32_t bytes;
};

struct script {
    bool desk;
    bool console;
    bool service;       /* the bot has its service */
    uint16_t handles;
    uint16_t capacity;  /* 0: all there is */
    bool files_sent;
    uint64_t seed;
    uint32_t clients;
    uint32_t acts_count;
    uint32_t faults_count;
    uint32_t expectations_count;
    uint32_t text_bytes;
    struct script_act acts[SCRIPT_ACTS];
    struct sim_fault faults[SCRIPT_FAULTS];
    struct script_expectation expectations[SCRIPT_EXPECTATIONS];
    char text[SCRIPT_TEXT_BYTES];
};

/* What came of a client. */
struct script_result {
    uint32_t bytes;     /* that it got; the first SCRIPT_GOT_BYTES are remembered */
    uint64_t hash;      /* of all of them */
    uint64_t first_ms;  /* when the first came; UINT64_MAX: none */
    uint64_t ended_ms;
    uint8_t end;        /* enum script_end */
};

void script_begin(struct script *script);
/* Adds an act; a send's bytes are copied. */
void script_add(struct script *script, struct script_act act, const char *bytes, size_t n);

/* Reads a script; false: line *line is none. */
bool script_read(struct script *script, const char *text, unsigned *line);

/* Plays it, then looks whether what is expected came. The outcome of world_run. */
void script_run(const struct script *script, bool verbose, struct outcome *outcome);
const struct script_result *script_result(unsigned client);
const char *script_got(unsigned client);

/* Plays the script in a file, and says so when it fails. */
bool script_play_file(const char *path, bool verbose);

/* For world.c: the course of a scenario that has a script. */
void script_world_begin(void);
uint64_t script_step(uint64_t now);
void script_over(void);
void script_plan(const struct script *script, struct sim_plan *plan);
void script_arrived(unsigned client);

#endif
