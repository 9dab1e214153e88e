/* SPDX-License-Identifier: MIT */
/* file-get: raw names, ends without an answer, deadlines exact to the millisecond, lines that are
 * too long, and settings. Hazards 9, 53 to 57.
 * uses port/sim; uses fake_file.c. */
#include "apps/fileget/fileget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/counters.h"
#include "tests/check.h"
#include "tests/unit/fake_file.h"

/* ---- Raw ----------------------------------------------------------------------------------- */

static void test_raw(void)
{
    static const char *const found[] = {"a.txt\n",   "a.txt\r\n", "/a.txt\n", "./a.txt\n",
                                        "//a.txt\n", "d/../a.txt\n", "a.txt\nmore\n"};
    static const char *const missing[] = {
        "nope\n",   "private\n",  ".hidden\n",       "device\n", "d\n",      "d/\n",   "\n",
        "/\n",      "a.txt/\n",   "../a.txt\n",      "..\n",     "a\\b\n",   "a\x01\n", "\r\n",
        "a.txt \n", "%61.txt\n",  "i/\n",            "a.txt\rx\n", "d/../../a.txt\n"};

    file_begin();
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        unsigned id = file_dial();

        file_say(id, found[i]);
        file_run(10);
        EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, 6));
        EXPECT(file_leave(id));
    }
    for (size_t i = 0; i < COUNT_OF(missing); i++) {
        unsigned id = file_dial();

        file_say(id, missing[i]);
        file_run(10);
        EXPECT(file_got_end(id) && file_peer(id)->n == 0);
        EXPECT(file_leave(id));
    }
    unsigned id = file_dial();
    file_say_bytes(id, "a.txt\0\n", 7);
    file_run(10);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));
    id = file_dial();
    file_say(id, "empty\n");
    file_run(10);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));
    id = file_dial();
    uint64_t before = counter_value(COUNTER_BYTES_OUT);
    file_say(id, "big\n");
    file_run(2000);
    EXPECT(file_got_end(id) && counter_value(COUNTER_BYTES_OUT) - before == FILE_BIG_BYTES);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* A name without a line end: the half-close or the gap ends it. */
static void test_raw_unended(void)
{
    file_begin();
    unsigned id = file_dial();
    file_say(id, "a.txt");
    sim_peer_shut(id);
    file_run(10);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, 6));
    EXPECT(file_leave(id));

    id = file_dial();
    file_say(id, "a.txt");
    file_run(249);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && file_peer(id)->n == 0);
    file_say(id, "2"); /* the gap begins again */
    file_run(249);
    EXPECT(file_peer(id)->n == 0);
    file_run(3);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A2, 0, 6));
    EXPECT(file_leave(id));

    id = file_dial(); /* what may become HTTP waits for the deadline */
    file_say(id, "GET");
    file_run(9990);
    EXPECT(file_peer(id)->n == 0 && sim_peer_state(id) == SIM_PEER_OPEN);
    file_run(20);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_GET, 0, 6));
    EXPECT(file_leave(id));

    id = file_dial(); /* a first read of one byte: somebody types, or it is the whole name */
    file_say(id, "z");
    file_run(5000);
    EXPECT(file_peer(id)->n == 0 && sim_peer_state(id) == SIM_PEER_OPEN);
    file_run(5010);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_Z, 0, 6));
    EXPECT(file_leave(id));

    id = file_dial(); /* a name that still comes when its time is over is not cut off there */
    for (unsigned i = 0; i < 60; i++) {
        if (!file_got_end(id)) {
            file_say_bytes(id, i < 44 ? "/" : i > 48 ? "2" : &"a.txt"[i - 44], 1);
        }
        file_run(200);
    }
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));

    id = file_dial(); /* telnet: only a line end counts */
    file_say_bytes(id, "\377\375\001a.txt", 8);
    file_run(9990);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN);
    file_say(id, "\r\n");
    file_run(2);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, 6));
    EXPECT(file_leave(id));
    id = file_dial();
    file_say_bytes(id, "\377\375\001a.txt", 8);
    file_run(10010);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* ---- Deadlines ----------------------------------------------------------------------------- */

/* How long after `since` the connection ended; the byte drip must not prolong it (hazard 9). */
static uint64_t ended_after(unsigned id, uint64_t since, const char *drip)
{
    for (unsigned left = 200; left > 0 && file_peer(id)->end_ms == 0; left--) {
        if (*drip != '\0') {
            (void)sim_peer_send(id, drip++, 1);
        }
        file_run(100);
    }
    return file_peer(id)->end_ms - since;
}

static void test_deadlines(void)
{
    static const char drip[] = "GET /a.txt HTTP/1.1\r\nHost: h\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                               "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";
    uint64_t since;
    unsigned id;

    file_begin();
    since = sim_now();
    id = file_dial(); /* silent */
    EXPECT(ended_after(id, since, "") - 10000 < 3);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));

    since = sim_now();
    id = file_dial(); /* a byte at a time */
    EXPECT(ended_after(id, since, drip) - 10000 < 3);
    EXPECT(file_got_text(id, "HTTP/1.1 408 Request Timeout\r\n"));
    EXPECT(file_leave(id));

    id = file_dial(); /* idle between requests, then one that does not end */
    file_say(id, GET("/a.txt"));
    file_run(14990);
    EXPECT(!file_got_end(id) && file_got_text(id, "HTTP/1.1 200 OK\r\n"));
    file_peer(id)->n = 0;
    since = sim_now();
    EXPECT(ended_after(id, since, drip) - 10000 < 3);
    EXPECT(file_got_text(id, "HTTP/1.1 408 Request Timeout\r\n"));
    EXPECT(file_leave(id));

    id = file_dial(); /* idle for good */
    file_say(id, GET("/a.txt"));
    file_run(2);
    file_peer(id)->n = 0;
    since = sim_now();
    EXPECT(ended_after(id, since, "") - 14990 < 15);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));

    since = sim_now();
    id = file_dial(); /* a body that does not come */
    file_say(id, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12345");
    EXPECT(ended_after(id, since, "") - 10000 < 3);
    EXPECT(file_got_text(id, "HTTP/1.1 408 Request Timeout\r\n"));
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* An answer is delivered though the peer has shut its side; half a request is a fault. */
static void test_ended(void)
{
    static const char *const halves[] = {"GET /", "GET /a.txt HTTP/1.1\r\nHo",
                                         ("POST / HTTP/1.1\r\nHost: h\r\n"
                                          "Content-Length: 9\r\n\r\n1")};
    unsigned id;

    file_begin();
    id = file_dial_with(1000);
    file_say(id, GET("/big"));
    sim_peer_shut(id);
    file_run(500);
    EXPECT(file_got_end(id));
    EXPECT(file_got_bytes(id, file_head_bytes(id), FILE_BIG, 0, FILE_BIG_BYTES));
    EXPECT(file_leave(id));
    for (size_t i = 0; i < COUNT_OF(halves); i++) {
        id = file_dial();
        file_say(id, halves[i]);
        sim_peer_shut(id);
        file_run(10);
        EXPECT(file_got_end(id) && file_got_text(id, "HTTP/1.1 400 "));
        EXPECT(file_leave(id));
    }
    id = file_dial();
    sim_peer_shut(id);
    file_run(10);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* Lines longer than the buffer: 414 where it is HTTP, else no such name; never a loop. */
static void test_too_long(void)
{
    static char line[20000];
    unsigned id;

    memset(line, 'x', sizeof line);
    file_begin();
    id = file_dial();
    memcpy(line + sizeof line - 2, "\n", 2);
    file_say(id, line);
    file_run(50);
    EXPECT(file_got_end(id) && file_peer(id)->n == 0);
    EXPECT(file_leave(id));

    id = file_dial();
    memcpy(line, "GET /", 5);
    file_say(id, line);
    file_run(50);
    EXPECT(file_got_end(id) && file_got_text(id, "HTTP/1.1 414 URI Too Long\r\n"));
    EXPECT(file_leave(id));

    for (unsigned more = 0; more < 2; more++) { /* a target alone, as long as a line may be */
        id = file_dial();
        memset(line, 'x', sizeof line);
        memcpy(line + FILEGET_LINE_BYTES - 2 + more, " /\n", 4);
        file_say(id, line);
        file_run(50);
        EXPECT(file_got_text(id, more == 0 ? "HTTP/1.1 400 " : "HTTP/1.1 414 "));
        EXPECT(file_leave(id));
    }

    id = file_dial(); /* seen to be HTTP at its end only */
    memset(line, 'x', sizeof line);
    memcpy(line + 10000, " HTTP/1.1\r\n", 12);
    file_say(id, line);
    file_run(50);
    EXPECT(file_got_end(id) && file_got_text(id, "HTTP/1.1 414 URI Too Long\r\n"));
    EXPECT(file_leave(id));
    EXPECT(file_end());
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
    file_begin();
    id = file_dial();
    file_say(id, GET("/.hidden") GET("/i/") GET("/d/"));
    file_run(10);
    EXPECT(file_got_text(id, "HTTP/1.1 200 ") && file_holds(id, " 404 "));
    EXPECT(file_holds(id, "html; charset=gbk"));
    EXPECT(file_leave(id));
    id = file_dial();
    file_say(id, "a.txt");
    file_run(9000);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && file_peer(id)->n == 0);
    EXPECT(file_leave(id));
    EXPECT(file_end());
    fileget_settings = before;
}

/* Where one file is all there is, the root's name is its own as well, and no other is one. */
static void test_only(void)
{
    static const struct {
        const char *request;
        const char *begins; /* NULL: the file alone */
    } rows[] = {
        {"a.txt\n", NULL},   {"/\n", NULL},   {"\n", NULL},   {"z\n", ""},    {"d/\n", ""},
        {GET("/"), "HTTP/1.1 200 "},         {GET("/a.txt"), "HTTP/1.1 200 "},
        {GET("/z"), "HTTP/1.1 404 "},        {GET("/d/"), "HTTP/1.1 404 "}};

    file_begin();
    fileget_settings.only = "a.txt";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned id = file_dial();
        const char *begins = rows[i].begins;

        file_say(id, rows[i].request);
        file_run(10);
        EXPECT(begins != NULL || (file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, 6)));
        EXPECT(begins == NULL || begins[0] != '\0' || file_peer(id)->n == 0);
        EXPECT(begins == NULL || file_got_text(id, begins));
        EXPECT(file_leave(id));
    }
    fileget_settings.only = NULL;
    EXPECT(file_end());
}

/* --header's fields, as many as there may be, are in every answer. */
static void test_headers(void)
{
    unsigned id;

    file_begin();
    for (size_t i = 0; i < CFG_FILEGET_HEADERS_MAX; i++) {
        fileget_settings.headers[i] = i + 1 < CFG_FILEGET_HEADERS_MAX ? "X: y" : "Last: z";
    }
    id = file_dial();
    file_say(id, GET("/nope"));
    file_run(10);
    EXPECT(file_holds(id, "\r\nX: y\r\n") && file_holds(id, "\r\nLast: z\r\n"));
    memset(fileget_settings.headers, 0, sizeof fileget_settings.headers);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

int main(void)
{
    test_raw();
    test_raw_unended();
    test_deadlines();
    test_ended();
    test_too_long();
    test_settings();
    test_only();
    test_headers();
    return check_report("fileget_raw");
}
