/* SPDX-License-Identifier: MIT */
/* What all fuzz targets share. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fuzz_verbose;

/* Each an object of its own, with a sanitizer's guard behind it. */
static uint8_t copy_0[FUZZ_COPY_BYTES];
static uint8_t copy_1[FUZZ_COPY_BYTES];

void fuzz_fail(const char *what, const char *file, int line)
{
    printf("%s:%d: not so: %s\n", file, line, what);
    fflush(stdout);
    abort();
}

uint8_t fuzz_byte(struct fuzz_input *input)
{
    uint8_t byte = 0;
    if (input->n > 0) {
        byte = *input->at;
        input->at++;
        input->n--;
    }
    return byte;
}

uint64_t fuzz_number(struct fuzz_input *input, unsigned bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < bytes; i++) {
        number |= (uint64_t)fuzz_byte(input) << (8 * i);
    }
    return number;
}

const uint8_t *fuzz_bytes(struct fuzz_input *input, size_t max, size_t *n)
{
    const uint8_t *at = input->at;
    *n = max < input->n ? max : input->n;
    input->at += *n;
    input->n -= *n;
    return at;
}

uint8_t *fuzz_copy(unsigned slot, const void *bytes, size_t n)
{
    REQUIRE(n <= FUZZ_COPY_BYTES);
    uint8_t *to = (slot == 0 ? copy_0 : copy_1) + FUZZ_COPY_BYTES - n;
    if (n > 0) {
        memcpy(to, bytes, n);
    }
    return to;
}

bool fuzz_within(const void *part, size_t n, const void *whole, size_t whole_bytes)
{
    uintptr_t begin = (uintptr_t)part;
    uintptr_t from = (uintptr_t)whole;
    return n == 0 || (begin >= from && n <= whole_bytes && begin - from <= whole_bytes - n);
}
