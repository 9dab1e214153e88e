/* SPDX-License-Identifier: MIT */
/* `linnet --limits`: what was decided when this program was built, and what it costs. */
#include "apps/limits.h"

#include <string.h>

#include "apps/options.h"
#include "apps/serve.h"
#include "apps/table.h"
#include "core/limits.h"
#include "port/port_tool.h"

enum { LINE_BYTES = 160, NAME_COLUMNS = 26, VALUE_COLUMNS = 11, UNIT_COLUMNS = 13 };

static int print_line(struct text *line)
{
    text_put_char(line, '\n');
    int result = port_print(PORT_STDOUT, line->bytes, line->n);
    line->n = 0;
    return result;
}

static void put_column(struct text *line, size_t end)
{
    while (line->n < end) {
        text_put_char(line, ' ');
    }
}

static void print_limits(struct text *line, const struct limit *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_put(line, rows[i].name);
        put_column(line, NAME_COLUMNS);
        text_put_padded(line, rows[i].value, VALUE_COLUMNS, ' ');
        text_put(line, "  ");
        text_put(line, rows[i].unit);
#if PORT_TEXTS
        put_column(line, NAME_COLUMNS + VALUE_COLUMNS + 2 + UNIT_COLUMNS);
        text_put(line, rows[i].meaning);
#endif
        (void)print_line(line);
    }
}

/* Returns the bytes, to be added up. */
static size_t print_memory(struct text *line, const char *name, size_t bytes)
{
    text_put(line, name);
    put_column(line, 48);
    text_put_padded(line, bytes, VALUE_COLUMNS, ' ');
    text_put(line, "  bytes");
    (void)print_line(line);
    return bytes;
}

static size_t print_memory_of(struct text *line, const struct app *const *apps, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += print_memory(line, apps[i]->name, apps[i]->static_bytes);
    }
    return sum;
}

static void print_limits_of(struct text *line, const struct app *const *apps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_limits(line, apps[i]->limits, apps[i]->limits_count);
    }
}

int limits_print(void)
{
    char bytes[LINE_BYTES];
    struct text line;
    text_begin(&line, bytes, sizeof bytes);
    print_limits(&line, core_limits, core_limits_count);
    print_limits_of(&line, serving_apps, serving_count);
    print_limits_of(&line, tool_apps, tool_count);
    (void)print_line(&line);
    struct memory_row rows[CORE_MEMORY_ROWS];
    core_memory(rows);
    size_t sum = 0;
    for (size_t i = 0; i < CORE_MEMORY_ROWS; i++) {
        sum += print_memory(&line, rows[i].name, rows[i].bytes);
    }
    sum += print_memory_of(&line, serving_apps, serving_count);
    sum += print_memory_of(&line, tool_apps, tool_count);
    sum += print_memory(&line, "port", port_static_bytes());
    sum += print_memory(&line, "command line", serve_static_bytes);
    text_put(&line, "static memory");
    put_column(&line, 48);
    text_put_padded(&line, sum, VALUE_COLUMNS, ' ');
    text_put(&line, "  bytes");
    return print_line(&line) == PORT_OK ? 0 : 1;
}
