/* SPDX-License-Identifier: MIT */
/* Conformance: what connections carry. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

static void nothing_there(const struct pair *pair)
{
    char bytes[4];

    EXPECT(port_receive(pair->server, bytes, 4) == PORT_AGAIN);
    EXPECT(port_peek(pair->server, bytes, 4) == PORT_AGAIN);
    EXPECT(port_receive(pair->client, bytes, 4) == PORT_AGAIN);
    EXPECT(wait_ready(pair->server, PORT_READ, 10) == 0);
    EXPECT(wait_ready(pair->server, PORT_WRITE, 10) == PORT_WRITE);
}

static void bytes_cross(const struct pair *pair)
{
    char bytes[16];
    int last;

    EXPECT(port_send(pair->client, "hello", 5, false) == 5);
    EXPECT(wait_ready(pair->server, PORT_READ, 1000) == PORT_READ);
    EXPECT(receive_wait(pair->server, bytes, 5, &last) == 5);
    EXPECT(memcmp(bytes, "hello", 5) == 0);
    EXPECT(!port_unread(pair->server));
    EXPECT(port_receive(pair->server, bytes, 5) == PORT_AGAIN);
    EXPECT(port_send(pair->server, "world", 5, false) == 5);
    EXPECT(receive_wait(pair->client, bytes, 5, &last) == 5);
    EXPECT(memcmp(bytes, "world", 5) == 0);
}

/* Peeked bytes stay; discarded ones are gone, the rest is not. */
static void bytes_peeked(const struct pair *pair)
{
    static unsigned char block[5000];
    unsigned char bytes[16];
    size_t peeked = 0;
    size_t i;
    int last;

    EXPECT(port_send(pair->client, "0123456789", 10, false) == 10);
    while (peeked < 10 && wait_ready(pair->server, PORT_READ, 1000) != 0) {
        const int got = port_peek(pair->server, bytes, sizeof(bytes));

        EXPECT(got > 0 && memcmp(bytes, "0123456789", (size_t)got) == 0);
        peeked = got > 0 ? (size_t)got : 10;
    }
    EXPECT(port_peek(pair->server, bytes, 3) == 3);
    EXPECT(port_unread(pair->server));
    EXPECT(port_discard(pair->server, 2) == PORT_OK);
    EXPECT(port_unread(pair->server));
    EXPECT(port_peek(pair->server, bytes, 16) == 8);
    EXPECT(bytes[0] == '2');
    EXPECT(port_discard(pair->server, 7) == PORT_OK);
    EXPECT(receive_wait(pair->server, bytes, 1, &last) == 1);
    EXPECT(bytes[0] == '9');
    EXPECT(port_peek(pair->server, bytes, 16) == PORT_AGAIN);
    for (i = 0; i < sizeof(block); i++) {
        block[i] = pattern_byte(i);
    }
    EXPECT(send_wait(pair->client, block, sizeof(block)));
    peeked = 0;
    while (peeked < 1500 && wait_ready(pair->server, PORT_READ, 1000) != 0) {
        peeked = (size_t)port_peek(pair->server, block, sizeof(block));
    }
    EXPECT(port_discard(pair->server, 1500) == PORT_OK);
    EXPECT(receive_wait(pair->server, block, 3500, &last) == 3500);
    EXPECT(block[0] == pattern_byte(1500) && block[3499] == pattern_byte(4999));
}

/* What is held back for more goes with the next send that has no more to follow. */
static void more_follows(const struct pair *pair)
{
    char bytes[4];
    int last;

    EXPECT(port_send(pair->server, "a", 1, true) == 1);
    EXPECT(port_send(pair->server, "b", 1, true) == 1);
    EXPECT(port_send(pair->server, "c", 1, false) == 1);
    EXPECT(receive_wait(pair->client, bytes, 3, &last) == 3);
    EXPECT(memcmp(bytes, "abc", 3) == 0);
}

/* Sends until nothing more is taken. Returns the bytes. */
static size_t fill(port_handle connection)
{
    static unsigned char block[8192];
    size_t sent = 0;

    for (;;) {
        size_t i;
        int result;

        for (i = 0; i < sizeof(block); i++) {
            block[i] = pattern_byte(sent + i);
        }
        result = port_send(connection, block, sizeof(block), false);
        EXPECT(result != 0);
        if (result <= 0) {
            EXPECT(result == PORT_AGAIN);
            if (wait_ready(connection, PORT_WRITE, 100) == 0) {
                return sent;
            }
            continue;
        }
        EXPECT(result <= (int)sizeof(block));
        sent += (size_t)result;
    }
}

/* A peer that does not read: the sender is told to wait, loses nothing, and is woken. */
static void peer_slow(const struct pair *pair)
{
    static unsigned char block[8192];
    const size_t sent = fill(pair->server);
    size_t got = 0;
    bool same = true;
    int last = PORT_OK;

    EXPECT(sent > 0);
    while (got < sent && last == PORT_OK) {
        const size_t left = sent - got;
        const size_t n =
            receive_wait(pair->client, block, left < sizeof(block) ? left : sizeof(block), &last);
        size_t i;

        for (i = 0; i < n; i++) {
            same = same && block[i] == pattern_byte(got + i);
        }
        got += n;
    }
    EXPECT(got == sent);
    EXPECT(same);
    EXPECT(wait_ready(pair->server, PORT_WRITE, 1000) == PORT_WRITE);
    EXPECT(port_send(pair->server, "x", 1, false) == 1);
    EXPECT(receive_wait(pair->client, block, 1, &last) == 1);
    EXPECT(block[0] == 'x');
}

static struct pair defect_pair;

static void receive_nothing(void)
{
    char byte;

    (void)port_receive(defect_pair.server, &byte, 0);
}

static void send_nothing(void)
{
    (void)port_send(defect_pair.server, "", 0, false);
}

static void receive_from_listener(void)
{
    char byte;

    (void)port_receive(defect_pair.listener, &byte, 1);
}

static void defects_fail(void)
{
    if (pair_open(&ways[0], &defect_pair)) {
        EXPECT(fixture_fails(receive_nothing));
        EXPECT(fixture_fails(send_nothing));
        EXPECT(fixture_fails(receive_from_listener));
        pair_close(&defect_pair);
    }
}

void test_stream(void)
{
    struct pair pair;
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i]) && pair_open(&ways[i], &pair)) {
            nothing_there(&pair);
            bytes_cross(&pair);
            bytes_peeked(&pair);
            more_follows(&pair);
            peer_slow(&pair);
            pair_close(&pair);
        }
    }
    defects_fail();
}
