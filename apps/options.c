/* SPDX-License-Identifier: MIT */
/* The command line of hosted builds: the parser, its complaints, and --help. */
#include "apps/options.h"

#include <stdarg.h>
#include <string.h>

#include "core/text.h"
#include "port/port_tool.h"

enum {
    LINE_BYTES = 512,      /* one complaint, or one line of help */
    PIECES_MAX = 32,       /* of a complaint */
    WORD_BYTES_MAX = 32,   /* of a name that a mistyped one is compared with */
    INDENT = 2,            /* before an option's name, and between it and its help */
    NAMES_MAX = 26,        /* columns for names; a longer one has its help below */
    HELP_INDENT = 8,       /* where help begins that stands below its option */
    HELP_COLUMNS_MIN = 24, /* a terminal with less beside the names gets all help below */
    NO_LIMIT = 0           /* columns: do not wrap */
};

/* One reading of the command line. */
struct parse {
    int argc;
    char **argv;
    int at; /* the next argument */
    const struct option_table *tables;
    size_t tables_count;
    const char *verb; /* "serve", or "" */
};

static const struct option help_row = OPTION("--help", NULL, "this text", NULL);

bool option_number(const char *value, uint64_t min, uint64_t max, uint64_t *number)
{
    uint64_t found = 0;
    if (!text_read_number(value, strlen(value), max, &found) || found < min) {
        return false;
    }
    *number = found;
    return true;
}

const char *option_number_set(const char *value, uint32_t min, uint32_t max, uint32_t *number,
                              const char *wanted)
{
    uint64_t found = 0;
    if (!option_number(value, min, max, &found)) {
        return wanted;
    }
    *number = (uint32_t)found;
    return NULL;
}

/* ---- Complaints ---------------------------------------------------------------------------- */

/* What came from the command line must not drive the terminal. */
static void put_safe(struct text *text, const char *piece)
{
    for (const char *at = piece; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        text_put_char(text, byte < 0x20 || byte == 0x7f ? '?' : *at);
    }
}

void option_complain(const char *first, ...)
{
    char line[LINE_BYTES];
    struct text text;
    text_begin(&text, line, sizeof line - 1);
    text_put(&text, "linnet: ");
    va_list pieces;
    va_start(pieces, first);
    const char *piece = first;
    for (unsigned i = 0; piece != NULL && i < PIECES_MAX; i++) {
        put_safe(&text, piece);
        piece = va_arg(pieces, const char *);
    }
    va_end(pieces);
    line[text.n] = '\n';
    (void)port_print(PORT_STDERR, line, text.n + 1); /* if nobody reads it, nothing helps */
}

/* One sentence of four pieces, and where to read on. Returns the exit status of a usage error. */
static int complain(const struct parse *parse, const char *a, const char *b, const char *c,
                    const char *d)
{
    const char *space = parse->verb[0] != '\0' ? " " : "";
    option_complain(a, b, c, d, "; see \"linnet ", parse->verb, space, "--help\"", NULL);
    return 2;
}

static void print_usage(const char *usage)
{
    size_t usage_bytes = strlen(usage);
    if (usage_bytes > 0) {
        (void)port_print(PORT_STDOUT, usage, usage_bytes);
        if (usage[usage_bytes - 1] != '\n') {
            (void)port_print(PORT_STDOUT, "\n", 1);
        }
    }
}

#if PORT_TEXTS

/* ---- A mistyped name ----------------------------------------------------------------------- */

static unsigned lesser(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters have to be changed, added, dropped or swapped with their neighbour to make one
 * word of the other. Both are at most WORD_BYTES_MAX long. */
static unsigned word_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    uint8_t rows[3][WORD_BYTES_MAX + 1]; /* distances of the last three beginnings of a */
    CHECK(a_bytes <= WORD_BYTES_MAX);
    CHECK(b_bytes <= WORD_BYTES_MAX);
    for (size_t j = 0; j <= b_bytes; j++) {
        rows[0][j] = (uint8_t)j;
    }
    for (size_t i = 1; i <= a_bytes; i++) {
        uint8_t *row = rows[i % 3];
        const uint8_t *above = rows[(i + 2) % 3];
        const uint8_t *above_that = rows[(i + 1) % 3];
        row[0] = (uint8_t)i;
        for (size_t j = 1; j <= b_bytes; j++) {
            unsigned best = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            best = lesser(best, lesser(above[j], row[j - 1]) + 1U);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = lesser(best, above_that[j - 2] + 1U);
            }
            row[j] = (uint8_t)best;
        }
    }
    return rows[a_bytes % 3][b_bytes];
}

/* The letters of an option's name, without its dashes and without "=value". */
static size_t word_of(const char *name, const char **word)
{
    const char *start = name;
    while (*start == '-') {
        start++;
    }
    *word = start;
    const char *equals = strchr(start, '=');
    return equals != NULL ? (size_t)(equals - start) : strlen(start);
}

/* How far `name` is from what was typed; larger than any limit when they have nothing in common. */
static unsigned name_distance(const char *typed, const char *name)
{
    const char *typed_word = NULL;
    const char *word = NULL;
    size_t typed_bytes = word_of(typed, &typed_word);
    size_t bytes = word_of(name, &word);
    if (typed_bytes > WORD_BYTES_MAX || bytes > WORD_BYTES_MAX || typed_bytes < 2 || bytes < 2) {
        return WORD_BYTES_MAX;
    }
    if (typed_bytes < bytes && memcmp(typed_word, word, typed_bytes) == 0) {
        return 1; /* begun, but not ended */
    }
    unsigned distance = word_distance(typed_word, typed_bytes, word, bytes);
    return distance <= (bytes < 5 ? 1U : 2U) ? distance : WORD_BYTES_MAX;
}

/* The known name nearest to what was typed, or NULL if none is near. */
static const char *name_nearest(const struct parse *parse, const char *typed)
{
    unsigned best = name_distance(typed, help_row.name);
    const char *nearest = best < WORD_BYTES_MAX ? help_row.name : NULL;
    for (size_t t = 0; t < parse->tables_count; t++) {
        const struct option_table *table = &parse->tables[t];
        for (size_t i = 0; i < table->count; i++) {
            unsigned distance = name_distance(typed, table->rows[i].name);
            if (distance < best) {
                best = distance;
                nearest = table->rows[i].name;
            }
        }
    }
    return nearest;
}

static int complain_unknown(const struct parse *parse, const char *typed)
{
    const char *nearest = name_nearest(parse, typed);
    if (nearest == NULL) {
        return complain(parse, "there is no option ", typed, "", "");
    }
    return complain(parse, "there is no option ", typed, ", but there is ", nearest);
}

/* ---- Help ---------------------------------------------------------------------------------- */

static void print_text(const struct text *text)
{
    (void)port_print(PORT_STDOUT, text->bytes, text->n);
}

/* Columns that n bytes of UTF-8 take, one for each character. */
static size_t columns_of(const char *bytes, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n; i++) {
        columns += ((unsigned char)bytes[i] & 0xc0) != 0x80 ? 1 : 0;
    }
    return columns;
}

static size_t names_columns(const struct option *row)
{
    size_t argument = row->argument != NULL ? 1 + strlen(row->argument) : 0;
    return strlen(row->name) + argument;
}

static void put_spaces(struct text *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text_put_char(text, ' ');
    }
}

/* Adds the words of `help` from column `column` on, broken before `limit`, each further line
 * beginning at `indent`; prints all lines. */
static void print_wrapped(struct text *text, size_t column, const char *help, size_t indent,
                          size_t limit)
{
    size_t at = column;
    const char *word = help;
    while (*word != '\0') {
        const char *space = strchr(word, ' ');
        size_t bytes = space != NULL ? (size_t)(space - word) : strlen(word);
        size_t columns = columns_of(word, bytes);
        if (limit != NO_LIMIT && at > indent && at + 1 + columns > limit) {
            text_put_char(text, '\n');
            print_text(text);
            text->n = 0;
            put_spaces(text, indent);
            at = indent;
        } else if (at > indent) {
            text_put_char(text, ' ');
            at++;
        }
        text_put_bytes(text, word, bytes);
        at += columns;
        word += bytes;
        while (*word == ' ') {
            word++;
        }
    }
    text_put_char(text, '\n');
    print_text(text);
}

/* Prints one option; `names` is the width of the column of names, 0: all help stands below. */
static void print_row(const struct option *row, size_t names, size_t limit)
{
    char line[LINE_BYTES];
    struct text text;
    text_begin(&text, line, sizeof line);
    put_spaces(&text, INDENT);
    text_put(&text, row->name);
    if (row->argument != NULL) {
        text_put_char(&text, ' ');
        text_put(&text, row->argument);
    }
    size_t used = names_columns(row);
    size_t indent = names > 0 ? INDENT + names + INDENT : HELP_INDENT;
    if (used <= names) {
        put_spaces(&text, indent - INDENT - used);
    } else {
        text_put_char(&text, '\n');
        put_spaces(&text, indent);
    }
    print_wrapped(&text, indent, row->help, indent, limit);
}

/* The width of the column of names, the same in all tables so that help stands in one line. */
static size_t names_width(const struct parse *parse, size_t limit)
{
    size_t widest = names_columns(&help_row);
    for (size_t t = 0; t < parse->tables_count; t++) {
        const struct option_table *table = &parse->tables[t];
        for (size_t i = 0; i < table->count; i++) {
            size_t columns = names_columns(&table->rows[i]);
            widest = columns > widest && columns <= NAMES_MAX ? columns : widest;
        }
    }
    bool narrow = limit != NO_LIMIT && limit < INDENT + widest + INDENT + HELP_COLUMNS_MIN;
    return narrow ? 0 : widest;
}

static int print_help(const struct parse *parse, const char *usage)
{
    size_t limit = port_terminal_columns(PORT_STDOUT);
    size_t names = names_width(parse, limit);
    print_usage(usage);
    for (size_t t = 0; t < parse->tables_count; t++) {
        const struct option_table *table = &parse->tables[t];
        (void)port_print(PORT_STDOUT, "\n", 1);
        if (table->title != NULL) {
            (void)port_print(PORT_STDOUT, table->title, strlen(table->title));
            (void)port_print(PORT_STDOUT, "\n", 1);
        }
        for (size_t i = 0; i < table->count; i++) {
            print_row(&table->rows[i], names, limit);
        }
    }
    (void)port_print(PORT_STDOUT, "\n", 1);
    print_row(&help_row, names, limit);
    return OPTIONS_HELP;
}

#else

static int complain_unknown(const struct parse *parse, const char *typed)
{
    return complain(parse, "there is no option ", typed, "", "");
}

static void print_row(const struct option *row)
{
    char line[LINE_BYTES];
    struct text text;
    text_begin(&text, line, sizeof line);
    text_put(&text, "  ");
    text_put(&text, row->name);
    if (row->argument != NULL) {
        text_put_char(&text, ' ');
        text_put(&text, row->argument);
    }
    text_put_char(&text, '\n');
    (void)port_print(PORT_STDOUT, text.bytes, text.n);
}

static int print_help(const struct parse *parse, const char *usage)
{
    static const char where[] = "What they mean: README.md, or --help of a build with TEXTS=1.\n";
    print_usage(usage);
    for (size_t t = 0; t < parse->tables_count; t++) {
        const struct option_table *table = &parse->tables[t];
        for (size_t i = 0; i < table->count; i++) {
            print_row(&table->rows[i]);
        }
    }
    print_row(&help_row);
    (void)port_print(PORT_STDOUT, where, sizeof where - 1);
    return OPTIONS_HELP;
}

#endif

/* ---- Reading ------------------------------------------------------------------------------- */

static const struct option *option_find(const struct parse *parse, const char *name, size_t n)
{
    for (size_t t = 0; t < parse->tables_count; t++) {
        const struct option_table *table = &parse->tables[t];
        for (size_t i = 0; i < table->count; i++) {
            const struct option *row = &table->rows[i];
            if (strlen(row->name) == n && memcmp(row->name, name, n) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

/* Gives an option its value: `attached`, or the next argument, if it takes one. */
static int option_apply(struct parse *parse, const struct option *row, const char *attached)
{
    const char *value = attached;
    if (row->argument == NULL && attached != NULL) {
        return complain(parse, row->name, " takes no value, and got \"", attached, "\"");
    }
    if (row->argument != NULL && attached == NULL) {
        if (parse->at >= parse->argc) {
            return complain(parse, row->name, " wants ", row->argument, " after it");
        }
        value = parse->argv[parse->at];
        parse->at++;
    }
    const char *wanted = row->set(value);
    if (wanted == NULL) {
        return 0;
    }
    if (value == NULL) {
        return complain(parse, row->name, " wants ", wanted, "");
    }
    option_complain(row->name, " wants ", wanted, ", not \"", value, "\"", NULL);
    return 2;
}

/* "--name", "--name=value". */
static int parse_long(struct parse *parse, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t n = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    const struct option *row = option_find(parse, argument, n);
    if (row == NULL) {
        return complain_unknown(parse, argument);
    }
    return option_apply(parse, row, equals != NULL ? equals + 1 : NULL);
}

/* "-r", "-r" with its value behind it without a space, and several that take none in one word. */
static int parse_short(struct parse *parse, const char *argument)
{
    for (const char *letter = argument + 1; *letter != '\0'; letter++) {
        const char name[2] = {'-', *letter};
        const struct option *row = option_find(parse, name, sizeof name);
        if (row == NULL) {
            return complain_unknown(parse, argument);
        }
        bool attached = row->argument != NULL && letter[1] != '\0';
        int status = option_apply(parse, row, attached ? letter + 1 : NULL);
        if (status != 0 || row->argument != NULL) {
            return status;
        }
    }
    return 0;
}

static bool is_help(const char *argument)
{
    return strcmp(argument, help_row.name) == 0 || strcmp(argument, "-h") == 0;
}

int options_parse(int argc, char **argv, int first, const char *usage,
                  const struct option_table *tables, size_t tables_count,
                  const char **operands, size_t max, size_t *count)
{
    CHECK(first >= 1);
    const char *verb = first > 1 ? argv[first - 1] : "";
    struct parse parse = {argc, argv, first, tables, tables_count, verb};
    bool options_ended = false;
    int status = 0;
    *count = 0;
    while (status == 0 && parse.at < argc) {
        const char *argument = argv[parse.at];
        parse.at++;
        if (options_ended || argument[0] != '-' || argument[1] == '\0') {
            if (*count == max) {
                return complain(&parse, "\"", argument, "\" is one argument too many", "");
            }
            operands[*count] = argument;
            (*count)++;
        } else if (strcmp(argument, "--") == 0) {
            options_ended = true;
        } else if (is_help(argument)) {
            return print_help(&parse, usage);
        } else if (argument[1] == '-') {
            status = parse_long(&parse, argument);
        } else {
            status = parse_short(&parse, argument);
        }
    }
    return status;
}
