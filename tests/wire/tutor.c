/* SPDX-License-Identifier: MIT */
/*
 * Servers as beginners' tutorials write them, for talk_tool.sh: one guest after another, one read
 * for one message, answers without a line end. For at most LIFE_S seconds.
 * tutor MODE LOG [HOST]   listens on HOST (127.0.0.1), prints its port and serves; what each read
 * returned is a line of LOG
 *   chat      answers "you said: TEXT", until the guest says "bye", which it says too
 *   once      answers one message and closes
 *   split     answers in two pieces, with a pause in the middle of a character
 *   oneway    answers nothing, reads to the end
 *   late      answers when the guest has ended his side
 *   hangup    closes before it reads
 *   reset     reads once and resets the connection
 *   file      takes a name in GBK, sends that file, which it has in memory, and closes
 *   pipe      sends what comes on standard input, until that ends
 */
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/wire/client.h"

enum { LIFE_S = 120, READ_BYTES = 1024, SPLIT_PAUSE_MS = 60 };

static struct {
    FILE *log;
    char text[READ_BYTES + 64];
} state;

/* One read, which is one message; false: the guest has ended. */
static bool hear(int fd, size_t *n)
{
    ssize_t got = recv(fd, state.text, READ_BYTES, 0);
    if (got <= 0) {
        return false;
    }
    *n = (size_t)got;
    fwrite(state.text, 1, *n, state.log);
    fputc('\n', state.log);
    fflush(state.log);
    return true;
}

static void say(int fd, const char *text, size_t n)
{
    (void)send(fd, text, n, MSG_NOSIGNAL);
}

static void answer(int fd, size_t n)
{
    static const char head[] = "you said: ";
    memmove(state.text + sizeof head - 1, state.text, n);
    memcpy(state.text, head, sizeof head - 1);
    say(fd, state.text, sizeof head - 1 + n);
}

static void answer_split(int fd)
{
    say(fd, "caf\xc3", 4);
    clock_sleep_ms(SPLIT_PAUSE_MS);
    say(fd, "\xa9!", 2);
}

/* A character for a name; the file is the name three times. Nothing: there is no such file. */
static void send_file(int fd, size_t n)
{
    static const char name[] = "\xd7\xd6.txt";
    for (unsigned i = 0; i < 3 && n == sizeof name - 1 && memcmp(state.text, name, n) == 0; i++) {
        say(fd, name, n);
    }
}

/* Standard input to the guest, what he says to the log. */
static void relay(int fd)
{
    struct pollfd both[2] = {{0, POLLIN, 0}, {fd, POLLIN, 0}};
    size_t n = 0;
    for (;;) {
        if (poll(both, 2, -1) < 0) {
            return;
        }
        if (both[0].revents != 0) {
            ssize_t got = read(0, state.text, READ_BYTES);
            if (got <= 0) {
                return;
            }
            say(fd, state.text, (size_t)got);
        }
        if (both[1].revents != 0 && !hear(fd, &n)) {
            return;
        }
    }
}

static void converse(int fd, const char *mode)
{
    size_t n = 0;
    if (strcmp(mode, "pipe") == 0) {
        relay(fd);
        return;
    }
    while (strcmp(mode, "hangup") != 0 && hear(fd, &n)) {
        if (strcmp(mode, "reset") == 0) {
            client_reset(fd);
            return;
        }
        if (strcmp(mode, "file") == 0) {
            send_file(fd, n);
            return;
        }
        if (strcmp(mode, "split") == 0) {
            answer_split(fd);
        } else if (n == 3 && memcmp(state.text, "bye", 3) == 0) {
            say(fd, "bye", 3);
            return;
        } else if (strcmp(mode, "chat") == 0 || strcmp(mode, "once") == 0) {
            answer(fd, n);
        }
        if (strcmp(mode, "once") == 0) {
            return;
        }
    }
    if (strcmp(mode, "late") == 0) {
        say(fd, "that was all?\n", 14);
    }
}

int main(int argc, char **argv)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct sockaddr_storage at;
    socklen_t n = sizeof at;
    char port[16];
    if (argc < 3 || argc > 4 ||
        getaddrinfo(argc == 4 ? argv[3] : "127.0.0.1", "0", &hints, &found) != 0) {
        return 2;
    }
    int listener = socket(found->ai_family, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)(void *)&at, &n) != 0 ||
        getnameinfo((struct sockaddr *)(void *)&at, n, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV) != 0) {
        return 2;
    }
    freeaddrinfo(found);
    state.log = fopen(argv[2], "a");
    if (state.log == NULL) {
        return 2;
    }
    printf("%s\n", port);
    fflush(stdout);
    signal(SIGPIPE, SIG_IGN);
    alarm(LIFE_S);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0) {
            converse(fd, argv[1]);
            close(fd);
        }
    }
}
