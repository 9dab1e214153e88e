/* SPDX-License-Identifier: MIT */
/* Conformance: connecting. */
#define CHECK_PART
#include "tests/check.h"

#include "tests/port/conform.h"

static void connect_succeeds(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address to;
    struct port_address peer;
    port_handle listener;
    port_handle client;
    port_handle server;

    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    to = way_connect_to(way, at.port);
    EXPECT(port_connect(&to, &client) == PORT_OK);
    EXPECT(wait_ready(client, PORT_WRITE, 1000) == PORT_WRITE);
    EXPECT(port_connected(client) == PORT_OK);
    EXPECT(port_connected(client) == PORT_OK);
    EXPECT(accept_wait(listener, &server, &peer) == PORT_OK);
    port_close(server);
    port_close(client);
    port_close(listener);
}

/* Where nobody listens. The handle, if there is one, is ready for all that is wanted. */
static void connect_refused(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address to;
    port_handle listener;
    port_handle client;
    int result;

    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    to = way_connect_to(way, at.port);
    port_close(listener);
    result = port_connect(&to, &client);
    EXPECT(result == PORT_OK || result == PORT_REFUSED);
    if (result == PORT_OK) {
        EXPECT(wait_ready(client, PORT_WRITE, 1000) == PORT_WRITE);
        EXPECT(wait_ready(client, PORT_READ | PORT_WRITE, 1000) == (PORT_READ | PORT_WRITE));
        result = port_connected(client);
        EXPECT(result == PORT_REFUSED || (result == PORT_RESET && !fixture_can(FIXTURE_REFUSALS)));
        port_close(client);
    }
}

static void connect_unreachable(void)
{
    struct port_address to;
    port_handle client;

    if (!fixture_unreachable(&to)) {
        check_skip("every address may be reached");
        return;
    }
    to.port = 9;
    EXPECT(connect_wait(&to, &client) == PORT_UNREACHABLE);
}

/* A connection that nobody has asked about yet can be given up. */
static void connect_given_up(const struct way *way)
{
    struct port_address at = way_listen_at(way);
    struct port_address to;
    port_handle listener;
    port_handle client;

    EXPECT(port_listen(&at, way->family, &listener) == PORT_OK);
    to = way_connect_to(way, at.port);
    EXPECT(port_connect(&to, &client) == PORT_OK);
    port_close(client);
    EXPECT(port_connect(&to, &client) == PORT_OK);
    port_abort(client);
    port_close(listener);
}

void test_connect(void)
{
    size_t i;

    for (i = 0; i < WAYS; i++) {
        if (way_exists(&ways[i])) {
            connect_succeeds(&ways[i]);
            connect_refused(&ways[i]);
            connect_given_up(&ways[i]);
        }
    }
    connect_unreachable();
}
