/* SPDX-License-Identifier: MIT */
/* Conformance: waiting. */
#define CHECK_PART
#include "tests/check.h"

#include "tests/port/conform.h"

static void event_set(struct port_event *event, port_handle handle, unsigned wanted)
{
    event->handle = handle;
    event->wanted = (uint8_t)wanted;
    event->got = 0xff;
}

static void timeouts_kept(void)
{
    static const int32_t timeouts_ms[] = {1, 2, 10, 35};
    uint64_t before;
    size_t i;

    for (i = 0; i < COUNT_OF(timeouts_ms); i++) {
        EXPECT(port_wait(NULL, 0, 0) == 0);
        before = port_now_ms();
        EXPECT(port_wait(NULL, 0, timeouts_ms[i]) == 0);
        EXPECT(port_now_ms() >= before + (uint64_t)timeouts_ms[i]);
        EXPECT(port_now_ms() < before + (uint64_t)timeouts_ms[i] + 1000);
    }
    EXPECT(port_wait(NULL, 0, 0) == 0);
    before = port_now_ms();
    for (i = 0; i < 200; i++) {
        EXPECT(port_wait(NULL, 0, 0) == 0);
    }
    EXPECT(port_now_ms() < before + 1000);
}

/* Only what is wanted is told, for each handle its own. */
static void events_told(const struct pair *pair)
{
    struct port_event events[5];

    event_set(&events[0], pair->listener, PORT_READ);
    event_set(&events[1], pair->server, PORT_READ);
    event_set(&events[2], pair->client, PORT_WRITE);
    event_set(&events[3], pair->server, 0);
    event_set(&events[4], pair->client, PORT_READ | PORT_WRITE);
    EXPECT(port_wait(events, 5, PORT_FOREVER) == 2);
    EXPECT(events[0].got == 0 && events[1].got == 0 && events[3].got == 0);
    EXPECT(events[2].got == PORT_WRITE);
    EXPECT(events[4].got == PORT_WRITE);
    EXPECT(send_wait(pair->client, "x", 1));
    EXPECT(wait_ready(pair->server, PORT_READ, 1000) == PORT_READ);
    EXPECT(port_wait(events, 5, 1000) == 3);
    EXPECT(events[0].got == 0 && events[3].got == 0);
    EXPECT(events[1].got == PORT_READ);
    /* Readiness lasts as long as its reason. */
    event_set(&events[1], pair->server, PORT_READ | PORT_WRITE);
    EXPECT(port_wait(events, 2, 1000) == 1);
    EXPECT(events[1].got == (PORT_READ | PORT_WRITE));
    EXPECT(events[0].got == 0);
}

/* Handles that nobody wants anything of are not looked at, not even closed ones. */
static void unwanted_ignored(const struct pair *pair)
{
    struct port_event events[2];
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    port_handle closed;
    uint64_t before;

    EXPECT(port_listen(&at, PORT_IPV4, &closed) == PORT_OK);
    port_close(closed);
    event_set(&events[0], pair->server, 0);
    event_set(&events[1], closed, 0);
    EXPECT(port_wait(events, 2, 0) == 0);
    before = port_now_ms();
    EXPECT(port_wait(events, 2, 20) == 0);
    EXPECT(port_now_ms() >= before + 20);
    EXPECT(events[0].got == 0 && events[1].got == 0);
}

/* Among many handles, exactly the ones that are ready. */
static void many_waited_for(const struct way *way)
{
    enum { PAIRS = 20 };
    static struct pair pairs[PAIRS];
    struct port_event events[PAIRS * 2];
    size_t i;
    size_t k;

    for (i = 0; i < PAIRS; i++) {
        if (!pair_open(way, &pairs[i])) {
            return;
        }
        event_set(&events[i], pairs[i].server, PORT_READ);
        event_set(&events[PAIRS + i], pairs[i].listener, PORT_READ);
    }
    for (i = 0; i < PAIRS; i++) {
        EXPECT(send_wait(pairs[i].client, "x", 1));
        EXPECT(wait_ready(pairs[i].server, PORT_READ, 1000) == PORT_READ);
        EXPECT(port_wait(events, (size_t)PAIRS * 2, 1000) == (int)i + 1);
        for (k = 0; k < PAIRS; k++) {
            EXPECT(events[k].got == (k <= i ? PORT_READ : 0));
            EXPECT(events[PAIRS + k].got == 0);
        }
    }
    for (i = 0; i < PAIRS; i++) {
        pair_close(&pairs[i]);
    }
}

static void cost_told(const struct pair *pair)
{
    struct port_event event;
    int i;

    event_set(&event, pair->listener, PORT_READ);
    for (i = 0; i < 10; i++) {
        EXPECT(port_wait(&event, 1, 0) == 0);
        EXPECT(port_wait_cost_us() < 100000);
    }
    /* Sleep is not part of it. */
    EXPECT(port_wait(&event, 1, 200) == 0);
    EXPECT(port_wait_cost_us() < 100000);
}

static void wait_for_closed(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    struct port_event event;
    port_handle closed;

    if (port_listen(&at, PORT_IPV4, &closed) == PORT_OK) {
        port_close(closed);
        event_set(&event, closed, PORT_READ);
        (void)port_wait(&event, 1, 0);
    }
}

void test_wait(void)
{
    struct pair pair;
    size_t i;

    timeouts_kept();
    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i]) && pair_open(&ways[i], &pair)) {
            unwanted_ignored(&pair);
            cost_told(&pair);
            events_told(&pair);
            pair_close(&pair);
            many_waited_for(&ways[i]);
        }
    }
    EXPECT(fixture_fails(wait_for_closed));
}
