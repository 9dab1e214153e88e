/* SPDX-License-Identifier: MIT */
/* The bytes of a probe: its number, the mark of this run, and noise that both decide, so that
 * nothing sent needs to be kept to know whether it came back the same. For ping and its test. */
#ifndef APPS_PING_PAYLOAD_H
#define APPS_PING_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PING_HEADER_BYTES = 8 }; /* the number, then the mark, both with the low byte first */

/* Writes n bytes of probe `number` of the run `mark` from `offset` on. */
void ping_payload_fill(uint32_t mark, uint32_t number, size_t offset, uint8_t *bytes, size_t n);

/* How many of n bytes are what ping_payload_fill would have written, up to the first that is not;
 * n: all. *wanted is what that first one should have been. */
size_t ping_payload_compare(uint32_t mark, uint32_t number, size_t offset, const uint8_t *bytes,
                            size_t n, uint8_t *wanted);

/* Reads the number from the beginning of a probe; false: it bears another mark, or is too short. */
bool ping_payload_number(uint32_t mark, const uint8_t *bytes, size_t n, uint32_t *number);

#endif
