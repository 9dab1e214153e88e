/* SPDX-License-Identifier: MIT */
/* core/watch against a world in which anything can become ready at any time: everything wanted is
 * handed out within a period, nothing else ever is, and silence costs no waking.
 * uses fake_clock.c */
#include "core/watch.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_clock.h"

enum { CONNS = CFG_CONN_MAX < 400 ? CFG_CONN_MAX : 400, STEPS = 20000, COST_US = 730 };

static struct {
    bool open;
    uint8_t wanted;
    uint8_t ready;
    uint64_t since_ms; /* that it has been wanted and ready */
} world[WATCH_OWNERS];

static size_t waited_on;
static int32_t waited_ms;
static uint32_t cost_us = COST_US * 10;
static unsigned long long looked;

static uint32_t draw(uint32_t below)
{
    static uint32_t seed = 5;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* The handle of an owner is its number plus 1000. */
int port_wait(struct port_event *events, size_t n, int32_t timeout_ms)
{
    int ready = 0;
    waited_on = n;
    waited_ms = timeout_ms;
    looked += n;
    for (size_t i = 0; i < n; i++) {
        EXPECT(world[events[i].handle - 1000].open);
        EXPECT(world[events[i].handle - 1000].wanted == events[i].wanted);
        events[i].got = world[events[i].handle - 1000].ready & events[i].wanted;
        ready += events[i].got != 0 ? 1 : 0;
    }
    if (ready == 0 && timeout_ms > 0) {
        fake_now_ms += (uint64_t)timeout_ms;
    }
    return ready;
}

uint32_t port_wait_cost_us(void)
{
    return cost_us;
}

static void add(unsigned owner, uint8_t wanted)
{
    watch_add(owner, (port_handle)owner + 1000);
    watch_want(owner, wanted);
    memset(&world[owner], 0, sizeof world[owner]);
    world[owner].open = true;
    world[owner].wanted = wanted;
    EXPECT(watch_wanted(owner) == wanted);
}

static void drop(unsigned owner)
{
    watch_remove(owner);
    world[owner].open = false;
}

/* Takes what is handed out: each must be ready, and once only. */
static void take(void)
{
    for (unsigned left = WATCH_OWNERS; left > 0; left--) {
        uint8_t got = 0;
        unsigned owner = watch_next(&got);
        if (owner == WATCH_OWNERS) {
            break;
        }
        EXPECT(world[owner].open && got == (world[owner].ready & world[owner].wanted) && got != 0);
        world[owner].ready = 0;
    }
}

static void change(unsigned owner)
{
    unsigned what = draw(6);
    if (!world[owner].open) {
        add(owner, PORT_READ);
    } else if (what == 0) {
        drop(owner);
    } else if (what == 1) {
        world[owner].wanted = (uint8_t)draw(4);
        watch_want(owner, world[owner].wanted);
        world[owner].since_ms = fake_now_ms;
    } else if ((world[owner].ready & world[owner].wanted) == 0) {
        world[owner].ready = PORT_READ | PORT_WRITE;
        world[owner].since_ms = fake_now_ms;
    }
}

static void test_everything_within_a_period(unsigned conns)
{
    memset(world, 0, sizeof world);
    fake_now_ms = 1000;
    watch_start();
    add(WATCH_SOCKET, PORT_READ);
    for (unsigned step = 0; step < STEPS; step++) {
        for (unsigned i = draw(4); i > 0; i--) {
            change(draw(8) == 0 ? draw(conns) : draw(20)); /* some are busier than others */
        }
        if (draw(50) == 0) {
            world[WATCH_SOCKET].ready = PORT_READ;
            world[WATCH_SOCKET].since_ms = fake_now_ms;
        }
        watch_wait(5);
        take();
        fake_now_ms += draw(2);
        EXPECT(world[WATCH_SOCKET].ready == 0); /* always hot */
        for (unsigned owner = 0; owner < conns; owner++) {
            bool waits = world[owner].open && (world[owner].ready & world[owner].wanted) != 0;
            EXPECT(!waits || fake_now_ms - world[owner].since_ms <= watch_period_ms() + 6);
        }
    }
}

/* A socket and as many connections as there are. */
static void begin_with_all(void)
{
    memset(world, 0, sizeof world);
    fake_now_ms = 1000;
    watch_start();
    add(WATCH_SOCKET, PORT_READ);
    for (unsigned owner = 0; owner < CONNS; owner++) {
        add(owner, PORT_READ);
    }
}

/* One busy connection among many silent ones: the waits look at a few, and a sweep at all costs a
 * tenth of the time at most. */
static void test_few_are_looked_at(void)
{
    begin_with_all();
    for (unsigned ms = 0; ms < 4000; ms++) { /* all but the first fall silent */
        world[0].ready = PORT_READ;
        watch_wait(PORT_FOREVER);
        take();
        fake_now_ms++;
    }
    EXPECT(watch_period_ms() == 73); /* 7.3 ms a sweep: ten times that */
    looked = 0;
    for (unsigned ms = 0; ms < 700; ms++) {
        world[0].ready = PORT_READ;
        watch_wait(PORT_FOREVER);
        EXPECT(waited_on == 2 || waited_on == CONNS + 1);
        take();
        fake_now_ms++;
    }
    EXPECT(looked <= 700 * 2 + 11 * (CONNS + 1));
    /* When the last hot one falls silent, waits become longer, and then have no end. */
    unsigned waits = 0;
    unsigned sweeps = 0;
    waited_ms = 0;
    while (waited_ms != PORT_FOREVER && waits < 1000) {
        watch_wait(PORT_FOREVER);
        take();
        waits++;
        sweeps += waited_on == CONNS + 1 ? 1 : 0;
    }
    EXPECT(sweeps == CFG_WATCH_COLD_SWEEPS || sweeps == CFG_WATCH_COLD_SWEEPS + 1);
    EXPECT(waits <= 2 * CFG_WATCH_COLD_SWEEPS + 4 && waited_on == CONNS + 1);
}

/* Who moves between the sweeps alone is hot as well. */
static void test_stays_hot(void)
{
    uint64_t swept_ms = 0;
    begin_with_all();
    for (unsigned ms = 0; ms < 8000; ms++) { /* for the first half all others fall silent */
        bool moves = ms < 4000 || fake_now_ms - swept_ms < COST_US / 10;
        world[0].ready = moves ? PORT_READ : 0;
        watch_wait(0);
        EXPECT(ms < 4100 || waited_on == (moves ? 2 : CONNS + 1));
        take();
        swept_ms = waited_on == CONNS + 1 ? fake_now_ms : swept_ms;
        fake_now_ms++;
    }
}

/* Who was silent for long and moves is looked at in each wait from then on, wherever it stands. */
static void test_heats(void)
{
    begin_with_all();
    drop(WATCH_SOCKET); /* and one that was closed is not counted on */
    add(WATCH_SOCKET, PORT_READ);
    for (unsigned i = 0; i < 2 * CONNS; i++) {
        waited_ms = 0;
        for (unsigned left = 1000; waited_ms != PORT_FOREVER && left > 0; left--) {
            watch_wait(PORT_FOREVER); /* until all are cold */
            take();
        }
        EXPECT(waited_ms == PORT_FOREVER && waited_on == CONNS + 1);
        for (unsigned times = 0; times < 2; times++) {
            world[i % CONNS].ready = PORT_READ;
            world[WATCH_SOCKET].ready = PORT_READ; /* hot already, and counted beside it */
            watch_wait(PORT_FOREVER);
            take();
            EXPECT(world[i % CONNS].ready == 0);
            EXPECT(waited_on == (times == 0 ? CONNS + 1 : 2));
        }
    }
}

/* A sweep that costs next to nothing comes every millisecond, and no more often. */
static void test_cheap_sweeps(void)
{
    static const uint32_t costs_us[] = {0, 99, 100, 199, 200};
    static const uint32_t periods_ms[] = {1, 1, 1, 1, 2};
    enum { COOL_MS = 4 * CFG_WATCH_COLD_SWEEPS };
    for (size_t i = 0; i < COUNT_OF(costs_us); i++) {
        unsigned sweeps = 0;
        begin_with_all();
        cost_us = costs_us[i];
        for (unsigned ms = 0; ms < COOL_MS + 20; ms++) {
            for (unsigned wait = 0; wait < 2; wait++) {
                world[0].ready = PORT_READ;
                watch_wait(0);
                EXPECT(waited_ms == 0);
                take();
                sweeps += ms >= COOL_MS && waited_on == CONNS + 1 ? 1 : 0;
            }
            fake_now_ms++;
        }
        EXPECT(watch_period_ms() == periods_ms[i] && sweeps == 20 / periods_ms[i]);
    }
    cost_us = COST_US * 10;
}

static void test_one_tier(void)
{
    memset(world, 0, sizeof world);
    watch_start();
    for (unsigned owner = 0; owner < CFG_WATCH_ONE_TIER_MAX && owner < CONNS; owner++) {
        add(owner, PORT_READ);
    }
    world[0].ready = PORT_READ;
    watch_wait(7);
    take();
    EXPECT(watch_period_ms() == 0);
    watch_wait(PORT_FOREVER);
    EXPECT(waited_ms == PORT_FOREVER);
    watch_wait(7);
    EXPECT(waited_ms == 7);
}

int main(void)
{
    if (CFG_CONN_MAX < 30) {
        check_skip("two tiers: this board has no room for as many connections");
        return check_report("watch");
    }
    test_everything_within_a_period(CONNS);
    test_everything_within_a_period(30);
    if (CONNS > 100) {
        test_few_are_looked_at();
        test_stays_hot();
        test_heats();
        test_cheap_sweeps();
    }
    test_one_tier();
    return check_report("watch");
}
