/* SPDX-License-Identifier: MIT */
/* apps/options and apps/limits, to the letter: what is guessed of a mistyped name, against the
 * distance as books have it, help at the borders of a terminal, long complaints, and --limits.
 * uses port/sim */
#include "apps/options.h"

#include <stdlib.h>
#include <string.h>

#include "apps/limits.h"
#include "apps/table.h"
#include "core/limits.h"
#include "port/sim/sim.h"
#include "tests/check.h"

enum { TEXT_BYTES = 32768, WORD_BYTES = 64, KNOWN_BYTES = 32 };

static char out[TEXT_BYTES]; /* what was printed since the last sim_begin */
static size_t out_bytes;
static char said[TEXT_BYTES]; /* the last complaint */

static void hear_out(const uint8_t *bytes, size_t n)
{
    if (out_bytes + n < sizeof out) {
        memcpy(out + out_bytes, bytes, n);
        out_bytes += n;
        out[out_bytes] = '\0';
    }
}

static void hear_log(const char *line, size_t n)
{
    memcpy(said, line, n);
    said[n] = '\0';
}

static const struct sim_hooks hooks = {.console = hear_out, .log = hear_log};

static void begin(unsigned columns)
{
    struct sim_plan plan = sim_plan_quiet(1);
    out_bytes = 0;
    out[0] = '\0';
    said[0] = '\0';
    sim_begin(&plan, &hooks);
    sim_terminal_set(columns);
}

static const char *set_nothing(const char *value)
{
    (void)value;
    return NULL;
}

/* ---- A mistyped name ----------------------------------------------------------------------- */

static const struct option near_rows[] = {
    OPTION("--port", NULL, "", set_nothing),
    OPTION("--ports", NULL, "", set_nothing),
    OPTION("--sort", NULL, "", set_nothing),
    OPTION("-r", NULL, "", set_nothing),
    OPTION("--ab", NULL, "", set_nothing),
};
static const struct option far_rows[] = {
    OPTION("--port-of-echo", NULL, "", set_nothing),
    OPTION("--abcde", NULL, "", set_nothing),
    OPTION("--abcdefghijklmnopqrstuvwxyz-abcde", NULL, "", set_nothing),  /* 32 letters */
    OPTION("--abcdefghijklmnopqrstuvwxyz-abcdef", NULL, "", set_nothing), /* 33 */
};
static const struct option_table near_tables[] = {
    {near_rows, COUNT_OF(near_rows), "near"},
    {far_rows, COUNT_OF(far_rows), "far"},
};

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Letters changed, added, dropped, or swapped with their neighbour: the whole table of it. */
static unsigned distance(const char *a, size_t m, const char *b, size_t n)
{
    static unsigned d[WORD_BYTES + 1][WORD_BYTES + 1];
    for (size_t i = 0; i <= m; i++) {
        for (size_t j = 0; j <= n; j++) {
            unsigned best = i == 0 ? (unsigned)j : j == 0 ? (unsigned)i : UINT16_MAX;
            if (i > 0 && j > 0) {
                best = least(d[i - 1][j], d[i][j - 1]) + 1;
                best = least(best, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = least(best, d[i - 2][j - 2] + 1);
            }
            d[i][j] = best;
        }
    }
    return d[m][n];
}

static void nearest_try(const char *typed, const char *name, unsigned *best, const char **nearest)
{
    const char *word = name + strspn(name, "-");
    size_t n = strlen(word);
    typed += strspn(typed, "-");
    size_t m = strcspn(typed, "=");
    if (m < 2 || n < 2 || m > KNOWN_BYTES || n > KNOWN_BYTES) {
        return;
    }
    bool begun = m < n && memcmp(typed, word, m) == 0;
    unsigned found = begun ? 1 : distance(typed, m, word, n);
    if (found < *best && (begun || found <= (n < 5 ? 1u : 2u))) {
        *best = found;
        *nearest = name;
    }
}

static int parse_word(char *word, int first)
{
    static char program[] = "linnet";
    static char verb[] = "v";
    char *argv[] = {program, first > 1 ? verb : word, word, NULL};
    const char *operand = NULL;
    size_t count = 0;
    return options_parse(first + 1, argv, first, "u", near_tables, COUNT_OF(near_tables), &operand,
                         1, &count);
}

static void guess_check(char *typed)
{
    char wanted[300];
    const char *nearest = NULL;
    unsigned best = UINT16_MAX;
    nearest_try(typed, "--help", &best, &nearest);
    for (size_t t = 0; t < COUNT_OF(near_tables); t++) {
        for (size_t i = 0; i < near_tables[t].count; i++) {
            nearest_try(typed, near_tables[t].rows[i].name, &best, &nearest);
        }
    }
    begin(0);
    if (parse_word(typed, 2) != 2 || strncmp(said, "linnet: there is no option ", 27) != 0) {
        return; /* it is one */
    }
    snprintf(wanted, sizeof wanted, "linnet: there is no option %s%s%s; see \"linnet v --help\"",
             typed, nearest != NULL ? ", but there is " : "", nearest != NULL ? nearest : "");
    if (strcmp(said, wanted) != 0) {
        printf("wanted: %s\n   got: %s\n", wanted, said);
    }
    EXPECT(strcmp(said, wanted) == 0);
}

static void word_change(char *word, size_t *n)
{
    static const char letters[] = "abdefhoprst-=";
    size_t at = (size_t)rand() % (*n + 1);
    char letter = letters[(size_t)rand() % (sizeof letters - 1)];
    switch (rand() % 4) {
    case 0:
        word[at] = at < *n ? letter : '\0';
        break;
    case 1:
        memmove(word + at + 1, word + at, *n - at + 1);
        word[at] = letter;
        ++*n;
        break;
    case 2:
        if (at < *n) {
            memmove(word + at, word + at + 1, *n - at);
            --*n;
        }
        break;
    default:
        if (at + 1 < *n) {
            char first = word[at];
            word[at] = word[at + 1];
            word[at + 1] = first;
        }
        break;
    }
}

static void test_guesses(void)
{
    static const char *const words[] = {
        "port", "ports", "sort", "help", "ab", "port-of-echo", "abcde",
        "abcdefghijklmnopqrstuvwxyz-abcde", "abcdefghijklmnopqrstuvwxyz-abcdef", "of", "-echo",
    };
    srand(7);
    for (unsigned round = 0; round < 6000; round++) {
        char typed[WORD_BYTES + 1] = "--";
        char *word = typed + 2;
        strcpy(word, words[(size_t)rand() % COUNT_OF(words)]);
        size_t n = strlen(word);
        for (int changes = rand() % 5; changes > 0; changes--) {
            word_change(word, &n);
        }
        guess_check(typed);
    }
}

/* ---- Complaints ---------------------------------------------------------------------------- */

static void test_complaints(void)
{
    enum { LINE_BYTES = 512, PIECES = 32 };
    static char word[] = "-z";
    char wanted[LINE_BYTES + 1];
    char piece[2 * LINE_BYTES];
    begin(0);
    EXPECT(parse_word(word, 1) == 2);
    EXPECT(strcmp(said, "linnet: there is no option -z; see \"linnet --help\"") == 0);
    EXPECT(parse_word(word, 2) == 2);
    EXPECT(strcmp(said, "linnet: there is no option -z; see \"linnet v --help\"") == 0);
    option_complain("a b~", "\x1f\x20\x7e\x7f\x80", NULL);
    EXPECT(strcmp(said, "linnet: a b~? ~?\x80") == 0);
    memset(piece, 'x', sizeof piece - 1);
    piece[sizeof piece - 1] = '\0';
    option_complain(piece, NULL);
    memset(wanted, 'x', sizeof wanted);
    memcpy(wanted, "linnet: ", 8);
    wanted[LINE_BYTES - 1] = '\0'; /* in place of the line end */
    EXPECT(strcmp(said, wanted) == 0);
    option_complain("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f",
                    "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
                    "w", "x", NULL);
    EXPECT(strcmp(said, "linnet: 0123456789abcdefghijklmnopqrstuv") == 0);
}

/* ---- Help ---------------------------------------------------------------------------------- */

static const struct option help_rows[] = {
    OPTION("-w", NULL, "12345678\xc3\xa9" "0 1234567890 12", set_nothing),
    OPTION("-x", NULL, "1234567890 1234567890 123", set_nothing),
    OPTION("--name-of-26-columns", "ARGUM", "beside", set_nothing),
    OPTION("--name-of-27-columns", "ARGUME", "below", set_nothing),
};
static const struct option_table help_tables[] = {
    {help_rows, COUNT_OF(help_rows), "how"},
    {help_rows, 1, NULL},
};

#define S30 "                              " /* 30 blanks */

static bool help_is(const char *usage, size_t tables, unsigned columns, const char *wanted)
{
    static char program[] = "linnet";
    static char verb[] = "v";
    static char help[] = "--help";
    char *argv[] = {program, verb, help, NULL};
    const char *operand = NULL;
    size_t count = 0;
    begin(columns);
    int status = options_parse(3, argv, 2, usage, help_tables, tables, &operand, 1, &count);
    if (strcmp(out, wanted) != 0) {
        printf("wanted:\n%s", wanted);
        printf("got:\n%s", out);
    }
    return status == OPTIONS_HELP && strcmp(out, wanted) == 0;
}

static void test_help(void)
{
    static const char wide[] =
        "use\n"
        "\nhow\n"
        "  -w                          12345678\xc3\xa9" "0 1234567890 12\n"
        "  -x                          1234567890 1234567890\n"
        S30 "123\n"
        "  --name-of-26-columns ARGUM  beside\n"
        "  --name-of-27-columns ARGUME\n"
        S30 "below\n"
        "\n"
        "  -w                          12345678\xc3\xa9" "0 1234567890 12\n"
        "\n  --help                      this text\n";
    static const char narrow[] =
        "\nhow\n"
        "  -w\n        12345678\xc3\xa9" "0 1234567890 12\n"
        "  -x\n        1234567890 1234567890 123\n"
        "  --name-of-26-columns ARGUM\n        beside\n"
        "  --name-of-27-columns ARGUME\n        below\n"
        "\n  --help\n        this text\n";
    EXPECT(help_is("use", 2, 30 + 24, wide));
    EXPECT(help_is("use\n", 2, 30 + 24, wide));
    EXPECT(help_is("", 1, 30 + 23, narrow));
    EXPECT(help_is("u", 0, 80, "u\n\n  --help  this text\n"));
}

/* ---- --limits ------------------------------------------------------------------------------ */

enum { VALUE_END = 39, MEANING = 54, MEMORY_END = 59 };

/* Whether a line is "NAME ... VALUE  UNIT", with the value's last digit before `end`. */
static bool row_right(const char *line, const char *name, size_t end, unsigned long value,
                      const char *unit)
{
    char wanted[100];
    int width = (int)(end - strlen(name));
    snprintf(wanted, sizeof wanted, "%s%*lu  %s", name, width, value, unit);
    return strncmp(line, wanted, strlen(wanted)) == 0;
}

static const char *limits_check(const char *line, const struct limit *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *end = strchr(line, '\n');
        EXPECT(row_right(line, rows[i].name, VALUE_END, (unsigned long)rows[i].value,
                         rows[i].unit));
#if PORT_TEXTS
        EXPECT((size_t)(end - line) == MEANING + strlen(rows[i].meaning));
        EXPECT(strncmp(line + MEANING, rows[i].meaning, strlen(rows[i].meaning)) == 0);
#endif
        line = end + 1;
    }
    return line;
}

static const char *memory_check(const char *line, const char *name, size_t bytes, size_t *sum)
{
    EXPECT(row_right(line, name, MEMORY_END, (unsigned long)bytes, "bytes\n"));
    *sum += bytes;
    return strchr(line, '\n') + 1;
}

static void test_limits(void)
{
    size_t sum = 0;
    size_t rest = 0;
    begin(0);
    EXPECT(limits_print() == 0);
    const char *line = limits_check(out, core_limits, core_limits_count);
    for (size_t i = 0; i < serving_count; i++) {
        line = limits_check(line, serving_apps[i]->limits, serving_apps[i]->limits_count);
    }
    for (size_t i = 0; i < tool_count; i++) {
        line = limits_check(line, tool_apps[i]->limits, tool_apps[i]->limits_count);
    }
    EXPECT(line[0] == '\n');
    line++;
    for (size_t i = 0; i < core_memory_rows_count; i++) {
        line = memory_check(line, core_memory_rows[i].name, *core_memory_rows[i].bytes, &sum);
    }
    for (size_t i = 0; i < serving_count; i++) {
        line = memory_check(line, serving_apps[i]->name, serving_apps[i]->static_bytes, &sum);
    }
    for (size_t i = 0; i < tool_count; i++) {
        line = memory_check(line, tool_apps[i]->name, tool_apps[i]->static_bytes, &sum);
    }
    EXPECT(strncmp(line, "port ", 5) == 0);
    rest = strtoul(line + 5, NULL, 10);
    line = memory_check(line, "port", rest, &sum);
    rest = strtoul(line + strlen("command line"), NULL, 10);
    line = memory_check(line, "command line", rest, &sum);
    line = memory_check(line, "static memory", sum, &rest);
    EXPECT(line[0] == '\0');
    begin(0);
    sim_print_close();
    EXPECT(limits_print() == 1);
}

int main(void)
{
    test_complaints();
    test_limits();
    if (PORT_TEXTS != 0) {
        test_guesses();
        test_help();
    }
    return check_report("options_rare");
}
