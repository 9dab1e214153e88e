/* SPDX-License-Identifier: MIT */
/* UDP echo: every datagram says which one it is, and is compared. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { SOCKETS_MAX = 64, NUMBER_BYTES = 8 };

struct talker {
    int fd;
    uint64_t next;                       /* number of the next datagram to send */
    bool waiting[BENCH_DEPTH_MAX];       /* by number, modulo the depth */
    uint64_t numbers[BENCH_DEPTH_MAX];
    uint64_t began_ns[BENCH_DEPTH_MAX];
};

static uint8_t datagram[BENCH_SIZE_MAX];

static void talker_send(struct talker *talker, uint64_t now_ns)
{
    unsigned place = (unsigned)(talker->next % bench.depth);
    memcpy(datagram, &talker->next, NUMBER_BYTES);
    memcpy(datagram + NUMBER_BYTES, pattern_at(talker->next), bench.size - NUMBER_BYTES);
    talker->waiting[place] = true;
    talker->numbers[place] = talker->next;
    talker->began_ns[place] = now_ns;
    talker->next++;
    if (send(talker->fd, datagram, bench.size, 0) != (ssize_t)bench.size) {
        measure_error("send", errno);
    }
}

/* The next number may only be sent where its place is free, hence in order. */
static void talker_fill(struct talker *talker, uint64_t now_ns)
{
    for (unsigned left = bench.depth; left > 0; left--) {
        if (talker->waiting[talker->next % bench.depth]) {
            return;
        }
        talker_send(talker, now_ns);
    }
}

/* Takes one datagram. False: there is none. */
static bool talker_take(struct talker *talker)
{
    uint64_t number = 0;
    ssize_t got = recv(talker->fd, datagram, sizeof datagram, 0);
    if (got < 0) {
        if (errno != EAGAIN) {
            measure_error("receive", errno);
        }
        return false;
    }
    memcpy(&number, datagram, NUMBER_BYTES);
    unsigned place = (unsigned)(number % bench.depth);
    if (got != (ssize_t)bench.size
        || !pattern_matches(datagram + NUMBER_BYTES, bench.size - NUMBER_BYTES, number)) {
        measure_error("a wrong datagram of bytes", (long)got);
    } else if (!talker->waiting[place] || talker->numbers[place] != number) {
        measure_error("a datagram came twice", (long)number);
    } else {
        talker->waiting[place] = false;
        measure_operation(talker->began_ns[place], measure_now_ns());
        measure_bytes(bench.size);
    }
    return true;
}

static unsigned talkers_waiting(const struct talker *talkers, unsigned count)
{
    unsigned waiting = 0;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned j = 0; j < bench.depth; j++) {
            waiting += talkers[i].waiting[j] ? 1U : 0U;
        }
    }
    return waiting;
}

void udp_busy(void)
{
    static struct talker talkers[SOCKETS_MAX];
    struct pollfd polls[SOCKETS_MAX];
    unsigned count = bench.connections < SOCKETS_MAX ? bench.connections : SOCKETS_MAX;
    bool running = true;
    if (bench.size < NUMBER_BYTES || bench.size > BENCH_SIZE_MAX) {
        measure_error("the size is not possible", (long)bench.size);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        talkers[i].fd = net_datagrams();
        talker_fill(&talkers[i], measure_now_ns());
    }
    while (running || talkers_waiting(talkers, count) > 0) {
        running = measure_running();
        for (unsigned i = 0; i < count; i++) {
            polls[i] = (struct pollfd){talkers[i].fd, POLLIN, 0};
        }
        if (poll(polls, count, bench.patience_ms) <= 0) {
            measure_error("datagrams were lost", (long)talkers_waiting(talkers, count));
            return;
        }
        for (unsigned i = 0; i < count; i++) {
            for (unsigned left = bench.depth; left > 0 && polls[i].revents != 0; left--) {
                if (!talker_take(&talkers[i])) {
                    break;
                }
            }
            if (running) {
                talker_fill(&talkers[i], measure_now_ns());
            }
        }
    }
}
