/* SPDX-License-Identifier: MIT */
/* Conformance: how connections end. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

/* The end comes after all bytes, stays, and leaves the other direction alone. */
static void half_closed(const struct way *way)
{
    static unsigned char block[100000];
    struct pair pair;
    char bytes[8];
    size_t sent = 0;
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    memset(block, 'b', sizeof(block));
    last = port_send(pair.client, block, sizeof(block) - 1, false);
    EXPECT(last > 0);
    sent = last > 0 ? (size_t)last : 0;
    EXPECT(port_shut(pair.client) == PORT_OK);
    EXPECT(receive_wait(pair.server, block, sizeof(block), &last) == sent);
    EXPECT(last == PORT_EOF);
    EXPECT(!port_unread(pair.server)); /* an end is no byte */
    EXPECT(port_receive(pair.server, bytes, 8) == PORT_EOF);
    EXPECT(port_peek(pair.server, bytes, 8) == PORT_EOF);
    EXPECT(port_receive(pair.server, bytes, 8) == PORT_EOF);
    EXPECT(wait_ready(pair.server, PORT_READ, 1000) == PORT_READ);
    EXPECT(send_wait(pair.server, "still", 5));
    EXPECT(receive_wait(pair.client, bytes, 5, &last) == 5);
    EXPECT(memcmp(bytes, "still", 5) == 0);
    EXPECT(port_send(pair.client, "x", 1, false) == PORT_RESET);
    pair_close(&pair);
}

/* Closing delivers what was sent. */
static void closed_after_sending(const struct way *way)
{
    static unsigned char block[60000];
    struct pair pair;
    size_t sent;
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    memset(block, 'c', sizeof(block));
    last = port_send(pair.server, block, sizeof(block) - 1, false);
    EXPECT(last > 0);
    sent = last > 0 ? (size_t)last : 0;
    port_close(pair.server);
    fixture_pause_ms(5);
    EXPECT(receive_wait(pair.client, block, sizeof(block), &last) == sent);
    EXPECT(last == PORT_EOF);
    port_close(pair.client);
    port_close(pair.listener);
}

/* What is held back for more goes with the end at once. */
static void held_until_the_end(const struct way *way, bool close)
{
    struct pair pair;
    char bytes[8];
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    EXPECT(port_send(pair.server, "last", 4, true) == 4);
    if (close) {
        port_close(pair.server);
    } else {
        EXPECT(port_shut(pair.server) == PORT_OK);
    }
    EXPECT(wait_ready(pair.client, PORT_READ, 150) == PORT_READ);
    EXPECT(receive_wait(pair.client, bytes, sizeof(bytes), &last) == 4);
    EXPECT(last == PORT_EOF);
    if (!close) {
        port_close(pair.server);
    }
    port_close(pair.client);
    port_close(pair.listener);
}

/* An aborted connection never looks complete, and is ready for all that is wanted. */
static void aborted(const struct way *way)
{
    struct pair pair;
    char bytes[8];
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    EXPECT(send_wait(pair.server, "part", 4));
    EXPECT(receive_wait(pair.client, bytes, 4, &last) == 4);
    port_abort(pair.server);
    EXPECT(wait_ready(pair.client, PORT_READ, 1000) == PORT_READ);
    EXPECT(wait_ready(pair.client, PORT_WRITE, 1000) == PORT_WRITE);
    EXPECT(wait_ready(pair.client, PORT_READ | PORT_WRITE, 1000) == (PORT_READ | PORT_WRITE));
    EXPECT(port_receive(pair.client, bytes, 8) == PORT_RESET);
    port_close(pair.client);
    port_close(pair.listener);
}

/* The same, told by a send, by the end of our direction, and by giving up in turn. */
static void aborted_told_otherwise(const struct way *way)
{
    struct pair pair;
    int i;

    for (i = 0; i < 3; i++) {
        if (!pair_open(way, &pair)) {
            return;
        }
        port_abort(pair.server);
        EXPECT(wait_ready(pair.client, PORT_READ, 1000) == PORT_READ);
        if (i == 0) {
            EXPECT(port_send(pair.client, "x", 1, false) == PORT_RESET);
            port_close(pair.client);
        } else if (i == 1) {
            EXPECT(port_shut(pair.client) == PORT_RESET);
            port_close(pair.client);
        } else {
            port_abort(pair.client);
        }
        port_close(pair.listener);
    }
}

/* What is unread when a connection is aborted is lost with it, here and there. */
static void aborted_with_bytes_waiting(const struct way *way)
{
    static unsigned char block[50000];
    struct pair pair;
    int last;

    if (!pair_open(way, &pair)) {
        return;
    }
    EXPECT(send_wait(pair.client, block, sizeof(block)));
    port_abort(pair.server);
    EXPECT(receive_wait(pair.client, block, sizeof(block), &last) == 0);
    EXPECT(last == PORT_RESET);
    port_close(pair.client);
    port_close(pair.listener);
}

/* Handles freed can be had again, many times over. */
static void handles_reused(const struct way *way)
{
    struct pair pair;
    port_handle highest = 0;
    int i;

    for (i = 0; i < 200; i++) {
        if (!pair_open(way, &pair)) {
            return;
        }
        if (i == 0) {
            highest = pair.server > pair.client ? pair.server : pair.client;
        }
        if (i % 2 == 0) {
            port_abort(pair.client);
            port_close(pair.server);
        } else {
            port_close(pair.server);
            port_abort(pair.client);
        }
        port_close(pair.listener);
    }
    EXPECT(highest > 0);
    EXPECT(port_handles(64) == 64);
}

void test_ends(void)
{
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i])) {
            half_closed(&ways[i]);
            closed_after_sending(&ways[i]);
            held_until_the_end(&ways[i], false);
            held_until_the_end(&ways[i], true);
            aborted(&ways[i]);
            aborted_told_otherwise(&ways[i]);
            aborted_with_bytes_waiting(&ways[i]);
            handles_reused(&ways[i]);
        }
    }
}
