/* SPDX-License-Identifier: MIT */
/* A service for the bot to ask: bot_api HOST [SECONDS that /stall takes]. Prints its port, and
 * answers each request as its path says, well or badly, in a process of its own, for ten minutes at
 * most. */
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIFE_S = 600, STALL_S = 10, REQUEST_BYTES = 8192, MEGABYTE = 1000000 };

static char request[REQUEST_BYTES];
static char answer[REQUEST_BYTES + 512];

static void pause_ms(long ms)
{
    struct timespec rest = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&rest, NULL);
}

static void put(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) {
            _exit(0);
        }
        bytes += sent;
        n -= (size_t)sent;
    }
}

static void put_string(int fd, const char *string)
{
    put(fd, string, strlen(string));
}

/* The whole request, as its Content-Length says. */
static void read_request(int fd)
{
    size_t have = 0;
    for (;;) {
        ssize_t n = recv(fd, request + have, sizeof request - 1 - have, 0);
        if (n <= 0) {
            _exit(0);
        }
        have += (size_t)n;
        request[have] = '\0';
        const char *body = strstr(request, "\r\n\r\n");
        const char *length = strstr(request, "Content-Length: ");
        if (body != NULL && length != NULL &&
            have == (size_t)(body + 4 - request) + strtoul(length + 16, NULL, 10)) {
            return;
        }
    }
}

/* What was asked, as it is escaped there, or "?". */
static const char *question(void)
{
    static char text[REQUEST_BYTES];
    const char *begin = strstr(request, "\"content\":\"");
    size_t skip = 11;
    if (begin == NULL) {
        begin = strstr(request, "\"inputText\":{\"text\":\"");
        skip = 21;
    }
    if (begin == NULL) {
        return "?";
    }
    begin += skip;
    size_t n = 0;
    while (begin[n] != '"' && begin[n] != '\0') {
        n += begin[n] == '\\' ? 2 : 1;
    }
    memcpy(text, begin, n);
    text[n] = '\0';
    return text;
}

static void put_answer(int fd, const char *head)
{
    char length[64];
    put_string(fd, "HTTP/1.1 200 OK\r\nServer: stub\r\n");
    snprintf(length, sizeof length, "Content-Length: %zu\r\n\r\n", strlen(answer));
    put_string(fd, head);
    put_string(fd, length);
    put_string(fd, answer);
}

static void put_chunks(int fd)
{
    put_string(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const char *at = answer; *at != '\0'; at++) {
        char chunk[32];
        snprintf(chunk, sizeof chunk, "1;x=y\r\n%c\r\n", *at);
        put_string(fd, chunk);
    }
    put_string(fd, "0\r\nTrailer: x\r\n\r\n");
}

static void put_megabyte(int fd)
{
    static char block[1000];
    put_string(fd, "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"");
    memset(block, 'm', sizeof block);
    for (size_t i = 0; i < MEGABYTE / sizeof block; i++) {
        put(fd, block, sizeof block);
    }
    put_string(fd, "\"}}]}");
}

static int is_path(const char *path)
{
    size_t n = strlen(path);
    return strncmp(request, "POST /", 6) == 0 && strncmp(request + 6, path, n) == 0 &&
           request[6 + n] == ' ';
}

static void end_with_reset(int fd)
{
    struct linger linger = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(fd);
    _exit(0);
}

/* All that the path names but a good answer. */
static int serve_badly(int fd)
{
    if (is_path("500")) {
        put_string(fd, "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\noops");
    } else if (is_path("404")) {
        put_string(fd, "HTTP/1.1 404 No\r\nContent-Length: 99999999\r\n\r\n");
    } else if (is_path("html")) {
        put_string(fd, "HTTP/1.1 200 OK\r\n\r\n<html><body>Sign in</body></html>");
    } else if (is_path("shape")) {
        put_string(fd, "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":null}}]}");
    } else if (is_path("short")) {
        put_string(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\":[{\"mess");
    } else if (is_path("reset")) {
        put_string(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\":[{\"mess");
        pause_ms(100);
        end_with_reset(fd);
    } else if (is_path("ssh")) {
        put_string(fd, "SSH-2.0-stub\r\n");
    } else if (is_path("mega")) {
        put_megabyte(fd);
    } else if (is_path("deep")) {
        memset(answer, '[', 1000);
        put_answer(fd, "");
    } else if (is_path("silent")) {
        sleep(60);
    } else {
        return 0;
    }
    return 1;
}

static void serve(int fd, time_t stalled_until)
{
    read_request(fd);
    if (is_path("key") && strstr(request, "\r\nAuthorization: Bearer sesame-opens\r\n") == NULL) {
        put_string(fd, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    if (is_path("tuling")) {
        bool right = strstr(request, "\"apiKey\":\"sesame-opens\"") != NULL;
        snprintf(answer, sizeof answer,
                 "{\"intent\":{},\"results\":[{\"groupType\":1,\"resultType\":\"text\","
                 "\"values\":{\"text\":\"%s: %s\"}}]}", right ? "re" : "no key", question());
        put_answer(fd, "");
        return;
    }
    snprintf(answer, sizeof answer, "{\"id\":1,\"choices\":[{\"index\":0,\"message\":{\"role\":"
             "\"assistant\",\"content\":\"re: %s\"}}]}\n", question());
    if (serve_badly(fd)) {
        return;
    }
    if (is_path("stall")) {
        while (time(NULL) < stalled_until) {
            pause_ms(20);
        }
    }
    if (is_path("slow")) {
        put_string(fd, "HTTP/1.1 100 Continue\r\n\r\n");
        pause_ms(1500);
    }
    if (is_path("reflect")) {
        strcpy(answer, "{\"choices\":[{\"message\":{\"content\":\"your key sesame\\u002dopens is "
                       "wrong: sesame-opens\"}}]}");
    }
    if (is_path("long")) {
        memset(answer + strlen(answer) - 6, 'l', 3000);
        strcpy(answer + 3000, "\"}}]}");
    }
    if (is_path("hostile")) {
        strcpy(answer, "{\"choices\":[{\"message\":{\"content\":\"a\\r\\n<op> b"
                       "\\u001b[2J\\u0000\\ud800\\u202ec\"}}]}");
    }
    if (is_path("chunked")) {
        put_chunks(fd);
    } else {
        put_answer(fd, "content-type: application/json\r\n");
    }
}

int main(int argc, char **argv)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct sockaddr_storage at;
    socklen_t at_bytes = sizeof at;
    char port[16];
    if (argc < 2 || argc > 3 || getaddrinfo(argv[1], "0", &hints, &found) != 0) {
        return 2;
    }
    int listener = socket(found->ai_family, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &at_bytes) != 0) {
        return 1;
    }
    freeaddrinfo(found);
    getnameinfo((struct sockaddr *)&at, at_bytes, NULL, 0, port, sizeof port, NI_NUMERICSERV);
    printf("%s\n", port);
    fflush(stdout);
    signal(SIGCHLD, SIG_IGN);
    alarm(LIFE_S);
    time_t stalled_until = 0;
    time_t stall_s = argc == 3 ? (time_t)strtoul(argv[2], NULL, 10) : STALL_S;
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            continue;
        }
        stalled_until = stalled_until != 0 ? stalled_until : time(NULL) + stall_s;
        if (fork() == 0) {
            close(listener);
            alarm(60);
            serve(fd, stalled_until);
            shutdown(fd, SHUT_WR);
            _exit(0);
        }
        close(fd);
    }
}
