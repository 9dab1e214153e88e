/* SPDX-License-Identifier: MIT */
/* core/deadline against a plain table of times: every operation in random order, from starts on
 * both sides of the clock's wraps; exact to the millisecond. uses fake_clock.c */
#include "core/deadline.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_clock.h"

enum { MODEL_NODES = 40, MODEL_KINDS = 6, STEPS = 20000 };

static const uint32_t durations_ms[MODEL_KINDS] = {1, 2, 50, 250, 30000, 1u << 30};

struct model {
    bool runs;
    unsigned kind;
    uint64_t due_ms;
    uint64_t order;
};

static struct model model[MODEL_NODES];
static unsigned kinds[MODEL_KINDS];
static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static int32_t model_timeout_ms(void)
{
    int64_t nearest_ms = PORT_FOREVER;
    for (unsigned i = 0; i < MODEL_NODES; i++) {
        if (!model[i].runs) {
            continue;
        }
        int64_t left_ms = (int64_t)(model[i].due_ms - fake_now_ms);
        left_ms = left_ms < 0 ? 0 : left_ms;
        if (nearest_ms == PORT_FOREVER || left_ms < nearest_ms) {
            nearest_ms = left_ms;
        }
    }
    return (int32_t)nearest_ms;
}

/* Takes all that passed; each must be due by the model, and none that is due may be left. */
static void take_all(void)
{
    for (unsigned left = MODEL_NODES; left > 0; left--) {
        unsigned kind = 0;
        unsigned node = deadline_take_passed(&kind);
        if (node == NODES) {
            break;
        }
        EXPECT(node < MODEL_NODES && model[node].runs && model[node].kind == kind);
        EXPECT(model[node].due_ms <= fake_now_ms);
        for (unsigned i = 0; i < MODEL_NODES; i++) { /* first come first served within a kind */
            EXPECT(!model[i].runs || model[i].kind != kind ||
                   model[i].order >= model[node].order);
            EXPECT(!model[i].runs || model[i].due_ms >= model[node].due_ms);
        }
        model[node].runs = false;
    }
    for (unsigned i = 0; i < MODEL_NODES; i++) {
        EXPECT(!model[i].runs || model[i].due_ms > fake_now_ms);
        EXPECT(deadline_runs(i) == model[i].runs);
        EXPECT(!model[i].runs || deadline_kind_of(i) == model[i].kind);
    }
}

static void run_from(uint64_t start_ms)
{
    memset(model, 0, sizeof model);
    fake_now_ms = start_ms;
    seed = (uint32_t)start_ms + 7;
    deadline_start();
    for (unsigned i = 0; i < MODEL_KINDS; i++) {
        kinds[i] = deadline_kind(durations_ms[i]);
    }
    EXPECT(deadline_timeout_ms() == PORT_FOREVER);
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned node = draw(MODEL_NODES);
        unsigned what = draw(4);
        if (what < 2) {
            unsigned of = draw(MODEL_KINDS);
            deadline_set(node, kinds[of]);
            model[node] = (struct model){true, kinds[of], fake_now_ms + durations_ms[of], step};
        } else if (what == 2) {
            deadline_clear(node);
            model[node].runs = false;
        } else {
            uint32_t pause_ms = draw(10) == 0 ? 40000 : draw(60);
            fake_now_ms += pause_ms;
            if (draw(2) == 0) {
                EXPECT(deadline_timeout_ms() == model_timeout_ms()); /* 0 once one has passed */
            }
            take_all();
        }
        if (draw(4) == 0) { /* passes that do not sleep do not ask */
            EXPECT(deadline_timeout_ms() == model_timeout_ms());
        }
    }
}

static void test_evictable_never_pass(void)
{
    fake_now_ms = 5;
    deadline_start();
    EXPECT(deadline_first(KIND_EVICTABLE) == NODES);
    deadline_set(3, KIND_EVICTABLE);
    fake_now_ms += 10;
    deadline_set(1, KIND_EVICTABLE);
    fake_now_ms += UINT64_C(100) * 24 * 3600 * 1000;
    unsigned kind = 0;
    EXPECT(deadline_take_passed(&kind) == NODES);
    EXPECT(deadline_timeout_ms() == PORT_FOREVER);
    EXPECT(deadline_first(KIND_EVICTABLE) == 3);
    deadline_clear(3);
    EXPECT(deadline_first(KIND_EVICTABLE) == 1);
    EXPECT(deadline_first(KIND_EVICTABLE + 1) == NODES);
}

static void test_start_forgets(void)
{
    deadline_start();
    deadline_set(0, KIND_STALL);
    deadline_set(5, KIND_STALL);
    deadline_start();
    EXPECT(!deadline_runs(0) && !deadline_runs(5));
    EXPECT(deadline_timeout_ms() == PORT_FOREVER);
}

int main(void)
{
    run_from(0);
    run_from((UINT64_C(1) << 31) - 60000);
    run_from((UINT64_C(1) << 32) - 60000);
    run_from(UINT64_C(1) << 45);
    test_evictable_never_pass();
    test_start_forgets();
    return check_report("deadline");
}
