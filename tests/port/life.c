/* SPDX-License-Identifier: MIT */
/* Conformance: life, time, chance and requests. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

static void started_again(void)
{
    port_end();
    port_end(); /* safe to repeat */
    EXPECT(port_start() == PORT_OK);
    port_end();
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_static_bytes() > 0);
}

/* What was promised can be open at once; what is open counts. */
static void handles_granted(void)
{
    enum { MANY = 40 };
    port_handle handles[MANY];
    size_t i;

    EXPECT(port_handles(0) == 0);
    EXPECT(port_handles(1) == 1);
    EXPECT(port_handles(MANY) == MANY);
    for (i = 0; i < MANY; i++) {
        struct port_address at = address_ipv4(127, 0, 0, 1, 0);

        EXPECT(port_listen(&at, PORT_IPV4, &handles[i]) == PORT_OK);
        EXPECT(handles[i] >= 0);
        EXPECT(i == 0 || handles[i] != handles[i - 1]);
    }
    EXPECT(port_handles(MANY) == MANY);
    for (i = 0; i < MANY; i++) {
        port_close(handles[i]);
    }
}

static void clock_frozen(void)
{
    uint64_t before;
    int i;

    EXPECT(port_wait(NULL, 0, 0) == 0);
    before = port_now_ms();
    fixture_pause_ms(20);
    EXPECT(port_now_ms() == before);
    EXPECT(port_wait(NULL, 0, 0) == 0);
    EXPECT(port_now_ms() >= before + 20);
    EXPECT(port_now_ms() < before + 2000);
    for (i = 0; i < 100; i++) {
        before = port_now_ms();
        (void)port_wait(NULL, 0, 0);
        EXPECT(port_now_ms() >= before);
    }
}

static void date_told(void)
{
    int64_t seconds = 0;
    uint32_t nanoseconds = 1000000000u;

    if (!port_wall_time(&seconds, &nanoseconds)) {
        check_skip("the date is not known here");
        return;
    }
    EXPECT(seconds > 1577836800);
    EXPECT(nanoseconds < 1000000000u);
}

static void random_filled(void)
{
    unsigned char first[1000];
    unsigned char second[1000];
    size_t counts[256];
    size_t different = 0;
    size_t i;

    memset(counts, 0, sizeof(counts));
    memset(first, 0, sizeof(first));
    port_random(first, sizeof(first));
    port_random(second, sizeof(second));
    EXPECT(memcmp(first, second, sizeof(first)) != 0);
    for (i = 0; i < sizeof(first); i++) {
        counts[first[i]]++;
    }
    for (i = 0; i < COUNT_OF(counts); i++) {
        different += counts[i] > 0;
    }
    EXPECT(different > 200);
    /* The last byte is filled too, whatever the length. */
    for (i = 0; i < 64; i++) {
        first[i] = 0;
        first[i + 1] = 0x5a;
        port_random(first, i + 1);
        EXPECT(first[i + 1] == 0x5a);
    }
}

/* A request ends a wait, whether it comes before or meanwhile, and is told as it should. */
static void requests_told(void)
{
    uint64_t before;

    EXPECT(port_requests() == 0);
    if (!fixture_can(FIXTURE_REQUESTS)) {
        check_skip("requests");
        return;
    }
    fixture_request(PORT_REQUEST_REPORT);
    before = port_now_ms();
    EXPECT(port_wait(NULL, 0, 5000) == 0);
    EXPECT(port_now_ms() < before + 2000);
    EXPECT(port_requests() == PORT_REQUEST_REPORT);
    EXPECT(port_requests() == 0);
    /* Two requests, two reports, and both end a wait. */
    fixture_request(PORT_REQUEST_REPORT);
    fixture_request(PORT_REQUEST_REPORT);
    before = port_now_ms();
    EXPECT(port_wait(NULL, 0, 5000) == 0);
    EXPECT(port_requests() == PORT_REQUEST_REPORT);
    EXPECT(port_wait(NULL, 0, 5000) == 0);
    EXPECT(port_requests() == PORT_REQUEST_REPORT);
    EXPECT(port_now_ms() < before + 2000);
    EXPECT(port_requests() == 0);
    fixture_request(PORT_REQUEST_STOP);
    EXPECT(port_wait(NULL, 0, 5000) == 0);
    EXPECT((port_requests() & (PORT_REQUEST_STOP | PORT_REQUEST_STOP_NOW)) == PORT_REQUEST_STOP);
    /* Waits sleep again after that. */
    (void)port_wait(NULL, 0, 0);
    before = port_now_ms();
    EXPECT(port_wait(NULL, 0, 30) == 0);
    EXPECT(port_now_ms() >= before + 30);
    fixture_request(PORT_REQUEST_STOP);
    EXPECT(port_wait(NULL, 0, 5000) == 0);
    EXPECT((port_requests() & PORT_REQUEST_STOP_NOW) != 0);
    EXPECT(port_now_ms() < before + 2000);
    port_end();
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_requests() == 0);
}

static void use_unopened(void)
{
    char byte;

    (void)port_receive(PORT_NONE, &byte, 1);
}

static void use_closed(void)
{
    struct port_address at = address_ipv4(127, 0, 0, 1, 0);
    port_handle listener;

    if (port_listen(&at, PORT_IPV4, &listener) == PORT_OK) {
        port_close(listener);
        port_close(listener);
    }
}

static void defects_fail(void)
{
    EXPECT(fixture_fails(use_unopened));
    EXPECT(fixture_fails(use_closed));
}

void test_life(void)
{
    started_again();
    handles_granted();
    clock_frozen();
    date_told();
    random_filled();
    requests_told();
    defects_fail();
}
