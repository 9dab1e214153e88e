/* SPDX-License-Identifier: MIT */
/* `linnet --limits`: what was decided when this program was built, and what it costs. */
#include "apps/limits.h"

#include <string.h>

#include "apps/options.h"
#include "apps/serve.h"
#include "apps/table.h"
#include "core/limits.h"
#include "port/port_tool.h"

enum {
    LINE_BYTES = 160,
    NAME_COLUMNS = 28,   /* of a limit */
    MEMORY_COLUMNS = 48, /* of a part's name */
    VALUE_COLUMNS = 11,
    MEANING_COLUMN = NAME_COLUMNS + VALUE_COLUMNS + 2 + 13
};

/* What is being printed. */
struct listing {
    struct text line;
    size_t memory_bytes; /* of the rows so far */
    int status;          /* 1: not all could be printed */
};

static void print_line(struct listing *listing)
{
    text_put_char(&listing->line, '\n');
    if (port_print(PORT_STDOUT, listing->line.bytes, listing->line.n) != PORT_OK) {
        listing->status = 1;
    }
    listing->line.n = 0;
}

/* A name, a value from column `end` on, and its unit. */
static void put_row(struct listing *listing, const char *name, size_t end, size_t value,
                    const char *unit)
{
    struct text *line = &listing->line;
    text_put(line, name);
    while (line->n < end) {
        text_put_char(line, ' ');
    }
    text_put_padded(line, value, VALUE_COLUMNS, ' ');
    text_put(line, "  ");
    text_put(line, unit);
}

static void print_limits(struct listing *listing, const struct limit *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_row(listing, rows[i].name, NAME_COLUMNS, rows[i].value, rows[i].unit);
#if PORT_TEXTS
        while (listing->line.n < MEANING_COLUMN) {
            text_put_char(&listing->line, ' ');
        }
        text_put(&listing->line, rows[i].meaning);
#endif
        print_line(listing);
    }
}

static void print_memory(struct listing *listing, const char *name, size_t bytes)
{
    put_row(listing, name, MEMORY_COLUMNS, bytes, "bytes");
    print_line(listing);
    listing->memory_bytes += bytes;
}

static void print_limits_of(struct listing *listing, const struct app *const *apps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_limits(listing, apps[i]->limits, apps[i]->limits_count);
    }
}

static void print_memory_of(struct listing *listing, const struct app *const *apps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_memory(listing, apps[i]->name, apps[i]->static_bytes);
    }
}

int limits_print(void)
{
    char bytes[LINE_BYTES];
    struct listing listing;
    text_begin(&listing.line, bytes, sizeof bytes);
    listing.memory_bytes = 0;
    listing.status = 0;
    print_limits(&listing, core_limits, core_limits_count);
    print_limits_of(&listing, serving_apps, serving_count);
    print_limits_of(&listing, tool_apps, tool_count);
    print_line(&listing);
    for (size_t i = 0; i < core_memory_rows_count; i++) {
        print_memory(&listing, core_memory_rows[i].name, *core_memory_rows[i].bytes);
    }
    print_memory_of(&listing, serving_apps, serving_count);
    print_memory_of(&listing, tool_apps, tool_count);
    print_memory(&listing, "port", port_static_bytes());
    print_memory(&listing, "command line", serve_static_bytes);
    print_memory(&listing, "static memory", listing.memory_bytes);
    return listing.status;
}
