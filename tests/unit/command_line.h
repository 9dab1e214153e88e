/* SPDX-License-Identifier: MIT */
/* Command lines for tests that call a verb as main does. */
#ifndef TESTS_UNIT_COMMAND_LINE_H
#define TESTS_UNIT_COMMAND_LINE_H

#include <stdio.h>
#include <string.h>

enum { COMMAND_LINE_WORDS = 24, COMMAND_LINE_BYTES = 256 };

struct command_line {
    char bytes[COMMAND_LINE_BYTES];
    char verb[8];
    char *argv[COMMAND_LINE_WORDS];
    int argc;
};

/* "linnet", the verb, and the words between blanks. */
static inline void command_line_set(struct command_line *line, const char *verb, const char *words)
{
    static char program[] = "linnet";
    snprintf(line->verb, sizeof line->verb, "%s", verb);
    snprintf(line->bytes, sizeof line->bytes, "%s", words);
    line->argv[0] = program;
    line->argv[1] = line->verb;
    line->argc = 2;
    for (char *word = strtok(line->bytes, " "); word != NULL; word = strtok(NULL, " ")) {
        line->argv[line->argc] = word;
        line->argc++;
    }
}

#endif
