/* SPDX-License-Identifier: MIT */
/*
 * The load generator: one work, one server, one line of JSON; see README.md. Exit status 0, 1 when
 * a byte was wrong, a line lost, a connection refused, 2 usage.
 */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench bench = {
    .host = "127.0.0.1",
    .peer = "linnet",
    .path = "1k",
    .patience_ms = 10000,
    .duration_ms = 1000,
    .least = 1,
};

struct work {
    const char *name;
    void (*run)(void);
    unsigned connections;
    unsigned senders;
    unsigned depth;
    size_t size;
    const char *text;
};

static const struct work works[] = {
    {"echo-latency", echo_latency, 1, 0, 1, 64, "one connection, one message there and back"},
    {"echo-busy", echo_busy, 64, 0, 1, 64, "every connection has --depth messages under way"},
    {"echo-pipelined", echo_busy, 1, 0, 16, 64, "the same, one connection with 16"},
    {"echo-bulk", echo_bulk, 1, 0, 1, 32768, "one connection, as many bytes as go through"},
    {"echo-churn", echo_churn, 1, 0, 1, 64, "connect, one exchange, close"},
    {"echo-idle", echo_idle, 1, 0, 1, 64, "echo-latency among --idle silent connections"},
    {"udp", udp_busy, 8, 0, 4, 64, "UDP echo, sockets with --depth datagrams under way"},
    {"http-keep", http_keep, 16, 0, 1, 1024, "GET on connections that stay"},
    {"http-close", http_close, 1, 0, 1, 1024, "GET, a connection for each"},
    {"raw", raw_name, 1, 0, 1, 1024, "a name, then the bytes, a connection for each"},
    {"chat", chat_fan_out, 100, 1, 1, 64, "--senders with --depth lines under way, heard by all"},
    {"chat-join", chat_join, 100, 1, 1, 64, "from the first connect until all hear a line"},
};
enum { WORKS = sizeof works / sizeof works[0] };

static int usage(void)
{
    fprintf(stderr,
            "usage: bench WORK --port N [options]\n"
            "       bench file PATH BYTES      writes a file that --path can name\n"
            "  --host ADDR --port N   the server, IPv4\n"
            "  --pid N                its process, for its processor time\n"
            "  --peer NAME            what the report calls it\n"
            "  --ms N                 how long (1000)\n"
            "  --least N              operations, or an error, though it takes longer\n"
            "  --patience MS          what does not come within so long is lost (10000)\n"
            "  --connections N  --senders N  --depth N  --idle N  --size BYTES\n"
            "  --path NAME            of the file, made by `bench file`; --size: how long it is\n"
            "  --irc                  the chat is IRC\n"
            "  --hello                chat members send an empty line on arrival\n"
            "  --calls                count system calls with strace; all else is slower then\n");
    for (size_t i = 0; i < WORKS; i++) {
        fprintf(stderr, "%-16s %s\n", works[i].name, works[i].text);
    }
    return 2;
}

static bool option_text(const char *name, const char *value)
{
    if (strcmp(name, "--host") == 0) {
        bench.host = value;
    } else if (strcmp(name, "--peer") == 0) {
        bench.peer = value;
    } else if (strcmp(name, "--path") == 0) {
        bench.path = value;
    } else {
        return false;
    }
    return true;
}

/* Stores the value of an option that is a number. */
static bool option_number(const char *name, const char *value)
{
    char *end = NULL;
    unsigned long n = strtoul(value, &end, 10);
    if (end == value || *end != '\0') {
        return false;
    }
    if (strcmp(name, "--port") == 0) {
        bench.port = (uint16_t)n;
    } else if (strcmp(name, "--pid") == 0) {
        bench.pid = (pid_t)n;
    } else if (strcmp(name, "--ms") == 0) {
        bench.duration_ms = n;
    } else if (strcmp(name, "--patience") == 0) {
        bench.patience_ms = (int)n;
    } else if (strcmp(name, "--least") == 0) {
        bench.least = n;
    } else if (strcmp(name, "--connections") == 0) {
        bench.connections = (unsigned)n;
    } else if (strcmp(name, "--senders") == 0) {
        bench.senders = (unsigned)n;
    } else if (strcmp(name, "--depth") == 0) {
        bench.depth = (unsigned)n;
    } else if (strcmp(name, "--idle") == 0) {
        bench.idle = (unsigned)n;
    } else if (strcmp(name, "--size") == 0) {
        bench.size = n;
    } else {
        return false;
    }
    return true;
}

static bool options(int count, char **words)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "--irc") == 0) {
            bench.irc = true;
        } else if (strcmp(words[i], "--calls") == 0) {
            bench.trace = true;
        } else if (strcmp(words[i], "--hello") == 0) {
            bench.hello = true;
        } else if (i + 1 < count
                   && (option_text(words[i], words[i + 1])
                       || option_number(words[i], words[i + 1]))) {
            i++;
        } else {
            return false;
        }
    }
    return bench.port != 0 && bench.connections > 0 && bench.connections <= BENCH_CONNECTIONS_MAX
           && bench.idle <= BENCH_CONNECTIONS_MAX && bench.depth > 0
           && bench.depth <= BENCH_DEPTH_MAX && bench.duration_ms > 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "file") == 0) {
        return pattern_file(argv[2], strtoull(argv[3], NULL, 10)) ? 0 : 1;
    }
    for (size_t i = 0; i < WORKS; i++) {
        if (argc > 1 && strcmp(argv[1], works[i].name) == 0) {
            bench.work = works[i].name;
            bench.connections = works[i].connections;
            bench.senders = works[i].senders;
            bench.depth = works[i].depth;
            bench.size = works[i].size;
            if (!options(argc - 2, argv + 2)) {
                return usage();
            }
            net_raise_handles();
            works[i].run();
            return measure_report();
        }
    }
    return usage();
}
