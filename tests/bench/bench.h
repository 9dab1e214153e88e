/* SPDX-License-Identifier: MIT */
/* The load generator's parts. For tests/bench only. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/bench/pattern.h"

/* What the command line asks for; what it does not say is the work's own default. */
struct bench {
    const char *work;
    const char *peer;     /* who is measured, for the report */
    const char *host;     /* numeric IPv4 */
    uint16_t port;
    const char *path;     /* of the file, without a leading slash */
    pid_t pid;            /* of the server; 0: its CPU time is not known */
    unsigned connections;
    unsigned senders;     /* chat members that talk */
    unsigned depth;       /* operations of one connection under way at once */
    unsigned idle;        /* further connections that only exist */
    size_t size;          /* of a message or a file, in bytes */
    bool irc;             /* the chat is IRC */
    bool hello;           /* chat members send an empty line on arrival */
    bool trace;           /* system calls are counted by strace, which makes all of it slow */
    int patience_ms;      /* what does not come within so long is lost */
    uint64_t duration_ms; /* after an eighth of it to warm up */
    uint64_t least;       /* operations, or an error; takes up to 100 times as long for them */
};
extern struct bench bench;

enum { BENCH_CONNECTIONS_MAX = 12000, BENCH_DEPTH_MAX = 1024, BENCH_SIZE_MAX = 65507 };

/* ---- Measuring (measure.c) ----------------------------------------------------------------- */

/* Warms up, then measures, then returns false. Reads the clock. */
bool measure_running(void);
uint64_t measure_now_ns(void); /* reads the clock */
/* So many operations are done; those that began then took until now. */
void measure_operation(uint64_t began_ns, uint64_t now_ns);
void measure_operations(uint64_t n);
void measure_latency(uint64_t ns); /* alone */
void measure_bytes(uint64_t n);
/* One more wrong byte, lost line, failed connection: the run has failed. The first ones are said
 * on standard error. */
void measure_error(const char *what, long detail);
/* For works that are one event: what was done from begin to end. */
void measure_begin(void);
void measure_end(void);
/* Adds a member to the report. */
void measure_note(const char *name, double value);
/* One line of JSON on standard output; the exit status. */
int measure_report(void);

/* ---- The server (server.c) ----------------------------------------------------------------- */

/* Processor time of the server and of what it forked, and its resident memory. */
uint64_t server_cpu_ns(void);
uint64_t server_resident_kb(void);
/* Has strace count its system calls from here, when bench.trace says so; how many it made. */
void server_trace(void);
uint64_t server_trace_end(void);

/* ---- The network (net.c) ------------------------------------------------------------------- */

/* Connections to the server, from ever new loopback addresses, since one has only so many ports.
 * Negative: failed, and counted as an error. Blocking, TCP_NODELAY. */
int net_connect(void);
/* The same, not blocking: the connection may not stand yet. */
int net_connect_begin(void);
int net_datagrams(void);
void net_not_blocking(int fd);
/* All of it, waiting where needed. False: failed, and counted. */
bool net_send(int fd, const void *bytes, size_t n);
/* Exactly n bytes. False: failed or ended, and counted. */
bool net_receive(int fd, void *bytes, size_t n);
/* Can anything be read within so long? */
bool net_wait(int fd, int timeout_ms);
/* Raises our own limit of descriptors as far as it goes. */
void net_raise_handles(void);

/* ---- The works ----------------------------------------------------------------------------- */

void echo_latency(void);   /* one connection, one message there and back */
void echo_busy(void);      /* every connection has `depth` messages under way */
void echo_bulk(void);      /* one connection, as many bytes as go through */
void echo_churn(void);     /* connect, one exchange, close */
void echo_idle(void);      /* echo_latency among `idle` silent connections */
void udp_busy(void);       /* every socket has `depth` datagrams under way */
void http_keep(void);      /* requests on connections that stay */
void http_close(void);     /* a connection for every request */
void raw_name(void);       /* a connection, a name and a line end, the file */
void chat_fan_out(void);   /* lines to all members */
void chat_join(void);      /* from the first connect until all hear a line */

#endif
