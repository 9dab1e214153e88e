/* SPDX-License-Identifier: MIT */
/* Conformance: the console and the log. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

enum { LOG_BYTES_MAX = 1 << 20 };

static void console_typed(port_handle input)
{
    char bytes[16];

    EXPECT(port_console_read(input, bytes, 16) == PORT_AGAIN);
    EXPECT(wait_ready(input, PORT_READ, 10) == 0);
    fixture_console_type("hi\n", 3);
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, bytes, 2) == 2);
    EXPECT(memcmp(bytes, "hi", 2) == 0);
    EXPECT(port_console_read(input, bytes, 16) == 1);
    EXPECT(port_console_read(input, bytes, 16) == PORT_AGAIN);
}

static void console_printed(void)
{
    char bytes[32];

    (void)fixture_console_printed(bytes, sizeof(bytes));
    EXPECT(port_console_write("answer\n", 7) == 7);
    EXPECT(fixture_console_printed(bytes, sizeof(bytes)) == 7);
    EXPECT(memcmp(bytes, "answer\n", 7) == 0);
}

/* A console that takes nothing more says so at once, and takes again what is asked later. */
static void console_stalled(void)
{
    static char block[1000];
    static char bytes[LOG_BYTES_MAX];
    size_t written = 0;
    size_t got = 0;
    int result = 1;

    memset(block, 'w', sizeof(block));
    while (result > 0 && written < LOG_BYTES_MAX) {
        result = port_console_write(block, sizeof(block));
        EXPECT(result != 0 && result <= (int)sizeof(block));
        written += result > 0 ? (size_t)result : 0;
    }
    if (result > 0) {
        check_skip("the console takes everything");
        (void)fixture_console_printed(bytes, sizeof(bytes));
        return;
    }
    EXPECT(result == PORT_AGAIN);
    got = fixture_console_printed(bytes, sizeof(bytes));
    EXPECT(got == written);
    EXPECT(port_console_write("x", 1) == 1);
    EXPECT(fixture_console_printed(bytes, sizeof(bytes)) == 1);
}

static void write_nothing(void)
{
    (void)port_console_write("", 0);
}

void test_console(void)
{
    port_handle input;
    char byte;

    if (!fixture_can(FIXTURE_CONSOLE)) {
        check_skip("the console");
        return;
    }
    EXPECT(port_console_open(&input) == PORT_OK);
    EXPECT(input >= 0);
    console_typed(input);
    console_printed();
    console_stalled();
    EXPECT(fixture_fails(write_nothing));
    fixture_console_type("last", 4);
    fixture_console_hang_up();
    EXPECT(wait_ready(input, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_console_read(input, &byte, 1) == 1);
    EXPECT(byte == 'l');
    while (port_console_read(input, &byte, 1) == 1) {
    }
    EXPECT(port_console_read(input, &byte, 1) == PORT_EOF);
    EXPECT(port_console_read(input, &byte, 1) == PORT_EOF);
    port_close(input);
}

/* ---- The log ------------------------------------------------------------------------------- */

static bool text_contains(const char *text, size_t n, const char *wanted)
{
    const size_t length = strlen(wanted);
    size_t i;

    for (i = 0; i + length <= n; i++) {
        if (memcmp(text + i, wanted, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Every line is whole: its number between "line " and " of many" and a line end. */
static size_t lines_count(const char *text, size_t n)
{
    size_t lines = 0;
    size_t begin = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        if (text[i] != '\n') {
            continue;
        }
        if (text_contains(text + begin, 6, "line ")) {
            EXPECT(text_contains(text + begin, i + 1 - begin, " of many\n"));
            lines++;
        } else {
            EXPECT(text_contains(text + begin, i - begin, " log lines were lost"));
        }
        begin = i + 1;
    }
    EXPECT(begin == n);
    return lines;
}

/* Reads the count out of "linnet: 123 log lines were lost". */
static size_t lost_count(const char *text, size_t n)
{
    static const char before[] = "linnet: ";
    size_t at;

    for (at = 0; at + sizeof(before) < n; at++) {
        size_t digits = at + sizeof(before) - 1;
        size_t count = 0;

        if (memcmp(text + at, before, sizeof(before) - 1) != 0) {
            continue;
        }
        while (digits < n && text[digits] >= '0' && text[digits] <= '9') {
            count = count * 10 + (size_t)(text[digits] - '0');
            digits++;
        }
        return count;
    }
    return 0;
}

static void log_line(unsigned number)
{
    char line[] = "line 000000 of many";
    size_t i;

    for (i = 0; i < 6; i++) {
        line[10 - i] = (char)('0' + number % 10);
        number /= 10;
    }
    port_log(line, sizeof(line) - 1);
}

/* A log that nobody reads loses lines, whole ones, and says how many once it is read again. */
static void log_stalled(void)
{
    static char text[LOG_BYTES_MAX + 4096];
    const unsigned lines = 100000;
    size_t n;
    size_t seen;
    unsigned i;

    for (i = 0; i < lines; i++) {
        log_line(i);
    }
    n = fixture_log_read(text, sizeof(text));
    seen = lines_count(text, n);
    EXPECT(seen > 100 && seen < lines);
    log_line(lines);
    n = fixture_log_read(text, sizeof(text));
    EXPECT(text_contains(text, n, " log lines were lost\nline 100000 of many\n"));
    EXPECT(seen + lost_count(text, n) == lines);
    log_line(lines + 1);
    n = fixture_log_read(text, sizeof(text));
    EXPECT(n == 20 && memcmp(text, "line 100001 of many\n", 20) == 0);
}

void test_log(void)
{
    char text[256];
    size_t n;

    (void)fixture_log_read(text, sizeof(text));
    port_log("linnet: one line", 16);
    n = fixture_log_read(text, sizeof(text));
    EXPECT(n == 17 && memcmp(text, "linnet: one line\n", 17) == 0);
    port_log("xyz", 2);
    n = fixture_log_read(text, sizeof(text));
    EXPECT(n == 3 && memcmp(text, "xy\n", 3) == 0);
    log_stalled();
}
