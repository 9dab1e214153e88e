/* SPDX-License-Identifier: MIT */
/* file-get's access log, hazard 76: one line for each answer, in the common log format, and not a
 * byte in it that a peer could use to forge another. It uses port/sim
 * and uses fake_file.c. */
#include "apps/fileget/fileget.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_file.h"

#define WHO "127.0.0.1 - - [14/Nov/2023:22:13:20 +0000] "

static const struct row {
    const char *request;
    const char *line;
} rows[] = {
    {GET("/a.txt"), WHO "\"GET /a.txt HTTP/1.1\" 200 6"},
    {GET("/empty"), WHO "\"GET /empty HTTP/1.1\" 200 0"},
    {GET("/big"), WHO "\"GET /big HTTP/1.1\" 200 50000"},
    {GET("/"), WHO "\"GET / HTTP/1.1\" 200 -"},
    {GET("/d"), WHO "\"GET /d HTTP/1.1\" 301 22"},
    {GET("/d/"), WHO "\"GET /d/ HTTP/1.1\" 200 -"},
    {GET("/nope?x"), WHO "\"GET /nope HTTP/1.1\" 404 14"},
    {GET("/../a.txt"), WHO "\"-\" 404 14"},
    {"HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n", WHO "\"HEAD /big HTTP/1.1\" 200 0"},
    {"HEAD /nope HTTP/1.1\r\nHost: h\r\n\r\n", WHO "\"HEAD /nope HTTP/1.1\" 404 -"},
    {"GET /a.txt HTTP/1.0\r\n\r\n", WHO "\"GET /a.txt HTTP/1.0\" 200 6"},
    {"GET /big HTTP/1.1\r\nHost: h\r\nRange: bytes=-7\r\n\r\n",
     WHO "\"GET /big HTTP/1.1\" 206 7"},
    {"GET /big HTTP/1.1\r\nHost: h\r\nRange: bytes=1-10000\r\n\r\n",
     WHO "\"GET /big HTTP/1.1\" 206 10000"},
    {"GET /a.txt HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n",
     WHO "\"GET /a.txt HTTP/1.1\" 304 -"},
    {"POST /a.txt HTTP/1.1\r\nHost: h\r\n\r\n", WHO "\"-\" 405 23"},
    {"GET /a.txt HTTP/1.1\r\n\r\n", WHO "\"GET /a.txt HTTP/1.1\" 400 16"},
    {"GET /\033[2J\" 200 1 HTTP/1.1\r\n", WHO "\"-\" 400 16"},
    {"GET /%22%20200%201 HTTP/1.0\r\n\r\n", WHO "\"GET /\\x22 200 1 HTTP/1.0\" 404 14"},
    {"GET /%9b31m%c2%9b\x9b HTTP/1.0\r\n\r\n",
     WHO "\"GET /\\x9b31m\\xc2\\x9b\\x9b HTTP/1.0\" 404 14"},
    {"GET /%0d%0ax HTTP/1.0\r\n\r\n", WHO "\"-\" 400 16"},
    {"GET /a.txt HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\n"
     "Forwarded: for=203.0.113.9\r\n\r\n", WHO "\"GET /a.txt HTTP/1.1\" 200 6"}, /* hazard 77 */
    {"a.txt\n", WHO "\"RAW /a.txt\" 200 6"},
    {"big\n", WHO "\"RAW /big\" 200 50000"},
    {"empty\n", WHO "\"RAW /empty\" 200 0"},
    {"nope\"\n", WHO "\"RAW /nope\\x22\" 404 -"},
    {"../x\n", WHO "\"RAW /\" 404 -"}
};

static void test_rows(void)
{
    file_begin();
    sim_wall_set(true, 1700000000);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        unsigned before = file_logged_count();
        unsigned id = file_dial();
        bool right;

        file_say(id, rows[i].request);
        file_run(100);
        sim_wall_set(true, 1700000000);
        right = file_logged_count() == before + 1 && strcmp(file_logged(), rows[i].line) == 0;
        EXPECT(right);
        if (!right) {
            printf("# %s\n", file_logged());
        }
        EXPECT(file_leave(id));
        sim_wall_set(true, 1700000000);
        EXPECT(file_logged_count() == before + 1);
    }
    EXPECT(file_end());
}

/* A long name is cut, and what follows it is not. */
static void test_long(void)
{
    char request[400];
    char name[301];
    unsigned id;

    memset(name, 'n', sizeof name);
    name[150] = '/';
    name[sizeof name - 1] = '\0';
    (void)snprintf(request, sizeof request, "GET /%s HTTP/1.0\r\n\r\n", name);
    file_begin();
    id = file_dial();
    file_say(id, request);
    file_run(10);
    EXPECT(strlen(file_logged()) <= CFG_LOG_LINE_BYTES);
    EXPECT(strstr(file_logged(), "nnn... HTTP/1.0\" 404 14") != NULL);
    EXPECT(memcmp(file_logged(), "127.0.0.1 - - [-] \"GET /nnn", 27) == 0);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* What a peer took of an answer before it went away. */
static void test_left(void)
{
    unsigned id;

    file_begin();
    id = file_dial_with(1000);
    file_peer(id)->stalled = true;
    file_say(id, "big\n");
    file_run(10);
    EXPECT(file_logged_count() == 0);
    sim_peer_reset(id);
    file_run(10);
    EXPECT(file_logged_count() == 1);
    EXPECT(strstr(file_logged(), "\"RAW /big\" 200 1000") != NULL);
    EXPECT(file_end());
}

static void test_off(void)
{
    unsigned id;

    file_begin();
    fileget_settings.access_log = false;
    id = file_dial();
    file_say(id, GET("/a.txt"));
    file_run(10);
    EXPECT(file_got_text(id, "HTTP/1.1 200"));
    EXPECT(file_logged_count() == 0);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* What is said on request: what was given in which way, what was refused, what broke off. */
static void test_counts(void)
{
    static const char wanted[] = " raw=1 http=1 refused=2 broken=0";
    static const char *const requests[] = {GET("/a.txt"), GET("/nope"), "a.txt\n", "nope\n"};
    char bytes[200];
    struct text text;

    file_begin();
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        unsigned id = file_dial();

        file_say(id, requests[i]);
        file_run(10);
        EXPECT(file_leave(id));
    }
    text_begin(&text, bytes, sizeof bytes - 1);
    fileget_app.report(&text);
    bytes[text.n] = '\0';
    EXPECT(strcmp(bytes, wanted) == 0);
    EXPECT(file_end());
}

int main(void)
{
    fileget_settings.access_log = true;
    test_rows();
    test_long();
    test_left();
    test_off();
    test_counts();
    return check_report("fileget_log");
}
