/* SPDX-License-Identifier: MIT */
/*
 * Clients as beginners' tutorials write them, for tutorials.sh: no line end ever, and one read of
 * up to 1,024 bytes for an answer, which must have come whole in it.
 * guest HOST PORT MODE COUNT   COUNT of them at once, each in a process of its own. Every second
 * one writes GBK if GBK=1 is in the environment. Each sends its texts in two pieces, guest i cut
 * behind i bytes, wherever in a character that is. Ends with "N passed, N failed".
 *   greeting  one text, one read, the end           oneway    one text, the end
 *   chat      three texts, then goodbye             empty     three texts, then it just closes
 *   bot       asks what --bot builtin answers       file      a name, then reads to the end
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/wire/client.h"

enum { READ_BYTES = 1024, PIECE_PAUSE_MS = 60, WAIT_S = 10, GUESTS_MAX = 200, FILE_BYTES = 70000,
       NUMBERS_BYTES = 48894 };

/* The same in UTF-8 and in GBK. */
struct text {
    const char *utf8;
    const char *gbk;
};

static const struct text hello = {"\xe4\xbd\xa0\xe5\xa5\xbd", "\xc4\xe3\xba\xc3"};
static const struct text goodbye = {"\xe5\x86\x8d\xe8\xa7\x81", "\xd4\xd9\xbc\xfb"};
static const struct text file_name = {"\xe4\xb8\xad\xe6\x96\x87.bin", "\xd6\xd0\xce\xc4.bin"};

static struct {
    unsigned number;
    bool gbk;
    int fd;
    char answer[FILE_BYTES];
} state;

static const char *in_kind(struct text text)
{
    return state.gbk ? text.gbk : text.utf8;
}

static void fail(const char *what, const char *text)
{
    printf("guest %u%s: %s: %s\n", state.number, state.gbk ? " (GBK)" : "", what, text);
    fflush(stdout);
    _exit(1);
}

static void say(const char *text)
{
    size_t n = strlen(text);
    size_t cut = state.number % n;
    if (cut > 0 && send(state.fd, text, cut, MSG_NOSIGNAL) != (ssize_t)cut) {
        fail("cannot send", text);
    }
    if (cut > 0) {
        clock_sleep_ms(PIECE_PAUSE_MS);
    }
    if (send(state.fd, text + cut, n - cut, MSG_NOSIGNAL) != (ssize_t)(n - cut)) {
        fail("cannot send", text);
    }
}

/* One read, which is the answer. */
static void hear(const char *wanted)
{
    ssize_t n = recv(state.fd, state.answer, READ_BYTES, 0);
    if (n < 0) {
        fail("no answer", wanted);
    }
    state.answer[n] = '\0';
    if (strcmp(state.answer, wanted) != 0) {
        fail("another answer than", wanted);
    }
}

static void hear_end(void)
{
    if (recv(state.fd, state.answer, READ_BYTES, 0) != 0) {
        fail("no end", "");
    }
}

static void ask(const char *question)
{
    char wanted[READ_BYTES + 1];
    (void)snprintf(wanted, sizeof wanted, "re: %s", question);
    say(question);
    hear(wanted);
}

/* "1: hello 7" in its encoding. */
static const char *question(unsigned round)
{
    static char text[64];
    (void)snprintf(text, sizeof text, "%u: %s %u", round, in_kind(hello), state.number);
    return text;
}

static void talk(const char *mode)
{
    for (unsigned round = 1; round <= 3; round++) {
        ask(question(round));
    }
    if (strcmp(mode, "chat") == 0) {
        ask(state.number % 3 == 0 ? "bye" : in_kind(goodbye));
        hear_end();
    }
}

static void talk_to_bot(void)
{
    say("ping");
    hear("pong");
    say(in_kind(hello));
    hear(in_kind(hello));
    say(in_kind(goodbye));
    hear(in_kind(goodbye));
    hear_end();
}

/* The file is the numbers from 1 to 10,000, a line each. */
static void get_file(void)
{
    size_t n = 0;
    ssize_t got = 1;
    say(in_kind(file_name));
    while (got > 0 && n < sizeof state.answer - 1) {
        got = recv(state.fd, state.answer + n, READ_BYTES, 0);
        n += got > 0 ? (size_t)got : 0;
    }
    state.answer[n] = '\0';
    if (got != 0 || n != NUMBERS_BYTES || strncmp(state.answer, "1\n2\n", 4) != 0 ||
        strcmp(state.answer + n - 6, "10000\n") != 0) {
        fail("another file", in_kind(file_name));
    }
}

static void be_guest(const char *mode)
{
    struct timeval wait = {(time_t)client_patience(WAIT_S), 0};
    setsockopt(state.fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    fcntl(state.fd, F_SETFL, 0);
    if (strcmp(mode, "greeting") == 0) {
        ask(question(1));
    } else if (strcmp(mode, "oneway") == 0) {
        say(question(1));
    } else if (strcmp(mode, "bot") == 0) {
        talk_to_bot();
    } else if (strcmp(mode, "file") == 0) {
        get_file();
    } else {
        talk(mode);
    }
    close(state.fd);
    _exit(0);
}

int main(int argc, char **argv)
{
    pid_t guests[GUESTS_MAX];
    unsigned failed = 0;
    const char *gbk = getenv("GBK");
    unsigned count = argc == 5 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
    if (count == 0 || count > GUESTS_MAX) {
        return 2;
    }
    for (unsigned i = 0; i < count; i++) {
        guests[i] = fork();
        if (guests[i] == 0) {
            state.number = i + 1;
            state.gbk = gbk != NULL && strcmp(gbk, "1") == 0 && i % 2 == 0;
            state.fd = client_open(argv[1], argv[2], 0);
            if (state.fd < 0) {
                fail("cannot connect", argv[1]);
            }
            be_guest(argv[3]);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        int status = 1;
        failed += guests[i] < 0 || waitpid(guests[i], &status, 0) < 0 || status != 0 ? 1 : 0;
    }
    printf("%u passed, %u failed\n", count - failed, failed);
    return failed == 0 ? 0 : 1;
}
