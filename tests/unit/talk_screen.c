/* SPDX-License-Identifier: MIT */
/* What talk writes on standard output, to the byte: lines made safe on a terminal, above the one
 * being typed; everything as it came elsewhere. uses port/sim */
#include "apps/talk/talk_screen.h"

#include <stdio.h>
#include <string.h>

#include "port/sim/sim.h"
#include "tests/check.h"

#define ERASE "\r\x1b[K"
#define STAMP "12:34:56 "

static struct {
    char bytes[3 * CFG_TALK_SHOWN_BYTES];
    size_t n;
    unsigned prints;
} shown;

static struct talk_screen screen;
static struct editor editor;

static void take(const uint8_t *bytes, size_t n)
{
    CHECK(n <= sizeof shown.bytes - shown.n);
    memcpy(shown.bytes + shown.n, bytes, n);
    shown.n += n;
    shown.prints++;
}

static const struct sim_hooks hooks = {.console = take};

static void begin(bool terminal, bool timestamps)
{
    struct sim_plan plan = sim_plan_quiet(1);
    sim_begin(&plan, &hooks);
    sim_wall_set(true, 12 * 3600 + 34 * 60 + 56);
    sim_terminal_set(terminal ? 80 : 0);
    memset(&shown, 0, sizeof shown);
    memset(&screen, 0, sizeof screen);
    memset(&editor, 0, sizeof editor);
    screen.terminal = terminal;
    screen.timestamps = timestamps;
}

/* Whether just that was shown since the last time. */
static bool shows(const char *text)
{
    bool right = shown.n == strlen(text) && memcmp(shown.bytes, text, shown.n) == 0;
    if (!right) {
        printf("\"%.*s\", not \"%s\"\n", (int)shown.n, shown.bytes, text);
    }
    shown.n = 0;
    return right;
}

static void put(const char *text)
{
    talk_screen_put(&screen, (const uint8_t *)text, strlen(text));
}

static void type(const char *keys)
{
    for (size_t i = 0; i < strlen(keys); i++) {
        (void)editor_take(&editor, (uint8_t)keys[i]);
    }
}

static void test_elsewhere(void)
{
    begin(false, false);
    put("a\nb\r\n\xff\x1b[2Jc");
    EXPECT(shown.prints == 1 && shows("a\nb\r\n\xff\x1b[2Jc"));
    EXPECT(talk_screen_within(&screen));
    talk_screen_break(&screen, false);
    EXPECT(shows("") && talk_screen_within(&screen));
    talk_screen_break(&screen, true);
    EXPECT(shows("\n") && !talk_screen_within(&screen));
    talk_screen_break(&screen, true);
    EXPECT(shows(""));
    put("d\n");
    EXPECT(shows("d\n") && !talk_screen_within(&screen));
    talk_screen_note(&screen, "note", 4);
    talk_screen_draw(&screen, true);
    EXPECT(shows(""));
    talk_screen_end(&screen);
    EXPECT(shows(""));
}

static void test_timestamps(void)
{
    begin(false, true);
    put("a\n\nb");
    EXPECT(shows(STAMP "a\n" STAMP "\n" STAMP "b"));
    put("c\nd\n");
    EXPECT(shows("c\n" STAMP "d\n"));
    put("e");
    EXPECT(shows(STAMP "e"));
    talk_screen_break(&screen, true);
    put("f\n");
    EXPECT(shows("\n" STAMP "f\n"));
    sim_wall_set(false, 0);
    put("g\n");
    EXPECT(shows("g\n"));
    begin(true, true);
    put("a\n");
    talk_screen_note(&screen, "b", 1);
    EXPECT(shows(STAMP "a\n" STAMP "*** b\n"));
}

static void test_unread(void)
{
    begin(false, true);
    put("a\n");
    EXPECT(!screen.unread && shows(STAMP "a\n"));
    sim_print_close();
    put("b\nc\n");
    EXPECT(screen.unread && shows(""));
    begin(true, false);
    sim_print_close();
    put("a\nb");
    EXPECT(screen.unread && screen.n == 0);
}

static void test_lines(void)
{
    static const struct { const char *bytes; const char *shown; } rows[] = {
        {"a\n", "a\n"}, {"\n", "\n"}, {"\r\n", "\n"}, {"a\r\n", "a\n"}, {"a\r\r\n", "a?\n"},
        {"\ra\n", "?a\n"}, {"a\tb\n", "a b\n"}, {"\x1b[2J\xff\n", "?[2J?\n"}, {"a", ""},
        {"caf\xc3\xa9\nx", "caf\xc3\xa9\n"}, {"a\n\nb\n", "a\n\nb\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(true, false);
        put(rows[i].bytes);
        EXPECT(shows(rows[i].shown));
        EXPECT(talk_screen_within(&screen) == (strchr(rows[i].bytes, '\n') == NULL || i == 9));
        begin(true, false);
        for (size_t at = 0; at < strlen(rows[i].bytes); at++) {
            talk_screen_put(&screen, (const uint8_t *)rows[i].bytes + at, 1);
        }
        EXPECT(shows(rows[i].shown));
    }
}

/* A line that is longer than what is kept is shown in pieces, and no character is cut. */
static void test_long_line(void)
{
    static char line[CFG_TALK_SHOWN_BYTES + 8];
    for (size_t before = 0; before < 4; before++) {
        size_t n = CFG_TALK_SHOWN_BYTES - before;
        begin(true, false);
        memset(line, 'x', n);
        memcpy(line + n, "\xf0\x9f\x98\x80!", 6);
        put(line);
        size_t first = shown.n;
        EXPECT(first == n + 1 && shown.bytes[n] == '\n');
        put("\n");
        memmove(shown.bytes, shown.bytes + first, shown.n - first);
        shown.n -= first;
        EXPECT(shows("\xf0\x9f\x98\x80!\n"));
    }
    begin(true, false);
    memset(line, 'x', CFG_TALK_SHOWN_BYTES);
    line[CFG_TALK_SHOWN_BYTES] = '\0';
    put(line);
    EXPECT(shown.n == 0 && screen.n == CFG_TALK_SHOWN_BYTES);
    put("\n");
    EXPECT(shown.n == CFG_TALK_SHOWN_BYTES + 1 && screen.n == 0);
}

/* What there is of a line is shown when no more comes; its end alone is nothing to show then, and
 * half a character waits for its other half, unless there is none to come. */
static void test_broken_off(void)
{
    begin(true, false);
    talk_screen_break(&screen, true);
    put("\n");
    EXPECT(shows("\n"));
    put("a");
    talk_screen_break(&screen, false);
    EXPECT(shows("a\n") && !talk_screen_within(&screen));
    put("\r\n");
    EXPECT(shows(""));
    put("\n");
    EXPECT(shows("\n"));
    put("b");
    talk_screen_break(&screen, true);
    put("c\n\n");
    EXPECT(shows("b\nc\n\n"));
    put("caf\xc3");
    talk_screen_break(&screen, false);
    EXPECT(shows("caf\n") && talk_screen_within(&screen));
    put("\xa9!\n");
    EXPECT(shows("\xc3\xa9!\n"));
    put("caf\xc3");
    talk_screen_break(&screen, true);
    EXPECT(shows("caf?\n") && !talk_screen_within(&screen));
    put("\xe4\xb8");
    talk_screen_break(&screen, false);
    EXPECT(shows("?\n") && !talk_screen_within(&screen));
}

/* The line being typed: away while others are shown, and drawn once. */
static void test_editor(void)
{
    begin(true, false);
    talk_screen_draw(&screen, true);
    EXPECT(shows(""));
    talk_screen_edit(&screen, &editor);
    EXPECT(shows("\r> \x1b[K"));
    talk_screen_draw(&screen, false);
    EXPECT(shows(""));
    type("ab");
    talk_screen_draw(&screen, true);
    EXPECT(shows("\r> ab\x1b[K"));
    put("one\ntwo\n");
    EXPECT(shows(ERASE "one\ntwo\n"));
    talk_screen_draw(&screen, false);
    EXPECT(shows("\r> ab\x1b[K"));
    talk_screen_note(&screen, "three", 5);
    EXPECT(shows(ERASE "*** three\n"));
    talk_screen_draw(&screen, false);
    talk_screen_typed(&screen);
    EXPECT(shows("\r> ab\x1b[K" ERASE "> ab\n"));
    talk_screen_typed(&screen);
    EXPECT(shows("> ab\n"));
    talk_screen_clear(&screen);
    EXPECT(shows("\x1b[H\x1b[2J"));
    talk_screen_bell(&screen);
    EXPECT(shows("\a"));
    talk_screen_draw(&screen, false);
    EXPECT(shows("\r> ab\x1b[K"));
    talk_screen_end(&screen);
    EXPECT(shows(ERASE));
    talk_screen_end(&screen);
    talk_screen_draw(&screen, true);
    talk_screen_typed(&screen);
    EXPECT(shows(""));
}

/* Others have the terminal: nothing is drawn, until it is ours again. */
static void test_away(void)
{
    begin(true, false);
    type("ab");
    talk_screen_edit(&screen, NULL);
    put("one\n");
    EXPECT(shows("one\n"));
    talk_screen_edit(&screen, &editor);
    EXPECT(shows("\r> ab\x1b[K"));
    sim_terminal_set(3);
    talk_screen_edit(&screen, &editor);
    EXPECT(shows("\rb\x1b[K"));
}

int main(void)
{
    test_elsewhere();
    test_timestamps();
    test_unread();
    test_lines();
    test_long_line();
    test_broken_off();
    test_editor();
    test_away();
    return check_report("talk_screen");
}
