/* SPDX-License-Identifier: MIT */
/* TCP echo: every connection carries its own part of the pattern, and every byte is compared. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { READ_BYTES = 131072, STREAM_GAP = 7919, BULK_BYTES = 32768, IDLE_SPEAKER = 16 };

static uint8_t block[READ_BYTES];

/* One connection: what was sent and came back, and when its messages under way began. */
struct stream {
    int fd;
    uint64_t base; /* where in the pattern it began */
    uint64_t sent;
    uint64_t received;
    uint64_t *began_ns; /* by message, modulo the depth */
};

static struct stream streams[BENCH_CONNECTIONS_MAX];
static struct pollfd polls[BENCH_CONNECTIONS_MAX];

/* ---- One message at a time ----------------------------------------------------------------- */

static bool exchange(int fd, uint64_t offset)
{
    return net_send(fd, pattern_at(offset), bench.size) && net_receive(fd, block, bench.size);
}

static void exchange_check(uint64_t offset)
{
    if (!pattern_matches(block, bench.size, offset)) {
        measure_error("a wrong byte behind", (long)offset);
    }
}

static bool exchange_measured(int fd, uint64_t offset)
{
    uint64_t began_ns = measure_now_ns();
    if (!exchange(fd, offset)) {
        return false;
    }
    measure_operation(began_ns, measure_now_ns());
    measure_bytes(bench.size);
    exchange_check(offset);
    return true;
}

static bool size_fits(size_t most)
{
    if (bench.size < 1 || bench.size > most) {
        measure_error("the size is not possible", (long)bench.size);
        return false;
    }
    return true;
}

void echo_latency(void)
{
    int fd = net_connect();
    uint64_t offset = 0;
    bool good = fd >= 0 && size_fits(BENCH_SIZE_MAX);
    while (good && measure_running()) {
        good = exchange_measured(fd, offset);
        offset += bench.size;
    }
}

void echo_churn(void)
{
    uint64_t offset = 0;
    bool good = size_fits(BENCH_SIZE_MAX);
    while (good && measure_running()) {
        uint64_t began_ns = measure_now_ns();
        int fd = net_connect();
        good = fd >= 0 && exchange(fd, offset);
        if (good) {
            close(fd);
            measure_operation(began_ns, measure_now_ns());
            exchange_check(offset);
        }
        offset += bench.size;
    }
}

/* Opens the silent ones. Now and then one says a message first: servers accept in order, so that
 * all before it are really served. */
static bool idle_open(void)
{
    uint64_t before_kb = server_resident_kb();
    for (unsigned i = 0; i < bench.idle; i++) {
        int fd = net_connect();
        bool speaks = i % IDLE_SPEAKER == 0 || i + 1 == bench.idle;
        if (fd < 0 || (speaks && !exchange(fd, i))) {
            return false;
        }
        if (speaks) {
            exchange_check(i);
        }
    }
    if (bench.pid > 0 && bench.idle > 0) {
        uint64_t more_kb = server_resident_kb() - before_kb;
        measure_note("bytes_per_idle", (double)(int64_t)more_kb * 1024.0 / bench.idle);
    }
    return true;
}

/* Whatever the server thinks of those that were active a moment ago, it has time to forget, which
 * takes the longer the more they are. */
void echo_idle(void)
{
    if (size_fits(BENCH_SIZE_MAX) && idle_open()) {
        net_wait(-1, 100 + (int)bench.idle / 2);
        echo_latency();
    }
}

/* ---- Many at a time ------------------------------------------------------------------------ */

static bool stream_send(struct stream *stream, uint64_t messages, uint64_t now_ns)
{
    uint64_t first = stream->sent / bench.size;
    for (uint64_t i = first; i < first + messages; i++) {
        stream->began_ns[i % bench.depth] = now_ns;
    }
    uint64_t offset = stream->base + stream->sent;
    stream->sent += messages * bench.size;
    return net_send(stream->fd, pattern_at(offset), messages * bench.size);
}

static bool stream_open(struct stream *stream, unsigned index)
{
    stream->fd = net_connect();
    stream->base = (uint64_t)index * STREAM_GAP;
    stream->began_ns = calloc(bench.depth, sizeof *stream->began_ns);
    return stream->fd >= 0 && stream->began_ns != NULL;
}

/* Steps one that can be read. False: it is over. */
static bool stream_step(struct stream *stream, bool running)
{
    ssize_t got = recv(stream->fd, block, READ_BYTES, 0);
    if (got <= 0) {
        measure_error(got == 0 ? "the server closed" : "receive", errno);
        return false;
    }
    if ((uint64_t)got > stream->sent - stream->received) {
        measure_error("more bytes than were sent", (long)got);
        return false;
    }
    if (!pattern_matches(block, (size_t)got, stream->base + stream->received)) {
        measure_error("a wrong byte behind", (long)stream->received);
    }
    uint64_t now_ns = measure_now_ns();
    uint64_t first = stream->received / bench.size;
    stream->received += (uint64_t)got;
    uint64_t done = stream->received / bench.size - first;
    for (uint64_t i = first; i < first + done; i++) {
        measure_operation(stream->began_ns[i % bench.depth], now_ns);
    }
    measure_bytes((uint64_t)got);
    if (running && done > 0) {
        return stream_send(stream, done, now_ns);
    }
    return running || stream->received < stream->sent;
}

void echo_busy(void)
{
    unsigned open = bench.connections;
    if (!size_fits(BENCH_SIZE_MAX / bench.depth)) {
        return;
    }
    for (unsigned i = 0; i < open; i++) {
        if (!stream_open(&streams[i], i)) {
            return;
        }
    }
    for (unsigned i = 0; i < open; i++) {
        stream_send(&streams[i], bench.depth, measure_now_ns());
    }
    while (open > 0) {
        bool running = measure_running();
        for (unsigned i = 0; i < open; i++) {
            polls[i] = (struct pollfd){streams[i].fd, POLLIN, 0};
        }
        if (poll(polls, open, bench.patience_ms) <= 0) {
            measure_error("nothing came back; connections waiting", (long)open);
            return;
        }
        for (unsigned i = open; i > 0; i--) { /* the last one fills the place of one that ends */
            if (polls[i - 1].revents != 0 && !stream_step(&streams[i - 1], running)) {
                close(streams[i - 1].fd);
                open--;
                streams[i - 1] = streams[open];
            }
        }
    }
}

/* ---- Bulk ---------------------------------------------------------------------------------- */

static uint64_t bulk_send(int fd, uint64_t sent)
{
    ssize_t n = send(fd, pattern_at(sent), BULK_BYTES, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
        measure_error("send", errno);
    }
    return n > 0 ? (uint64_t)n : 0;
}

static uint64_t bulk_receive(int fd, uint64_t received)
{
    ssize_t n = recv(fd, block, READ_BYTES, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        measure_error(n == 0 ? "the server closed" : "receive", errno);
    }
    if (n > 0 && !pattern_matches(block, (size_t)n, received)) {
        measure_error("a wrong byte behind", (long)received);
    }
    return n > 0 ? (uint64_t)n : 0;
}

/* An operation is 32 KiB. What was sent when time is up must still come back, whole. */
void echo_bulk(void)
{
    int fd = net_connect();
    uint64_t sent = 0;
    uint64_t received = 0;
    uint64_t idle = 0;
    bool running = true;
    net_not_blocking(fd);
    while (running || received < sent) {
        running = measure_running() && idle == 0;
        struct pollfd ready = {fd, (short)(running ? POLLIN | POLLOUT : POLLIN), 0};
        if (poll(&ready, 1, bench.patience_ms) != 1) {
            measure_error("nothing came back; bytes owed", (long)(sent - received));
            return;
        }
        uint64_t in = (ready.revents & ~POLLOUT) != 0 ? bulk_receive(fd, received) : 0;
        uint64_t out = running && (ready.revents & POLLOUT) != 0 ? bulk_send(fd, sent) : 0;
        received += in;
        sent += out;
        measure_bytes(in);
        measure_operations(received / BULK_BYTES - (received - in) / BULK_BYTES);
        idle = in + out == 0 ? 1 : 0;
        if (received > sent) {
            measure_error("more bytes than were sent", (long)(received - sent));
            return;
        }
        if (idle != 0 && (ready.revents & (POLLHUP | POLLERR)) != 0) {
            return;
        }
    }
}
