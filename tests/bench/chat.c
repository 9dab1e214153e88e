/* SPDX-License-Identifier: MIT */
/*
 * Chat: what a member says, all others hear, each line once, in order and whole. Speaks to rooms
 * that take lines as they are, and to IRC servers.
 *
 * A line is "@@RUN.SENDER.NUMBER." and a part of the pattern that depends on the last two; what
 * another run said, and a room remembers, does not count.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum {
    MEMBERS_MAX = 4096,
    SENDERS_MAX = 16,
    LINE_BYTES = 2048,    /* at most, of a line that we say or answer */
    HEARD_BYTES = 16384,  /* of any */
    READ_BYTES = 65536,
    SAID_BYTES = 65536,
    PROBE_MS = 2,
    SETTLE_MS = 400,
    PROBER = SENDERS_MAX /* the number that lines of the arrival have as their sender */
};

enum stage { STAGE_CONNECTING, STAGE_GREETING, STAGE_ENTERING, STAGE_IN };

struct member {
    int fd;
    enum stage stage;
    bool heard;                  /* a line of the prober */
    uint64_t next[SENDERS_MAX];  /* number of the next line of each sender */
    char line[HEARD_BYTES];      /* that is not whole yet */
    size_t line_bytes;
};

struct sender {
    uint64_t sent;
    uint64_t done;                       /* lines that all have heard */
    unsigned missing[BENCH_DEPTH_MAX];   /* members that have not, by line, modulo the depth */
    uint64_t began_ns[BENCH_DEPTH_MAX];
};

static struct member members[MEMBERS_MAX];
static struct sender senders[SENDERS_MAX];
static struct pollfd polls[MEMBERS_MAX];
static unsigned count;
static uint64_t now_ns; /* when the bytes came that are being looked at */

/* ---- Lines --------------------------------------------------------------------------------- */

/* Writes a line into at least LINE_BYTES; returns its length without an end. */
static size_t line_make(char *line, unsigned sender, uint64_t number)
{
    int n = snprintf(line, LINE_BYTES, "@@%ld.%u.%llu.", (long)getpid(), sender,
                     (unsigned long long)number);
    size_t head = (size_t)n;
    size_t rest = bench.size > head ? bench.size - head : 0;
    memcpy(line + head, pattern_at(number * 13 + sender), rest);
    return head + rest;
}

static void member_say(const struct member *member, const char *text, size_t n)
{
    if (!net_send(member->fd, text, n)) {
        measure_error("could not say a line", (long)(member - members));
    }
}

/* A line of a sender reached a member, who expects them in order. */
static void line_heard(struct member *member, unsigned from, uint64_t number)
{
    struct sender *sender = &senders[from];
    if (number < member->next[from]) {
        measure_error("a line came twice or late", (long)number);
        return;
    }
    if (number >= sender->sent) {
        measure_error("a line that was never said", (long)number);
        return;
    }
    if (number > member->next[from]) {
        measure_error("lines were lost before", (long)number);
    }
    measure_operations(1);
    measure_latency(now_ns - sender->began_ns[number % bench.depth]);
    for (uint64_t i = member->next[from]; i <= number; i++) {
        unsigned *missing = &sender->missing[i % bench.depth];
        *missing -= *missing > 0 ? 1U : 0U;
        sender->done += *missing == 0 ? 1U : 0U;
    }
    member->next[from] = number + 1;
}

/* What stands behind "@@" must be, to the byte, what its numbers say. */
static void line_check(struct member *member, const char *text)
{
    char line[LINE_BYTES];
    unsigned long from = 0;
    unsigned long long number = 0;
    char *end = NULL;
    if (strtol(text + 2, &end, 10) != (long)getpid()) {
        return;
    }
    from = *end == '.' ? strtoul(end + 1, &end, 10) : 0;
    number = *end == '.' ? strtoull(end + 1, &end, 10) : 0;
    if (from == PROBER) {
        member->heard = true;
        return;
    }
    if (*end != '.' || from >= bench.senders) {
        measure_error("a line of nobody", (long)from);
        return;
    }
    size_t n = line_make(line, (unsigned)from, number);
    if (strlen(text) != n || memcmp(text, line, n) != 0) {
        measure_error("a wrong byte in line", (long)number);
    }
    line_heard(member, (unsigned)from, number);
}

/* What an IRC server says on the way in. */
static void line_irc(struct member *member, const char *line)
{
    char answer[LINE_BYTES];
    if (strncmp(line, "PING", 4) == 0) {
        int n = snprintf(answer, sizeof answer, "PONG%.500s\r\n", line + 4);
        member_say(member, answer, (size_t)n);
    } else if (member->stage == STAGE_GREETING
               && (strstr(line, " 376 ") != NULL || strstr(line, " 422 ") != NULL)) {
        member_say(member, "JOIN #bench\r\n", 13);
        member->stage = STAGE_ENTERING;
    } else if (member->stage == STAGE_ENTERING && strstr(line, " 366 ") != NULL) {
        member->stage = STAGE_IN;
    }
}

static void member_line(struct member *member, char *line, size_t n)
{
    if (n > 0 && line[n - 1] == '\r') {
        n--;
    }
    line[n] = '\0';
    char *text = strstr(line, "@@");
    if (text != NULL) {
        line_check(member, text);
    } else if (bench.irc) {
        line_irc(member, line);
    }
}

/* False: the connection is over. */
static bool member_receive(struct member *member)
{
    static char block[READ_BYTES];
    ssize_t got = recv(member->fd, block, sizeof block, 0);
    if (got <= 0) {
        if (got < 0 && errno == EAGAIN) {
            return true;
        }
        measure_error(got == 0 ? "the server closed" : "receive", errno);
        return false;
    }
    measure_bytes((uint64_t)got);
    for (char *at = block, *end = block + got; at < end;) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((stop != NULL ? stop : end) - at);
        if (n > HEARD_BYTES - 1 - member->line_bytes) {
            measure_error("a line is too long", (long)n);
            return false;
        }
        memcpy(member->line + member->line_bytes, at, n);
        member->line_bytes += n;
        at += n;
        if (stop != NULL) {
            member_line(member, member->line, member->line_bytes);
            member->line_bytes = 0;
            at++;
        }
    }
    return true;
}

/* ---- Arriving ------------------------------------------------------------------------------ */

static void member_connected(struct member *member, unsigned index)
{
    char text[128];
    int error = 0;
    socklen_t error_bytes = sizeof error;
    getsockopt(member->fd, SOL_SOCKET, SO_ERROR, &error, &error_bytes);
    if (error != 0) {
        measure_error("connect", error);
    }
    member->stage = bench.irc ? STAGE_GREETING : STAGE_IN;
    if (bench.irc) {
        int n = snprintf(text, sizeof text, "NICK b%u\r\nUSER b%u 0 * :bench\r\n", index, index);
        member_say(member, text, (size_t)n);
    } else if (bench.hello) {
        member_say(member, "\r\n", 2);
    }
}

/* The prober speaks when all are in; that a connection stands does not say that it is served. */
static void member_probe(uint64_t number)
{
    char line[LINE_BYTES + 64];
    int n = snprintf(line, sizeof line, "%s@@%ld.%u.%llu.\r\n",
                     bench.irc ? "PRIVMSG #bench :" : "", (long)getpid(), (unsigned)PROBER,
                     (unsigned long long)number);
    member_say(&members[0], line, (size_t)n);
}

static bool members_poll(int timeout_ms)
{
    for (unsigned i = 0; i < count; i++) {
        bool connecting = members[i].stage == STAGE_CONNECTING;
        polls[i] = (struct pollfd){members[i].fd, connecting ? POLLOUT : POLLIN, 0};
    }
    int ready = poll(polls, count, timeout_ms);
    now_ns = measure_now_ns();
    for (unsigned i = 0; i < count && ready > 0; i++) {
        if (polls[i].revents == 0) {
            continue;
        }
        if (members[i].stage == STAGE_CONNECTING) {
            member_connected(&members[i], i);
        } else if (!member_receive(&members[i])) {
            return false;
        }
    }
    return ready >= 0;
}

static unsigned members_in(void)
{
    unsigned in = 0;
    for (unsigned i = 0; i < count; i++) {
        in += members[i].stage == STAGE_IN ? 1U : 0U;
    }
    return in;
}

static unsigned members_heard(void)
{
    unsigned heard = 0;
    for (unsigned i = 1; i < count; i++) {
        heard += members[i].heard ? 1U : 0U;
    }
    return heard;
}

/* All connect, at once or one after the other, for servers that let few wait. */
static bool members_connect(bool at_once)
{
    for (unsigned i = 0; i < bench.connections; i++) {
        members[i].fd = net_connect_begin();
        count = i + 1;
        if (members[i].fd < 0 || (!at_once && !members_poll(1))) {
            return false;
        }
    }
    return true;
}

/* Done when each has heard the first one say something. */
static bool members_join(bool at_once)
{
    uint64_t probe_ns = 0;
    uint64_t pause_ns = PROBE_MS * 500000ULL;
    uint64_t probes = 0;
    uint64_t begin_ns = measure_now_ns();
    if (!members_connect(at_once)) {
        return false;
    }
    while (members_heard() + 1 < count) {
        if (now_ns > begin_ns + (uint64_t)bench.patience_ms * 1000000U) {
            measure_error("they never all heard a line; who did", (long)members_heard());
            return false;
        }
        if (!members_poll(PROBE_MS)) {
            return false;
        }
        if (members_in() == count && now_ns >= probe_ns) {
            member_probe(probes);
            pause_ns = pause_ns < 200000000U ? 2 * pause_ns : pause_ns; /* some are slow enough */
            probe_ns = now_ns + pause_ns;
            probes++;
        }
    }
    return true;
}

void chat_join(void)
{
    if (bench.connections < 2 || bench.connections > MEMBERS_MAX) {
        measure_error("so many members are not possible", (long)bench.connections);
        return;
    }
    measure_begin();
    if (members_join(true)) {
        measure_operations(bench.connections);
    }
    measure_end();
}

/* ---- Talking ------------------------------------------------------------------------------- */

/* Says as many lines as may be under way, in one piece. */
static void sender_fill(unsigned index)
{
    static char said[SAID_BYTES];
    struct sender *sender = &senders[index];
    size_t n = 0;
    while (sender->sent - sender->done < bench.depth && n < SAID_BYTES - 2 * LINE_BYTES) {
        unsigned place = (unsigned)(sender->sent % bench.depth);
        if (bench.irc) {
            memcpy(said + n, "PRIVMSG #bench :", 16);
            n += 16;
        }
        n += line_make(said + n, index, sender->sent);
        memcpy(said + n, "\r\n", 2);
        n += 2;
        sender->missing[place] = count - 1;
        sender->began_ns[place] = measure_now_ns();
        sender->sent++;
    }
    if (n > 0) {
        member_say(&members[index], said, n);
    }
}

static uint64_t senders_sent(void)
{
    uint64_t sent = 0;
    for (unsigned i = 0; i < bench.senders; i++) {
        sent += senders[i].sent;
    }
    return sent;
}

static uint64_t senders_done(void)
{
    uint64_t done = 0;
    for (unsigned i = 0; i < bench.senders; i++) {
        done += senders[i].done;
    }
    return done;
}

void chat_fan_out(void)
{
    if (bench.connections < 2 || bench.connections > MEMBERS_MAX || bench.senders < 1
        || bench.senders > SENDERS_MAX || bench.senders > bench.connections || bench.size < 32
        || bench.size > 400) {
        measure_error("this is not possible", (long)bench.connections);
        return;
    }
    if (!members_join(false)) {
        return;
    }
    int settle_ms = bench.patience_ms < SETTLE_MS ? bench.patience_ms : SETTLE_MS;
    for (uint64_t until_ns = now_ns + (uint64_t)settle_ms * 1000000U; now_ns < until_ns;) {
        if (!members_poll(settle_ms)) { /* greetings, notices, the last probes */
            return;
        }
    }
    uint64_t moved_ns = now_ns;
    uint64_t done = 0;
    for (bool running = true; running || done < senders_sent();) {
        running = measure_running();
        for (unsigned i = 0; i < bench.senders && running; i++) {
            sender_fill(i);
        }
        if (done == senders_sent()) {
            return;
        }
        if (!members_poll(bench.patience_ms)) {
            return;
        }
        /* Whoever still talks about other things cannot hide that our lines do not come. */
        if (senders_done() != done) {
            done = senders_done();
            moved_ns = now_ns;
        } else if (now_ns - moved_ns > (uint64_t)bench.patience_ms * 900000U) {
            measure_error("lines were lost", (long)(senders_sent() - done));
            return;
        }
    }
}
