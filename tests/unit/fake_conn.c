/* SPDX-License-Identifier: MIT */
/* The apps and the world of fake_conn.h. */
#include "tests/unit/fake_conn.h"

#include <string.h>

#include "core/loop.h"

#define CHECK_PART
#include "tests/check.h"

struct seen seen;
struct logged logged;

static void act(struct conn *conn, enum deed deed)
{
    if (deed == FINISH) {
        conn_finish(conn);
    } else if (deed == SHUT) {
        conn_shut(conn);
    } else if (deed == ABORT) {
        conn_abort(conn);
    } else if (deed == QUIET_OTHER && seen.other != NULL) {
        conn_room_set(seen.other, 0);
    } else if (deed == ONE_BYTE) {
        conn_resume(conn);
    } else if (deed == ANSWER) {
        conn_output_ask(conn);
    } else if (deed == ABORT_ALL) {
        conn_abort(conn);
        struct conn *other = conn == seen.other ? seen.last : seen.other;
        conn_abort(other);
        conn_output_ask(other);
    } else if (deed == SETTLE) {
        conn_settle(conn);
    } else if (deed == CLOSE) {
        conn_close(conn);
    } else if (deed == FINISH_AND_CLOSE) {
        conn_finish(conn);
        conn_close(conn);
    } else if (deed == FINISH_AND_WRITE) {
        conn_finish(conn);
        seen.written += conn_write(conn, "late", 4, false);
    }
}

static void full_opened(struct conn *conn)
{
    seen.opened++;
    seen.last = conn;
    conn_room_set(conn, 256);
    act(conn, seen.opening);
}

static size_t full_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    (void)bytes;
    size_t taken = seen.deed == ONE_BYTE ? 1 : seen.deed == ONE_LEFT ? n - 1 : n;
    seen.inputs++;
    seen.input_bytes += taken;
    act(conn, seen.deed);
    return taken;
}

static void full_ended(struct conn *conn)
{
    seen.ends++;
    conn_finish(conn);
}

static bool full_produce(struct conn *conn, size_t room)
{
    uint8_t block[512];
    memset(block, 'x', sizeof block);
    size_t left = seen.to_write - seen.written;
    size_t n = room < sizeof block ? room : sizeof block;
    seen.written += conn_write(conn, block, n < left ? n : left, false);
    return seen.written < seen.to_write;
}

static void full_closed(struct conn *conn, enum conn_end why)
{
    (void)conn;
    seen.closed++;
    seen.why = why;
    seen.closed_ms = sim_now();
}

static size_t plain_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    (void)conn;
    (void)bytes;
    seen.input_bytes += n;
    return n;
}

const struct app full_app = {
    .name = "full", .opened = full_opened, .input = full_input, .ended = full_ended,
    .produce = full_produce, .closed = full_closed, .reserved = 1};
const struct app plain_app = {.name = "plain", .input = plain_input};
static const struct app spare_app = {
    .name = "spare", .opened = full_opened, .produce = full_produce, .closed = full_closed,
    .stall_bytes = SPARE_STALL_BYTES};
static const struct app reserving_app = {.name = "reserving", .reserved = 1};
static const struct app *const apps[] = {&full_app, &plain_app, &spare_app, &reserving_app};
size_t apps_built = 2;
size_t apps_listening = 2;

/* ---- The world ----------------------------------------------------------------------------- */

static uint64_t target_ms;

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < target_ms) {
        return target_ms;
    }
    sim_request(PORT_REQUEST_REPORT); /* ends the wait */
    return UINT64_MAX;
}

static void world_log(const char *line, size_t n)
{
    if (logged.n + n + 1 < sizeof logged.text) {
        memcpy(logged.text + logged.n, line, n);
        logged.n += n;
        logged.text[logged.n++] = '\n';
        logged.text[logged.n] = '\0';
    }
}

static void world_ending(unsigned connection, enum sim_ending how, size_t unread_bytes)
{
    (void)connection;
    (void)unread_bytes;
    seen.resets += how == SIM_ENDING_ABORT ? 1 : 0;
}

static const struct sim_hooks hooks = {.step = world_step, .log = world_log,
                                       .ending = world_ending};

const struct port_address somebody = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 9, 9, 9, 9},
                                             0, 900};
const struct port_address here = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 250},
                                         0, FIRST_PORT};

void world_begin(const struct sim_fault *faults, size_t count)
{
    struct sim_plan plan = sim_plan_quiet(1);
    plan.listed = true;
    plan.list = faults;
    plan.list_count = count;
    memset(&seen, 0, sizeof seen);
    seen.to_write = SIZE_MAX; /* without end */
    memset(&logged, 0, sizeof logged);
    sim_begin(&plan, &hooks);
    EXPECT(port_start() == PORT_OK);
    EXPECT(loop_start(apps, apps_built, CAPACITY));
    for (unsigned i = 0; i < apps_listening; i++) {
        struct port_address at = {{0}, 0, (uint16_t)(FIRST_PORT + i)};
        EXPECT(loop_listen(i, &at, PORT_DUAL) >= 0);
    }
    sim_peer_listen(&somebody);
}

void run_until(uint64_t ms)
{
    target_ms = ms;
    sim_step_at(ms);
    for (unsigned left = 100000; left > 0 && sim_now() < ms && loop_turn(); left--) {
    }
}

void world_end(void)
{
    loop_stop(true);
    for (unsigned left = 100; left > 0 && loop_turn(); left--) {
    }
    EXPECT(sim_held_count() == 0);
    port_end();
}

void join(unsigned id, unsigned app)
{
    struct port_address from = somebody;
    struct port_address to = here;
    from.ip[15] = (uint8_t)(10 + id);
    from.port = (uint16_t)(40000 + id);
    to.port = (uint16_t)(FIRST_PORT + app);
    EXPECT(sim_peer_connect(id, &from, &to, 1, WINDOW) == PORT_OK);
}
