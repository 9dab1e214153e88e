/* SPDX-License-Identifier: MIT */
/* file-get: what its cache of open files may and may not do: a change is seen at once, one above
 * the file in CFG_FILEGET_CACHE_MS, handles go back in time and under pressure. Hazard 58.
 * uses port/sim; uses fake_file.c. */
#include "apps/fileget/fileget.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/fake_file.h"

#if CFG_FILEGET_CACHE_FILES >= 2

enum { FILE_D = 5, FILE_INNER = 6, DATE = 1700000000 };

#define INNER GET("/d/x%20y.html")
#define OK "HTTP/1.1 200 OK\r\n"
#define ABSENT "HTTP/1.1 404 Not Found\r\n"

/* How often files were found by their names, looked at, and read. */
static unsigned opens(void)
{
    return sim_fault_chances(SIM_FILE_OPEN_IO, SIM_NOBODY);
}

static unsigned looks(void)
{
    return sim_fault_chances(SIM_FILE_LOOK_IO, SIM_NOBODY);
}

static unsigned reads(void)
{
    return sim_fault_chances(SIM_FILE_READ_IO, SIM_NOBODY);
}

/* Asks, on a connection that stays, and has only the answer in file_peer. */
static void ask(unsigned id, const char *request)
{
    memset(file_peer(id), 0, sizeof *file_peer(id));
    file_say(id, request);
    file_run(3);
}

/* A world that knows the date. */
static unsigned begin(void)
{
    unsigned id;

    file_begin();
    sim_wall_set(true, DATE);
    id = file_dial();
    ask(id, GET("/a.txt"));
    EXPECT(file_got_text(id, OK));
    return id;
}

/* The second request costs a look; a small file's bytes are not read again. */
static void test_once(void)
{
    unsigned id = begin();
    unsigned other = file_dial();

    EXPECT(opens() == 1 && looks() == 0 && reads() == 1);
    ask(other, GET("/a.txt"));
    EXPECT(file_got_text(other, OK) && opens() == 1 && looks() == 1 && reads() == 1);
    EXPECT(file_got_bytes(other, file_head_bytes(other), FILE_A, 0, FILE_A_BYTES));
    ask(other, "GET /a.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=2-4\r\n\r\n");
    EXPECT(file_got_bytes(other, file_head_bytes(other), FILE_A, 2, 5) && reads() == 1);
    ask(id, GET("/i/"));
    ask(id, GET("/i/index.html"));
    EXPECT(file_got_text(id, OK) && opens() == 2);
    ask(id, GET("/big"));
    ask(id, GET("/big"));
    EXPECT(file_got_text(id, OK) && opens() == 3);
    ask(id, GET("/empty"));
    ask(id, GET("/empty"));
    EXPECT(file_got_text(id, OK) && file_holds(id, "\r\nContent-Length: 0\r\n") && opens() == 4);
    EXPECT(sim_files_open() == 4);
    EXPECT(file_end());
}

/* The clock of a board that was told no time stands at 0, where it is the first date of all. */
static void test_first_date(void)
{
    unsigned id;

    file_begin();
    sim_wall_set(true, 0);
    id = file_dial();
    ask(id, GET("/nope"));
    EXPECT(file_holds(id, "\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
    EXPECT(file_end());
}

/* A raw name has the bytes of a small file kept as well. */
static void test_raw(void)
{
    file_begin();
    sim_wall_set(true, DATE);
    for (unsigned i = 0; i < 3; i++) {
        unsigned id = file_dial();

        ask(id, "a.txt\n");
        EXPECT(file_got_end(id) && file_got_bytes(id, 0, FILE_A, 0, FILE_A_BYTES));
        EXPECT(reads() == 1);
    }
    EXPECT(file_end());
}

/* Absence, folders and long names are not kept. */
static void test_not_kept(void)
{
    unsigned id = begin();
    unsigned before = opens();
    char name[CFG_FILEGET_CACHE_NAME_BYTES + 2] = {0};
    char request[CFG_FILEGET_CACHE_NAME_BYTES + 40];

    for (size_t n = CFG_FILEGET_CACHE_NAME_BYTES; n < sizeof name; n++) {
        memset(name, 'n', n);
        memcpy(name + n - 4, ".css", 4);
        (void)sim_file_add(name, SIM_FILE, 5, 0, true);
        (void)snprintf(request, sizeof request, "GET /%s HTTP/1.1\r\nHost: h\r\n\r\n", name);
        ask(id, request);
        ask(id, request);
        EXPECT(file_got_text(id, OK) && file_holds(id, "\r\nContent-Type: text/css"));
    }
    EXPECT(opens() == before + 3 && sim_files_open() == 2);
    before = opens();

    ask(id, GET("/nope"));
    ask(id, GET("/nope"));
    EXPECT(file_got_text(id, ABSENT) && opens() == before + 2);
    ask(id, GET("/d/"));
    ask(id, GET("/d/"));
    EXPECT(file_got_text(id, OK) && opens() == before + 6 && sim_files_open() == 2);
    EXPECT(file_end());
}

/* What is refused for its method or its name is not looked for, for no condition. */
static void test_refused(void)
{
    static const char *const requests[] = {
        "POST /d/ HTTP/1.1\r\nHost: h\r\nIf-Match: *\r\n\r\n",
        "BREW /d/ HTTP/1.1\r\nHost: h\r\nIf-Match: *\r\n\r\n",
        "GET /.d/ HTTP/1.1\r\nHost: h\r\nIf-Match: *\r\n\r\n"};
    unsigned id = begin();
    unsigned before = opens();

    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        ask(id, requests[i]);
        EXPECT(file_got_text(id, "HTTP/1.1 ") && opens() == before);
    }
    EXPECT(file_end());
}

/* Whatever happens to the file itself is seen by the next request. */
static void test_changes(void)
{
    static const char texts[2][FILE_A_BYTES + 1] = {"first!", "second"};
    unsigned id = begin();
    char tag[64];

    sim_file_text(FILE_A, texts[0], FILE_A_BYTES);
    sim_file_date(FILE_A, 1000000001, 7);
    ask(id, GET("/a.txt"));
    EXPECT(memcmp(file_peer(id)->out + file_head_bytes(id), "first!", 6) == 0);
    memcpy(tag, strstr(file_peer(id)->out, "ETag: "), sizeof tag - 1);
    tag[sizeof tag - 1] = '\0';
    *strchr(tag, '\r') = '\0';
    sim_file_text(FILE_A, texts[1], FILE_A_BYTES);
    sim_file_date(FILE_A, 1000000001, 8); /* of the same size, a nanosecond later */
    ask(id, GET("/a.txt"));
    EXPECT(memcmp(file_peer(id)->out + file_head_bytes(id), "second", 6) == 0);
    EXPECT(!file_holds(id, tag) && file_holds(id, "\r\nETag: \"6-"));
    sim_file_text(FILE_A, texts[0], FILE_A_BYTES); /* its date set back, which leaves a trace */
    ask(id, GET("/a.txt"));
    EXPECT(memcmp(file_peer(id)->out + file_head_bytes(id), "first!", 6) == 0);
    sim_file_text(FILE_A, texts[1], 3);
    ask(id, GET("/a.txt"));
    EXPECT(file_holds(id, "\r\nContent-Length: 3\r\n"));
    sim_file_rights(FILE_A, false);
    ask(id, GET("/a.txt"));
    EXPECT(file_got_text(id, ABSENT) && sim_files_open() == 0);
    sim_file_rights(FILE_A, true);
    ask(id, GET("/a.txt"));
    EXPECT(file_got_text(id, OK));
    sim_file_remove(FILE_A);
    ask(id, GET("/a.txt"));
    EXPECT(file_got_text(id, ABSENT) && sim_files_open() == 0);
    EXPECT(file_end());
}

/* What was written a moment ago could be written again within the same tick of its date. */
static void test_fresh(void)
{
    unsigned id = begin();
    unsigned before = reads();

    sim_file_date(FILE_A, DATE - 1, 0);
    ask(id, GET("/a.txt"));
    ask(id, GET("/a.txt"));
    EXPECT(reads() == before + 2);
    sim_file_date(FILE_A, DATE - 2, 0);
    ask(id, GET("/a.txt"));
    ask(id, GET("/a.txt"));
    EXPECT(reads() == before + 3);
    sim_wall_set(false, 0); /* nor can it be told without a date */
    sim_file_date(FILE_A, DATE - 3, 0);
    ask(id, GET("/a.txt"));
    ask(id, GET("/a.txt"));
    ask(id, GET("/a.txt2")); /* of 1969 */
    ask(id, GET("/a.txt2"));
    EXPECT(reads() == before + 7);
    EXPECT(file_end());
}

/* A folder on the way that is closed: seen in time, to the millisecond. */
static void test_folder(void)
{
    unsigned id = begin();
    uint64_t opened_ms;

    ask(id, INNER);
    opened_ms = sim_now() - 3;
    EXPECT(file_got_text(id, OK));
    sim_file_rights(FILE_D, false);
    for (unsigned left = 60; left > 0; left--) {
        uint64_t asked_ms;

        file_run(9);
        asked_ms = sim_now();
        ask(id, INNER);
        if (asked_ms + 3 - opened_ms < CFG_FILEGET_CACHE_MS) {
            EXPECT(file_got_text(id, OK));
        } else if (asked_ms - opened_ms > CFG_FILEGET_CACHE_MS) {
            EXPECT(file_got_text(id, ABSENT));
        }
    }
    EXPECT(sim_now() > opened_ms + CFG_FILEGET_CACHE_MS);
    EXPECT(file_end());
}

/* Nobody asks any more: the handles go back, and nothing wakes the server afterwards. */
static void test_idle(void)
{
    unsigned id = begin();
    uint64_t waits;

    file_run(CFG_FILEGET_CACHE_MS / 2);
    ask(id, GET("/z"));
    sim_peer_close(id);
    file_run(CFG_FILEGET_CACHE_MS / 2 - 50);
    EXPECT(sim_files_open() == 2);
    file_run(100);
    EXPECT(sim_files_open() == 1);
    file_run(CFG_FILEGET_CACHE_MS);
    EXPECT(sim_files_open() == 0);
    file_run(3000);
    waits = sim_waits();
    file_run(60000);
    EXPECT(sim_waits() < waits + 3);
    EXPECT(file_end());
}

/* A download that goes on for longer: the file is closed when it ends, and found anew meanwhile. */
static void test_lent(void)
{
    unsigned id;
    unsigned other;

    file_begin();
    id = file_dial_with(1000);
    other = file_dial();
    file_peer(id)->stalled = true;
    file_say(id, GET("/big"));
    file_run(3);
    ask(other, GET("/big"));
    EXPECT(file_got_text(other, OK) && opens() == 1);
    file_run(2 * CFG_FILEGET_CACHE_MS);
    EXPECT(sim_files_open() == 1);
    ask(other, GET("/big"));
    EXPECT(file_got_text(other, OK) && opens() == 2 && sim_files_open() == 2);
    file_run(2 * CFG_FILEGET_CACHE_MS);
    EXPECT(sim_files_open() == 1);
    file_peer(id)->stalled = false;
    file_read(id);
    for (unsigned left = 1000; left > 0 && file_peer(id)->n < FILE_BIG_BYTES + 200; left--) {
        file_run(1);
    }
    file_run(2);
    EXPECT(file_got_bytes(id, file_head_bytes(id), FILE_BIG, 0, FILE_BIG_BYTES));
    EXPECT(sim_files_open() == 0);
    EXPECT(file_leave(id) && file_leave(other));
    EXPECT(file_end());
}

/* More files than places: as many are kept as there are, the last ones. */
static void test_places(void)
{
    static const char front[] = "GET /long/a%20rather%20long%20name,%20";
    unsigned id = begin();
    unsigned before;

    for (unsigned i = 0; i <= CFG_FILEGET_CACHE_FILES && i < 40; i++) {
        char request[100];

        (void)snprintf(request, sizeof request, "%s%u HTTP/1.1\r\nHost: h\r\n\r\n", front, i);
        ask(id, request);
        EXPECT(file_got_text(id, OK));
        EXPECT(sim_files_open() <= CFG_FILEGET_CACHE_FILES);
    }
    before = opens();
    ask(id, GET("/long/a%20rather%20long%20name,%201"));
    EXPECT(opens() == before);
    ask(id, GET("/a.txt"));
    EXPECT(opens() == before + 1);
    EXPECT(file_end());
}

/* The system has no handle left: what is only kept goes first. */
static void test_pressure(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    unsigned id;

    plan.handles = 4; /* the listener, a connection, and two files */
    file_begin_with(plan);
    id = file_dial();
    ask(id, GET("/a.txt"));
    ask(id, GET("/z"));
    EXPECT(sim_files_open() == 2);
    ask(id, GET("/GET"));
    EXPECT(file_got_text(id, OK) && sim_files_open() == 1);
    EXPECT(file_end());
}

/* Told to stop, the server closes what it keeps; what is lent, when it was sent. */
static void test_stop(void)
{
    unsigned id = begin();

    EXPECT(sim_files_open() == 1);
    file_peer(id)->stalled = true;
    memset(file_peer(id)->out, 0, FILE_OUT_BYTES);
    file_peer(id)->n = 0;
    file_say(id, GET("/big"));
    file_run(3);
    EXPECT(sim_files_open() == 2);
    sim_request(PORT_REQUEST_STOP);
    file_run(3);
    EXPECT(sim_files_open() == 1);
    file_peer(id)->stalled = false;
    file_read(id);
    file_run(100);
    EXPECT(file_got_bytes(id, file_head_bytes(id), FILE_BIG, 0, FILE_BIG_BYTES));
    EXPECT(sim_files_open() == 0);
}

/* A head from memory is the head rendered afresh, but for the date; one of a file from the future
 * is not kept (RFC 9110 section 8.8.2.1). */
static void test_heads(void)
{
    unsigned id = begin();
    char first[1024] = {0};

    memcpy(first, file_peer(id)->out, file_peer(id)->n);
    EXPECT(strstr(first, "\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n") != NULL);
    ask(id, GET("/a.txt"));
    EXPECT(file_got_text(id, first));
    sim_wall_set(true, DATE + 1);
    ask(id, GET("/a.txt"));
    *strstr(first, "20 GMT") = '\0';
    EXPECT(file_got_text(id, first));
    EXPECT(file_holds(id, "\r\nDate: Tue, 14 Nov 2023 22:13:21 GMT\r\n"));
    EXPECT(file_holds(id, "\r\nLast-Modified: Sun, 09 Sep 2001 01:46:40 GMT\r\n"));
    ask(id, "GET /a.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\n");
    EXPECT(file_holds(id, "\r\nContent-Length: 2\r\nContent-Range: bytes 1-2/6\r\n"));
    ask(id, "HEAD /a.txt HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT(file_holds(id, "\r\nContent-Length: 6\r\n"));
    EXPECT(file_peer(id)->n == file_head_bytes(id));
    sim_file_date(FILE_A, DATE + 3600, 0);
    for (unsigned second = 1; second <= 2; second++) {
        sim_wall_set(true, DATE + second);
        ask(id, GET("/a.txt"));
        EXPECT(file_holds(id, second == 1
                                  ? "\r\nLast-Modified: Tue, 14 Nov 2023 22:13:21 GMT\r\n"
                                  : "\r\nLast-Modified: Tue, 14 Nov 2023 22:13:22 GMT\r\n"));
    }
    sim_wall_set(false, 0);
    ask(id, GET("/a.txt"));
    EXPECT(!file_holds(id, "Date:") && file_holds(id, "\r\nLast-Modified: Tue, 14 Nov 2023 23:"));
    EXPECT(file_end());
}

/* The system cannot say what became of the file: it is found anew. */
static void test_look_fails(void)
{
    struct sim_plan plan = sim_plan_quiet(1);
    unsigned id;

    plan.rate[SIM_FILE_LOOK_IO] = 65535;
    file_begin_with(plan);
    id = file_dial();
    ask(id, GET("/a.txt"));
    ask(id, GET("/a.txt"));
    EXPECT(file_got_text(id, OK) && opens() == 2 && looks() == 1 && sim_files_open() == 1);
    sim_faults_off();
    EXPECT(file_end());
}

int main(void)
{
    test_first_date(); /* before any other */
    test_once();
    test_raw();
    test_not_kept();
    test_refused();
    test_changes();
    test_fresh();
    test_folder();
    test_idle();
    test_lent();
    test_places();
    test_pressure();
    test_heads();
    test_look_fails();
    test_stop();
    return check_report("fileget_cache");
}

#else

int main(void)
{
    check_skip("no files are kept open in this build");
    return check_report("fileget_cache");
}

#endif
