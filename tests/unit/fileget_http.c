/* SPDX-License-Identifier: MIT */
/* file-get: what HTTP requests get, whole, in every split of them, and one behind the other.
 * Hazards 13, 20, 53 to 55, 66, 71, 72, 74 and 75.
 * uses port/sim; uses fake_file.c. */
#include "apps/fileget/fileget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_file.h"

/* ---- HTTP ---------------------------------------------------------------------------------- */

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
    {GET("/d?a=b"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/?a=b\r\n", false},
    {GET("//d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("//h/%2e%2e//d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("http://evil/d"), "HTTP/1.1 301 Moved Permanently\r\n", "\r\nLocation: /d/\r\n", false},
    {GET("/d/"), "HTTP/1.1 200 OK\r\n", "default-src 'none'", false},
    {GET("/d/"), "HTTP/1.1 200 OK\r\n", "<a href=\"./x%20y.html\">x y.html</a>", false},
    {GET("/d/"), "HTTP/1.1 200 OK\r\n", "<a href=\"./%3C%26%3E%22%27\">&lt;&amp;&gt;\"'</a>",
     false},
    {GET("/j/"), "HTTP/1.1 200 OK\r\n", "<a href=\"./index.html/\">index.html/</a>", false},
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
    {"HEAD /big HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\n", "HTTP/1.1 200 OK\r\n",
     "\r\nContent-Length: 50000\r\n", false},
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
    file_begin();
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const struct answer *answer = &answers[i];
        unsigned id = file_dial();

        file_say(id, answer->request);
        file_run(10);
        EXPECT(file_got_text(id, answer->status));
        EXPECT(answer->holds == NULL || file_holds(id, answer->holds));
        EXPECT(file_got_end(id) == answer->closes);
        EXPECT(file_holds(id, "Connection: close") == answer->closes);
        EXPECT(!file_holds(id, ".hidden") && !file_holds(id, "\"./.x\""));
        EXPECT(!file_holds(id, "<script>"));
        EXPECT(!file_holds(id, "Location: //") && !file_holds(id, "evil"));
        EXPECT(file_leave(id));
    }
    EXPECT(file_end());
}

/* A peer that promised to send no more is let go of at once; of another, and of one that has a body
 * to send, the end is waited for. */
static void test_promised(void)
{
    static const char *const requests[] = {
        "GET /nope HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "GET /nope HTTP/1.0\r\n\r\n",
        "GET /nope HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 9\r\n"
        "Expect: 100-continue\r\n\r\n",
        "GET /nope HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"};

    file_begin();
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        unsigned before = sim_handles_open();
        unsigned id = file_dial();

        file_say(id, requests[i]);
        file_run(10);
        EXPECT(file_got_end(id) && sim_handles_open() == before + (i == 0 ? 0 : 1));
        EXPECT(file_leave(id));
    }
    EXPECT(file_end());
}

/* HEAD is answered as GET, without the body; each answer's length is right: another request on
 * the same connection is answered behind it (hazard 74). */
static void test_lengths(void)
{
    static const char *const targets[] = {"/a.txt", "/nope", "/d", "/empty", "/big", "/i/",
                                          "/long/a%20rather%20long%20name,%201"};

    file_begin();
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        char request[128];
        char get[2048];
        size_t body;
        unsigned id = file_dial();

        (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", targets[i]);
        file_say(id, request);
        file_run(100);
        EXPECT(file_head_bytes(id) > 0 && file_head_bytes(id) < sizeof get);
        memcpy(get, file_peer(id)->out, file_head_bytes(id));
        body = file_peer(id)->n - file_head_bytes(id);
        EXPECT((size_t)atol(strstr(file_peer(id)->out, "Content-Length: ") + 16) == body);
        EXPECT(file_leave(id));

        id = file_dial();
        (void)snprintf(request, sizeof request,
                       "HEAD %s HTTP/1.1\r\nHost: h\r\n\r\nGET /a.txt HTTP/1.1\r\nHost: h\r\n\r\n",
                       targets[i]);
        file_say(id, request);
        file_run(100);
        body = file_head_bytes(id);
        EXPECT(memcmp(file_peer(id)->out, get, body) == 0);
        file_peer(id)->n -= body;
        memmove(file_peer(id)->out, file_peer(id)->out + body, file_peer(id)->n);
        EXPECT(file_got_text(id, "HTTP/1.1 200 OK\r\n"));
        EXPECT(file_got_bytes(id, file_head_bytes(id), FILE_A, 0, 6));
        EXPECT(file_leave(id));
    }
    EXPECT(file_end());
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
    file_begin();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned pieces = 0; pieces < 2; pieces++) {
            char request[300];
            unsigned id = file_dial();
            int n = snprintf(request, sizeof request, "%s /a.txt HTTP/1.1\r\nHost: h\r\n%s\r\n%s%s",
                             i == 0 ? "POST" : "GET", rows[i].fields, inner, GET("/a.txt"));

            for (int at = 0; at < n && pieces == 1; at++) {
                (void)sim_peer_send(id, request + at, 1);
                file_run(1);
            }
            if (pieces == 0) {
                file_say(id, request);
            }
            file_run(10);
            EXPECT(file_got_text(id, i == 0 ? "HTTP/1.1 405" : "HTTP/1.1 200"));
            EXPECT(!file_holds(id, " 404 ") && !file_holds(id, "100 Continue"));
            EXPECT(file_got_end(id) == rows[i].closes);
            EXPECT(rows[i].closes || (file_holds(id, " 405 ") && file_holds(id, " 200 ")));
            EXPECT(file_leave(id));
        }
    }
    EXPECT(file_end());
}

/* The longest body that is read past, and the shortest that is not. */
static void test_longest_body(void)
{
    static const char body[1000];

    file_begin();
    for (unsigned more = 0; more < 2; more++) {
        char request[100];
        unsigned id = file_dial();

        (void)snprintf(request, sizeof request,
                       "POST /a.txt HTTP/1.1\r\nHost: h\r\nContent-Length: %u\r\n\r\n",
                       (unsigned)CFG_FILEGET_BODY_BYTES + more);
        file_say(id, request);
        for (size_t left = CFG_FILEGET_BODY_BYTES; left > 0 && more == 0;) {
            size_t n = left < sizeof body ? left : sizeof body;

            EXPECT(!file_holds(id, "HTTP/1.1")); /* not before it is whole */
            file_say_bytes(id, body, n);
            left -= n;
        }
        file_run(10);
        EXPECT(file_got_text(id, "HTTP/1.1 405") && file_got_end(id) == (more == 1));
        EXPECT(file_leave(id));
    }
    EXPECT(file_end());
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

static char expected[FILE_OUT_BYTES];
static size_t expected_n;

static void compare(unsigned id, bool ends)
{
    file_run(20);
    EXPECT(file_peer(id)->n == expected_n && memcmp(file_peer(id)->out, expected, expected_n) == 0);
    EXPECT(file_got_end(id) == ends);
    EXPECT(file_leave(id));
}

/* The same stream in one piece, cut once at every place, and byte by byte: the same answer. */
static void test_splits(void)
{
    file_begin();
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        size_t n = strlen(streams[i]);
        unsigned id = file_dial();
        bool ends;

        file_say(id, streams[i]);
        file_run(20);
        expected_n = file_peer(id)->n;
        memcpy(expected, file_peer(id)->out, expected_n);
        ends = file_got_end(id);
        EXPECT(ends || expected_n > 0);
        EXPECT(file_leave(id));
        for (size_t cut = 1; cut < n; cut++) {
            id = file_dial();
            file_say_bytes(id, streams[i], cut);
            file_run(2);
            file_say_bytes(id, streams[i] + cut, n - cut);
            compare(id, ends);
        }
        id = file_dial();
        for (size_t at = 0; at < n; at++) {
            file_say_bytes(id, streams[i] + at, 1);
            file_run(2);
        }
        compare(id, ends);
    }
    EXPECT(file_end());
}

static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % limit;
}

/* What streams are put together from: requests, halves of them, and what is neither. */
static const char *const fragments[] = {
    GET("/a.txt"), GET("/i/"), GET("/nope"), GET("/d"), GET("/long/"), GET("/big"),
    "GET /a.txt HTTP/1.1\r\n", "Host: h\r\n", "\r\n", "\n", "\r", "a.txt\r\n", " ", ":", ",",
    "Connection: close\r\n", "Connection: keep-alive, x\r\n", "If-None-Match: \"x\", *\r\n",
    "Range: bytes=1-3\r\n", "Content-Length: 12\r\n\r\n", "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n\r\n", "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n1234567", "\xff\xfd\x01", "%2e%2e/",
    "If-Match: \"\r\n", "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n",
    "GET /\xe6\x96\x87 HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"};

/* Any stream, in one piece and in pieces of any size: the same bytes, and the same end. */
static void test_random(void)
{
    random_state = 20260101;
    file_begin();
    for (unsigned round = 0; round < 4000; round++) {
        char stream[2048];
        size_t n = 0;
        unsigned id = file_dial();
        bool reset;

        for (unsigned i = 1 + random_below(8); i > 0; i--) {
            const char *fragment = fragments[random_below(COUNT_OF(fragments))];

            memcpy(stream + n, fragment, strlen(fragment));
            n += strlen(fragment);
        }
        file_say_bytes(id, stream, n);
        sim_peer_shut(id);
        file_run(50);
        reset = file_got_reset(id);
        EXPECT(reset || file_got_end(id));
        expected_n = file_peer(id)->n;
        memcpy(expected, file_peer(id)->out, expected_n);
        EXPECT(file_leave(id));
        id = file_dial();
        for (size_t at = 0; at < n && sim_peer_state(id) == SIM_PEER_OPEN;) {
            size_t piece = 1 + random_below(1 + random_below(60));

            piece = piece < n - at ? piece : n - at;
            file_say_bytes(id, stream + at, piece);
            file_run(random_below(3));
            at += piece;
        }
        sim_peer_shut(id);
        file_run(50);
        EXPECT(file_peer(id)->n == expected_n);
        EXPECT(memcmp(file_peer(id)->out, expected, expected_n) == 0);
        EXPECT(file_got_reset(id) == reset);
        EXPECT(file_leave(id));
    }
    EXPECT(file_end());
}

/* More requests in one piece than a pass may answer; and none waits for further input. */
static void test_pipeline(void)
{
    static char requests[8192];
    size_t answered = 0;
    unsigned id;

    file_begin();
    requests[0] = '\0';
    for (unsigned i = 0; i < 100; i++) {
        strcat(requests, i % 3 == 0 ? GET("/a.txt") : i % 3 == 1 ? GET("/nope") : GET("/i/"));
    }
    id = file_dial();
    file_say(id, requests);
    file_run(50);
    for (size_t at = 0; at + 12 < file_peer(id)->n; at++) {
        if (memcmp(file_peer(id)->out + at, "HTTP/1.1 ", 9) == 0) {
            EXPECT(memcmp(file_peer(id)->out + at + 9, answered % 3 == 1 ? "404" : "200", 3) == 0);
            answered++;
        }
    }
    EXPECT(answered == 100);
    sim_peer_shut(id);
    file_run(10);
    EXPECT(file_got_end(id));
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

int main(void)
{
    test_answers();
    test_promised();
    test_lengths();
    test_bodies();
    test_longest_body();
    test_splits();
    test_random();
    test_pipeline();
    return check_report("fileget_http");
}
