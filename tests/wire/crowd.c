/* SPDX-License-Identifier: MIT */
/* Thousands of connections over the three apps, a newcomer in each, and what memory they take.
 * crowd HOST ECHO_PORT CHAT_PORT FILE_PORT SERVER_PID COUNT */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/wire/client.h"

enum {
    CROWD_MAX = 3000,
    DEAF = 20,
    NEWCOMER_MS = 500,
    IDLE_KB_PER_1000 = 512, /* slots and tables; a buffer is touched when it is used */
    DEAF_KB = 256
};

static int crowd[CROWD_MAX];

static size_t crowd_open(const char *host, const char *port, size_t from, size_t count)
{
    size_t i = 0;
    while (i < count && (crowd[from + i] = client_open(host, port, 0)) >= 0) {
        i++;
    }
    return i;
}

static void crowd_close(size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        if (crowd[i] >= 0) {
            close(crowd[i]);
            crowd[i] = -1;
        }
    }
}

static void newcomer(const char *host, const char *port, const char *says, const char *hears)
{
    uint64_t begin_ms = clock_ms();
    int fd = client_open(host, port, 0);
    EXPECT(fd >= 0);
    EXPECT(client_say(fd, says));
    EXPECT(client_hear(fd, hears, NEWCOMER_MS) >= 0);
    printf("a newcomer on port %s heard after %lu ms\n", port,
           (unsigned long)(clock_ms() - begin_ms));
    close(fd);
}

static void newcomers(char **argv)
{
    newcomer(argv[1], argv[2], "hello", "hello");
    newcomer(argv[1], argv[3], "/help\n", "/nick");
    newcomer(argv[1], argv[4], "GET /hello.txt HTTP/1.1\r\nHost: x\r\n\r\n", "hello, world");
}

/* Each sends to an echo that it never reads, until the server takes no more. */
static void deaf_peers(const char *host, const char *port, pid_t server)
{
    static char block[65536];
    int fds[DEAF];
    uint64_t before_kb = process_resident_kb(server);
    uint64_t total = 0;
    for (size_t i = 0; i < DEAF; i++) {
        fds[i] = client_open(host, port, 4096);
    }
    for (int quiet = 0; quiet < 10;) {
        bool moved = false;
        for (size_t i = 0; i < DEAF; i++) {
            ssize_t sent = send(fds[i], block, sizeof block, MSG_NOSIGNAL);
            moved = moved || sent > 0;
            total += sent > 0 ? (uint64_t)sent : 0;
        }
        quiet = moved ? 0 : quiet + 1;
        clock_sleep_ms(moved ? 0 : 20);
    }
    uint64_t grown_kb = process_resident_kb(server) - before_kb;
    printf("%d deaf peers sent %lu KB; the server grew by %lu KB\n", DEAF,
           (unsigned long)(total / 1024U), (unsigned long)grown_kb);
    EXPECT(grown_kb <= DEAF_KB);
    for (size_t i = 0; i < DEAF; i++) {
        client_reset(fds[i]);
    }
}

int main(int argc, char **argv)
{
    size_t count = argc == 7 ? strtoul(argv[6], NULL, 10) : 0;
    if (count < 3 || count > CROWD_MAX || !client_handles(CROWD_MAX + 100)) {
        printf("usage: crowd HOST ECHO_PORT CHAT_PORT FILE_PORT SERVER_PID COUNT (to %d)\n",
               CROWD_MAX);
        return 2;
    }
    pid_t server = (pid_t)atol(argv[5]);
    size_t third = count / 3;
    newcomers(argv);
    uint64_t before_kb = process_resident_kb(server);
    uint64_t begin_ms = clock_ms();
    EXPECT(crowd_open(argv[1], argv[2], 0, third) == third);
    clock_sleep_ms(200);
    uint64_t grown_kb = process_resident_kb(server) - before_kb;
    printf("%lu silent echo connections in %lu ms, %lu KB in all\n", (unsigned long)third,
           (unsigned long)(clock_ms() - begin_ms), (unsigned long)grown_kb);
    EXPECT(before_kb > 0 && grown_kb * 1000U <= IDLE_KB_PER_1000 * third);

    EXPECT(crowd_open(argv[1], argv[3], third, third) == third);
    EXPECT(crowd_open(argv[1], argv[4], 2 * third, third) == third);
    printf("%lu connections after %lu ms\n", (unsigned long)(3 * third),
           (unsigned long)(clock_ms() - begin_ms));
    newcomers(argv);
    for (size_t i = 0; i < third; i++) {
        EXPECT(client_say(crowd[i], "still there"));
    }
    for (size_t i = 0; i < third; i++) {
        EXPECT(client_hear(crowd[i], "still there", 2000) >= 0);
    }
    crowd_close(0, 3 * third);
    newcomers(argv);
    deaf_peers(argv[1], argv[2], server);
    newcomers(argv);
    return check_report("crowd");
}
