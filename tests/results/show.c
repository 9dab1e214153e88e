/* SPDX-License-Identifier: MIT */
/* Prints what a file of results holds: "call SHAPE first" or "call SHAPE later", a line each. With
 * a second argument makes an empty one instead. */
#include <stdio.h>
#include <string.h>

#include "tests/results/results.h"

#define NAME(name) #name,
static const char *const calls[] = {RESULTS_CALLS(NAME)};
static const char *const shapes[] = {RESULTS_SHAPES(NAME)};
#undef NAME
static const char *const places[] = {"first", "later"};

static unsigned char noted[RESULTS_BYTES];

int main(int count, char **words)
{
    FILE *file = count < 2 ? NULL : fopen(words[1], count > 2 ? "wb" : "rb");
    if (file == NULL) {
        fprintf(stderr, "usage: show FILE [empty]\n");
        return 2;
    }
    size_t done = count > 2 ? fwrite(noted, 1, sizeof noted, file)
                            : fread(noted, 1, sizeof noted, file);
    if (fclose(file) != 0 || done != sizeof noted) {
        fprintf(stderr, "%s is no file of results\n", words[1]);
        return 1;
    }
    for (unsigned call = 0; call < RESULTS_CALL_COUNT; call++) {
        for (unsigned shape = 0; shape < RESULTS_SHAPE_COUNT; shape++) {
            for (unsigned place = 0; place < RESULTS_PLACES; place++) {
                if (noted[RESULTS_AT(call, shape, place)] != 0) {
                    printf("%s %s %s\n", calls[call], shapes[shape], places[place]);
                }
            }
        }
    }
    return 0;
}
