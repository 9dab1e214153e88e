/* SPDX-License-Identifier: MIT */
/* file-get: listings, peers that take a few bytes at a time, files that fail or shrink, and no
 * handle to open them. Hazards 56 to 58.
 * uses port/sim; uses fake_file.c. */
#include "apps/fileget/fileget_conn.h"
#include "apps/fileget/fileget_sort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_file.h"

static char expected[FILE_OUT_BYTES];
static size_t expected_n;

/* ---- Slow readers, and files that fail ----------------------------------------------------- */

/* Every answer through windows of a few bytes: pieces are rendered again and must be the same,
 * also when the date moves meanwhile. */
static void test_windows(void)
{
    static const char *const requests[] = {GET("/a.txt"), GET("/d/"), GET("/nope"), GET("/long/"),
                                           "GET /long/ HTTP/1.0\r\n\r\n", GET("/d"), "big\n",
                                           GET("/big"), ("GET /big HTTP/1.1\r\nHost: h\r\n"
                                                         "Range: bytes=777-20000\r\n\r\n")};
    static const uint32_t windows[] = {4096, 1, 7, 64, 1000};

    for (unsigned sent = 0; sent < 2; sent++) {
        struct sim_plan plan = sim_plan_quiet(1);

        plan.files_sent = sent == 1;
        file_begin_with(plan);
        for (size_t i = 0; i < COUNT_OF(requests); i++) {
            for (size_t w = 0; w < COUNT_OF(windows); w++) {
                unsigned id;

                if (windows[w] == 1 && i >= 6) {
                    continue; /* takes its time, and shows no more */
                }
                file_run(1000 - sim_now() % 1000); /* so that no second ends in the request */
                sim_wall_set(true, 1700000000);
                id = file_dial_with(windows[w]);
                file_say(id, requests[i]);
                for (unsigned quiet = 0; quiet < 20;) {
                    size_t before = file_peer(id)->n;

                    file_run(1);
                    quiet = file_peer(id)->n == before ? quiet + 1 : 0;
                    if (file_peer(id)->n > 0) {
                        sim_wall_set(true, 1800000000 + (int64_t)sim_now());
                    }
                }
                if (w == 0) {
                    expected_n = file_peer(id)->n;
                    memcpy(expected, file_peer(id)->out, expected_n);
                    EXPECT(expected_n > 0);
                }
                EXPECT(file_peer(id)->n == expected_n);
                EXPECT(memcmp(file_peer(id)->out, expected, expected_n) == 0);
                EXPECT(file_leave(id));
            }
        }
        EXPECT(file_end());
    }
}

/* A page as it goes out, to the byte. */
static void test_page(void)
{
    static const char page[] =
        "<!DOCTYPE html>\n<meta charset=utf-8>\n"
        "<meta name=viewport content=\"width=device-width\">\n"
        "<title>/d</title>\n<table cellpadding=3>\n<tr><td><a href=\"../\">../</a>\n"
        "<tr><td><a href=\"./%3C%26%3E%22%27\">&lt;&amp;&gt;\"'</a>"
        "<td align=right>10<td nowrap>2001-09-09 01:46\n"
        "<tr><td><a href=\"./x%20y.html\">x y.html</a>"
        "<td align=right>10<td nowrap>2001-09-09 01:46\n"
        "</table>\n";
    unsigned id;
    const char *body;

    file_begin();
    id = file_dial();
    file_say(id, "GET /d/ HTTP/1.0\r\n\r\n");
    file_run(20);
    body = file_peer(id)->out + file_head_bytes(id);
    EXPECT(file_peer(id)->n == file_head_bytes(id) + sizeof page - 1);
    EXPECT(strcmp(body, page) == 0 || CFG_FILEGET_SORTS == 0); /* unsorted, as the system has it */
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* Of a title that is longer than the block, escaped, there is what the first half holds. */
static void test_long_title(void)
{
    static char names[1000];
    static char page[1000];
    size_t front;
    struct text text;

    memset(names, '&', sizeof names);
    text_begin(&text, page, sizeof page);
    fileget_listing_begin(&text, "", 0, true);
    front = (size_t)(strstr(page, "</title>") - page);
    for (size_t capacity = 500; capacity < 520; capacity++) {
        text_begin(&text, page, capacity);
        fileget_listing_begin(&text, names, sizeof names, true);
        EXPECT(!text.cut && memcmp(page + text.n - 6, "/a>\n\r\n", 6) == 0);
        EXPECT((size_t)(strstr(page, "</title>") - page) == front + (capacity / 2 - front) / 5 * 5);
    }
}

/* The whole of a directory is listed, in chunks that add up. */
static void test_listing(void)
{
    unsigned id;
    const char *at;
    const char *before = NULL;
    size_t rows = 0;
    unsigned long length = 1;

    file_begin();
    id = file_dial();
    file_say(id, GET("/long/"));
    file_run(20);
    at = file_peer(id)->out + file_head_bytes(id);
    EXPECT(file_holds(id, "\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT(!file_holds(id, "Content-Length"));
    while (length > 0 && at < file_peer(id)->out + file_peer(id)->n) {
        char *rest;

        length = strtoul(at, &rest, 16);
        EXPECT(memcmp(rest, "\r\n", 2) == 0);
        at = rest + 2 + length;
        EXPECT(memcmp(at, "\r\n", 2) == 0);
        at += 2;
    }
    EXPECT(length == 0 && at == file_peer(id)->out + file_peer(id)->n);
    for (at = file_peer(id)->out; (at = strstr(at, "./a%20rather%20long")) != NULL; at++) {
        EXPECT(CFG_FILEGET_SORTS == 0 || before == NULL || strncmp(before, at, 50) < 0);
        before = at;
        rows++;
    }
    EXPECT(rows == 40);
    EXPECT(file_leave(id));
    EXPECT(file_end());
}

/* A folder whose listing is half sent changes: that listing goes on as it was gathered; but when it
 * was not, because others hold all windows, its piece cannot come to its end: a reset. */
static void test_listing_changes(void)
{
    static const char others[CFG_FILEGET_SORTS + 1];

    for (unsigned gathered = 0; gathered < (CFG_FILEGET_SORTS > 0 ? 2u : 1u); gathered++) {
        unsigned id;

        file_begin();
        for (int i = 0; i < CFG_FILEGET_SORTS && gathered == 0; i++) {
            EXPECT(fileget_sort_of(&others[i], true) != NULL);
        }
        id = file_dial_with(1500);
        file_peer(id)->stalled = true;
        file_say(id, GET("/long/"));
        file_run(20);
        sim_file_resize(FILE_BIG + 2, 123456789);
        file_peer(id)->stalled = false;
        file_read(id);
        file_run(100);
        EXPECT(file_got_reset(id) == (gathered == 0));
        EXPECT(file_holds(id, "</table>") == (gathered == 1));
        EXPECT(file_leave(id));
        EXPECT(file_end());
    }
}

#if CFG_FILEGET_SORTS > 0

/* Rows of the window through pieces of every size: none is longer than its piece, each row comes
 * once, and one that fits into no piece is left out. */
static void test_listing_pieces(void)
{
    static const char names[] = "abc";
    static char piece[400];
    static struct fileget_conn fileget;

    for (size_t capacity = 20; capacity < sizeof piece; capacity++) {
        struct fileget_sort *sort;
        struct port_entry entry;
        uint64_t position = 0;
        size_t row = 0;
        size_t rows = 0;
        int result = PORT_OK;

        fileget_sort_start();
        sort = fileget_sort_of(&fileget, true);
        memset(&entry, 0, sizeof entry);
        entry.name_bytes = 1;
        for (size_t i = 0; names[i] != '\0'; i++) {
            entry.name[0] = names[i];
            fileget_sort_offer(sort, &entry);
        }
        EXPECT(fileget_sort_whole(sort));
        for (unsigned left = 10; left > 0 && result == PORT_OK; left--) {
            struct text text;

            text_begin(&text, piece, capacity);
            result = fileget_listing_rows(&text, &fileget, &position, true);
            EXPECT(text.n <= capacity && text.capacity == capacity && !text.cut);
            for (size_t at = 0; at + 4 < text.n; at++) {
                if (memcmp(piece + at, "<tr>", 4) == 0) {
                    row = row == 0 ? text.n : row;
                    rows++;
                }
            }
        }
        EXPECT(result == PORT_EOF && rows == (row == 0 ? 0 : 3));
        EXPECT(row == 0 || row <= capacity);
    }
    fileget_sort_start();
}

#else

static void test_listing_pieces(void)
{
    check_skip("listings come in the file system's order in this build");
}

#endif

/* Windows are given back whenever a listing ends: by its end, with its peer, or with the server. */
static void test_listing_windows(void)
{
    static const char others[CFG_FILEGET_SORTS + 1];

    for (unsigned way = 0; way < 3 && CFG_FILEGET_SORTS > 0; way++) {
        file_begin();
        for (int i = 1; i < CFG_FILEGET_SORTS; i++) {
            EXPECT(fileget_sort_of(&others[i], true) != NULL);
        }
        for (unsigned turn = 0; turn < 3; turn++) {
            unsigned id = file_dial_with(1500);

            file_peer(id)->stalled = way != 0;
            file_say(id, way == 1 ? "HEAD /long/ HTTP/1.1\r\nHost: h\r\n\r\n" GET("/long/")
                                  : GET("/long/"));
            file_run(20);
            EXPECT((fileget_sort_of(&others[0], true) == NULL) == (way != 0));
            fileget_sort_release(&others[0]);
            EXPECT(way == 2 || file_leave(id));
            if (way == 2) {
                break;
            }
        }
        EXPECT(file_end());
        EXPECT(fileget_sort_of(&others[0], true) != NULL);
    }
}

/* A file that shrinks while it is sent ends in a reset, by both ways of sending (hazard 58). */
static void test_shrinks(void)
{
    for (unsigned sent = 0; sent < 2; sent++) {
        for (unsigned raw = 0; raw < 2; raw++) {
            struct sim_plan plan = sim_plan_quiet(1);
            unsigned id;

            plan.files_sent = sent == 1;
            file_begin_with(plan);
            id = file_dial_with(1000);
            file_peer(id)->stalled = true;
            file_say(id, raw == 1 ? "big\n" : GET("/big"));
            file_run(10);
            sim_file_resize(FILE_BIG, 40000);
            file_peer(id)->stalled = false;
            file_read(id);
            file_run(2000);
            EXPECT(file_got_reset(id));
            EXPECT(file_peer(id)->n > 1000 && file_peer(id)->n < 50000);
            EXPECT(file_leave(id));
                        EXPECT(file_end());
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
        file_begin_with(plan);
        id = file_dial();
        file_say(id, rows[i].request);
        file_run(100);
        EXPECT(file_got_reset(id) == (rows[i].answer == NULL));
        EXPECT(rows[i].answer == NULL || file_got_text(id, rows[i].answer));
        EXPECT(rows[i].answer == NULL || rows[i].answer[0] != '\0' || file_peer(id)->n == 0);
        EXPECT(rows[i].kind != SIM_FILE_OPEN_FULL || file_holds(id, "\r\nRetry-After: 1\r\n"));
        EXPECT(file_leave(id));
        sim_faults_off();
        EXPECT(file_end());
    }
}

/* No handle: a raw name waits for one, a second long. */
static void test_no_handle(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    unsigned id;

    plan.rate[SIM_FILE_OPEN_FULL] = 65535;
    file_begin_with(plan);
    id = file_dial();
    file_say(id, "a.txt\n");
    file_run(700);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && file_peer(id)->n == 0);
    sim_faults_off();
    file_run(60);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, 6));
    EXPECT(file_leave(id));
    EXPECT(file_end());

    file_begin_with(plan); /* the deadline of the head has nothing to say any more */
    id = file_dial();
    file_run(9500);
    file_say(id, "a.txt\n");
    file_run(800);
    EXPECT(sim_peer_state(id) == SIM_PEER_OPEN && file_peer(id)->n == 0);
    sim_faults_off();
    file_run(60);
    EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, 6));
    EXPECT(file_leave(id));
    EXPECT(file_end());

    file_begin_with(plan);
    id = file_dial();
    uint64_t before = sim_now();
    file_say(id, "a.txt\n");
    file_run(2000);
    EXPECT(file_got_reset(id) && file_peer(id)->n == 0);
    EXPECT(file_peer(id)->end_ms - before >= 1000 && file_peer(id)->end_ms - before < 1010);
    sim_peer_close(id);
    EXPECT(file_end());
}

#if CFG_FILEGET_AHEAD_BYTES > 0

/* A long file is fetched a window or two ahead of what was sent, once a window; no call for a short
 * one, for a HEAD, or beyond the end of what was asked for. */
static void test_ahead(void)
{
    static const uint64_t window = CFG_FILEGET_AHEAD_BYTES;
    static const struct {
        uint64_t size;
        const char *request;
        unsigned calls;
    } rows[] = {
        {CFG_FILEGET_AHEAD_BYTES, GET("/big"), 0},
        {CFG_FILEGET_AHEAD_BYTES + 1, GET("/big"), 1},
        {CFG_FILEGET_AHEAD_BYTES * 4, GET("/big"), 3},
        {CFG_FILEGET_AHEAD_BYTES * 4, "big\n", 3},
        {CFG_FILEGET_AHEAD_BYTES * 4, "HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n", 0},
        {CFG_FILEGET_AHEAD_BYTES * 4,
         "GET /big HTTP/1.1\r\nHost: h\r\nRange: bytes=7-4000\r\n\r\n", 0},
        {CFG_FILEGET_AHEAD_BYTES * 4,
         "GET /big HTTP/1.1\r\nHost: h\r\nRange: bytes=-4000\r\n\r\n", 0},
        {CFG_FILEGET_AHEAD_BYTES * 4, GET("/a.txt"), 0},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t end = 0;
        uint64_t sent = 0;
        unsigned id;

        file_begin();
        sim_file_resize(FILE_BIG, rows[i].size);
        id = file_dial_with(4000);
        file_say(id, rows[i].request);
        for (unsigned left = 3000; left > 0; left--) {
            file_run(1);
            sent += file_peer(id)->n;
            file_peer(id)->n = 0;
            /* what is under way counts as sent */
            EXPECT(sim_files_advised(&end) <= (sent + 4000) / window + 1);
            EXPECT(end <= rows[i].size);
        }
        EXPECT(sim_files_advised(&end) == rows[i].calls);
        EXPECT(end == (rows[i].calls > 0 ? rows[i].size : 0));
        EXPECT(file_leave(id));
        EXPECT(file_end());
    }
}

#else

static void test_ahead(void)
{
    check_skip("nothing is fetched ahead in this build");
}

#endif

int main(void)
{
    test_ahead();
    test_windows();
    test_page();
    test_long_title();
    test_listing();
    test_listing_changes();
    test_listing_pieces();
    test_listing_windows();
    test_shrinks();
    test_file_faults();
    test_no_handle();
    return check_report("fileget_files");
}
