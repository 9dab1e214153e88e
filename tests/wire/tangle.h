/* SPDX-License-Identifier: MIT */
/* What the two parts of tangle share. */
#ifndef TESTS_WIRE_TANGLE_H
#define TESTS_WIRE_TANGLE_H

#include <stdbool.h>
#include <stdint.h>

/* A number from 0 to n - 1, from the seed. */
uint32_t any(uint32_t n);

/* Asks for `count` names, or for the few that spin; the exit status. */
int ask(const char *host, const char *port, unsigned long count, bool spinning);

#endif
