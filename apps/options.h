/* SPDX-License-Identifier: MIT */
/* The command line of hosted builds: tables of options, one per app and one per verb. For the
 * verbs and the apps' own *_options.c; nothing here reaches a board without an operating system. */
#ifndef APPS_OPTIONS_H
#define APPS_OPTIONS_H

#include "port/port.h"

struct option {
    const char *name;     /* "--udp-rate", or "-r" */
    const char *argument; /* "N", "TEXT", ...; NULL: the option takes none */
#if PORT_TEXTS
    const char *help;     /* one line, with the default where there is one */
#endif
    /* Takes the value (NULL if the option has none). Returns NULL, or what a right value would be:
     * "a number from 0 to 1000000". The value outlives the program's use of it. */
    const char *(*set)(const char *value);
};

/* A row of a table: with PORT_TEXTS=0 --help names the options, and says no more of them. */
#if PORT_TEXTS
#define OPTION(name, argument, help, set) {name, argument, help, set}
#else
#define OPTION(name, argument, help, set) {name, argument, set}
#endif

/* The digits of a macro's number, for a help's text. */
#define TEXT_OF(macro) TEXT_OF_DIGITS(macro)
#define TEXT_OF_DIGITS(digits) #digits

/* Reads a decimal number from min to max; false: the string is anything else. */
bool option_number(const char *value, uint64_t min, uint64_t max, uint64_t *number);

/* The same into *number: returns NULL, or `wanted` where option_number is false. */
const char *option_number_set(const char *value, uint32_t min, uint32_t max, uint32_t *number,
                              const char *wanted);

struct option_table {
    const struct option *rows;
    size_t count;
    const char *title; /* the heading in --help */
};

/* Parses argv[first..argc-1] by the tables, "--name value" and "--name=value", "--" ends options.
 * What is no option goes to `operands` (at most `max`; *count says how many). Returns 0, or 2 after
 * one sentence on standard error that names the option and says what it wants. `--help` prints
 * `usage` and the tables on standard output and returns OPTIONS_HELP. With PORT_TEXTS=0 it prints
 * names alone, and a complaint about an unknown name does not guess what was meant. */
enum { OPTIONS_HELP = -1 };
int options_parse(int argc, char **argv, int first, const char *usage,
                  const struct option_table *tables, size_t tables_count,
                  const char **operands, size_t max, size_t *count);

/* "linnet: " and the pieces (NULL ends them) and a line end, on standard error. */
void option_complain(const char *first, ...);

#endif
