/* SPDX-License-Identifier: MIT */
/* The matrix of faults: each kind, in each form, in each situation. tests/matrix.txt says what each
 * kind stands for, and which cells cannot be. */
#ifndef TESTS_SIM_MATRIX_H
#define TESTS_SIM_MATRIX_H

#include "tests/sim/world.h"

enum matrix_form { FORM_ONCE, FORM_50_MS, FORM_5_S, FORMS };
enum matrix_situation {
    MATRIX_IDLE,         /* nothing is under way on the connection, or on any */
    MATRIX_REQUEST,      /* in the middle of a request */
    MATRIX_REPLY,        /* in the middle of a reply */
    MATRIX_HALF_CLOSED,  /* one side has ended */
    MATRIX_TABLE_FULL,
    MATRIX_SITUATIONS
};
enum { MATRIX_CELLS = SIM_FAULT_KINDS * FORMS * MATRIX_SITUATIONS };

/* A fault happened: counts its cells. For the trace hook. */
void matrix_fault(void);
/* How often each cell was hit since the program began. */
const uint32_t *matrix_counts(void);

/* Reads tests/matrix.txt. False, after saying why: it does not match the faults there are. */
bool matrix_read(const char *path);
/* Whether a kind has a cell that can be and was not hit, by the counts given. */
bool matrix_lacks(unsigned kind, const uint32_t *counts);
/* Says which cells were never hit though they can be, and which were though they cannot; returns
 * how many. */
unsigned matrix_report(const uint32_t *counts);

#endif
