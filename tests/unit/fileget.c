/* SPDX-License-Identifier: MIT */
/* file-get on the core over the simulated port: whole conversations, every split of them, peers
 * that take a few bytes at a time, files that fail, and deadlines exact to the millisecond.
 * Hazards 9, 13, 15, 20, 53 to 58, 66, 71, 74 and 75. uses port/sim */
#include "apps/fileget/fileget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/loop.h"
#include "port/port_tool.h"
#include "port/sim/sim.h"
#include "tests/check.h"

enum { PORT = 8080, CAPACITY = 16, OUT_BYTES = 300000, PEERS = 4 };

static const struct app *const apps[] = {&fileget_app};

/* ---- The world ----------------------------------------------------------------------------- */

/* What a peer got, and how it ended. */
static struct peer {
    char out[OUT_BYTES];
    size_t n;
    bool stalled;    /* reads nothing */
    uint64_t end_ms; /* when its end or reset came */
} peers[PEERS];

static uint64_t target_ms;
static unsigned next_id;

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < target_ms) {
        return target_ms;
    }
    sim_request(PORT_REQUEST_REPORT); /* ends the wait */
    return UINT64_MAX;
}

static void world_arrived(unsigned id)
{
    struct peer *peer = &peers[id % PEERS];

    while (!peer->stalled && sim_peer_readable(id) > 0) {
        peer->n += sim_peer_read(id, peer->out + peer->n, OUT_BYTES - peer->n);
    }
    if (sim_peer_state(id) != SIM_PEER_OPEN && peer->end_ms == 0) {
        peer->end_ms = sim_now();
    }
}

static const struct sim_hooks hooks = {.step = world_step, .arrived = world_arrived};

static void run(uint64_t ms)
{
    target_ms = sim_now() + ms;
    sim_step_at(target_ms);
    for (unsigned left = 1000000; left > 0 && sim_now() < target_ms; left--) {
        if (!loop_turn()) {
            break;
        }
    }
}

/* The tree every test sees; `big` is longer than any window. */
static unsigned big;

static void tree(void)
{
    (void)sim_file_add("a.txt", SIM_FILE, 6, 1000000000, true);
    (void)sim_file_add("empty", SIM_FILE, 0, 1000000000, true);
    (void)sim_file_add("private", SIM_FILE, 6, 1000000000, false);
    (void)sim_file_add(".hidden", SIM_FILE, 6, 1000000000, true);
    (void)sim_file_add("device", SIM_DEVICE, 0, 0, true);
    (void)sim_file_add("d", SIM_FOLDER, 0, 1000000000, true);
    (void)sim_file_add("d/x y.html", SIM_FILE, 10, 1000000000, true);
    (void)sim_file_add("d/<&>\"'", SIM_FILE, 10, 1000000000, true);
    (void)sim_file_add("d/.x", SIM_FILE, 10, 1000000000, true);
    (void)sim_file_add("i", SIM_FOLDER, 0, 1000000000, true);
    (void)sim_file_add("i/index.html", SIM_FILE, 12, 1000000000, true);
    (void)sim_file_add("a.txt2", SIM_FILE, 6, -5, true);
    (void)sim_file_add("GET", SIM_FILE, 6, 1000000000, true);
    (void)sim_file_add("z", SIM_FILE, 6, 1000000000, true);
    big = sim_file_add("big", SIM_FILE, 50000, 1000000000, true);
    (void)sim_file_add("long", SIM_FOLDER, 0, 1000000000, true);
    for (unsigned i = 0; i < 40; i++) {
        char name[64];

        (void)snprintf(name, sizeof name, "long/a rather long name, %u", i);
        (void)sim_file_add(name, SIM_FILE, i, 1000000000, true);
    }
}

static void begin_with(struct sim_plan plan)
{
    struct port_address at;

    memset(&at, 0, sizeof at);
    memset(peers, 0, sizeof peers);
    at.port = PORT;
    next_id = 0;
    sim_begin(&plan, &hooks);
    tree();
    EXPECT(port_start() == PORT_OK);
    EXPECT(port_root_open(".", 0) == PORT_OK);
    EXPECT(loop_start(apps, 1, CAPACITY));
    EXPECT(loop_listen(0, &at, PORT_DUAL) >= 0);
    sim_wall_set(false, 0);
}

static void begin(void)
{
    begin_with(sim_plan_quiet(1));
}

static void end(void)
{
    loop_stop(true);
    for (unsigned left = 1000; left > 0 && loop_turn(); left--) {
    }
    EXPECT(sim_files_open() == 0);
    EXPECT(sim_handles_open() == 0);
    port_end();
}

static unsigned connect_with(uint32_t window)
{
    struct port_address from;
    struct port_address to;
    unsigned id = next_id;

    next_id++;
    memset(&peers[id % PEERS], 0, sizeof peers[0]);
    memset(&from, 0, sizeof from);
    memcpy(from.ip, "\0\0\0\0\0\0\0\0\0\0\377\377\177\0\0\1", 16);
    to = from;
    from.port = (uint16_t)(30000 + id % 30000);
    to.port = PORT;
    EXPECT(sim_peer_connect(id, &from, &to, 0, window) == PORT_OK);
    run(1);
    return id;
}

static unsigned dial(void)
{
    return connect_with(4096);
}

static void say_bytes(unsigned id, const char *bytes, size_t n)
{
    for (unsigned left = 10000; left > 0 && n > 0; left--) {
        size_t sent = sim_peer_send(id, bytes, n);

        bytes += sent;
        n -= sent;
        if (n > 0) {
            run(1);
        }
    }
}

static void say(unsigned id, const char *bytes)
{
    say_bytes(id, bytes, strlen(bytes));
}

static struct peer *peer_of(unsigned id)
{
    return &peers[id % PEERS];
}

static bool got_end(unsigned id)
{
    return sim_peer_state(id) == SIM_PEER_ENDED;
}

static bool got_reset(unsigned id)
{
    return sim_peer_state(id) == SIM_PEER_RESET;
}

static bool got_text(unsigned id, const char *text)
{
    struct peer *peer = peer_of(id);
    bool right = peer->n >= strlen(text) && memcmp(peer->out, text, strlen(text)) == 0;

    if (!right) {
        printf("# %.*s\n", (int)(peer->n < 400 ? peer->n : 400), peer->out);
    }
    return right;
}

static bool holds(unsigned id, const char *text)
{
    return memmem(peer_of(id)->out, peer_of(id)->n, text, strlen(text)) != NULL;
}

/* The bytes first to end of a file are what the peer got, from its byte `at` on and no more. */
static bool got_file(unsigned id, size_t at, unsigned file, uint64_t first, uint64_t last)
{
    struct peer *peer = peer_of(id);

    if (peer->n != at + (last - first)) {
        return false;
    }
    for (uint64_t i = first; i < last; i++) {
        if ((uint8_t)peer->out[at + (i - first)] != sim_file_byte(file, i)) {
            return false;
        }
    }
    return true;
}

static size_t head_bytes(unsigned id)
{
    const char *blank;

    peer_of(id)->out[peer_of(id)->n] = '\0';
    blank = strstr(peer_of(id)->out, "\r\n\r\n");
    return blank == NULL ? 0 : (size_t)(blank + 4 - peer_of(id)->out);
}

static void leave(unsigned id)
{
    sim_peer_close(id);
    run(5000);
    EXPECT(!sim_held(id));
    EXPECT(sim_files_open() == 0);
}

/* ---- Raw ----------------------------------------------------------------------------------- */

static void test_raw(void)
{
    static const char *const found[] = {"a.txt\n",   "a.txt\r\n", "/a.txt\n", "./a.txt\n",
                                        "//a.txt\n", "d/../a.txt\n", "a.txt\nmore\n"};
    static const char *const missing[] = {
        "nope\n",   "private\n",  ".hidden\n",       "device\n", "d\n",      "d/\n",   "\n",
        "/\n",      "a.txt/\n",   "../a.txt\n",      "..\n",     "a\\b\n",   "a\x01\n", "\r\n",
        "a.txt \n", "%61.txt\n",  "i/\n",            "a.txt\rx\n", "d/../../a.txt\n"};

    begin();
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        unsigned id = dial();

        say(id, found[i]);
        run(10);
        EXPECT(got_end(id) && got_file(id, 0, 0, 0, 6));
        leave(id);
    }
    for (size_t i = 0; i < COUNT_OF(missing); i++) {
        unsigned id = dial();

        say(id, missing[i]);
        run(10);
        EXPECT(got_end(id) && peer_of(id)->n == 0);
        leave(id);
    }
    unsigned id = dial();
    say_bytes(id, "a.txt\0\n", 7);
    run(10);
    EXPECT(got_end(id) && peer_of(id)->n == 0);
    leave(id);
    id = dial();
    say(id, "empty\n");
    run(10);
    EXPECT(got_end(id) && peer_of(id)->n == 0);
    leave(id);
    end();
}

/* A name without a line end: the half-close or the gap ends it. */
static void test_raw_unended(void)
{
    begin();
    unsigned id = dial();
    say(id, "a.txt");
    sim_peer_shut(id);
    run(10);
    EXPECT(got_end(id) && got_file(id, 0, 0, 0, 6));
    leave(id);

    id = dial();
    say(id, "a.txt");
    run(249);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && peer_of(id)->n == 0);
    say(id, "2"); /* the gap begins again */
    run(249);
    EXPECT(peer_of(id)->n == 0);
    run(3);
    EXPECT(got_end(id) && got_file(id, 0, 11, 0, 6));
    leave(id);

    id = dial(); /* what may become HTTP waits for the deadline */
    say(id, "GET");
    run(9990);
    EXPECT(peer_of(id)->n == 0 && sim_peer_state(id) == SIM_PEER_OPEN);
    run(20);
    EXPECT(got_end(id) && got_file(id, 0, 12, 0, 6));
    leave(id);

    id = dial(); /* a first read of one byte: somebody types, or it is the whole name */
    say(id, "z");
    run(5000);
    EXPECT(peer_of(id)->n == 0 && sim_peer_state(id) == SIM_PEER_OPEN);
    run(5010);
    EXPECT(got_end(id) && got_file(id, 0, 13, 0, 6));
    leave(id);

    id = dial(); /* telnet: only a line end counts */
    say_bytes(id, "\377\375\001a.txt", 8);
    run(9990);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN);
    say(id, "\r\n");
    run(2);
    EXPECT(got_end(id) && got_file(id, 0, 0, 0, 6));
    leave(id);
    end();
}

/* ---- HTTP ---------------------------------------------------------------------------------- */

#define GET(name) "GET " name " HTTP/1.1\r\nHost: h\r\n\r\n"

struct answer {
    const char *request;
    const char *status;
    const char *holds; /* in head or body, or NULL */
    bool closes;
};

static const struct answer answers[] = {
    {GET("/a.txt"), "HTTP/1.1 200 OK\r\n", "Content-Length: 6\r\n", false},
    {GET("/a.txt"), "HTTP/1.1 200 OK\r\n", "Last-Modified: Sun, 09 Sep 2001 01:46:40 GMT", false},
    {GET("/a.txt"), "HTTP/1.1 200 OK\r\n", "Content-Type: text/plain; charset=utf-8\r\n", false},
    {GET("/a.txt"), "HTTP/1.1 200 OK\r\n", "X-Content-Type-Options: nosniff\r\n", false},
    {GET("/empty"), "HTTP/1.1 200 OK\r\n", "Content-Length: 0\r\n", false},
    {GET("/i/"), "HTTP/1.1 200 OK\r\n", "text/html; charset=utf-8\r\n", false},
    {GET("/d/x%20y.html"), "HTTP/1.1 200 OK\r\n", "Content-Length: 10\r\n", false},
    {GET("/d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("//d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("//h/%2e%2e//d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("http://evil/d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("/d/"), "HTTP/1.1 200 OK\r\n", "default-src 'none'", false},
    {GET("/d/"), "HTTP/1.1 200 OK\r\n", "<a href=\"./x%20y.html\">x y.html</a>", false},
    {GET("/d/"), "HTTP/1.1 200 OK\r\n", "<a href=\"./%3C%26%3E%22%27\">&lt;&amp;&gt;\"'</a>",
     false},
    {GET("/nope"), "HTTP/1.1 404 Not Found\r\n", "Content-Length: 14\r\n", false},
    {GET("/private"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/.hidden"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/device"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/a.txt/"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/../a.txt"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/%2e%2e%2fa.txt"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/%252e%252e/a.txt"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/<script>"), "HTTP/1.1 404 Not Found\r\n", NULL, false},
    {GET("/%00"), "HTTP/1.1 400 Bad Request\r\n", NULL, true},
    {"HEAD /a.txt HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Length: 6\r\n", false},
    {"HEAD /nope HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 404 Not", "Length: 14\r\n", false},
    {"POST /a.txt HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n",
     "\r\nAllow: GET, HEAD\r\n", false},
    {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 405 ", "\r\nAllow: GET, HEAD\r\n", false},
    {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 501 Not Implemented\r\n", NULL, false},
    {"GET /a.txt HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", "Connection: close\r\n", true},
    {"GET /a.txt HTTP/3.0\r\n", "HTTP/1.1 505 ", NULL, true},
    {"GET /a.txt HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Connection: close\r\n", true},
    {"GET /a.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HTTP/1.1 200 OK\r\n",
     "Connection: keep-alive\r\n", false},
    {"GET /a.txt HTTP/1.0\n\n", "HTTP/1.1 200 OK\r\n", "Connection: close\r\n", true},
    {"GET /d/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HTTP/1.1 200 OK\r\n",
     "Connection: close\r\n", true},
    {"GET /a.txt HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK\r\n",
     "Connection: close\r\n", true},
    {"GET /big HTTP/1.1\r\nHost: h\r\nRange: bytes=-5\r\n\r\n",
     "HTTP/1.1 206 Partial Content\r\n", "\r\nContent-Range: bytes 49995-49999/50000\r\n", false},
    {"GET /big HTTP/1.1\r\nHost: h\r\nRange: bytes=50000-\r\n\r\n",
     "HTTP/1.1 416 Range Not Satisfiable\r\n", "\r\nContent-Range: bytes */50000\r\n", false},
    {"GET /a.txt HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n",
     "HTTP/1.1 304 Not Modified\r\n", "ETag: ", false},
    {"GET /a.txt HTTP/1.1\r\nHost: h\r\nIf-Match: \"x\"\r\n\r\n",
     "HTTP/1.1 412 Precondition Failed\r\n", NULL, false},
    {"GET /nope HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n", "HTTP/1.1 404 ", NULL, false},
    {"GET /d/ HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n", "HTTP/1.1 200 ", NULL, false},
    {"GET /d HTTP/1.1\r\nHost: h\r\nIf-Match: \"x\"\r\n\r\n", "HTTP/1.1 301 ", NULL, false},
    {"GET /a.txt HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\nExpect: x\r\n\r\n",
     "HTTP/1.1 417 Expectation Failed\r\n", NULL, false},
    {"x HTTP/1.1\r\n", "HTTP/1.1 400 ", NULL, true},
    {"a\tb HTTP/1.1\r\n", "HTTP/1.1 400 ", NULL, true}
};

static void test_answers(void)
{
    begin();
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const struct answer *answer = &answers[i];
        unsigned id = dial();

        say(id, answer->request);
        run(10);
        EXPECT(got_text(id, answer->status));
        EXPECT(answer->holds == NULL || holds(id, answer->holds));
        EXPECT(got_end(id) == answer->closes);
        EXPECT(holds(id, "Connection: close") == answer->closes);
        EXPECT(!holds(id, ".hidden") && !holds(id, "\"./.x\"") && !holds(id, "<script>"));
        EXPECT(!holds(id, "Location: //") && !holds(id, "evil"));
        leave(id);
    }
    end();
}

/* HEAD is answered as GET, without the body; each answer's length is right: another request on
 * the same connection is answered behind it (hazard 74). */
static void test_lengths(void)
{
    static const char *const targets[] = {"/a.txt", "/nope", "/d", "/empty", "/big", "/i/"};

    begin();
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        char request[128];
        char get[2048];
        size_t body;
        unsigned id = dial();

        (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", targets[i]);
        say(id, request);
        run(100);
        EXPECT(head_bytes(id) > 0 && head_bytes(id) < sizeof get);
        memcpy(get, peer_of(id)->out, head_bytes(id));
        body = peer_of(id)->n - head_bytes(id);
        EXPECT((size_t)atol(strstr(peer_of(id)->out, "Content-Length: ") + 16) == body);
        leave(id);

        id = dial();
        (void)snprintf(request, sizeof request,
                       "HEAD %s HTTP/1.1\r\nHost: h\r\n\r\nGET /a.txt HTTP/1.1\r\nHost: h\r\n\r\n",
                       targets[i]);
        say(id, request);
        run(100);
        body = head_bytes(id);
        EXPECT(memcmp(peer_of(id)->out, get, body) == 0);
        peer_of(id)->n -= body;
        memmove(peer_of(id)->out, peer_of(id)->out + body, peer_of(id)->n);
        EXPECT(got_text(id, "HTTP/1.1 200 OK\r\n") && got_file(id, head_bytes(id), 0, 0, 6));
        leave(id);
    }
    end();
}

/* Bodies are read past or end the connection; no byte of them is ever a request (hazard 66). */
static void test_bodies(void)
{
    static const char inner[] = "GET /nope HTTP/1.1\r\nHost:host\r\n\r\n";
    static const struct {
        const char *fields;
        bool closes;
    } rows[] = {
        {"Content-Length: 33\r\n", false},
        {"Content-Length: 33\r\nConnection: close\r\n", true},
        {"Content-Length: 33\r\nExpect: 100-continue\r\n", true},
        {"Transfer-Encoding: chunked\r\n", true},
        {"Content-Length: 1000000\r\n", true}};

    EXPECT(strlen(inner) == 33);
    begin();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned pieces = 0; pieces < 2; pieces++) {
            char request[300];
            unsigned id = dial();
            int n = snprintf(request, sizeof request, "%s /a.txt HTTP/1.1\r\nHost: h\r\n%s\r\n%s%s",
                             i == 0 ? "POST" : "GET", rows[i].fields, inner, GET("/a.txt"));

            for (int at = 0; at < n && pieces == 1; at++) {
                (void)sim_peer_send(id, request + at, 1);
                run(1);
            }
            if (pieces == 0) {
                say(id, request);
            }
            run(10);
            EXPECT(got_text(id, i == 0 ? "HTTP/1.1 405" : "HTTP/1.1 200"));
            EXPECT(!holds(id, " 404 ") && !holds(id, "100 Continue"));
            EXPECT(got_end(id) == rows[i].closes);
            EXPECT(rows[i].closes || (holds(id, " 405 ") && holds(id, " 200 ")));
            leave(id);
        }
    }
    end();
}

/* ---- Splits -------------------------------------------------------------------------------- */

static const char *const streams[] = {
    "a.txt\r\n",
    "GETTING STARTED\n",
    "a HTTPx\n",
    GET("/a.txt"),
    GET("/d"),
    GET("/nope") GET("/a.txt"),
    "\xff\xfd\x01" "a.txt\r\n",
    "GET /a.txt HTTP/1.0\n\n",
    "GET  / HTTP/1.0\r\n\r\n",
    "HEAD /i/ HTTP/1.1\r\nHost: h\r\nIf-Match: \"a\" ,*\r\nX-Unknown:  y\r\n\r\nz HTTP/1.1\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde\r\n" GET("/empty"),
    "GET /a.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\nIf-Range: W/\"x\"\r\n\r\n"};

static char expected[OUT_BYTES];
static size_t expected_n;

static void compare(unsigned id, bool ends)
{
    run(20);
    EXPECT(peer_of(id)->n == expected_n && memcmp(peer_of(id)->out, expected, expected_n) == 0);
    EXPECT(got_end(id) == ends);
    leave(id);
}

/* The same stream in one piece, cut once at every place, and byte by byte: the same answer. */
static void test_splits(void)
{
    begin();
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        size_t n = strlen(streams[i]);
        unsigned id = dial();
        bool ends;

        say(id, streams[i]);
        run(20);
        expected_n = peer_of(id)->n;
        memcpy(expected, peer_of(id)->out, expected_n);
        ends = got_end(id);
        EXPECT(ends || expected_n > 0);
        leave(id);
        for (size_t cut = 1; cut < n; cut++) {
            id = dial();
            say_bytes(id, streams[i], cut);
            run(2);
            say_bytes(id, streams[i] + cut, n - cut);
            compare(id, ends);
        }
        id = dial();
        for (size_t at = 0; at < n; at++) {
            say_bytes(id, streams[i] + at, 1);
            run(2);
        }
        compare(id, ends);
    }
    end();
}

/* More requests in one piece than a pass may answer; and none waits for further input. */
static void test_pipeline(void)
{
    static char requests[8192];
    size_t answered = 0;
    unsigned id;

    begin();
    requests[0] = '\0';
    for (unsigned i = 0; i < 100; i++) {
        strcat(requests, i % 3 == 0 ? GET("/a.txt") : i % 3 == 1 ? GET("/nope") : GET("/i/"));
    }
    id = dial();
    say(id, requests);
    run(50);
    for (size_t at = 0; at + 12 < peer_of(id)->n; at++) {
        if (memcmp(peer_of(id)->out + at, "HTTP/1.1 ", 9) == 0) {
            EXPECT(memcmp(peer_of(id)->out + at + 9, answered % 3 == 1 ? "404" : "200", 3) == 0);
            answered++;
        }
    }
    EXPECT(answered == 100);
    sim_peer_shut(id);
    run(10);
    EXPECT(got_end(id));
    leave(id);
    end();
}

/* ---- Slow readers, and files that fail ----------------------------------------------------- */

/* Every answer through windows of a few bytes: pieces are rendered again and must be the same,
 * also when the date moves meanwhile. */
static void test_windows(void)
{
    static const char *const requests[] = {GET("/a.txt"), GET("/d/"), GET("/nope"), GET("/long/"),
                                           "GET /long/ HTTP/1.0\r\n\r\n", GET("/d"), "big\n",
                                           GET("/big"), "GET /big HTTP/1.1\r\nHost: h\r\n"
                                           "Range: bytes=777-20000\r\n\r\n"};
    static const uint32_t windows[] = {4096, 1, 7, 64, 1000};

    for (unsigned sent = 0; sent < 2; sent++) {
        struct sim_plan plan = sim_plan_quiet(1);

        plan.files_sent = sent == 1;
        begin_with(plan);
        for (size_t i = 0; i < COUNT_OF(requests); i++) {
            for (size_t w = 0; w < COUNT_OF(windows); w++) {
                unsigned id;

                if (windows[w] == 1 && i >= 6) {
                    continue; /* takes its time, and shows no more */
                }
                sim_wall_set(true, 1700000000);
                id = connect_with(windows[w]);
                say(id, requests[i]);
                for (unsigned quiet = 0; quiet < 20;) {
                    size_t before = peer_of(id)->n;

                    run(1);
                    quiet = peer_of(id)->n == before ? quiet + 1 : 0;
                    sim_wall_set(true, 1700000000 + (int64_t)(sim_now() % 100000));
                }
                if (w == 0) {
                    expected_n = peer_of(id)->n;
                    memcpy(expected, peer_of(id)->out, expected_n);
                    EXPECT(expected_n > 0);
                }
                EXPECT(peer_of(id)->n == expected_n);
                EXPECT(memcmp(peer_of(id)->out, expected, expected_n) == 0);
                leave(id);
            }
        }
        end();
    }
}

/* The whole of a directory is listed, in chunks that add up. */
static void test_listing(void)
{
    unsigned id;
    const char *at;
    size_t rows = 0;
    unsigned long length = 1;

    begin();
    id = dial();
    say(id, GET("/long/"));
    run(20);
    at = peer_of(id)->out + head_bytes(id);
    EXPECT(holds(id, "\r\nTransfer-Encoding: chunked\r\n") && !holds(id, "Content-Length"));
    while (length > 0 && at < peer_of(id)->out + peer_of(id)->n) {
        char *rest;

        length = strtoul(at, &rest, 16);
        EXPECT(memcmp(rest, "\r\n", 2) == 0);
        at = rest + 2 + length;
        EXPECT(memcmp(at, "\r\n", 2) == 0);
        at += 2;
    }
    EXPECT(length == 0 && at == peer_of(id)->out + peer_of(id)->n);
    for (at = peer_of(id)->out; (at = strstr(at, "./a%20rather%20long")) != NULL; at++) {
        rows++;
    }
    EXPECT(rows == 40);
    leave(id);
    end();
}

/* A file that shrinks while it is sent ends in a reset, by both ways of sending (hazard 58). */
static void test_shrinks(void)
{
    for (unsigned sent = 0; sent < 2; sent++) {
        for (unsigned raw = 0; raw < 2; raw++) {
            struct sim_plan plan = sim_plan_quiet(1);
            unsigned id;

            plan.files_sent = sent == 1;
            begin_with(plan);
            id = connect_with(1000);
            peer_of(id)->stalled = true;
            say(id, raw == 1 ? "big\n" : GET("/big"));
            run(10);
            sim_file_resize(big, 40000);
            peer_of(id)->stalled = false;
            world_arrived(id);
            run(2000);
            EXPECT(got_reset(id));
            EXPECT(peer_of(id)->n > 1000 && peer_of(id)->n < 50000);
            sim_peer_close(id);
            run(10);
            EXPECT(sim_files_open() == 0);
            end();
        }
    }
}

/* Faults of files, one by one: an HTTP error or nothing before the first byte, a reset after. */
static void test_file_faults(void)
{
    static const struct {
        enum sim_fault_kind kind;
        const char *request;
        const char *answer; /* NULL: a reset; "": an end without bytes */
    } rows[] = {
        {SIM_FILE_OPEN_FULL, GET("/a.txt"), "HTTP/1.1 503 Service Unavailable\r\n"},
        {SIM_FILE_OPEN_FULL, GET("/d"), "HTTP/1.1 503 Service Unavailable\r\n"},
        {SIM_FILE_OPEN_FULL, GET("/i/"), "HTTP/1.1 503 Service Unavailable\r\n"},
        {SIM_FILE_OPEN_IO, GET("/a.txt"), "HTTP/1.1 500 Internal Server Error\r\n"},
        {SIM_FILE_OPEN_NOENT, GET("/a.txt"), "HTTP/1.1 404 Not Found\r\n"},
        {SIM_FILE_OPEN_DENIED, GET("/a.txt"), "HTTP/1.1 404 Not Found\r\n"},
        {SIM_FILE_READ_IO, GET("/a.txt"), NULL},
        {SIM_FILE_READ_EOF, GET("/a.txt"), NULL},
        {SIM_SEND_FILE_IO, GET("/big"), NULL},
        {SIM_SEND_FILE_EOF, GET("/big"), NULL},
        {SIM_DIRECTORY_IO, GET("/d/"), NULL},
        {SIM_FILE_OPEN_NOENT, "a.txt\n", ""},
        {SIM_FILE_OPEN_DENIED, "a.txt\n", ""},
        {SIM_FILE_OPEN_IO, "a.txt\n", NULL},
        {SIM_SEND_FILE_IO, "a.txt\n", NULL},
        {SIM_SEND_FILE_EOF, "a.txt\n", NULL}};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim_plan plan = sim_plan_quiet(1);
        unsigned id;

        plan.rate[rows[i].kind] = 65535;
        begin_with(plan);
        id = dial();
        say(id, rows[i].request);
        run(100);
        EXPECT(got_reset(id) == (rows[i].answer == NULL));
        EXPECT(rows[i].answer == NULL || got_text(id, rows[i].answer));
        EXPECT(rows[i].answer == NULL || rows[i].answer[0] != '\0' || peer_of(id)->n == 0);
        EXPECT(rows[i].kind != SIM_FILE_OPEN_FULL || holds(id, "\r\nRetry-After: 1\r\n"));
        leave(id);
        sim_faults_off();
        end();
    }
}

/* No handle: a raw name waits for one, a second long. */
static void test_no_handle(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    unsigned id;

    plan.rate[SIM_FILE_OPEN_FULL] = 65535;
    begin_with(plan);
    id = dial();
    say(id, "a.txt\n");
    run(700);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && peer_of(id)->n == 0);
    sim_faults_off();
    run(60);
    EXPECT(got_end(id) && got_file(id, 0, 0, 0, 6));
    leave(id);
    end();

    begin_with(plan);
    id = dial();
    uint64_t before = sim_now();
    say(id, "a.txt\n");
    run(2000);
    EXPECT(got_reset(id) && peer_of(id)->n == 0);
    EXPECT(peer_of(id)->end_ms - before >= 1000 && peer_of(id)->end_ms - before < 1010);
    sim_peer_close(id);
    end();
}

/* ---- Deadlines ----------------------------------------------------------------------------- */

/* How long after `since` the connection ended; the byte drip must not prolong it (hazard 9). */
static uint64_t ended_after(unsigned id, uint64_t since, const char *drip)
{
    for (unsigned left = 200; left > 0 && peer_of(id)->end_ms == 0; left--) {
        if (*drip != '\0') {
            (void)sim_peer_send(id, drip++, 1);
        }
        run(100);
    }
    return peer_of(id)->end_ms - since;
}

static void test_deadlines(void)
{
    static const char drip[] = "GET /a.txt HTTP/1.1\r\nHost: h\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                               "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";
    uint64_t since;
    unsigned id;

    begin();
    since = sim_now();
    id = dial(); /* silent */
    EXPECT(ended_after(id, since, "") - 10000 < 3);
    EXPECT(got_end(id) && peer_of(id)->n == 0);
    leave(id);

    since = sim_now();
    id = dial(); /* a byte at a time */
    EXPECT(ended_after(id, since, drip) - 10000 < 3);
    EXPECT(got_text(id, "HTTP/1.1 408 Request Timeout\r\n"));
    leave(id);

    id = dial(); /* idle between requests, then one that does not end */
    say(id, GET("/a.txt"));
    run(14990);
    EXPECT(!got_end(id) && got_text(id, "HTTP/1.1 200 OK\r\n"));
    peer_of(id)->n = 0;
    since = sim_now();
    EXPECT(ended_after(id, since, drip) - 10000 < 3);
    EXPECT(got_text(id, "HTTP/1.1 408 Request Timeout\r\n"));
    leave(id);

    id = dial(); /* idle for good */
    say(id, GET("/a.txt"));
    run(2);
    peer_of(id)->n = 0;
    since = sim_now();
    EXPECT(ended_after(id, since, "") - 14990 < 15);
    EXPECT(got_end(id) && peer_of(id)->n == 0);
    leave(id);

    since = sim_now();
    id = dial(); /* a body that does not come */
    say(id, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12345");
    EXPECT(ended_after(id, since, "") - 10000 < 3);
    EXPECT(got_text(id, "HTTP/1.1 408 Request Timeout\r\n"));
    leave(id);
    end();
}

/* An answer is delivered though the peer has shut its side; half a request is a fault. */
static void test_ended(void)
{
    static const char *const halves[] = {"GET /", "GET /a.txt HTTP/1.1\r\nHo",
                                         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n1"};
    unsigned id;

    begin();
    id = connect_with(1000);
    say(id, GET("/big"));
    sim_peer_shut(id);
    run(500);
    EXPECT(got_end(id) && got_file(id, head_bytes(id), big, 0, 50000));
    leave(id);
    for (size_t i = 0; i < COUNT_OF(halves); i++) {
        id = dial();
        say(id, halves[i]);
        sim_peer_shut(id);
        run(10);
        EXPECT(got_end(id) && got_text(id, "HTTP/1.1 400 "));
        leave(id);
    }
    id = dial();
    sim_peer_shut(id);
    run(10);
    EXPECT(got_end(id) && peer_of(id)->n == 0);
    leave(id);
    end();
}

/* Lines longer than the buffer: 414 where it is HTTP, else no such name; never a loop. */
static void test_too_long(void)
{
    static char line[20000];
    unsigned id;

    memset(line, 'x', sizeof line);
    begin();
    id = dial();
    memcpy(line + sizeof line - 2, "\n", 2);
    say(id, line);
    run(50);
    EXPECT(got_end(id) && peer_of(id)->n == 0);
    leave(id);

    id = dial();
    memcpy(line, "GET /", 5);
    say(id, line);
    run(50);
    EXPECT(got_end(id) && got_text(id, "HTTP/1.1 414 URI Too Long\r\n"));
    leave(id);

    id = dial(); /* seen to be HTTP at its end only */
    memset(line, 'x', 5);
    memcpy(line + 10000, " HTTP/1.1\r\n", 12);
    say(id, line);
    run(50);
    EXPECT(got_end(id) && got_text(id, "HTTP/1.1 414 URI Too Long\r\n"));
    leave(id);
    end();
}

static void test_settings(void)
{
    const struct fileget_settings before = fileget_settings;
    unsigned id;

    fileget_settings.listing = false;
    fileget_settings.dot_files = true;
    fileget_settings.index = "x y.html";
    fileget_settings.charset = "gbk";
    fileget_settings.quiet_gap_ms = 0;
    begin();
    id = dial();
    say(id, GET("/.hidden") GET("/i/") GET("/d/"));
    run(10);
    EXPECT(got_text(id, "HTTP/1.1 200 ") && holds(id, " 404 ") && holds(id, "html; charset=gbk"));
    leave(id);
    id = dial();
    say(id, "a.txt");
    run(9000);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && peer_of(id)->n == 0);
    leave(id);
    end();
    fileget_settings = before;
}

int main(void)
{
    test_raw();
    test_raw_unended();
    test_answers();
    test_lengths();
    test_bodies();
    test_splits();
    test_pipeline();
    test_windows();
    test_listing();
    test_shrinks();
    test_file_faults();
    test_no_handle();
    test_deadlines();
    test_ended();
    test_too_long();
    test_settings();
    return check_report("fileget");
}
