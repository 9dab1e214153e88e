/* SPDX-License-Identifier: MIT */
/* Ping against echo services that lie: each case starts one in a child, runs the tool in another,
 * and reads what it said. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "apps/ping/ping.h"
#include "port/port_tool.h"
#include "tests/check.h"

enum lie {
    HONEST,
    IN_PIECES,      /* TCP: one byte at a time */
    FLIP_BYTE_20,   /* in each second reply */
    FLIP_BYTE_0,    /* of the probe's number */
    FLIP_BYTE_5,    /* of the mark */
    SILENT,
    DROP_SECOND,    /* each second one is not answered */
    TWICE,
    SWAP_PAIRS,     /* UDP: the first after the second */
    SLOW,           /* UDP: the first reply after the tool gave it up */
    SHORTER,        /* UDP */
    LONGER,         /* UDP */
    STRANGE,        /* UDP: and a datagram that answers nothing */
    OTHER_ADDRESS,  /* UDP: from a socket that was not asked */
    HANG_UP,        /* TCP: ends when the third is asked for */
    RESET           /* TCP: after two replies */
};

enum { SIZE = 64, TEXT_BYTES = 16384 };

static char said[TEXT_BYTES]; /* by the tool, on both streams */

static void sleep_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* ---- The liars ----------------------------------------------------------------------------- */

static void spoil(enum lie lie, unsigned number, uint8_t *bytes)
{
    if (lie == FLIP_BYTE_20 && number % 2 == 0) {
        bytes[20] ^= 0x01;
    } else if (lie == FLIP_BYTE_0 && number == 2) {
        bytes[0] ^= 0x40;
    } else if (lie == FLIP_BYTE_5 && number == 2) {
        bytes[5] ^= 0x40;
    }
}

static void write_whole(int to, const uint8_t *bytes, size_t n, size_t piece)
{
    for (size_t at = 0; at < n;) {
        size_t left = n - at < piece ? n - at : piece;
        ssize_t sent = send(to, bytes + at, left, MSG_NOSIGNAL);
        if (sent <= 0) {
            _exit(1);
        }
        at += (size_t)sent;
    }
}

static void reset_connection(int connection)
{
    struct linger linger = {1, 0};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(connection);
    _exit(0);
}

static void stream_liar(int listener, enum lie lie)
{
    int connection = accept(listener, NULL, NULL);
    for (unsigned number = 1; number < 1000; number++) {
        uint8_t bytes[SIZE];
        if (recv(connection, bytes, SIZE, MSG_WAITALL) < SIZE) {
            _exit(0);
        }
        if (lie == HANG_UP && number == 3) {
            close(connection);
            _exit(0);
        }
        if (lie == SILENT || (lie == DROP_SECOND && number % 2 == 0)) {
            continue;
        }
        spoil(lie, number, bytes);
        write_whole(connection, bytes, SIZE, lie == IN_PIECES ? 1 : SIZE);
        if (lie == TWICE) {
            write_whole(connection, bytes, SIZE, SIZE);
        }
        if (number == 2 && lie == RESET) {
            sleep_ms(50); /* the reply first */
            reset_connection(connection);
        }
    }
}

struct letter {
    uint8_t bytes[SIZE + 10];
    struct sockaddr_storage peer;
    socklen_t peer_bytes;
};

static void letter_send(int from, const struct letter *letter, size_t n)
{
    sendto(from, letter->bytes, n, 0, (const struct sockaddr *)&letter->peer, letter->peer_bytes);
}

static void datagram_liar(int service, int other, enum lie lie)
{
    static struct letter letters[2]; /* this one and the one before */
    for (unsigned number = 1; number < 1000; number++) {
        struct letter *letter = &letters[number % 2];
        letter->peer_bytes = sizeof letter->peer;
        if (recvfrom(service, letter->bytes, sizeof letter->bytes, 0,
                     (struct sockaddr *)&letter->peer, &letter->peer_bytes) != SIZE) {
            _exit(1);
        }
        bool even = number % 2 == 0;
        spoil(lie, number, letter->bytes);
        if (lie == SLOW && number == 1) {
            sleep_ms(300);
        }
        if (lie == STRANGE && number == 1) {
            struct letter strange = *letter;
            strange.bytes[2] ^= 0x10; /* a number that was never sent, in a probe of none */
            strange.bytes[30] ^= 1;
            letter_send(service, &strange, SIZE);
        }
        if (lie == SILENT || (lie == DROP_SECOND && even) || (lie == SWAP_PAIRS && !even)) {
            continue;
        }
        size_t n = lie == SHORTER ? SIZE - 4 : SIZE;
        n = lie == LONGER ? SIZE + 10 : n;
        letter_send(lie == OTHER_ADDRESS ? other : service, letter, n);
        if (lie == TWICE) {
            letter_send(service, letter, n);
        }
        if (lie == SWAP_PAIRS) {
            letter_send(service, &letters[1], SIZE);
        }
    }
}

/* ---- Running them -------------------------------------------------------------------------- */

static int open_service(bool ipv6, bool datagrams, unsigned *port)
{
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    int service = socket(ipv6 ? AF_INET6 : AF_INET, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
    memset(&six, 0, sizeof six);
    memset(&four, 0, sizeof four);
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct sockaddr *at = ipv6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t n = ipv6 ? (socklen_t)sizeof six : (socklen_t)sizeof four;
    if (service < 0 || bind(service, at, n) != 0 || (!datagrams && listen(service, 1) != 0) ||
        getsockname(service, at, &n) != 0) {
        return -1;
    }
    *port = ntohs(ipv6 ? six.sin6_port : four.sin_port);
    return service;
}

static pid_t start_liar(int service, bool datagrams, enum lie lie, int other)
{
    fflush(stdout);
    pid_t liar = fork();
    if (liar == 0) {
        alarm(20);
        if (datagrams) {
            datagram_liar(service, other, lie);
        } else {
            stream_liar(service, lie);
        }
        _exit(0);
    }
    return liar;
}

/* Runs the tool with `words`; its exit status, or -1. `interrupt_ms` > 0: Ctrl-C after that. */
static int run_tool(const char *words, long interrupt_ms)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return -1;
    }
    fflush(stdout);
    pid_t tool = fork();
    if (tool == 0) {
        static char copy[256];
        static char *argv[24];
        static char program[] = "linnet";
        static char verb[] = "ping";
        int argc = 2;
        alarm(20);
        argv[0] = program;
        argv[1] = verb;
        snprintf(copy, sizeof copy, "%s", words);
        for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
            argv[argc] = word;
            argc++;
        }
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        int status = port_start() == PORT_OK ? ping_main(argc, argv, 2) : 99;
        port_end();
        _exit(status);
    }
    close(ends[1]);
    if (interrupt_ms > 0) {
        sleep_ms(interrupt_ms);
        kill(tool, SIGINT);
    }
    size_t got = 0;
    ssize_t count = 1;
    while (count > 0 && got < sizeof said - 1) {
        count = read(ends[0], said + got, sizeof said - 1 - got);
        got += count > 0 ? (size_t)count : 0;
    }
    said[got] = '\0';
    close(ends[0]);
    int status = 0;
    waitpid(tool, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What is to be found in the tool's output: of `wanted`, divided by '|', every part. */
static bool says(const char *wanted)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", wanted);
    for (char *part = strtok(copy, "|"); part != NULL; part = strtok(NULL, "|")) {
        if (strstr(said, part) == NULL) {
            printf("  not said: \"%s\", but:\n%s", part, said);
            return false;
        }
    }
    return true;
}

static void play(bool ipv6, bool datagrams, enum lie lie, const char *options, int wanted_status,
                 const char *wanted)
{
    unsigned port = 0;
    unsigned other_port = 0;
    char words[256];
    int service = open_service(ipv6, datagrams, &port);
    int other = open_service(ipv6, true, &other_port);
    if (service < 0 || other < 0) {
        check_skip("this system has no IPv6 loopback");
        return;
    }
    pid_t liar = start_liar(service, datagrams, lie, other);
    close(service);
    close(other);
    snprintf(words, sizeof words, "%s %s %s:%u", datagrams ? "-u" : "", options,
             ipv6 ? "[::1]" : "127.0.0.1", port);
    int status = run_tool(words, 0);
    kill(liar, SIGKILL);
    waitpid(liar, NULL, 0);
    EXPECT(status == wanted_status);
    EXPECT(says(wanted));
}

struct scene {
    enum lie lie;
    const char *options;
    int status;
    const char *wanted;
};

static void test_streams(void)
{
    static const struct scene scenes[] = {
        {HONEST, "-c 3 -i 0.02", 0, "seq=1 time=|seq=3 time=|3 sent, 3 received, 0 lost (0.0%)\n"},
        {HONEST, "-c 500 -i 0 -q", 0, "500 sent, 500 received, 0 lost (0.0%)\nround trip"},
        {IN_PIECES, "-c 3 -i 0", 0, "3 sent, 3 received, 0 lost (0.0%)\n"},
        {FLIP_BYTE_20, "-c 4 -i 0", 1,
         "seq=2: differs first in byte 20 (from 0)|seq=4: differs|4 received|, 2 damaged\n"},
        {SILENT, "-c 2 -i 0.01 -W 0.1", 1,
         "seq=1: no reply in 0.100 s|seq=2: no reply|2 sent, 0 received, 2 lost (100.0%)\n"},
        {DROP_SECOND, "-c 2 -i 0.01 -W 0.1", 1, "seq=2: no reply|2 sent, 1 received, 1 lost (50"},
        {TWICE, "-c 1", 0, "1 sent, 1 received, 0 lost (0.0%)"},
        {TWICE, "-c 2 -i 0.1", 0, "bytes came back that had not been sent| bytes too many\n"},
        {HANG_UP, "-c 9 -i 0.02", 1,
         "closed the connection|seq=2 time=|3 sent, 2 received, 1 lost"},
        {RESET, "-c 9 -i 0.2", 1, "reset the connection|seq=2 time=|2 received"},
    };
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        play(i % 2 == 1, false, scenes[i].lie, scenes[i].options, scenes[i].status,
             scenes[i].wanted);
    }
}

static void test_datagrams(void)
{
    static const struct scene scenes[] = {
        {HONEST, "-c 3 -i 0.02", 0, "seq=1 time=|seq=3 time=|3 sent, 3 received, 0 lost (0.0%)\n"},
        {HONEST, "-c 500 -i 0 -q", 0, "500 sent, 500 received, 0 lost (0.0%)\nround trip"},
        {FLIP_BYTE_20, "-c 4 -i 0", 1, "seq=4: differs first in byte 20 (from 0)|, 2 damaged\n"},
        {FLIP_BYTE_0, "-c 3 -i 0", 1, "seq=2: differs first in byte 0|3 received|, 1 damaged\n"},
        {FLIP_BYTE_5, "-c 3 -i 0", 1, "seq=2: differs first in byte 5|3 received|, 1 damaged\n"},
        {SILENT, "-c 2 -i 0 -W 0.1", 1,
         "seq=1: no reply in 0.100 s\nseq=2: no reply|2 sent, 0 received, 2 lost (100.0%)\n"},
        {DROP_SECOND, "-c 5 -i 0.01 -W 0.1", 1,
         "seq=2: no reply|5 sent, 3 received, 2 lost (40.0%)"},
        {TWICE, "-c 2 -i 0.1", 0, "seq=1 time=|ms (duplicate)\n|2 received|, 1 duplicate\n"},
        {SWAP_PAIRS, "-c 4 -i 0.02", 0, "ms (out of order)\n|4 received|, 2 out of order\n"},
        {SLOW, "-c 4 -i 0.15 -W 0.1", 1, "seq=1: no reply|ms (too late)\n"},
        {SHORTER, "-c 2 -i 0", 1, "seq=1: 60 bytes came back for 64|, 2 damaged\n"},
        {LONGER, "-c 2 -i 0", 1, "seq=2: 74 bytes came back for 64|, 2 damaged\n"},
        {STRANGE, "-c 2 -i 0", 0, "64 bytes from|that answer no probe\n|, 1 that answer nothing"},
        {OTHER_ADDRESS, "-c 1 -W 0.1", 1, "which was not asked|0 received|, 1 from elsewhere\n"},
    };
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        play(i % 2 == 1, true, scenes[i].lie, scenes[i].options, scenes[i].status,
             scenes[i].wanted);
    }
}

/* Nobody listens; wrong words; Ctrl-C. */
static void test_ends(void)
{
    unsigned port = 0;
    char words[128];
    int service = open_service(false, false, &port);
    close(service);
    snprintf(words, sizeof words, "-c 1 127.0.0.1:%u", port);
    EXPECT(run_tool(words, 0) == 7 && says("linnet: cannot reach 127.0.0.1|connection refused\n"));
    EXPECT(run_tool("-c 1 [fe80::1%1]:7007", 0) == 7 && says("linnet: cannot reach fe80::1%1"));
    EXPECT(run_tool("-6 127.0.0.1", 0) == 7 && says("there is no host 127.0.0.1 with an IPv6"));
    EXPECT(run_tool("--help", 0) == 0 && says("usage: linnet ping|-W SECONDS|--help"));
    static const char *const wrong[] = {
        "", "a b", "-c 0 x", "-c x y", "-i -1 x", "-i 1.2345 x", "-i 3600.001 x", "-i . x",
        "-W 0 x", "-s 0 x", "-u -s 7 x", "-u -s 65536 x", "-4 -6 x", "x:0", "[x", "--bogus x",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        EXPECT(run_tool(wrong[i], 0) == 2 && says("linnet: "));
        EXPECT(strchr(said, '\n') == said + strlen(said) - 1); /* one sentence */
    }
    service = open_service(false, true, &port);
    pid_t liar = start_liar(service, true, HONEST, -1);
    snprintf(words, sizeof words, "-u -i 0.05 127.0.0.1:%u", port);
    EXPECT(run_tool(words, 325) == 0 && says("seq=3|, 0 lost (0.0%)|round trip"));
    kill(liar, SIGKILL);
    waitpid(liar, NULL, 0);
    close(service);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    test_streams();
    test_datagrams();
    test_ends();
    return check_report("ping_liar");
}
