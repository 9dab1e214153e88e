/* SPDX-License-Identifier: MIT */
/* Ping over the simulated port, to the millisecond: when probes go out and are given up, which
 * address is tried, what ends it, and with which exit status.
 * uses port/sim */
#include "apps/ping/ping.h"

#include <string.h>

#include "apps/ping/ping_app.h"
#include "core/config.h"
#include "port/sim/state.h"
#include "tests/check.h"
#include "tests/unit/command_line.h"

enum { PROBES = 64, TEXT_BYTES = 4096, REPLY_MS = 5, PEER_BYTES = 4096, NEVER_MS = 1000000 };

enum manner {
    HONEST,
    SILENT,
    FOREIGN,  /* TCP: one byte more than was sent, each time */
    HALVES,   /* TCP: the beginning of a reply, and its end with the whole next one */
    DAMAGED,  /* UDP: another byte 20 */
    STAYS,    /* TCP: does not end when ping did */
    LATE,     /* UDP: each second reply half a second later */
    DEAF,     /* TCP: reads nothing */
    LEAVES,   /* TCP: closes behind the second reply */
    BREAKS    /* TCP: resets then */
};

static struct {
    enum manner manner;
    uint64_t sent_ms[PROBES];
    unsigned sent;
    uint64_t seed;
    uint64_t stop_ms;
    uint64_t closed_ms; /* from then on nobody reads what it prints */
    uint64_t ended_ms;
    uint64_t rest_ms;   /* TCP: when the rest of the replies is sent */
    uint64_t leave_ms;  /* TCP: when the peer closes */
    uint16_t own_port;  /* UDP: that the last probe came from */
    uint8_t probe[64];  /* UDP: the last one */
    char out[TEXT_BYTES];
    size_t out_bytes;
    char log[TEXT_BYTES];
    size_t log_bytes;
    struct sim_fault faults[4];
    size_t faults_count;
    char kept[PEER_BYTES];
    size_t kept_bytes;
} world;

static void put(char *to, size_t *n, const void *bytes, size_t count)
{
    if (*n + count + 1 < TEXT_BYTES) {
        memcpy(to + *n, bytes, count);
        *n += count;
        to[*n] = '\0';
    }
}

static void world_console(const uint8_t *bytes, size_t n)
{
    put(world.out, &world.out_bytes, bytes, n);
}

static void world_log(const char *line, size_t n)
{
    put(world.log, &world.log_bytes, line, n);
    put(world.log, &world.log_bytes, "\n", 1);
}

static void note_probe(void)
{
    if (world.sent < PROBES) {
        world.sent_ms[world.sent] = sim_now();
    }
    world.sent++;
}

/* A probe over UDP: answered from where it went to. */
static void world_datagram(const struct port_address *from, const struct port_address *to,
                           const uint8_t *bytes, size_t n)
{
    struct port_address back = *to;
    back.port = from->port;
    world.own_port = from->port;
    note_probe();
    memcpy(world.probe, bytes, n < sizeof world.probe ? n : sizeof world.probe);
    if (world.manner == DAMAGED) {
        uint8_t damaged[sizeof world.probe];
        memcpy(damaged, world.probe, sizeof damaged);
        damaged[20] ^= 0x11;
        sim_datagram_send(to, &back, damaged, n, REPLY_MS, false);
    } else if (world.manner != SILENT) {
        uint32_t late_ms = world.manner == LATE && world.sent % 2 == 0 ? 500 : 0;
        sim_datagram_send(to, &back, bytes, n, REPLY_MS + late_ms, false);
    }
}

static void world_sent(unsigned connection, const uint8_t *bytes, size_t n)
{
    (void)connection;
    (void)bytes;
    (void)n;
    note_probe();
}

/* Sends back what came, and keeps what there is no room for. */
static void echo(unsigned connection)
{
    size_t n = 1;
    while (n > 0) {
        if (world.kept_bytes == 0) {
            world.kept_bytes = sim_peer_read(connection, world.kept, sizeof world.kept);
        }
        n = world.kept_bytes > 0 ? sim_peer_send(connection, world.kept, world.kept_bytes) : 0;
        world.kept_bytes -= n;
        memmove(world.kept, world.kept + n, world.kept_bytes);
    }
}

/* Two replies of 64 bytes, as 10 and 118. */
static void echo_halves(unsigned connection)
{
    world.kept_bytes += sim_peer_read(connection, world.kept + world.kept_bytes,
                                      sizeof world.kept - world.kept_bytes);
    if (world.kept_bytes == 2 * 64) {
        (void)sim_peer_send(connection, world.kept, 10);
        world.rest_ms = sim_now() + 200;
        sim_step_at(world.rest_ms);
    }
}

static void world_arrived(unsigned connection)
{
    if (sim_peer_state(connection) == SIM_PEER_OPEN && world.manner != DEAF) {
        bool asked = sim_peer_readable(connection) > 0;
        if (world.sent >= 2 && world.manner == BREAKS) {
            sim_peer_reset(connection);
        } else if (world.manner == HALVES) {
            echo_halves(connection);
        } else if (world.manner != SILENT) {
            echo(connection);
        }
        if (asked && world.manner == FOREIGN) {
            (void)sim_peer_send(connection, "x", 1);
        } else if (world.sent >= 2 && world.manner == LEAVES) {
            sim_peer_shut(connection);
        }
    } else if ((sim_peer_state(connection) == SIM_PEER_ENDED && world.manner != STAYS) ||
               sim_peer_state(connection) == SIM_PEER_RESET) {
        sim_peer_close(connection);
    }
}

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms >= world.closed_ms) {
        sim_print_close();
    }
    if (world.rest_ms > 0 && now_ms >= world.rest_ms) {
        (void)sim_peer_send(SIM_DIALLED, world.kept + 10, world.kept_bytes - 10);
        world.rest_ms = 0;
    }
    if (world.leave_ms > 0) {
        if (now_ms < world.leave_ms) {
            return world.leave_ms;
        }
        sim_peer_shut(SIM_DIALLED);
        world.leave_ms = 0;
    }
    if (now_ms >= world.stop_ms) {
        sim_request(PORT_REQUEST_STOP);
        return UINT64_MAX;
    }
    return now_ms < world.closed_ms && world.closed_ms < world.stop_ms ? world.closed_ms
                                                                       : world.stop_ms;
}

static const struct sim_hooks hooks = {.step = world_step, .arrived = world_arrived,
                                       .sent = world_sent, .datagram = world_datagram,
                                       .console = world_console, .log = world_log};

static void world_begin(enum manner manner)
{
    memset(&world, 0, sizeof world);
    world.manner = manner;
    world.stop_ms = NEVER_MS;
    world.closed_ms = UINT64_MAX;
}

static void fault_add(enum sim_fault_kind kind, int32_t connection, uint32_t nth)
{
    world.faults[world.faults_count++] = (struct sim_fault){(uint8_t)kind, connection, nth, 0};
}

/* Pings; its exit status. */
static int ping(const char *words)
{
    static const char *const ours[] = {"\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1",
                                       "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"};
    static struct command_line line;
    struct sim_plan plan = sim_plan_quiet(1 + world.seed);
    plan.listed = true;
    plan.list = world.faults;
    plan.list_count = world.faults_count;
    command_line_set(&line, "ping", words);
    sim_begin(&plan, &hooks);
    sim_step_at(0);
    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        struct port_address at = {{0}, 0, 7007};
        memcpy(at.ip, ours[i], sizeof at.ip);
        sim_peer_listen(&at);
    }
    EXPECT(port_start() == PORT_OK);
    int status = ping_main(line.argc, line.argv, 2);
    world.ended_ms = sim_now();
    EXPECT(sim_handles_open() <= 1); /* the datagram socket ends with the program */
    port_end();
    return status;
}

static bool says(const char *text, const char *wanted)
{
    bool right = strstr(text, wanted) != NULL;
    if (!right) {
        printf("wanted: %s   got: %s", wanted, text);
    }
    return right;
}

/* Whether probe i, from 0, went out at that time after the first. */
static bool went(unsigned i, uint64_t ms)
{
    return i < world.sent && world.sent_ms[i] - world.sent_ms[0] == ms;
}

static bool took(uint64_t ms)
{
    if (world.ended_ms != ms) {
        printf("took %u ms\n", (unsigned)world.ended_ms);
    }
    return world.ended_ms == ms;
}

/* ---- When probes go out -------------------------------------------------------------------- */

static void test_intervals(void)
{
    static const struct {
        const char *words;
        unsigned count;
        uint64_t each_ms;
    } rows[] = {
        {"-c 3 127.0.0.1", 3, 1000}, {"-u -c 3 127.0.0.1", 3, 1000},
        {"-u -i 0.25 -c 4 127.0.0.1", 4, 250}, {"-u -i 2 -c 2 127.0.0.1", 2, 2000},
        {"-u -i 0.999 -c 2 ::1", 2, 999}, {"-u -i 1.5 -c 2 ::1", 2, 1500},
        {"-u -i 0 -c 4 127.0.0.1", 4, REPLY_MS}, {"-i 0.001 -c 9 127.0.0.1", 9, 1},
        {"-u -i 3600 -c 2 127.0.0.1", 2, 3600000}, {"-u -c 1 127.0.0.1", 1, 0},
        {"-u -i 0 -c 1 127.0.0.1", 1, 0}, {"-u -i 0.015 -W 0.001 -c 3 127.0.0.1", 3, 15},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_begin(HONEST);
        world.stop_ms = 4 * NEVER_MS;
        int status = ping(rows[i].words);
        EXPECT(status == 0 || i == COUNT_OF(rows) - 1);
        EXPECT(world.sent == rows[i].count);
        for (unsigned n = 0; n < rows[i].count; n++) {
            EXPECT(went(n, n * rows[i].each_ms));
        }
        EXPECT(sim_waits() < 60); /* it does not look for what it does not wait for */
        EXPECT(world.own_port == 0 || world.own_port >= 1024);
        /* The last answer is all that it waits for. */
        if (rows[i].words[1] == 'u' && status == 0) {
            EXPECT(took((rows[i].count - 1) * rows[i].each_ms + REPLY_MS));
        }
    }
}

/* A probe is given up after its time, or a sixteenth of that later; no other is touched. */
static void test_timeouts(void)
{
    world_begin(SILENT);
    EXPECT(ping("-u -c 1 127.0.0.1") == 1 && took(2000));
    EXPECT(says(world.out, "seq=1: no reply in 2.000 s\n"));
    world_begin(SILENT);
    EXPECT(ping("-u -c 1 -W 0.5 127.0.0.1") == 1 && took(500));
    world_begin(SILENT);
    EXPECT(ping("-u -c 2 -i 0.1 -W 1.6 127.0.0.1") == 1 && took(1700)); /* looks each 100 ms */
    world_begin(SILENT);
    EXPECT(ping("-u -c 2 -i 0.101 -W 1.6 127.0.0.1") == 1 && took(1800));
    world_begin(SILENT);
    EXPECT(ping("-u -c 3 -i 0 -W 0.3 127.0.0.1") == 1 && took(900));
    EXPECT(went(1, 300) && went(2, 600) && world.sent == 3);
    world_begin(SILENT);
    EXPECT(ping("-u -c 2 -i 0.001 -W 0.008 127.0.0.1") == 1 && took(9)); /* looks each 1 ms */
    world_begin(SILENT);
    EXPECT(ping("-c 1 -W 0.5 127.0.0.1") == 1 && world.ended_ms - world.sent_ms[0] == 500);
    world_begin(LATE); /* the second comes when it was given up, the fourth too late to be seen */
    EXPECT(ping("-u -c 4 -i 0.3 -W 0.32 127.0.0.1") == 1 && took(1220));
    EXPECT(says(world.out, "seq=2: no reply in 0.320 s\n"));
    EXPECT(says(world.out, "seq=2 time=505.") && says(world.out, " ms (too late)\n"));
    EXPECT(says(world.out, "4 sent, 2 received, 2 lost (50.0%), 1 too late\n"));
}

/* ---- Where to ------------------------------------------------------------------------------ */

static void test_addresses(void)
{
    world_begin(HONEST);
    EXPECT(ping("-c 1 localhost") == 0 && world.log_bytes == 0);
    EXPECT(says(world.out, "ping localhost ([::1]:7007) over TCP, 64 bytes, connected in "));
    unsigned connected_ms = 1000;
    EXPECT(sscanf(strstr(world.out, "connected in"), "connected in %u", &connected_ms) == 1);
    EXPECT(connected_ms <= world.sent_ms[0] && connected_ms + 1 >= world.sent_ms[0]);
    world_begin(HONEST);
    fault_add(SIM_CONNECTED_REFUSED, SIM_DIALLED, 0);
    EXPECT(ping("-c 1 localhost") == 0);
    EXPECT(says(world.log, "linnet: cannot reach localhost at [::1]:7007: connection refused\n"));
    EXPECT(says(world.out, "ping localhost (127.0.0.1:7007) over TCP"));
    EXPECT(strstr(world.out, "[::1]") == NULL);
    world_begin(HONEST);
    fault_add(SIM_CONNECTED_UNREACHABLE, SIM_DIALLED, 0);
    fault_add(SIM_CONNECT_FULL, SIM_DIALLED + 1, 0);
    EXPECT(ping("-c 1 localhost") == 7 && world.out_bytes == 0);
    EXPECT(says(world.log, "linnet: cannot reach localhost at [::1]:7007: there is no way to that "
                           "address\nlinnet: cannot reach localhost at 127.0.0.1:7007: no free "
                           "handle\n"));
    world_begin(HONEST);
    EXPECT(ping("-4 -c 1 localhost") == 0 && says(world.out, "(127.0.0.1:7007)"));
    world_begin(HONEST);
    EXPECT(ping("-u -6 -c 1 localhost") == 0 && says(world.out, "([::1]:7007) over UDP"));
    world_begin(HONEST);
    fault_add(SIM_LISTEN_UNREACHABLE, SIM_NOBODY, 0);
    EXPECT(ping("-u -c 1 localhost") == 0 && says(world.out, "(127.0.0.1:7007) over UDP"));
    EXPECT(says(world.log, "linnet: cannot reach localhost at [::1]:7007: there is no such address "
                           "family here\n"));
    world_begin(HONEST);
    fault_add(SIM_LISTEN_UNREACHABLE, SIM_NOBODY, 0);
    EXPECT(ping("-u -c 1 127.0.0.1") == 7 && world.out_bytes == 0);
    world_begin(HONEST);
    EXPECT(ping("-c 1 nowhere") == 7 && says(world.log, "linnet: there is no host nowhere\n"));
}

/* ---- What ends it -------------------------------------------------------------------------- */

static void test_ends(void)
{
    world_begin(HONEST);
    world.stop_ms = 2500;
    EXPECT(ping("-u 127.0.0.1") == 0 && world.sent == 3 && took(2500));
    EXPECT(says(world.out, "3 sent, 3 received, 0 lost (0.0%)\n"));
    world_begin(SILENT);
    world.stop_ms = 1500;
    EXPECT(ping("-u -W 9 127.0.0.1") == 1 && took(1500));
    EXPECT(says(world.out, "2 sent, 0 received, 0 lost (0.0%), 2 still under way\n"));
    world_begin(HONEST); /* while it connects */
    world.stop_ms = 1;
    EXPECT(ping("127.0.0.1") == 7 && world.out_bytes == 0 && world.ended_ms < 100);
    for (unsigned datagrams = 0; datagrams < 2; datagrams++) { /* when nobody reads on */
        world_begin(HONEST);
        world.closed_ms = 1500;
        EXPECT(ping(datagrams != 0 ? "-u 127.0.0.1" : "127.0.0.1") == 1);
        EXPECT(world.sent == 3 && world.ended_ms >= 2000 && world.ended_ms < 2200);
        world_begin(SILENT);
        world.closed_ms = 1500;
        EXPECT(ping(datagrams != 0 ? "-u 127.0.0.1" : "127.0.0.1") == 1);
        EXPECT(world.ended_ms >= 2000 && world.ended_ms < 2200);
    }
    world_begin(HONEST);
    world.closed_ms = 0;
    EXPECT(ping("-u 127.0.0.1") == 1 && world.sent <= 1 && world.ended_ms < 10);
    world_begin(FOREIGN);
    EXPECT(ping("-c 3 127.0.0.1") == 0 && says(world.out, ", 3 bytes too many\n"));
    EXPECT(says(world.out, "bytes came back that had not been sent\n"));
    EXPECT(strstr(strstr(world.out, "not been sent") + 1, "not been sent") == NULL); /* once */
    world_begin(LEAVES);
    EXPECT(ping("127.0.0.1") == 1 && world.sent == 2 && world.ended_ms < 1200);
    EXPECT(says(world.log, "linnet: 127.0.0.1 closed the connection\n"));
    EXPECT(says(world.out, "2 sent, 2 received, 0 lost (0.0%)\n"));
    EXPECT(strstr(world.out, "no reply") == NULL);
    world_begin(HALVES);
    EXPECT(ping("-c 2 -i 0.01 127.0.0.1") == 0);
    EXPECT(says(world.out, "2 sent, 2 received, 0 lost (0.0%)\nround trip"));
    world_begin(STAYS); /* is not waited for */
    EXPECT(ping("-c 1 127.0.0.1") == 0 && world.ended_ms < 200);
    EXPECT(says(world.out, "1 sent, 1 received, 0 lost (0.0%)\n"));
    world_begin(BREAKS);
    EXPECT(ping("127.0.0.1") == 1 && world.ended_ms < 1200);
    EXPECT(says(world.log, "linnet: 127.0.0.1 reset the connection\n"));
    EXPECT(says(world.out, "2 sent, 1 received, 1 lost (50.0%)\n"));
}

/* The noise is another in each run, and a byte of it that differs is shown. */
static void test_damage(void)
{
    char wanted[120];
    uint8_t first[64];
    world_begin(DAMAGED);
    EXPECT(ping("-u -c 1 127.0.0.1") == 1 && says(world.out, ", 1 damaged\n"));
    snprintf(wanted, sizeof wanted,
             "seq=1: differs first in byte 20 (from 0): 0x%02x came back for 0x%02x\n",
             (unsigned)world.probe[20] ^ 0x11, (unsigned)world.probe[20]);
    EXPECT(says(world.out, wanted));
    EXPECT(memcmp(world.probe, "\1\0\0\0", 4) == 0);
    EXPECT(memcmp(world.probe + 4, "\0\0\0\0", 4) != 0);
    memcpy(first, world.probe, sizeof first);
    world_begin(DAMAGED);
    world.seed = 2;
    EXPECT(ping("-u -c 1 127.0.0.1") == 1 && memcmp(world.probe + 4, first + 4, 4) != 0);
}

/* Who takes nothing is left in the end; what was not taken yet gets no company. */
static void test_deaf(void)
{
    world_begin(DEAF);
    EXPECT(ping("-s 200000 -W 3600 127.0.0.1") == 1);
    EXPECT(says(world.log, "linnet: 127.0.0.1 takes no more bytes\n"));
    EXPECT(says(world.out, "1 sent, 0 received, 1 lost (100.0%)\n"));
    world_begin(DEAF);
    EXPECT(ping("-c 1 -s 200000 -W 0.5 127.0.0.1") == 1 && world.ended_ms < 700);
    EXPECT(world.log_bytes == 0 && says(world.out, "1 sent, 0 received, 1 lost (100.0%)\n"));
    /* The simulated network keeps back what is to be followed by more, even if there is no room. */
    bool pieces = CFG_DATAGRAM_BYTES < 65000;
    world_begin(HONEST);
    EXPECT(ping(pieces ? "-c 2 -i 0 -s 60000 ::1" : "-c 2 -i 0 -s 200000 ::1") == 0);
    EXPECT(says(world.out, "2 sent, 2 received, 0 lost (0.0%)\n"));
    world_begin(HONEST);
    EXPECT(ping("-c 2 -i 0 -s 1 127.0.0.1") == 0 && says(world.out, "1 bytes from 127.0.0.1"));
}

/* What could not be sent is said, and is lost when its time is over. */
static void test_unsent(void)
{
    world_begin(HONEST);
    fault_add(SIM_DATAGRAM_SEND_FULL, SIM_NOBODY, 0);
    EXPECT(ping("-u -c 2 127.0.0.1") == 1 && says(world.out, "seq=1: could not be sent\n"));
    EXPECT(says(world.out, "2 sent, 1 received, 1 lost (50.0%)\n"));
}

/* No more wait for a reply than are remembered. */
static void test_window(void)
{
    world_begin(SILENT);
    EXPECT(ping("-u -q -c 3000 -i 0.001 -W 1.6 127.0.0.1") == 1);
    EXPECT(CFG_PING_WINDOW >= 1500 || world.sent < 3000 || world.ended_ms >= 4600);
    EXPECT(says(world.out, "3000 sent, 0 received, 3000 lost (100.0%)\n"));
    char wanted[80];
    world_begin(SILENT);
    world.leave_ms = 2 * CFG_PING_WINDOW;
    snprintf(wanted, sizeof wanted, "%u sent, 0 received, %u lost (100.0%%)\n",
             (unsigned)CFG_PING_WINDOW, (unsigned)CFG_PING_WINDOW);
    EXPECT(ping("-q -i 0.001 -W 3600 127.0.0.1") == 1 && says(world.out, wanted));
}

/* How far numbers may go: a host that is not there is looked for when they are right. */
static void test_words(void)
{
    static const struct {
        const char *option;
        unsigned number;
        int status;
    } rows[] = {
        {"-u -s", 8, 7}, {"-s", 1, 7}, {"-c", 4000000000U, 7}, {"-i", 0, 7}, {"-i", 3600, 7},
        {"-W", 3600, 7}, {"-W 0.001 -c", 1, 7}, {"-u -s", 7, 2}, {"-s", 0, 2}, {"-c", 0, 2},
        {"-c", 4000000001U, 2}, {"-i", 3601, 2}, {"-i 3600.001 -c", 1, 2}, {"-W", 0, 2},
        {"-i 0.0001 -c", 1, 2}, {"-i 0.1x -c", 1, 2}, {"-i 0. -c", 1, 2}, {"-i x -c", 1, 2},
        {"-s", CFG_PING_BYTES_MAX, 7}, {"-s", CFG_PING_BYTES_MAX + 1, 2},
        {"-u -s", CFG_DATAGRAM_BYTES, 7}, {"-u -s", CFG_DATAGRAM_BYTES + 1, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[64];
        world_begin(HONEST);
        snprintf(words, sizeof words, "%s %u nowhere", rows[i].option, rows[i].number);
        EXPECT(ping(words) == rows[i].status);
    }
}

int main(void)
{
    test_intervals();
    test_timeouts();
    test_addresses();
    test_ends();
    test_damage();
    test_deaf();
    test_unsent();
    test_window();
    test_words();
    return check_report("ping_time");
}
