/* SPDX-License-Identifier: MIT */
/* One client, one exchange at a time, so that every run is the same for the server.
 * usage: work_client echo|http PORT TIMES */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ECHO_BYTES = 64, BODY_BYTES = 1024 };

static const char request[] = "GET /1k HTTP/1.1\r\nHost: board\r\n\r\n";

static int dial(int port)
{
    struct sockaddr_in at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((unsigned short)port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at) != 0) {
        perror("work_client");
        exit(1);
    }
    return fd;
}

/* How long an answer is: an echo's is known, that of HTTP ends with its body. */
static size_t answer_bytes(int http, const char *bytes, size_t n)
{
    const char *head;
    if (!http) {
        return ECHO_BYTES;
    }
    head = memmem(bytes, n, "\r\n\r\n", 4);
    return head == NULL ? n + 1 : (size_t)(head - bytes) + 4 + BODY_BYTES;
}

static int exchange(int fd, int http)
{
    char bytes[4096];
    size_t n = http ? sizeof request - 1 : (size_t)ECHO_BYTES;
    size_t got = 0;
    memset(bytes, 'x', ECHO_BYTES);
    if (send(fd, http ? request : bytes, n, 0) != (ssize_t)n) {
        return 0;
    }
    while (got < answer_bytes(http, bytes, got)) {
        ssize_t more = recv(fd, bytes + got, sizeof bytes - got, 0);
        if (more <= 0) {
            return 0;
        }
        got += (size_t)more;
    }
    return !http || memcmp(bytes, "HTTP/1.1 200 ", 13) == 0;
}

int main(int argc, char **argv)
{
    int http = argc == 4 && strcmp(argv[1], "http") == 0;
    int fd;
    long left;
    if (argc != 4) {
        return 2;
    }
    fd = dial(atoi(argv[2]));
    for (left = atol(argv[3]); left > 0; left--) {
        if (!exchange(fd, http)) {
            (void)fprintf(stderr, "work_client: not the answer, %ld left\n", left);
            return 1;
        }
    }
    (void)close(fd);
    return 0;
}
