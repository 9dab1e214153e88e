/* SPDX-License-Identifier: MIT */
/* Files, by HTTP and raw: every byte of every answer is compared. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { HEAD_BYTES = 4096, READ_BYTES = 131072, WORKERS_MAX = 1024 };

/* One connection and the answer it is in the middle of. */
struct answer {
    int fd;
    char head[HEAD_BYTES];
    size_t head_bytes;
    bool in_body;
    bool last;           /* the server will close behind it */
    bool served;         /* it had an answer on this connection before */
    uint64_t body_bytes; /* that came */
    uint64_t began_ns;
};

static char request[512];
static size_t request_bytes;
static uint8_t block[READ_BYTES];

static void request_make(const char *connection)
{
    int n = snprintf(request, sizeof request,
                     "GET /%s HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\n"
                     "Accept: */*\r\n%s\r\n",
                     bench.path, connection);
    request_bytes = (size_t)n;
}

/* The head is whole: does it announce just the file? */
static void head_check(struct answer *answer)
{
    const char *row = strstr(answer->head, "\r\n");
    long long length = -1;
    if (strncmp(answer->head, "HTTP/1.1 200 ", 13) != 0
        && strncmp(answer->head, "HTTP/1.0 200 ", 13) != 0) {
        measure_error("the answer is not 200", strtol(answer->head + 9, NULL, 10));
        return;
    }
    answer->last = strncmp(answer->head, "HTTP/1.0", 8) == 0;
    for (; row != NULL; row = strstr(row + 2, "\r\n")) {
        if (strncasecmp(row + 2, "Content-Length:", 15) == 0) {
            length = strtoll(row + 17, NULL, 10);
        } else if (strncasecmp(row + 2, "Connection: close", 17) == 0) {
            answer->last = true;
        } else if (strncasecmp(row + 2, "Connection: keep-alive", 22) == 0) {
            answer->last = false;
        }
    }
    if (length != (long long)bench.size) {
        measure_error("the answer has another length", (long)length);
    }
}

/* Takes n bytes of an answer; returns how many of them belonged to its head. */
static size_t head_take(struct answer *answer, const uint8_t *bytes, size_t n)
{
    size_t before = answer->head_bytes;
    size_t room = HEAD_BYTES - 1 - before;
    size_t part = n < room ? n : room;
    memcpy(answer->head + before, bytes, part);
    answer->head[before + part] = '\0';
    char *end = strstr(answer->head + (before < 3 ? 0 : before - 3), "\r\n\r\n");
    if (end == NULL) {
        answer->head_bytes += part;
        if (part < n) {
            measure_error("the head is too long", (long)answer->head_bytes);
        }
        return n;
    }
    end[2] = '\0';
    head_check(answer);
    answer->in_body = true;
    return (size_t)(end + 4 - answer->head) - before;
}

/* True when the answer is whole. */
static bool answer_take(struct answer *answer, const uint8_t *bytes, size_t n)
{
    size_t used = answer->in_body ? 0 : head_take(answer, bytes, n);
    n -= used;
    if (n > bench.size - answer->body_bytes) {
        measure_error("more bytes than the file has", (long)n);
        n = (size_t)(bench.size - answer->body_bytes);
    }
    if (!pattern_matches(bytes + used, n, answer->body_bytes)) {
        measure_error("a wrong byte behind", (long)answer->body_bytes);
    }
    answer->body_bytes += n;
    measure_bytes(n);
    return answer->in_body && answer->body_bytes == bench.size;
}

static bool answer_begin(struct answer *answer, uint64_t now_ns)
{
    answer->head_bytes = 0;
    answer->in_body = false;
    answer->body_bytes = 0;
    answer->began_ns = now_ns;
    return net_send(answer->fd, request, request_bytes);
}

/* ---- Connections that stay ----------------------------------------------------------------- */

/* Servers may close between requests; then the next one goes over a new connection. */
static bool keep_again(struct answer *answer)
{
    close(answer->fd);
    answer->fd = net_connect();
    answer->served = false;
    return answer->fd >= 0 && answer_begin(answer, measure_now_ns());
}

/* Steps a connection that can be read. False: it is over. */
static bool keep_step(struct answer *answer, bool running)
{
    ssize_t got = recv(answer->fd, block, READ_BYTES, 0);
    if (got <= 0 && answer->served && answer->head_bytes == 0 && !answer->in_body) {
        return keep_again(answer);
    }
    if (got <= 0) {
        measure_error(got == 0 ? "the server closed" : "receive", errno);
        return false;
    }
    if (!answer_take(answer, block, (size_t)got)) {
        return true;
    }
    uint64_t now_ns = measure_now_ns();
    measure_operation(answer->began_ns, now_ns);
    answer->served = true;
    if (running && answer->last) {
        return keep_again(answer);
    }
    return running && answer_begin(answer, now_ns);
}

void http_keep(void)
{
    static struct answer answers[WORKERS_MAX];
    static struct pollfd polls[WORKERS_MAX];
    unsigned open = bench.connections < WORKERS_MAX ? bench.connections : WORKERS_MAX;
    request_make("");
    for (unsigned i = 0; i < open; i++) {
        answers[i].fd = net_connect();
        if (answers[i].fd < 0 || !answer_begin(&answers[i], measure_now_ns())) {
            return;
        }
    }
    while (open > 0) {
        bool running = measure_running();
        for (unsigned i = 0; i < open; i++) {
            polls[i] = (struct pollfd){answers[i].fd, POLLIN, 0};
        }
        if (poll(polls, open, bench.patience_ms) <= 0) {
            measure_error("no answer came; connections waiting", (long)open);
            return;
        }
        for (unsigned i = open; i > 0; i--) { /* the last one fills the place of one that ends */
            if (polls[i - 1].revents != 0 && !keep_step(&answers[i - 1], running)) {
                close(answers[i - 1].fd);
                open--;
                answers[i - 1] = answers[open];
            }
        }
    }
}

/* ---- A connection for every request -------------------------------------------------------- */

/* Reads to the end of the connection. */
static void one_read(struct answer *answer)
{
    bool whole = false;
    for (;;) {
        ssize_t got = recv(answer->fd, block, READ_BYTES, 0);
        if (got > 0 && !whole) {
            whole = answer_take(answer, block, (size_t)got);
        } else if (got > 0) {
            measure_error("more bytes than the file has", (long)got);
        } else {
            if (got < 0) {
                measure_error("receive", errno);
            } else if (!whole && answer->body_bytes != bench.size) {
                measure_error("the file was cut behind", (long)answer->body_bytes);
            }
            return;
        }
    }
}

static void one_each(bool raw)
{
    static struct answer answer;
    while (measure_running()) {
        uint64_t began_ns = measure_now_ns();
        answer.fd = net_connect();
        if (answer.fd < 0 || !answer_begin(&answer, began_ns)) {
            return;
        }
        answer.in_body = raw;
        one_read(&answer);
        close(answer.fd);
        measure_operation(began_ns, measure_now_ns());
    }
}

void http_close(void)
{
    request_make("Connection: close\r\n");
    one_each(false);
}

void raw_name(void)
{
    int n = snprintf(request, sizeof request, "%s\n", bench.path);
    request_bytes = (size_t)n;
    one_each(true);
}
