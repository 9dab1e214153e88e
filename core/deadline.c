/* SPDX-License-Identifier: MIT */
/* Deadlines: FIFO lists over one static array of nodes. */
#include "core/deadline.h"

#include <string.h>

/* Kinds that never pass are only lists in order of age. */
#define NEVER_MS 0u

/* By enum deadline_core_kind. */
static const uint32_t core_durations_ms[] = {
    CFG_STALL_MS,   CFG_LINGER_MS, CFG_SILENT_MS, CFG_PAUSE_MS,
    CFG_CONNECT_MS, CFG_RETRY_MS,  CFG_DRAIN_MS,
};
STATIC_ASSERT(COUNT_OF(core_durations_ms) == KIND_EVICTABLE);

enum { LISTS = CFG_DEADLINE_KINDS_MAX + CFG_APPS_MAX };

STATIC_ASSERT(NODES < 65535); /* links are node + 1 in 16 bits */

struct node {
    uint16_t next;     /* node + 1; 0: none */
    uint16_t previous; /* node + 1; 0: none */
    uint32_t since_ms; /* low half of the clock when it was set */
};
STATIC_ASSERT(sizeof(struct node) == 8);

struct list {
    uint32_t duration_ms;
    uint16_t head; /* node + 1; 0: empty */
    uint16_t tail;
};

static struct {
    struct node nodes[NODES];
    uint8_t kind_of[NODES]; /* kind + 1; 0: does not run */
    struct list lists[LISTS];
    uint8_t timed[LISTS]; /* the kinds that pass and of which there are any, in no order */
    unsigned timed_count;
    unsigned kinds;
    uint32_t quiet_until_ms; /* low half of the clock: no deadline passes before */
} state;

const size_t deadline_static_bytes = sizeof state;

unsigned deadline_kind(uint32_t duration_ms)
{
    CHECK(state.kinds < LISTS);
    CHECK(duration_ms <= 1u << 30);
    state.lists[state.kinds].duration_ms = duration_ms;
    return state.kinds++;
}

void deadline_start(void)
{
    /* Only what ran is cleared: others are zero, and touching them would make them resident. */
    for (unsigned kind = 0; kind < state.kinds; kind++) {
        for (unsigned left = NODES; state.lists[kind].head != 0 && left > 0; left--) {
            deadline_clear(state.lists[kind].head - 1u);
        }
    }
    memset(state.lists, 0, sizeof state.lists);
    state.kinds = 0;
    state.quiet_until_ms = (uint32_t)port_now_ms();
    for (size_t i = 0; i < COUNT_OF(core_durations_ms); i++) {
        (void)deadline_kind(core_durations_ms[i]);
    }
    for (unsigned i = 0; i < CFG_APPS_MAX; i++) {
        (void)deadline_kind(NEVER_MS);
    }
}

static void list_filled(unsigned kind)
{
    if (state.lists[kind].duration_ms != NEVER_MS) {
        state.timed[state.timed_count] = (uint8_t)kind;
        state.timed_count++;
    }
}

static void list_emptied(unsigned kind)
{
    for (unsigned i = 0; i < state.timed_count; i++) {
        if (state.timed[i] == kind) {
            state.timed_count--;
            state.timed[i] = state.timed[state.timed_count];
        }
    }
}

void deadline_clear(unsigned node)
{
    CHECK(node < NODES);
    if (state.kind_of[node] == 0) {
        return;
    }
    struct list *list = &state.lists[state.kind_of[node] - 1];
    struct node *at = &state.nodes[node];
    if (at->previous != 0) {
        state.nodes[at->previous - 1].next = at->next;
    } else {
        list->head = at->next;
    }
    if (at->next != 0) {
        state.nodes[at->next - 1].previous = at->previous;
    } else {
        list->tail = at->previous;
    }
    if (list->head == 0) {
        list_emptied(state.kind_of[node] - 1u);
    }
    state.kind_of[node] = 0;
}

/* Of two times less than 2^31 ms apart. */
static bool is_before(uint32_t a_ms, uint32_t b_ms)
{
    return a_ms - b_ms > INT32_MAX;
}

void deadline_set(unsigned node, unsigned kind)
{
    CHECK(kind < state.kinds);
    deadline_clear(node);
    struct list *list = &state.lists[kind];
    struct node *at = &state.nodes[node];
    at->since_ms = (uint32_t)port_now_ms();
    at->next = 0;
    at->previous = list->tail;
    if (list->tail != 0) {
        state.nodes[list->tail - 1].next = (uint16_t)(node + 1);
    } else {
        list->head = (uint16_t)(node + 1);
        list_filled(kind);
    }
    list->tail = (uint16_t)(node + 1);
    state.kind_of[node] = (uint8_t)(kind + 1);
    uint32_t due_ms = at->since_ms + list->duration_ms;
    if (list->duration_ms != NEVER_MS && is_before(due_ms, state.quiet_until_ms)) {
        state.quiet_until_ms = due_ms;
    }
}

bool deadline_runs(unsigned node)
{
    CHECK(node < NODES);
    return state.kind_of[node] != 0;
}

unsigned deadline_kind_of(unsigned node)
{
    CHECK(deadline_runs(node));
    return state.kind_of[node] - 1u;
}

unsigned deadline_first(unsigned kind)
{
    CHECK(kind < state.kinds);
    return state.lists[kind].head == 0 ? (unsigned)NODES : state.lists[kind].head - 1u;
}

uint32_t deadline_age_ms(unsigned node)
{
    CHECK(node < NODES);
    return (uint32_t)port_now_ms() - state.nodes[node].since_ms;
}

int32_t deadline_timeout_ms(void)
{
    int32_t nearest_ms = PORT_FOREVER;
    for (unsigned i = 0; i < state.timed_count; i++) {
        const struct list *list = &state.lists[state.timed[i]];
        uint32_t age_ms = deadline_age_ms(list->head - 1u);
        int32_t left_ms = age_ms < list->duration_ms ? (int32_t)(list->duration_ms - age_ms) : 0;
        if (nearest_ms == PORT_FOREVER || left_ms < nearest_ms) {
            nearest_ms = left_ms;
        }
    }
    state.quiet_until_ms =
        (uint32_t)port_now_ms() + (uint32_t)(nearest_ms == PORT_FOREVER ? INT32_MAX : nearest_ms);
    return nearest_ms;
}

unsigned deadline_take_passed(unsigned *kind)
{
    unsigned first = NODES;
    uint32_t first_late_ms = 0;
    if (is_before((uint32_t)port_now_ms(), state.quiet_until_ms)) {
        return NODES;
    }
    for (unsigned i = 0; i < state.timed_count; i++) {
        const struct list *list = &state.lists[state.timed[i]];
        uint32_t age_ms = deadline_age_ms(list->head - 1u);
        if (age_ms < list->duration_ms) {
            continue;
        }
        uint32_t late_ms = age_ms - list->duration_ms;
        if (first == NODES || late_ms > first_late_ms ||
            (late_ms == first_late_ms && state.timed[i] < *kind)) {
            first = list->head - 1u;
            first_late_ms = late_ms;
            *kind = state.timed[i];
        }
    }
    if (first != NODES) {
        deadline_clear(first);
    }
    return first;
}
