/* SPDX-License-Identifier: MIT */
/* Scripts in files, played one after another. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/script.h"

enum { FILE_BYTES = 32768 };

static bool read_file(const char *path, char *text)
{
    FILE *file = fopen(path, "r");
    size_t n;
    if (file == NULL) {
        return false;
    }
    n = fread(text, 1, FILE_BYTES, file);
    fclose(file);
    text[n] = '\0';
    return n > 0 && n < FILE_BYTES && strlen(text) == n;
}

static void show_results(const struct script *script)
{
    static const char *const ends[] = {"open", "fin", "reset"};
    for (unsigned i = 0; i < script->clients; i++) {
        const struct script_result *result = script_result(i);
        printf("  client %u: %lu bytes, %s at %lld ms: \"%.300s\"\n", i,
               (unsigned long)result->bytes, ends[result->end], (long long)result->ended_ms,
               script_got(i));
    }
}

bool script_play_file(const char *path, bool verbose)
{
    static struct script script;
    static char text[FILE_BYTES + 1];
    struct outcome outcome;
    unsigned line = 0;
    if (!read_file(path, text) || !script_read(&script, text, &line)) {
        printf("FAIL %s:%u: not a script\n", path, line);
        return false;
    }
    script_run(&script, verbose, &outcome);
    if (outcome.failed || verbose) {
        printf("%s %s: %s conn=%ld t=%llu.%03llus \"%s%s%s\"\n", outcome.failed ? "FAIL" : "ok",
               path, outcome.failed ? outcome.failure.invariant : "",
               (long)outcome.failure.connection,
               (unsigned long long)(outcome.failure.at_ms / 1000),
               (unsigned long long)(outcome.failure.at_ms % 1000),
               outcome.failed ? outcome.failure.text : "", outcome.failed ? " " : "",
               outcome.failed ? outcome.failure.file : "");
        show_results(&script);
    }
    return !outcome.failed;
}
