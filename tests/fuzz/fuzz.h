/* SPDX-License-Identifier: MIT */
/*
 * What all fuzz targets share. A target is a file fuzz_NAME.c with LLVMFuzzerTestOneInput: it takes
 * one input apart, calls what it is about, and requires that what comes out has the properties it
 * should. It is linked with libFuzzer, with AFL++, or with replay.c, which needs neither.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Plays one input; returns 0. What should not be ends the program by abort(). The same input plays
 * the same way each time, whatever was played before. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Says what is wrong, and aborts. */
#define REQUIRE(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
void fuzz_fail(const char *what, const char *file, int line);

/* Set by replay -v: a target may say what it does. */
extern bool fuzz_verbose;

/* An input that is taken from the front. All that is past its end is zero. */
struct fuzz_input {
    const uint8_t *at;
    size_t n;
};

uint8_t fuzz_byte(struct fuzz_input *input);
/* A number of 1 to 8 bytes, little-endian. */
uint64_t fuzz_number(struct fuzz_input *input, unsigned bytes);
/* Takes at most `max` bytes, all that is left if there are fewer. */
const uint8_t *fuzz_bytes(struct fuzz_input *input, size_t max, size_t *n);

/* A copy of n bytes that ends where its memory ends, so that sanitizers see a read behind it.
 * `slot` is 0 or 1: as many can be held at once. n is at most FUZZ_COPY_BYTES. */
enum { FUZZ_COPY_BYTES = 16384 };
uint8_t *fuzz_copy(unsigned slot, const void *bytes, size_t n);

/* Whether `part` of n bytes lies within `whole`; an empty one may lie anywhere. */
bool fuzz_within(const void *part, size_t n, const void *whole, size_t whole_bytes);

#endif
