/* SPDX-License-Identifier: MIT */
/* What the tools have in common, over the simulated port; uses port/sim. */
#include "apps/client.h"

#include <string.h>

#include "core/loop.h"
#include "port/sim/sim.h"
#include "tests/check.h"

static struct {
    unsigned handles;
    size_t n;
    char said[512];
} asked;

static void trace(const char *call, int32_t connection, int64_t result)
{
    (void)connection;
    if (strcmp(call, "handles") == 0) {
        asked.handles = (unsigned)result;
    }
}

static void take(const char *line, size_t n)
{
    asked.n = n < sizeof asked.said - 1 ? n : sizeof asked.said - 1;
    memcpy(asked.said, line, asked.n);
}

static void begin(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    static struct sim_hooks hooks;
    memset(&hooks, 0, sizeof hooks);
    hooks.trace = trace;
    hooks.log = take;
    memset(&asked, 0, sizeof asked);
    sim_begin(&plan, &hooks);
}

static void test_family(void)
{
    enum port_name_family family = PORT_NAME_ANY;
    EXPECT(client_family_set(&family, PORT_NAME_IPV6) == NULL && family == PORT_NAME_IPV6);
    EXPECT(client_family_set(&family, PORT_NAME_IPV6) == NULL);
    EXPECT(strcmp(client_family_set(&family, PORT_NAME_IPV4), "no -6 beside it") == 0);
    family = PORT_NAME_IPV4;
    EXPECT(strcmp(client_family_set(&family, PORT_NAME_IPV6), "no -4 beside it") == 0);
}

static void test_shorten(void)
{
    char bytes[CLIENT_PIECE_BYTES];
    char piece[CLIENT_PIECE_BYTES + 1];
    memset(piece, 'a', sizeof piece);
    memset(bytes, 'x', sizeof bytes);
    piece[CLIENT_PIECE_BYTES - 1] = '\0';
    EXPECT(client_shorten(piece, bytes) == piece);
    piece[CLIENT_PIECE_BYTES - 1] = 'a';
    piece[CLIENT_PIECE_BYTES] = '\0';
    EXPECT(client_shorten(piece, bytes) == bytes);
    EXPECT(strlen(bytes) == CLIENT_PIECE_BYTES - 1);
    EXPECT(strcmp(bytes + CLIENT_PIECE_BYTES - 6, "aa...") == 0);
}

/* Both pieces of a sentence may be too long for it. */
static void test_complaint(void)
{
    char what[CLIENT_PIECE_BYTES + 1];
    char subject[CLIENT_PIECE_BYTES + 1];
    begin();
    memset(what, 'x', sizeof what);
    memset(subject, 'y', sizeof subject);
    what[CLIENT_PIECE_BYTES] = '\0';
    subject[CLIENT_PIECE_BYTES] = '\0';
    EXPECT(client_usage_complain("verb", what, subject, "!") == CLIENT_EXIT_USAGE);
    EXPECT(asked.n == strlen("linnet: ") + 2 * (CLIENT_PIECE_BYTES - 1) +
                          strlen("!; see \"linnet verb --help\""));
    EXPECT(strncmp(asked.said + 8 + CLIENT_PIECE_BYTES - 7, "xxx...yyy", 9) == 0);
    EXPECT(strstr(asked.said, "yy...!; see \"linnet verb --help\"") != NULL);
}

/* The addresses of a name are tried in the order in which they were found, and again from the
 * first. */
static void test_route(void)
{
    struct target target = {"localhost", 80};
    struct client_route route;
    char why[CLIENT_WHY_BYTES];
    begin();
    EXPECT(client_find(&route, &target, PORT_NAME_ANY, why) == PORT_OK);
    EXPECT(route.count == 2 && client_address(&route)->ip[10] == 0);
    EXPECT(client_address(&route)->port == 80);
    EXPECT(client_next(&route) && client_address(&route)->ip[10] == 0xff);
    EXPECT(!client_next(&route) && client_address(&route)->ip[10] == 0);
    EXPECT(client_find(&route, &target, PORT_NAME_IPV4, why) == PORT_OK);
    EXPECT(route.count == 1 && client_address(&route)->ip[10] == 0xff);
    EXPECT(!client_next(&route) && client_address(&route)->ip[10] == 0xff);
    route.count = 3;
    for (size_t at = 1; at < route.count; at++) {
        EXPECT(client_next(&route) && route.at == at);
    }
    EXPECT(!client_next(&route) && route.at == 0);
}

static void test_nowhere(void)
{
    struct target target = {"nowhere.example", 80};
    struct client_route route;
    char why[CLIENT_WHY_BYTES];
    begin();
    memset(why, 'x', sizeof why);
    EXPECT(client_find(&route, &target, PORT_NAME_ANY, why) == PORT_NOENT);
    EXPECT(strcmp(why, "there is no host nowhere.example") == 0);
    memcpy(target.host, "::1", 4);
    EXPECT(client_find(&route, &target, PORT_NAME_IPV4, why) == PORT_NOENT);
    EXPECT(strcmp(why, "there is no host ::1 with an IPv4 address") == 0);
    memset(target.host, 'x', TARGET_HOST_BYTES - 1); /* the longest there is */
    target.host[TARGET_HOST_BYTES - 1] = '\0';
    EXPECT(client_find(&route, &target, PORT_NAME_IPV6, why) == PORT_NOENT);
    EXPECT(strcmp(strchr(why, 'x') + TARGET_HOST_BYTES - 1, " with an IPv6 address") == 0);
}

/* ---- The loop ------------------------------------------------------------------------------ */

static struct conn *stands;

static void opened(struct conn *conn)
{
    stands = conn;
}

static size_t input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    (void)conn;
    (void)bytes;
    return n;
}

static const struct app app = {.name = "test", .opened = opened, .input = input};
static const struct app *const apps[] = {&app};

/* The peer does not end when we do: whether that is waited for. */
static void test_end(void)
{
    static const struct { bool now; bool patient; bool waits; } rows[] = {
        {false, true, true}, {false, false, false}, {true, true, false}, {true, false, false},
    };
    static const struct port_address at = {{1}, 0, 80};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin();
        sim_peer_listen(&at);
        EXPECT(port_start() == PORT_OK && client_start(apps));
        EXPECT(asked.handles > CLIENT_CONNECTIONS && asked.handles <= 2 * CLIENT_CONNECTIONS);
        EXPECT(conn_dial(&app, &at) != NULL);
        for (stands = NULL; stands == NULL && loop_turn();) {
        }
        conn_finish(stands);
        uint64_t from_ms = sim_now();
        client_end(rows[i].now, rows[i].patient);
        EXPECT(rows[i].waits == (sim_now() - from_ms > 1000) && sim_handles_open() == 0);
        port_end();
    }
}

int main(void)
{
    test_family();
    test_shorten();
    test_complaint();
    test_route();
    test_nowhere();
    test_end();
    return check_report("client");
}
