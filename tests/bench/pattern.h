/* SPDX-License-Identifier: MIT */
/* The bytes of every message and file of the benchmarks. */
#ifndef TESTS_BENCH_PATTERN_H
#define TESTS_BENCH_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stream that repeats after a prime number of bytes, so that whatever is cut, doubled or moved
 * does not compare equal. pattern_at: from offset on, at most PATTERN_WINDOW bytes. */
enum { PATTERN_WINDOW = 65521 };
const uint8_t *pattern_at(uint64_t offset);
bool pattern_matches(const uint8_t *bytes, size_t n, uint64_t offset);
/* Writes a file of so many bytes of it. */
bool pattern_file(const char *path, uint64_t size);

#endif
