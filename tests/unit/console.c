/* SPDX-License-Identifier: MIT */
/* The console on a terminal: whatever is typed, written and logged, in whatever pieces the terminal
 * takes it, every line stands whole in a row of its own, and below them the one being typed.
 * uses port/sim, uses fake_terminal.c, uses fake_console.c */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/console.h"
#include "core/editor.h"
#include "core/loop.h"
#include "tests/check.h"
#include "tests/unit/fake_console.h"

#if CFG_CONSOLE_EDITOR
enum { COLUMNS = FAKE_COLUMNS, RUNS = 200, STEPS = 150 };

/* ---- What a person sees -------------------------------------------------------------------- */

static void test_lines(void)
{
    begin_quiet();
    type("hello, wor");
    run_ms(1);
    EXPECT(row_is("> hello, wor") && screen.cursor == 12);
    say("one\ntwo\n");
    run_ms(1);
    EXPECT(rows_are("one\ntwo\n") && row_is("> hello, wor") && screen.cursor == 12);
    type("\x1b[D\x1b[D");
    run_ms(1);
    say("three\n");
    run_ms(1);
    EXPECT(rows_are("one\ntwo\nthree\n") && row_is("> hello, wor") && screen.cursor == 10);
    EXPECT(app.typed_n == 0);
    type("x\rsecond\rthi");
    run_ms(1);
    EXPECT(typed_is("hello, wxor\nsecond\n"));
    EXPECT(rows_are("one\ntwo\nthree\n> hello, wxor\n> second\n") && row_is("> thi"));
    type("\x1b[A\x1b[A\r");
    run_ms(1);
    EXPECT(typed_is("hello, wxor\nsecond\nhello, wxor\n") && row_is(">"));
    type("\x0c");
    run_ms(1);
    EXPECT(rows_are("") && row_is(">"));
    end();
    EXPECT(row_is(""));
}

/* What is not a whole line yet is not written over. */
static void test_half_line(void)
{
    begin_quiet();
    type("abc");
    say("half");
    run_ms(1);
    EXPECT(rows_are("") && row_is("half"));
    type("d");
    run_ms(1);
    EXPECT(row_is("half"));
    say(" and half\n");
    run_ms(1);
    EXPECT(rows_are("half and half\n") && row_is("> abcd"));
    say("begun");
    run_ms(1);
    type("\r");
    run_ms(1);
    EXPECT(rows_are("half and half\n") && row_is("begun") && typed_is("abcd\n"));
    say(" and ended\n");
    run_ms(1);
    EXPECT(rows_are("half and half\nbegun and ended\n> abcd\n") && row_is(">"));
    end();
}

/* An app that takes no more now is offered the rest of the line later, and keys wait meanwhile. */
static void test_kept(void)
{
    begin_quiet();
    app.takes = 2;
    type("first\rsecond\r");
    run_ms(10);
    EXPECT(typed_is("fi"));
    app.takes = SIZE_MAX;
    say("go on\n");
    run_ms(10);
    EXPECT(typed_is("first\nsecond\n"));
    end();
}

/* A line can be as long as there is room for, and no longer. */
static void test_long_line(void)
{
    begin_quiet();
    for (unsigned i = 0; i < CFG_EDITOR_LINE_BYTES; i++) {
        type("x");
        run_ms(1);
    }
    run_ms(1);
    EXPECT(screen.bells == 0);
    type("x");
    run_ms(1);
    EXPECT(screen.bells == 1 && app.typed_n == 0);
    type("\r");
    screen.cursor = 0; /* it is longer than this terminal's rows can hold */
    screen_begin();
    sim_console_stall(true);
    run_ms(1);
    EXPECT(app.typed_n == CFG_EDITOR_LINE_BYTES + 1);
    end();
}

/* Ctrl-D, or nobody types any more: the app hears of the end once, and what is written goes on. */
static void test_end(void)
{
    begin_quiet();
    type("abc\x04"); /* not on an empty line */
    run_ms(1);
    EXPECT(app.ends == 0 && row_is("> abc"));
    type("\x15\x04");
    run_ms(1);
    EXPECT(app.ends == 1 && !console_edits() && row_is(""));
    EXPECT(rows_are("*** Nothing more is read here; the server goes on until Ctrl-C.\n"));
    say("on\n");
    loop_console_edit(COLUMNS, false); /* not any more */
    run_ms(1);
    EXPECT(!console_edits() && row_is("") && app.ends == 1);
    end();

    begin_quiet();
    type("abc");
    run_ms(1);
    sim_console_end();
    run_ms(1);
    EXPECT(app.ends == 1 && row_is("") && app.typed_n == 0);
    end();
}

/* The terminal was taken away, and is given back; it becomes narrower. */
static void test_redraw(void)
{
    begin_quiet();
    type("abcdefghijklmnopqrstuvwxyz");
    run_ms(1);
    EXPECT(!loop_terminal_changed());
    sim_request(PORT_REQUEST_REDRAW);
    run_ms(1);
    EXPECT(loop_terminal_changed() && !loop_terminal_changed());
    screen_take((const uint8_t *)"\nshell\n$ ", 9);
    loop_console_edit(0, false);
    say("meanwhile\n");
    run_ms(1);
    EXPECT(rows_are("> abcdefghijklmnopqrstuvwxyz\nshell\n$ meanwhile\n") && row_is(""));
    type("\x1b[D7");
    run_ms(1);
    EXPECT(app.typed_n == 0); /* for others, as far as we know */
    loop_console_edit(0, false);
    run_ms(1);
    EXPECT(app.typed_n == 0);
    loop_console_edit(COLUMNS, false);
    run_ms(1);
    EXPECT(row_is("> abcdefghijklmnopqrstuvwxy7z") && screen.cursor == 28);
    type("\x08\x05");
    run_ms(1);
    loop_console_edit(20, false);
    run_ms(1);
    EXPECT(row_is("> klmnopqrstuvwxyz") && screen.cursor == 18);
    screen_take((const uint8_t *)"\nanother\n", 9);
    loop_console_edit(20, false);
    run_ms(1);
    EXPECT(row_is("> klmnopqrstuvwxyz") && screen.cursor == 18);
    type("\r");
    run_ms(1);
    EXPECT(typed_is("abcdefghijklmnopqrstuvwxyz\n"));
    end();
}

/* At ^S: nobody waits, and all is shown later. */
static void test_stalled(void)
{
    begin_quiet();
    sim_console_stall(true);
    type("abc");
    run_ms(500);
    EXPECT(row_is(">"));
    resume_ms = sim_now() + 10; /* nothing else will wake the loop */
    turn_ms(10 + CFG_RETRY_MS + 1);
    EXPECT(row_is("> abc"));
    type("\x15");
    run_ms(1);
    sim_console_stall(true);
    type("one\rtwo\rthree");
    say("said\n");
    run_ms(500);
    EXPECT(typed_is("one\ntwo\n") && row_is(">") && rows_are(""));
    sim_console_stall(false);
    run_ms(100);
    EXPECT(rows_are("> one\n> two\nsaid\n") && row_is("> three"));
    end();
}

/* For so long that there is no room for all echoes: those that have none are lost as a whole. */
static void test_flooded(void)
{
    enum { LINES = 2 * 2 * EDITOR_DRAWN_BYTES / 40 };
    char line[80];
    for (size_t n = 40; n < 76; n++) {
        begin_quiet();
        sim_console_stall(true);
        memset(line, 'y', n);
        memcpy(line + n, "\r", 2);
        for (unsigned i = 0; i < LINES; i++) {
            type(line);
            run_ms(1);
        }
        EXPECT(app.typed_n == LINES * (n + 1));
        sim_console_stall(false);
        run_ms(100);
        EXPECT(row_is(">") && screen.n > 0 && screen.n % (n + 3) == 0);
        for (size_t i = 0; i < screen.n; i += n + 3) {
            EXPECT(memcmp(screen.text + i + 2, line, n) == 0 && screen.text[i + n + 2] == '\n');
        }
        end();
    }
}

/* ---- At random ----------------------------------------------------------------------------- */

static unsigned random_below(unsigned end)
{
    return (unsigned)rand() % end; /* C's own: the same for the same seed */
}

static void act_at_random(unsigned *lines, char *line, size_t *n)
{
    char text[32];
    switch (random_below(5)) {
    case 0:
        (void)snprintf(text, sizeof text, "said %u\n", *lines);
        (*lines)++;
        say(text);
        break;
    case 1:
        if (*n < COLUMNS - 10) {
            line[*n] = (char)('a' + (int)random_below(26));
            type((char[]){line[*n], '\0'});
            (*n)++;
        }
        break;
    case 2:
        if (*n > 0 && random_below(4) == 0) {
            type("\r");
            *n = 0;
        }
        break;
    default:
        run_ms(1 + random_below(80));
        break;
    }
}

/* All that was said and logged stands there in its order, and nothing else but what was typed. */
static void check_rows(unsigned lines)
{
    unsigned said = 0;
    char *at = screen.text;
    screen.text[screen.n] = '\0';
    for (char *end_of = strchr(at, '\n'); end_of != NULL; end_of = strchr(at, '\n')) {
        unsigned number = 0;
        char rest = '\0';
        *end_of = '\0';
        if (sscanf(at, "said %u%c", &number, &rest) == 1) {
            EXPECT(number == said);
            said++;
        } else {
            EXPECT(strncmp(at, "> ", 2) == 0 || strncmp(at, "linnet: ", 8) == 0);
            EXPECT(strchr(at + 2, '>') == NULL && strstr(at, "said") == NULL);
        }
        at = end_of + 1;
    }
    EXPECT(said == lines);
}

static void test_at_random(void)
{
    char shown[COLUMNS + 3];
    for (unsigned seed = 1; seed <= RUNS; seed++) {
        struct sim_plan plan = sim_plan_quiet(seed);
        bool log = seed % 2 == 0; /* which is not held up: then the console is not either */
        char line[COLUMNS];
        size_t n = 0;
        unsigned lines = 0;
        plan.rate[SIM_CONSOLE_AGAIN] = 10000;
        plan.rate[SIM_CONSOLE_SHORT] = log ? 0 : 40000;
        plan.rate[SIM_CONSOLE_STALL] = log ? 0 : 20000;
        srand(seed);
        begin(&plan, log);
        for (unsigned step = 0; step < STEPS; step++) {
            act_at_random(&lines, line, &n);
        }
        sim_faults_off();
        run_ms(5000);
        (void)snprintf(shown, sizeof shown, n > 0 ? "> %.*s" : ">", (int)n, line);
        if (!row_is(shown)) {
            printf("seed %u\n", seed);
        }
        EXPECT(row_is(shown));
        check_rows(lines);
        end();
    }
}

int main(void)
{
    test_lines();
    test_half_line();
    test_kept();
    test_long_line();
    test_end();
    test_redraw();
    test_stalled();
    test_flooded();
    test_at_random();
    return check_report("console");
}
#else
int main(void)
{
    check_skip("this build edits no lines on the console");
    return check_report("console");
}
#endif
