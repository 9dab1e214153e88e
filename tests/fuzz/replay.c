/* SPDX-License-Identifier: MIT */
/*
 * Plays the inputs of a fuzz target once each, without any fuzzer: replay [-v] FILE... The last
 * line is "N passed, N failed"; an input that fails ends the program, and is named.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { INPUT_BYTES_MAX = 1 << 16 };

static struct {
    const char *name; /* of the file that is played */
    unsigned passed;
    uint8_t bytes[INPUT_BYTES_MAX];
} state;

/* Raised by abort() alone, so in order. */
static void failed(int number)
{
    (void)number;
    printf("FAILED: %s\n%u passed, 1 failed\n", state.name, state.passed);
    fflush(stdout);
    _Exit(1);
}

static bool play(const char *name)
{
    FILE *file = fopen(name, "rb");
    state.name = name;
    if (file == NULL) {
        printf("cannot read %s\n", name);
        return false;
    }
    size_t n = fread(state.bytes, 1, sizeof state.bytes, file);
    fclose(file);
    if (fuzz_verbose) {
        printf("%s:\n", name);
    }
    uint8_t *copy = malloc(n > 0 ? n : 1); /* of that size, for sanitizers */
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, state.bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    state.passed++;
    return true;
}

int main(int argc, char **argv)
{
    int first = 1;
    unsigned missing = 0;
    if (argc > 1 && strcmp(argv[1], "-v") == 0) {
        fuzz_verbose = true;
        first++;
    }
    if (first >= argc) {
        printf("usage: replay [-v] FILE...\n0 passed, 1 failed\n");
        return 2;
    }
    signal(SIGABRT, failed);
    for (int i = first; i < argc; i++) {
        missing += play(argv[i]) ? 0u : 1u;
    }
    printf("%u passed, %u failed\n", state.passed, missing);
    return missing == 0 ? 0 : 1;
}
