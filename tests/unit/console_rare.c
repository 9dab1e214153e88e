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
    test_bells();
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
