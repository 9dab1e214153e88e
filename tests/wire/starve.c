/* SPDX-License-Identifier: MIT */
/* 64 clients for a server that has descriptors for a few (hazards 3, 4): those who wait cost no
 * processor time, the server lives, and each who leaves is followed by one who waited.
 * starve HOST ECHO_PORT SERVER_PID SECONDS */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/wire/client.h"

enum { CLIENTS = 64, RECOVERY_MS = 1000, ROUNDS_MAX = 64 };

static struct {
    int fds[CLIENTS]; /* -1: done */
    bool served[CLIENTS];
} clients;

/* Collects echoes for a while; returns how many are newly served. Ends early at `enough`. */
static unsigned served_await(uint64_t ms, unsigned enough)
{
    unsigned count = 0;
    uint64_t end_ms = clock_ms() + ms;
    while (clock_ms() < end_ms && count < enough) {
        struct pollfd polls[CLIENTS];
        for (size_t i = 0; i < CLIENTS; i++) {
            polls[i] = (struct pollfd){clients.served[i] ? -1 : clients.fds[i], POLLIN, 0};
        }
        poll(polls, CLIENTS, 20);
        for (size_t i = 0; i < CLIENTS; i++) {
            char byte = 0;
            if (polls[i].fd >= 0 && polls[i].revents != 0
                && recv(clients.fds[i], &byte, 1, 0) == 1) {
                clients.served[i] = true;
                count++;
            }
        }
    }
    return count;
}

static unsigned served_leave(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        if (clients.served[i] && clients.fds[i] >= 0) {
            close(clients.fds[i]);
            clients.fds[i] = -1;
            count++;
        }
    }
    return count;
}

int main(int argc, char **argv)
{
    if (argc != 5 || !client_handles(CLIENTS + 16)) {
        printf("usage: starve HOST ECHO_PORT SERVER_PID SECONDS\n");
        return 2;
    }
    pid_t server = (pid_t)atol(argv[3]);
    uint64_t span_ms = strtoull(argv[4], NULL, 10) * 1000U;
    for (size_t i = 0; i < CLIENTS; i++) {
        clients.fds[i] = client_open(argv[1], argv[2], 0);
        EXPECT(clients.fds[i] >= 0 && client_say(clients.fds[i], "x"));
    }
    unsigned served = served_await(client_patience(1500), CLIENTS);
    EXPECT(served > 0 && served < CLIENTS); /* else there was no shortage */

    uint64_t before_ms = process_used_ms(server);
    clock_sleep_ms(span_ms);
    uint64_t used_ms = process_used_ms(server) - before_ms;
    printf("%u of %d served; %lu ms of processor time in %lu ms\n", served, CLIENTS,
           (unsigned long)used_ms, (unsigned long)span_ms);
    EXPECT(used_ms * 20U <= span_ms); /* 5 % */
    EXPECT(kill(server, 0) == 0);

    unsigned rounds = 0;
    unsigned left = CLIENTS - served;
    while (left > 0 && rounds < ROUNDS_MAX) {
        unsigned gone = served_leave();
        unsigned enough = gone < left ? gone : left;
        uint64_t begin_ms = clock_ms();
        unsigned count = served_await(client_patience(RECOVERY_MS), enough);
        printf("%u left, %u followed in %lu ms\n", gone, count,
               (unsigned long)(clock_ms() - begin_ms));
        EXPECT(count >= enough);
        if (count == 0) {
            break;
        }
        left -= count < left ? count : left;
        rounds++;
    }
    EXPECT(left == 0);
    EXPECT(kill(server, 0) == 0);
    return check_report("starve");
}
