/* SPDX-License-Identifier: MIT */
/* Waiting, the only place where time passes; clocks; the operator's requests. */
#include "port/sim/state.h"

enum { SIM_STEPS_MAX = 100000 }; /* events of one millisecond; more is a fault of the test */

/* ---- Clocks -------------------------------------------------------------------------------- */

uint64_t port_now_ms(void)
{
    return sim.plan.start_ms + sim.now_ms;
}

uint32_t port_wait_cost_us(void)
{
    return sim.cost_us;
}

bool port_wall_time(int64_t *unix_seconds, uint32_t *nanoseconds)
{
    bool known = sim.wall_known && !sim_fault(SIM_WALL_UNKNOWN, SIM_NOBODY);

    if (known && sim_fault(SIM_WALL_STEP, SIM_NOBODY)) {
        /* up to 50 years in either direction */
        sim.wall_s += (int64_t)sim_fault_amount(SIM_WALL_STEP, SIM_NOBODY, 3155760000u) -
                      INT64_C(1577880000);
    }
    sim_result("Wall", SIM_NOBODY, known ? 1 : 0);
    if (!known) {
        return false;
    }
    *unix_seconds = sim.wall_s + (int64_t)(sim.now_ms / 1000);
    *nanoseconds = (uint32_t)(sim.now_ms % 1000) * 1000000u;
    return true;
}

void sim_wall_set(bool known, int64_t unix_seconds)
{
    sim.wall_known = known;
    sim.wall_s = unix_seconds - (int64_t)(sim.now_ms / 1000);
}

/* ---- Requests ------------------------------------------------------------------------------ */

void sim_request(unsigned requests)
{
    sim.requests |= requests & ~(unsigned)PORT_REQUEST_REPORT;
    sim.reports += (requests & PORT_REQUEST_REPORT) != 0 ? 1u : 0u;
    sim.request_new = true;
}

unsigned port_requests(void)
{
    unsigned requests = sim.requests;

    sim.requests &= ~(unsigned)PORT_REQUEST_REDRAW;
    if (sim.reports > 0) {
        requests |= PORT_REQUEST_REPORT;
        sim.reports--;
        sim.request_new = sim.reports > 0;
    }
    sim_result("Requests", SIM_NOBODY, (int)requests);
    return requests;
}

/* ---- Waiting ------------------------------------------------------------------------------- */

void sim_pass(uint64_t ms)
{
    sim.passed_ms += ms;
}

void sim_step_at(uint64_t ms)
{
    if (ms < sim.step_ms) {
        sim.step_ms = ms;
    }
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Everything due now happens; returns when the next thing is due. */
static uint64_t let_happen(void)
{
    for (unsigned i = 0; i < SIM_STEPS_MAX; i++) {
        uint64_t next;

        if (sim.links_used > 0) {
            sim_links_step();
        }
        if (sim.step_ms <= sim.now_ms && sim.hooks.step != NULL) {
            uint64_t again;

            sim.step_ms = SIM_NEVER;
            again = sim.hooks.step(sim.now_ms);
            sim.step_ms = earlier(sim.step_ms, again);
        }
        next = earlier(sim_links_next(), sim_datagrams_step_next());
        next = earlier(next, sim_faults_next());
        if (sim.hooks.step != NULL) {
            next = earlier(next, sim.step_ms);
        }
        if (next > sim.now_ms) {
            return next;
        }
    }
    sim_fail("TEST", SIM_NOBODY, "the world never rests");
}

static unsigned stream_ready(const struct sim_link *link, unsigned side)
{
    int32_t id = (int32_t)link->id;
    unsigned ready = 0;

    if (side == 0 && link->by_server && !link->answered) {
        return link->stage == SIM_STAGE_DIALLED ? 0u : (unsigned)PORT_READ | PORT_WRITE;
    }
    if (link->ends[side].reset) {
        return (unsigned)PORT_READ | PORT_WRITE;
    }
    if (sim_end_readable(link, side) && !sim_fault_sticks(SIM_RECEIVE_AGAIN, id)) {
        ready |= PORT_READ;
    }
    if (sim_end_writable(link, side) && !sim_fault_sticks(SIM_SEND_AGAIN, id) &&
        !sim_fault_sticks(SIM_SEND_FILE_AGAIN, id)) {
        ready |= PORT_WRITE;
    }
    return ready;
}

static bool listener_ready(const struct sim_listener *listener)
{
    return listener->queued > 0 &&
           !sim_fault_sticks(SIM_ACCEPT_AGAIN, (int32_t)sim_link_at(listener->queue[0])->id);
}

static unsigned ready_for(const struct sim_handle *handle)
{
    bool readable = false;

    switch ((enum sim_handle_kind)handle->kind) {
    case SIM_HANDLE_LISTENER:
        return listener_ready(&sim.listeners[handle->object]) ? PORT_READ : 0;
    case SIM_HANDLE_STREAM:
        return stream_ready(sim_link_at(handle->object), handle->side);
    case SIM_HANDLE_DATAGRAM:
        readable = sim_datagram_ready(handle->object) &&
                   !sim_fault_sticks(SIM_DATAGRAM_RECEIVE_AGAIN, SIM_NOBODY);
        return (readable ? (unsigned)PORT_READ : 0u) | PORT_WRITE;
    case SIM_HANDLE_CONSOLE:
        return sim_console_ready() && !sim_fault_sticks(SIM_CONSOLE_AGAIN, SIM_NOBODY) ? PORT_READ
                                                                                      : 0;
    case SIM_HANDLE_FREE:
    case SIM_HANDLE_FILE:
    case SIM_HANDLE_OUTPUT:
        break;
    }
    sim_fail("C5", SIM_NOBODY, "a wait for what cannot be waited for");
}

static int look(struct port_event *events, size_t n, bool mark)
{
    int ready = 0;

    for (size_t i = 0; i < n; i++) {
        struct sim_handle *handle;
        unsigned got;

        if (events[i].wanted == 0) {
            continue;
        }
        handle = &sim.handles[(uint32_t)events[i].handle % SIM_GENERATION];
        got = ready_for(handle) & events[i].wanted;
        ready += got != 0;
        if (mark) {
            events[i].got = (uint8_t)got;
            handle->ready = (uint8_t)got;
        }
    }
    return ready;
}

static void wait_checks(struct port_event *events, size_t n)
{
    if (n > sim.plan.handles) {
        sim_fail("C5", SIM_NOBODY, "a wait for more handles than there are");
    }
    for (uint32_t i = 0; i < sim.handles_used; i++) {
        sim.handles[i].ready = 0;
        sim.handles[i].touched = false;
    }
    for (size_t i = 0; i < n; i++) {
        struct sim_handle *handle;

        events[i].got = 0;
        if (events[i].wanted == 0 && !sim.plan.strict) {
            continue;
        }
        handle = sim_handle_any(events[i].handle, "wait for a dead handle");
        if (events[i].wanted > (PORT_READ | PORT_WRITE)) {
            sim_fail("C5", SIM_NOBODY, "a wait for what does not exist");
        }
        if (handle->kind == SIM_HANDLE_STREAM && events[i].wanted != 0) {
            const struct sim_end *end = &sim_link_at(handle->object)->ends[handle->side];

            if (end->reset_told) {
                sim_fail("C5", sim_connection_of(events[i].handle), "a wait after the reset");
            }
        }
    }
}

/* Time passes until something wanted is ready or `stop` comes. */
static void sleep_until(struct port_event *events, size_t n, uint64_t stop)
{
    for (;;) {
        uint64_t next = let_happen();

        if (sim.request_new || sim.now_ms >= stop || look(events, n, false) > 0) {
            return;
        }
        if (next == SIM_NEVER && stop == SIM_NEVER) {
            if (sim.hooks.idle != NULL) {
                sim.hooks.idle(sim.now_ms);
            }
            if (sim.request_new) {
                return;
            }
            next = let_happen();
            if (next == SIM_NEVER && look(events, n, false) == 0) {
                sim_fail("C14", SIM_NOBODY, "everybody waits for ever");
            }
            continue;
        }
        sim.now_ms = earlier(next, stop < sim.now_ms ? sim.now_ms : stop);
    }
}

/* The process is paused: the world goes on without us. */
static void pause_for(uint64_t ms)
{
    uint64_t stop = sim.now_ms + ms;

    for (;;) {
        uint64_t next = let_happen();

        if (next > stop) {
            break;
        }
        sim.now_ms = next;
    }
    sim.now_ms = stop;
    let_happen();
}

/* Says of one that it is ready for all that is wanted though it is not. */
static int lie(struct port_event *events, size_t n, int ready)
{
    size_t at = n == 0 ? 0 : sim_fault_amount(SIM_WAIT_SPURIOUS, SIM_NOBODY, (uint32_t)n);

    if (n > 0 && events[at].wanted != 0) {
        ready += events[at].got == 0;
        events[at].got = events[at].wanted;
        sim.handles[(uint32_t)events[at].handle % SIM_GENERATION].ready = events[at].wanted;
    }
    return ready;
}

int port_wait(struct port_event *events, size_t n, int32_t timeout_ms)
{
    uint64_t stop = timeout_ms < 0 ? SIM_NEVER : sim.now_ms + (uint64_t)timeout_ms;
    uint64_t began = sim.now_ms;
    bool early;
    bool liar;
    int ready = 0;

    if (sim.hooks.waiting != NULL) {
        sim.hooks.waiting(events, n, timeout_ms);
    }
    wait_checks(events, n);
    sim.waits++;
    early = sim_fault_at_wait(SIM_WAIT_EARLY);
    liar = sim_fault_at_wait(SIM_WAIT_SPURIOUS);
    if (sim.passed_ms > 0) {
        pause_for(sim.passed_ms);
        sim.passed_ms = 0;
    }
    sleep_until(events, n, early || liar ? began : stop);
    if (sim_fault_at_wait(SIM_WAIT_PAUSE)) {
        pause_for(1 + sim_fault_amount(SIM_WAIT_PAUSE, SIM_NOBODY, 5000));
    }
    sim.request_new = false;
    if (!early) {
        ready = look(events, n, true);
        ready = liar ? lie(events, n, ready) : ready;
    }
    sim.cost_us = sim.plan.cost_base_us + (uint32_t)n * sim.plan.cost_each_us16 / 16;
    sim_result("wait", timeout_ms < 0 ? -1 : timeout_ms, ready);
    if (sim.hooks.waited != NULL) {
        sim.hooks.waited(events, n, ready);
    }
    return ready;
}
