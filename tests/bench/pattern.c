/* SPDX-License-Identifier: MIT */
/* The bytes of every message and file of the benchmarks. */
#include "tests/bench/pattern.h"

#include <stdio.h>
#include <string.h>

/* Twice, so that a window beginning anywhere lies in one piece. Never a line end, a NUL or a blank,
 * so that they may also stand in a line of chat. */
static uint8_t pattern[2 * PATTERN_WINDOW];

const uint8_t *pattern_at(uint64_t offset)
{
    if (pattern[0] == 0) {
        uint32_t random = 2463534242U;
        for (size_t i = 0; i < PATTERN_WINDOW; i++) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            pattern[i] = (uint8_t)('!' + (random >> 8) % 94);
            pattern[i + PATTERN_WINDOW] = pattern[i];
        }
    }
    return pattern + offset % PATTERN_WINDOW;
}

bool pattern_matches(const uint8_t *bytes, size_t n, uint64_t offset)
{
    while (n > 0) {
        size_t part = n < PATTERN_WINDOW ? n : PATTERN_WINDOW;
        if (memcmp(bytes, pattern_at(offset), part) != 0) {
            return false;
        }
        bytes += part;
        offset += part;
        n -= part;
    }
    return true;
}

bool pattern_file(const char *path, uint64_t size)
{
    FILE *file = fopen(path, "wb");
    bool good = file != NULL;
    for (uint64_t at = 0; good && at < size;) {
        size_t part = size - at < PATTERN_WINDOW ? (size_t)(size - at) : PATTERN_WINDOW;
        good = fwrite(pattern_at(at), 1, part, file) == part;
        at += part;
    }
    return file != NULL && fclose(file) == 0 && good;
}
