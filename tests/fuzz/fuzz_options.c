/* SPDX-License-Identifier: MIT */
/*
 * The command line, against a model of its grammar: which options are set to what, in which order,
 * what is left as operands, and when there is a complaint.
 *
 * Input: the arguments, each with a NUL behind it.
 */
#include "apps/options.h"

#include <string.h>

#include "port/sim/sim.h"
#include "tests/fuzz/fuzz.h"

enum { ARGUMENTS_MAX = 12, BYTES_MAX = 200, OPERANDS_MAX = 3, SET_MAX = BYTES_MAX };

/* What was set: the number of the option and its value, NULL if it has none. */
struct sets {
    unsigned count;
    struct {
        unsigned option;
        const char *value;
    } list[SET_MAX];
};

static struct sets real;

static const char *take(unsigned option, const char *value)
{
    REQUIRE(real.count < SET_MAX);
    real.list[real.count].option = option;
    real.list[real.count].value = value;
    real.count++;
    if (option == 3) {
        uint64_t number = 0;
        bool right = option_number(value, 5, 70000, &number);
        REQUIRE(!right || (number >= 5 && number <= 70000));
        return right ? NULL : "a number from 5 to 70000";
    }
    return NULL;
}

static const char *set_all(const char *value)
{
    return take(0, value);
}

static const char *set_verbose(const char *value)
{
    return take(1, value);
}

static const char *set_root(const char *value)
{
    return take(2, value);
}

static const char *set_rate(const char *value)
{
    return take(3, value);
}

static const char *set_reply(const char *value)
{
    return take(4, value);
}

static const struct option first_rows[] = {
    OPTION("-a", NULL, "everything", set_all),
    OPTION("-v", NULL, "says more", set_verbose),
    OPTION("-r", "FOLDER", "the root", set_root),
};
static const struct option second_rows[] = {
    OPTION("--rate", "N", "how many a second (10)", set_rate),
    OPTION("--reply", "TEXT", "what is answered", set_reply),
};
static const struct option_table tables[] = {
    {first_rows, COUNT_OF(first_rows), NULL},
    {second_rows, COUNT_OF(second_rows), "others"},
};

/* ---- The model ----------------------------------------------------------------------------- */

struct model {
    struct sets sets;
    int status;
    unsigned operands;
    int operand[OPERANDS_MAX]; /* which arguments they are */
};

static bool number_right(const char *value)
{
    size_t n = strlen(value);
    size_t zeros = 0;
    while (zeros + 1 < n && value[zeros] == '0') {
        zeros++;
    }
    unsigned number = 0;
    for (size_t i = zeros; i < n; i++) {
        if (value[i] < '0' || value[i] > '9' || i - zeros >= 5) {
            return false;
        }
        number = number * 10 + (unsigned)(value[i] - '0');
    }
    return n > 0 && number >= 5 && number <= 70000;
}

static void model_set(struct model *model, unsigned option, const char *value)
{
    model->sets.list[model->sets.count].option = option;
    model->sets.list[model->sets.count].value = value;
    model->sets.count++;
    if (option == 3 && !number_right(value)) {
        model->status = 2;
    }
}

/* Options of more than one letter; returns how many arguments it took. */
static int model_long(struct model *model, char **argv, int at, int argc)
{
    const char *argument = argv[at];
    size_t n = strcspn(argument, "=");
    unsigned option = 3;
    while (option < 5 && !(strlen(second_rows[option - 3].name) == n &&
                           memcmp(second_rows[option - 3].name, argument, n) == 0)) {
        option++;
    }
    if (option == 5 || (argument[n] == '\0' && at + 1 == argc)) {
        model->status = 2;
        return 1;
    }
    model_set(model, option, argument[n] == '=' ? argument + n + 1 : argv[at + 1]);
    return argument[n] == '=' ? 1 : 2;
}

static int model_short(struct model *model, char **argv, int at, int argc)
{
    for (const char *letter = argv[at] + 1; *letter != '\0' && model->status == 0; letter++) {
        if (*letter == 'a' || *letter == 'v') {
            model_set(model, *letter == 'a' ? 0 : 1, NULL);
        } else if (*letter == 'r' && (letter[1] != '\0' || at + 1 < argc)) {
            model_set(model, 2, letter[1] != '\0' ? letter + 1 : argv[at + 1]);
            return letter[1] != '\0' ? 1 : 2;
        } else {
            model->status = 2;
        }
    }
    return 1;
}

static void model_parse(struct model *model, int argc, char **argv)
{
    bool ended = false;
    memset(model, 0, sizeof *model);
    for (int at = 2; at < argc && model->status == 0;) {
        const char *argument = argv[at];
        int taken = 1;
        if (ended || argument[0] != '-' || strcmp(argument, "-") == 0) {
            if (model->operands == OPERANDS_MAX) {
                model->status = 2;
                return;
            }
            model->operand[model->operands] = at;
            model->operands++;
        } else if (strcmp(argument, "--") == 0) {
            ended = true;
        } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            model->status = OPTIONS_HELP;
        } else if (argument[1] == '-') {
            taken = model_long(model, argv, at, argc);
        } else {
            taken = model_short(model, argv, at, argc);
        }
        at += taken;
    }
}

/* ---- Both ---------------------------------------------------------------------------------- */

static int arguments_of(const uint8_t *bytes, size_t n, char **argv)
{
    static char text[BYTES_MAX + 1];
    static char program[] = "linnet";
    static char verb[] = "serve";
    int argc = 2;
    size_t at = 0;
    n = n < BYTES_MAX ? n : BYTES_MAX;
    if (n > 0) {
        memcpy(text, bytes, n);
    }
    text[n] = '\0';
    argv[0] = program;
    argv[1] = verb;
    while (at < n && argc < ARGUMENTS_MAX) {
        size_t length = strlen(text + at);
        char *copy = text + at;
        argv[argc] = copy;
        argc++;
        at += length + 1;
    }
    return argc;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct model model;
    char *argv[ARGUMENTS_MAX];
    const char *operands[OPERANDS_MAX];
    size_t count = 0;
    struct sim_plan plan = sim_plan_quiet(1);
    int argc = arguments_of(bytes, n, argv);
    sim_begin(&plan, NULL);
    model_parse(&model, argc, argv);
    real.count = 0;
    int status = options_parse(argc, argv, 2, "usage: linnet serve", tables, COUNT_OF(tables),
                               operands, OPERANDS_MAX, &count);
    REQUIRE(status == model.status);
    REQUIRE(real.count == model.sets.count);
    for (unsigned i = 0; i < real.count; i++) {
        REQUIRE(real.list[i].option == model.sets.list[i].option);
        REQUIRE(real.list[i].value == model.sets.list[i].value);
    }
    REQUIRE(count == model.operands);
    for (size_t i = 0; i < count; i++) {
        REQUIRE(operands[i] == argv[model.operand[i]]);
    }
    REQUIRE((status == 0) == (sim_calls() == 0)); /* a complaint or the help is printed, else not */
    return 0;
}
