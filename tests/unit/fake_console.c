/* SPDX-License-Identifier: MIT */
/* The app and the terminal of fake_console.h. */
#include "tests/unit/fake_console.h"

#include <string.h>

#include "core/console.h"
#include "core/editor.h"
#include "core/loop.h"

#define CHECK_PART
#include "tests/check.h"

#if CFG_CONSOLE_EDITOR
struct fake_console app;
size_t painted;

static void app_opened(struct conn *conn)
{
    app.console = conn;
    conn_room_set(conn, CFG_EDITOR_LINE_BYTES + 1);
}

static size_t app_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    size_t taken = n < app.takes ? n : app.takes;
    (void)conn;
    CHECK(app.typed_n + taken <= sizeof app.typed);
    memcpy(app.typed + app.typed_n, bytes, taken);
    app.typed_n += taken;
    return taken;
}

static bool app_produce(struct conn *conn, size_t room)
{
    (void)room;
    if (app.from < app.to) {
        app.from += conn_write(conn, app.queue + app.from, app.to - app.from, false);
    }
    return app.from < app.to;
}

static void app_ended(struct conn *conn)
{
    (void)conn;
    app.ends++;
}

static const struct app test_app = {.name = "test", .opened = app_opened, .input = app_input,
                                    .produce = app_produce, .ended = app_ended};
static const struct app *const apps[] = {&test_app};

void say(const char *text)
{
    size_t n = strlen(text);
    CHECK(app.to + n <= sizeof app.queue);
    memcpy(app.queue + app.to, text, n);
    app.to += n;
    conn_output_ask(app.console);
}

bool typed_is(const char *text)
{
    return strlen(text) == app.typed_n && memcmp(text, app.typed, app.typed_n) == 0;
}

/* ---- The world ----------------------------------------------------------------------------- */

static uint64_t target_ms;
uint64_t resume_ms;

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < resume_ms) {
        return resume_ms;
    }
    if (resume_ms > 0) {
        resume_ms = 0;
        sim_console_stall(false);
    }
    if (now_ms < target_ms) {
        return target_ms;
    }
    sim_request(PORT_REQUEST_REPORT); /* ends the wait */
    return UINT64_MAX;
}

static void world_console(const uint8_t *bytes, size_t n)
{
    painted += n;
    screen_take(bytes, n);
}

static const struct sim_hooks hooks = {.step = world_step, .console = world_console};
static const struct sim_hooks logging = {.step = world_step, .console = world_console,
                                         .log = screen_log};

void turn_ms(uint64_t ms)
{
    target_ms = sim_now() + ms;
    sim_step_at(resume_ms > 0 ? resume_ms : target_ms);
    for (unsigned left = 100000; left > 0 && sim_now() < target_ms && loop_turn(); left--) {
    }
    EXPECT(sim_now() >= target_ms);
}

void run_ms(uint64_t ms)
{
    turn_ms(ms);
    (void)console_paint(); /* as the next pass will */
}

void begin(const struct sim_plan *plan, bool log)
{
    screen_begin();
    painted = 0;
    memset(&app, 0, sizeof app);
    app.takes = SIZE_MAX;
    sim_begin(plan, log ? &logging : &hooks);
    EXPECT(port_start() == PORT_OK);
    EXPECT(loop_start(apps, 1, 16));
    EXPECT(loop_console(0));
    loop_console_edit(FAKE_COLUMNS, log);
}

void begin_quiet(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    begin(&plan, false);
    run_ms(1);
    EXPECT(rows_are("") && row_is(">"));
}

void end(void)
{
    sim_console_stall(false);
    loop_stop(true);
    for (unsigned left = 100; left > 0 && loop_turn(); left--) {
    }
    port_end();
}

void type(const char *keys)
{
    sim_console_type(keys, strlen(keys));
}
#endif
