/* SPDX-License-Identifier: MIT */
/*
 * A server that lies, for get.sh: each path has an answer of its own, most of them wrong on
 * purpose. One connection after another, on 127.0.0.1, for at most LIFE_S seconds.
 * get_liar LOG     prints its port, serves, and appends the first line of each request to LOG,
 *                  with its Range and If-Range fields
 * get_liar --free  prints a port that nobody uses
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/wire/client.h"

enum { LIFE_S = 300, REQUEST_BYTES = 8192, PATIENCE_S = 5, ENDLESS_BYTES = 3000000, HOPS_MAX = 99,
       RAW_HANG_MS = 2500 };

enum ending {
    FIN,
    RST,
    HANG, /* until the client leaves */
    DRIP  /* one byte of `more` in 200 ms, until the client leaves */
};

enum asked { ANY, WHOLE, PART, FIRST, LATER };

/* What is sent for a path: the first row that fits. */
struct lie {
    const char *path;
    enum asked asked;  /* for which request: without and with a range, the first and all others */
    const char *bytes;
    size_t n;
    const char *more;  /* sent again and again, up to ENDLESS_BYTES */
    enum ending ending;
    bool by_byte;      /* each byte in a segment of its own */
};

#define BYTES(text) text, sizeof text - 1
#define OK "HTTP/1.1 200 OK\r\n"
#define TAG "ETag: \"a\"\r\n"
#define TEN "Content-Length: 10\r\n"
#define PART_OF "HTTP/1.1 206 Partial Content\r\n"

static const struct lie lies[] = {
    /* Right, if unusual. */
    {"/ok", ANY, BYTES(OK "Content-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    {"/split", ANY, BYTES(OK "Content-Length: 5\r\n\r\nhello"), NULL, FIN, true},
    {"/stays", ANY, BYTES(OK "Content-Length: 5\r\n\r\nhello"), NULL, HANG, false},
    {"/lf", ANY, BYTES("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"), NULL, FIN, false},
    {"/old", ANY, BYTES("HTTP/1.0 200 OK\r\n\r\nhello"), NULL, FIN, false},
    {"/chunks", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\n"
                           "T: x\r\n\r\n"), NULL, HANG, false},
    {"/chunks-split", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n"
                                 "0\r\nT: x\r\n\r\n"), NULL, HANG, true},
    {"/chunks-none", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), NULL, FIN,
     false},
    {"/interim", ANY, BYTES("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\n" OK
                            "Content-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    {"/empty", ANY, BYTES(OK "Content-Length: 0\r\n\r\n"), NULL, HANG, false},
    {"/evil-name", ANY, BYTES(OK "Content-Disposition: attachment; filename=\"../../evil\"\r\n"
                              "Content-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    {"/weak", ANY, BYTES(OK "ETag: W/\"a\"\r\n" TEN "\r\n01234"), NULL, FIN, false},
    {"/colours", ANY, BYTES(OK "Content-Length: 32\r\n\r\n"
                            "a\x1b[31mred\x9b" "2J\r\n\xe6\x96\x87\xc2\x9b\x07\x7f\tend"
                            "\xe2\x80\xae\n..."), NULL, FIN, false},
    /* Lengths. */
    {"/short", ANY, BYTES(OK TEN TAG "\r\n01234"), NULL, FIN, false},
    {"/short-reset", ANY, BYTES(OK TEN TAG "\r\n01234"), NULL, RST, false},
    {"/old-reset", ANY, BYTES("HTTP/1.0 200 OK\r\n\r\nhello"), NULL, RST, false},
    {"/long", ANY, BYTES(OK "Content-Length: 5\r\n\r\nhello, world"), NULL, HANG, false},
    {"/endless-body", ANY, BYTES(OK "Content-Length: 5\r\n\r\nhello, and "), "more", HANG, false},
    {"/huge", ANY, BYTES(OK "Content-Length: 9223372036854775807\r\n\r\nhello"), NULL, FIN, false},
    {"/too-huge", ANY, BYTES(OK "Content-Length: 9223372036854775808\r\n\r\nx"), NULL, FIN, false},
    {"/negative", ANY, BYTES(OK "Content-Length: -5\r\n\r\nhello"), NULL, FIN, false},
    {"/two-lengths", ANY, BYTES(OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), NULL,
     FIN, false},
    /* Heads. */
    {"/endless-head", ANY, BYTES(OK), "A: b\r\n", HANG, false},
    {"/endless-line", ANY, BYTES(OK "A: "), "bbbbbbbb", HANG, false},
    {"/endless-name", ANY, BYTES(OK), "bbbbbbbb", HANG, false},
    {"/endless-reason", ANY, BYTES("HTTP/1.1 200 "), "bbbbbbbb", HANG, false},
    {"/endless-interim", ANY, BYTES(""), "HTTP/1.1 100 Continue\r\n\r\n", HANG, false},
    {"/nul", ANY, BYTES(OK "A: b\0c\r\nContent-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    {"/nul-name", ANY, BYTES(OK "A\0B: b\r\nContent-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    {"/bare-cr", ANY, BYTES(OK "A: b\rContent-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    {"/no-colon", ANY, BYTES(OK "hello\r\n\r\n"), NULL, FIN, false},
    {"/other", ANY, BYTES("SSH-2.0-other\r\n"), NULL, HANG, false},
    {"/nothing", ANY, BYTES(""), NULL, FIN, false},
    {"/nothing-reset", ANY, BYTES(""), NULL, RST, false},
    {"/half-head", ANY, BYTES(OK "Content-Le"), NULL, FIN, false},
    {"/switch", ANY, BYTES("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), NULL, HANG, false},
    {"/no-content", ANY, BYTES("HTTP/1.1 204 No Content\r\n\r\n"), NULL, FIN, false},
    {"/999", ANY, BYTES("HTTP/1.1 999 What\r\nContent-Length: 3\r\n\r\nxxx"), NULL, FIN, false},
    {"/paint", ANY, BYTES("HTTP/1.1 404 \x1b[31mred\x07\x9b" "2J\r\nContent-Length: 0\r\n\r\n"),
     NULL, FIN, false},
    {"/gzip", ANY, BYTES(OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), NULL, FIN, false},
    /* Time. */
    {"/silent", ANY, BYTES(""), NULL, HANG, false},
    {"/silent-body", ANY, BYTES(OK TEN TAG "\r\n01234"), NULL, HANG, false},
    {"/drip-head", ANY, BYTES(OK "A: "), "b", DRIP, false},
    {"/drip-body", ANY, BYTES(OK TEN "\r\n0123"), "4", DRIP, false},
    /* Chunks. */
    {"/chunk-size", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n"), NULL, FIN,
     false},
    {"/chunk-huge", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello"),
     NULL, FIN, false},
    {"/chunk-negative", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n"), NULL,
     FIN, false},
    {"/chunk-longer", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n"),
     NULL, FIN, false},
    {"/chunk-cut", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), NULL, FIN,
     false},
    {"/chunk-cut-data", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\na\r\nhello"), NULL, FIN,
     false},
    {"/chunk-extension", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n5;a="), "bbbb", HANG,
     false},
    {"/chunk-trailer", ANY, BYTES(OK "Transfer-Encoding: chunked\r\n\r\n0\r\n"), "A: b\r\n", HANG,
     false},
    /* Redirects; /hop/N goes to /hop/N-1, and /hop/0 has the file. */
    {"/loop", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: /loop\r\n\r\n"), NULL, HANG, false},
    {"/moved", ANY, BYTES("HTTP/1.1 301 Moved\r\nLocation: evil-name?x#y\r\n\r\n"), NULL, HANG,
     false},
    {"/to-raw", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: raw://127.0.0.1:1/x\r\n\r\n"), NULL,
     HANG, false},
    {"/to-https", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/x\r\n\r\n"), NULL,
     HANG, false},
    {"/to-file", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"), NULL,
     HANG, false},
    {"/to-nowhere", ANY, BYTES("HTTP/1.1 302 Found\r\n\r\n"), NULL, HANG, false},
    {"/to-paint", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: /\x1b[2J\r\n\r\n"), NULL, HANG,
     false},
    {"/to-endless", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: /"), "aaaaaaaa", HANG, false},
    {"/to-closed", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), NULL,
     HANG, false},
    {"/to-part", ANY, BYTES("HTTP/1.1 302 Found\r\nLocation: /part\r\n\r\n"), NULL, HANG, false},
    /* Parts of "0123456789", asked for behind "01234". */
    {"/part", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-9/10\r\n\r\n56789"), NULL, HANG,
     false},
    {"/part-chunked", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-9/10\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n5\r\n56789\r\n0\r\n\r\n"),
     NULL, HANG, false},
    {"/part-chunked-long", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-9/10\r\n"
                                       "Transfer-Encoding: chunked\r\n\r\n6\r\n56789X\r\n"
                                       "0\r\n\r\n"), NULL, HANG, false},
    {"/part-offset", PART, BYTES(PART_OF TAG "Content-Range: bytes 0-9/10\r\n\r\n0123456789"),
     NULL, FIN, false},
    {"/part-unsaid", PART, BYTES(PART_OF TAG "Content-Length: 5\r\n\r\n56789"), NULL, FIN, false},
    {"/part-many", PART, BYTES(PART_OF "Content-Type: multipart/byteranges; boundary=x\r\n"
                               "Content-Length: 5\r\n\r\n--x--"), NULL, FIN, false},
    {"/part-broken", PART, BYTES(PART_OF TAG "Content-Range: bytes 9-5/10\r\n\r\n56789"), NULL,
     FIN, false},
    {"/part-beyond", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-99/*\r\n\r\n56789"), NULL,
     FIN, false},
    {"/part-length", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-9/10\r\n"
                                 "Content-Length: 99\r\n\r\n56789"), NULL, FIN, false},
    {"/part-less", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-6/10\r\n\r\n56"), NULL, FIN,
     false},
    {"/part-cut", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-9/10\r\n\r\n56"), NULL, FIN,
     false},
    {"/part-tag", PART, BYTES(PART_OF "ETag: \"b\"\r\nContent-Range: bytes 5-9/10\r\n\r\nWRONG"),
     NULL, FIN, false},
    {"/part-size", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-10/11\r\n\r\nWRONG!"), NULL,
     FIN, false},
    {"/part-416", PART, BYTES("HTTP/1.1 416 No\r\nContent-Range: bytes */3\r\n\r\n"), NULL, FIN,
     false},
    {"/part-404", PART, BYTES("HTTP/1.1 404 Gone\r\n\r\n"), NULL, FIN, false},
    {"/part-full", PART, BYTES(OK TEN "ETag: \"b\"\r\n\r\nABCDEFGHIJ"), NULL, FIN, false},
    {"/unasked", ANY, BYTES(PART_OF TAG "Content-Range: bytes 0-9/10\r\n\r\n0123456789"), NULL,
     FIN, false},
    /* Another time it may do better. */
    {"/flaky", PART, BYTES(PART_OF TAG "Content-Range: bytes 5-9/10\r\n\r\n56789"), NULL, FIN,
     false},
    {"/flaky", ANY, BYTES(OK TEN TAG "\r\n01234"), NULL, RST, false},
    {"/changed", PART, BYTES(OK TEN "ETag: \"b\"\r\n\r\nABCDEFGHIJ"), NULL, FIN, false},
    {"/changed", ANY, BYTES(OK TEN TAG "\r\n01234"), NULL, RST, false},
    {"/untagged", FIRST, BYTES(OK TEN "\r\n01234"), NULL, FIN, false},
    {"/untagged", LATER, BYTES(OK TEN "\r\nABCDEFGHIJ"), NULL, FIN, false},
    {"/busy", FIRST, BYTES("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n"), NULL, FIN, false},
    {"/busy", LATER, BYTES(OK "Content-Length: 5\r\n\r\nhello"), NULL, FIN, false},
    /* Raw: a name and the client's end, then the file. */
    {"raw name", ANY, BYTES("raw bytes"), NULL, FIN, false},
    {"raw-nothing", ANY, BYTES(""), NULL, FIN, false},
    {"raw-reset", ANY, BYTES("raw"), NULL, RST, false},
    {"raw-reset-at-once", ANY, BYTES(""), NULL, RST, false},
    {"raw-silent", ANY, BYTES("raw"), NULL, HANG, false},
};

/* All paths that begin with "/part" have this for those who ask for the whole. */
static const struct lie whole_part = {"/part", WHOLE, BYTES(OK TEN TAG "\r\n0123456789"), NULL, FIN,
                                      false};

static struct {
    char request[REQUEST_BYTES + 1];
    size_t n;
    char path[REQUEST_BYTES + 1];
    bool part;
    unsigned asked[sizeof lies / sizeof lies[0]]; /* how often, by the first row of a path */
} state;

/* Reads a request: a head, or a raw name up to the client's end. False: it never came. */
static bool request_read(int fd)
{
    state.n = 0;
    while (state.n < REQUEST_BYTES) {
        ssize_t got = recv(fd, state.request + state.n, REQUEST_BYTES - state.n, 0);
        if (got < 0) {
            return false;
        }
        state.n += (size_t)got;
        state.request[state.n] = '\0';
        bool http = strncmp(state.request, "GET ", 4) == 0;
        if (http ? strstr(state.request, "\r\n\r\n") != NULL : got == 0) {
            return true;
        }
        if (got == 0) {
            return false;
        }
    }
    return false;
}

static void request_log(const char *path)
{
    FILE *log = fopen(path, "a");
    if (log == NULL) {
        return;
    }
    fprintf(log, "%.*s", (int)strcspn(state.request, "\r\n"), state.request);
    for (const char *at = state.request; (at = strchr(at, '\n')) != NULL; at++) {
        if (strncmp(at + 1, "Range:", 6) == 0 || strncmp(at + 1, "If-Range:", 9) == 0
            || strncmp(at + 1, "Host:", 5) == 0) {
            fprintf(log, " | %.*s", (int)strcspn(at + 1, "\r\n"), at + 1);
        }
    }
    fprintf(log, "\n");
    fclose(log);
}

static void request_understand(void)
{
    const char *path = state.request;
    size_t n = state.n;
    state.part = false;
    if (strncmp(path, "GET ", 4) == 0) {
        path += 4;
        n = strcspn(path, " ?");
        state.part = strstr(state.request, "\r\nRange: bytes=") != NULL;
    }
    memcpy(state.path, path, n);
    state.path[n] = '\0';
}

static bool fits(const struct lie *lie, unsigned before)
{
    switch (lie->asked) {
    case ANY:
        return true;
    case WHOLE:
        return !state.part;
    case PART:
        return state.part;
    case FIRST:
        return before == 0;
    case LATER:
        return before > 0;
    }
    return false;
}

static const struct lie *lie_find(void)
{
    size_t first = sizeof lies / sizeof lies[0];
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        if (strcmp(lies[i].path, state.path) == 0) {
            first = i < first ? i : first;
            if (fits(&lies[i], state.asked[first])) {
                state.asked[first]++;
                return &lies[i];
            }
        }
    }
    return strncmp(state.path, "/part", 5) == 0 ? &whole_part : NULL;
}

static bool all_sent(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0) {
            return false;
        }
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Reads until the client leaves, or for PATIENCE_S; one that asked raw has ended already. */
static void leave_await(int fd, bool raw)
{
    char bytes[1024];
    if (raw) {
        clock_sleep_ms(RAW_HANG_MS);
    }
    while (recv(fd, bytes, sizeof bytes, 0) > 0) {
    }
}

static void lie_tell(int fd, const struct lie *lie)
{
    bool there = true;
    for (size_t i = 0; lie->by_byte && i < lie->n && there; i++) {
        there = all_sent(fd, lie->bytes + i, 1);
        clock_sleep_ms(2);
    }
    if (!lie->by_byte) {
        there = all_sent(fd, lie->bytes, lie->n);
    }
    if (lie->more != NULL && lie->ending != DRIP) {
        size_t n = strlen(lie->more);
        for (size_t sent = 0; sent < ENDLESS_BYTES && there; sent += n) {
            there = all_sent(fd, lie->more, n);
        }
    }
    for (unsigned i = 0; lie->ending == DRIP && i < PATIENCE_S * 5 && there; i++) {
        clock_sleep_ms(200);
        there = all_sent(fd, lie->more, strlen(lie->more));
    }
    if (lie->ending == HANG) {
        leave_await(fd, lie->path[0] != '/');
    }
    if (lie->ending == RST) {
        clock_sleep_ms(50); /* what was sent shall be read before */
        client_reset(fd);
        return;
    }
    (void)shutdown(fd, SHUT_WR);
    leave_await(fd, false);
    close(fd);
}

static void answer(int fd)
{
    char text[256];
    unsigned hops = 0;
    const struct lie *lie = lie_find();
    if (lie != NULL) {
        lie_tell(fd, lie);
        return;
    }
    if (sscanf(state.path, "/hop/%u", &hops) == 1 && hops > 0 && hops <= HOPS_MAX) {
        snprintf(text, sizeof text, "HTTP/1.1 307 Hop\r\nLocation: %u\r\n\r\n", hops - 1);
    } else if (strcmp(state.path, "/hop/0") == 0) {
        snprintf(text, sizeof text, OK "Content-Length: 5\r\n\r\nhello");
    } else {
        snprintf(text, sizeof text, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
    (void)all_sent(fd, text, strlen(text));
    (void)shutdown(fd, SHUT_WR);
    leave_await(fd, false);
    close(fd);
}

static int listen_open(unsigned *port)
{
    struct sockaddr_in at;
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (const struct sockaddr *)(const void *)&at, n) != 0
        || listen(fd, 16) != 0 || getsockname(fd, (struct sockaddr *)(void *)&at, &n) != 0) {
        return -1;
    }
    *port = ntohs(at.sin_port);
    return fd;
}

int main(int argc, char **argv)
{
    unsigned port = 0;
    int listener = listen_open(&port);
    if (argc != 2 || listener < 0) {
        return 2;
    }
    printf("%u\n", port);
    fflush(stdout);
    if (strcmp(argv[1], "--free") == 0) {
        return 0;
    }
    alarm(LIFE_S);
    for (;;) {
        const struct timeval patience = {PATIENCE_S, 0};
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            continue;
        }
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (request_read(fd)) {
            request_log(argv[1]);
            request_understand();
            answer(fd);
        } else {
            close(fd);
        }
    }
}
