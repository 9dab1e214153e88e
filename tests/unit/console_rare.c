/* SPDX-License-Identifier: MIT */
/* The console on a terminal in rare moments: what is not drawn twice, an echo that has no room,
 * nobody who reads it, and no terminal at all.
 * uses port/sim, uses fake_terminal.c, uses fake_console.c */
#include <string.h>

#include "core/console.h"
#include "core/editor.h"
#include "core/loop.h"
#include "tests/check.h"
#include "tests/unit/fake_console.h"

#if CFG_CONSOLE_EDITOR
/* What is typed is seen at once, and what has not changed is not drawn again. */
static void test_drawn_once(void)
{
    begin_quiet();
    type("a");
    turn_ms(2);
    EXPECT(row_is("> a"));
    painted = 0;
    type("\x05");
    turn_ms(1000);
    for (unsigned i = 0; i < 10; i++) {
        run_ms(1);
    }
    EXPECT(painted == 0);
    say("one\ntwo\n");
    turn_ms(2);
    EXPECT(rows_are("one\ntwo\n") && row_is("> a"));
    EXPECT(painted == strlen("\r\x1b[K" "one\ntwo\n" "\r> a\x1b[K"));
    end();
}

/* A terminal that takes nothing is tried again in a while, and one that took all is not. */
static void test_tried_again(void)
{
    begin_quiet();
    sim_console_stall(true);
    type("a");
    resume_ms = sim_now() + 10;
    turn_ms(10 + CFG_RETRY_MS + 5);
    EXPECT(row_is("> a"));
    type("b");
    turn_ms(2 * CFG_RETRY_MS); /* what was to be tried again */
    type("c");
    uint64_t waits = sim_waits();
    turn_ms(10 * CFG_RETRY_MS);
    EXPECT(row_is("> abc") && sim_waits() - waits <= 2);
    end();
}

/* So much that the echo of the line's end has no room: the row is right in the end. */
static void test_bells(void)
{
    enum { KEYS = 1000, KEPT_BYTES = 2 * EDITOR_DRAWN_BYTES };
    char keys[KEYS + 1];
    begin_quiet();
    memset(keys, 'x', KEYS);
    keys[KEYS] = '\0';
    for (unsigned left = CFG_EDITOR_LINE_BYTES; left > 0; left -= left < KEYS ? left : KEYS) {
        type(left < KEYS ? keys + KEYS - left : keys);
        run_ms(1);
    }
    sim_console_stall(true);
    type("\x7fx");
    run_ms(1);
    for (unsigned left = KEPT_BYTES / KEYS + 1; left > 0; left--) {
        type(keys);
        run_ms(1);
    }
    type("\r");
    run_ms(1);
    EXPECT(app.typed_n == CFG_EDITOR_LINE_BYTES + 1);
    sim_console_stall(false);
    run_ms(100);
    EXPECT(screen.n == 0 && row_is(">"));
    EXPECT(screen.bells > KEPT_BYTES / 2 && screen.bells < KEPT_BYTES);
    type("ab\r");
    run_ms(1);
    EXPECT(rows_are("> ab\n") && row_is(">"));
    end();
}

/* It becomes narrower while what was drawn for the wider one waits. */
static void test_narrower_meanwhile(void)
{
    begin_quiet();
    type("abcdefghijklmnopqrstuvwxy");
    run_ms(1);
    sim_console_stall(true);
    type("z");
    run_ms(1);
    loop_console_edit(20, false);
    run_ms(1);
    sim_console_stall(false);
    run_ms(100);
    EXPECT(row_is("> klmnopqrstuvwxyz") && screen.cursor == 18);
    end();
}

/* While a line of the app's is not over, nothing is drawn, however much is typed. */
static void test_within(void)
{
    begin_quiet();
    say("half");
    run_ms(1);
    for (unsigned i = 0; i < 200; i++) {
        type(i % 2 == 0 ? "x" : "\x7f");
        run_ms(1);
    }
    type("abc");
    run_ms(1);
    EXPECT(row_is("half"));
    say(" and half\n");
    painted = 0;
    run_ms(1);
    EXPECT(rows_are("half and half\n") && row_is("> abc"));
    EXPECT(painted == strlen(" and half\n" "\r> abc\x1b[K"));
    end();
}

/* What is pasted keeps nobody waiting: a pass takes some of it. */
static void test_pasted(void)
{
    char keys[501];
    begin_quiet();
    memset(keys, 'x', sizeof keys - 1);
    keys[sizeof keys - 1] = '\0';
    size_t room = sim_console_room();
    type(keys);
    EXPECT(loop_turn());
    EXPECT(sim_console_room() < room && sim_console_room() > room - (sizeof keys - 1));
    run_ms(1);
    EXPECT(sim_console_room() == room);
    end();
}

/* As narrow as a terminal can be, and taken away then. */
static void test_one_column(void)
{
    begin_quiet();
    loop_console_edit(1, false);
    EXPECT(console_edits() && !console_is_away());
    type("ab\x7f\r");
    run_ms(1);
    EXPECT(typed_is("a\n"));
    loop_console_edit(0, false);
    EXPECT(!console_edits() && console_is_away());
    end();
}

/* Nobody will ever read what is written: keys are still taken, and nothing is tried for ever. */
static void test_gone(void)
{
    static const struct sim_fault gone = {SIM_CONSOLE_GONE, SIM_NOBODY, 0, 0};
    struct sim_plan plan = sim_plan_quiet(1);
    plan.listed = true;
    plan.list = &gone;
    plan.list_count = 1;
    begin(&plan, false);
    type("ab\r");
    turn_ms(10);
    EXPECT(typed_is("ab\n"));
    uint64_t waits = sim_waits();
    turn_ms(10 * CFG_RETRY_MS);
    EXPECT(sim_waits() - waits < 10 && painted == 0);
    end();
}

/* No terminal, from the beginning: it is read as it comes. */
static void test_never_a_terminal(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    begin(&plan, false);
    loop_console_edit(0, false);
    EXPECT(console_is_away());
    end();
    begin(&plan, false);
    console_start();
    loop_console_edit(0, false);
    EXPECT(!console_is_away() && !console_edits());
    type("a\x01\n");
    run_ms(1);
    EXPECT(typed_is("a\x01\n") && painted == 0);
    end();
}

int main(void)
{
    test_drawn_once();
    test_tried_again();
    test_bells();
    test_narrower_meanwhile();
    test_within();
    test_pasted();
    test_one_column();
    test_gone();
    test_never_a_terminal();
    return check_report("console_rare");
}
#else
int main(void)
{
    check_skip("this build edits no lines on the console");
    return check_report("console_rare");
}
#endif
