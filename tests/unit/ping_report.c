/* SPDX-License-Identifier: MIT */
/* What ping says, word for word, and whether anybody reads it.
 * uses port/sim */
#include "apps/ping/ping_report.h"

#include <string.h>

#include "port/sim/sim.h"
#include "tests/check.h"

enum { HOST_BYTES = 4 };

static const struct port_address address = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, 0, 7007};

static char said[2048];
static size_t said_bytes;

static void hear(const uint8_t *bytes, size_t n)
{
    if (said_bytes + n < sizeof said) {
        memcpy(said + said_bytes, bytes, n);
        said_bytes += n;
        said[said_bytes] = '\0';
    }
}

static const struct sim_hooks hooks = {.console = hear};

static void begin(bool datagrams, bool quiet)
{
    struct sim_plan plan = sim_plan_quiet(1);
    memset(&ping_settings, 0, sizeof ping_settings);
    memcpy(ping_settings.target.host, "host", HOST_BYTES + 1);
    ping_settings.datagrams = datagrams;
    ping_settings.quiet = quiet;
    ping_settings.bytes = 64;
    ping_settings.timeout_ms = 2050;
    sim_begin(&plan, &hooks);
}

/* Whether those words were said since the last time. */
static bool says(const char *wanted)
{
    bool right = strcmp(said, wanted) == 0;
    if (!right) {
        printf("wanted: %s   got: %s", wanted, said);
    }
    said_bytes = 0;
    said[0] = '\0';
    return right;
}

static void test_begin(void)
{
    begin(false, false);
    EXPECT(ping_report_begin(&address, 1234567));
    EXPECT(says("ping host (192.0.2.1:7007) over TCP, 64 bytes, connected in 1234.567 ms\n"));
    EXPECT(ping_report_begin(&address, 1002));
    EXPECT(says("ping host (192.0.2.1:7007) over TCP, 64 bytes, connected in 1.002 ms\n"));
    begin(true, true);
    EXPECT(ping_report_begin(&address, 999));
    EXPECT(says("ping host (192.0.2.1:7007) over UDP, 64 bytes\n"));
}

/* All that is said of single probes; false: one of them is not read. */
static bool details_print(void)
{
    bool read = ping_report_lost(3);
    read = ping_report_unsent(4) && read;
    read = ping_report_damage(5, 20, 0xa5, 0x0f) && read;
    read = ping_report_length(6, 60) && read;
    read = ping_report_strange(&address, 70) && read;
    read = ping_report_elsewhere(&address) && read;
    return ping_report_surplus() && read;
}

static void test_details(void)
{
    static const struct {
        enum ping_answer answer;
        const char *note;
    } rows[] = {
        {PING_FIRST, ""}, {PING_REORDERED, " (out of order)"}, {PING_AGAIN, " (duplicate)"},
        {PING_LATE, " (too late)"}, {PING_UNKNOWN, " (unknown)"},
    };
    begin(false, false);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char wanted[100];
        snprintf(wanted, sizeof wanted, "64 bytes from 192.0.2.1:7007: seq=7 time=0.%03u ms%s\n",
                 (unsigned)i + 98, rows[i].note);
        EXPECT(ping_report_reply(&address, 7, 64, (uint32_t)i + 98, rows[i].answer));
        EXPECT(says(wanted));
    }
    EXPECT(details_print());
    EXPECT(says("seq=3: no reply in 2.050 s\n"
                "seq=4: could not be sent\n"
                "seq=5: differs first in byte 20 (from 0): 0xa5 came back for 0x0f\n"
                "seq=6: 60 bytes came back for 64\n"
                "70 bytes from 192.0.2.1:7007 that answer no probe\n"
                "a datagram came from 192.0.2.1:7007, which was not asked\n"
                "bytes came back that had not been sent\n"));
    begin(false, true); /* -q leaves them out */
    EXPECT(details_print() && ping_report_reply(&address, 7, 64, 1, PING_FIRST) && says(""));
}

static void test_summary(void)
{
    struct ping_track track;
    struct ping_findings findings;
    memset(&findings, 0, sizeof findings);
    findings.address = address;
    begin(true, true);
    ping_track_begin(&track);
    EXPECT(ping_report_summary(&track, &findings));
    EXPECT(says("--- host (192.0.2.1:7007): 0 sent, 0 received, 0 lost (0.0%)\n"));
    track.sent = 3;
    track.lost = 1;
    track.received = 2;
    ping_times_add(&track.times, 1500);
    ping_times_add(&track.times, 3500);
    EXPECT(ping_report_summary(&track, &findings));
    EXPECT(says("--- host (192.0.2.1:7007): 3 sent, 2 received, 1 lost (33.3%)\n"
                "round trip min/avg/max/stddev = 1.500/2.500/3.500/1.000 ms\n"));
    track.sent = 4; /* one each of all that can be */
    track.duplicates = 1;
    track.reordered = 2;
    track.late = 3;
    findings.damaged = 4;
    findings.elsewhere = 5;
    findings.strange = 6;
    findings.surplus_bytes = 7;
    EXPECT(ping_report_summary(&track, &findings));
    EXPECT(says("--- host (192.0.2.1:7007): 4 sent, 2 received, 1 lost (25.0%), 1 still under way, "
                "1 duplicate, 2 out of order, 3 too late, 4 damaged, 5 from elsewhere, "
                "6 that answer nothing, 7 bytes too many\n"
                "round trip min/avg/max/stddev = 1.500/2.500/3.500/1.000 ms\n"));
}

/* A line that is too long is cut, and ends as a line. */
static void test_long(void)
{
    enum { LINE_BYTES = 512 };
    struct ping_track track;
    struct ping_findings findings;
    memset(&findings, 0xff, sizeof findings);
    ping_track_begin(&track);
    track.sent = UINT32_MAX;
    track.duplicates = UINT32_MAX;
    track.reordered = UINT32_MAX;
    track.late = UINT32_MAX;
    begin(false, false);
    memset(ping_settings.target.host, 'h', sizeof ping_settings.target.host - 1);
    EXPECT(ping_report_summary(&track, &findings));
    EXPECT(said_bytes == LINE_BYTES && strchr(said, '\n') == said + LINE_BYTES - 1);
    said_bytes = 0;
    said[0] = '\0';
}

/* Ping ends when nobody reads what it says. */
static void test_unread(void)
{
    struct ping_track track;
    struct ping_findings findings;
    memset(&findings, 0, sizeof findings);
    ping_track_begin(&track);
    begin(false, false);
    sim_print_close();
    EXPECT(!ping_report_begin(&address, 1) && !ping_report_summary(&track, &findings));
    EXPECT(!ping_report_reply(&address, 7, 64, 1, PING_FIRST));
    EXPECT(!ping_report_lost(1) && !ping_report_unsent(1) && !ping_report_damage(1, 1, 1, 2));
    EXPECT(!ping_report_length(1, 1) && !ping_report_strange(&address, 1));
    EXPECT(!ping_report_elsewhere(&address) && !ping_report_surplus());
    begin(false, true);
    sim_print_close();
    EXPECT(details_print() && !ping_report_summary(&track, &findings));
}

int main(void)
{
    test_begin();
    test_details();
    test_summary();
    test_long();
    test_unread();
    return check_report("ping_report");
}
