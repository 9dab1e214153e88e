/* SPDX-License-Identifier: MIT */
/* F5: requests cut into pieces in every way, and what they are answered. */
#ifndef TESTS_SIM_SPLIT_H
#define TESTS_SIM_SPLIT_H

#include <stdint.h>

struct split_counts {
    uint64_t requests;
    uint64_t runs;
    uint64_t failures;
};

/* Plays every jobs-th request, in all its splits. */
void split_run(unsigned job, unsigned jobs, struct split_counts *counts);

#endif
