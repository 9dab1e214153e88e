/* SPDX-License-Identifier: MIT */
/* Names in a tangled tree, by HTTP in batches and raw one by one: LEAKED must not come. */
#include "tests/wire/tangle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/wire/client.h"

enum {
    BATCH = 32,          /* requests in one piece */
    NAME_BYTES_MAX = 600,
    HTTP_BATCHES = 20,   /* for each raw batch ... */
    RAW_NAMES = 10,      /* ... of so many names */
    ANSWER_MAX = 1 << 17
};

/* ---- Names --------------------------------------------------------------------------------- */

/* What may stand before a slash, most of the time. */
static const char *const ways[] = {"d0", "d1", "d2", "d3", "d0", "d1", "d2", "d3", "up", "top",
                                   "folder-in", "folder-out", "beside", "..", ".", ""};

static const char *const words[] = {
    "d0", "d1", "d2", "d3", "f0", "f1", "f2", "f0", "f1", "f2", "f0", "f1", "f2", "up", "top",
    "file-in", "folder-in", "file-out", "folder-out", "beside", "outside", "root", "loop", "round",
    "chain", "passwd", "process", "working", "absolute", "absolute-in", "secret", "group",
    ".hidden", ".dots", "closed", "LEAKED0", "pipe", "socket", "device", "new", "newer", "aside",
    "..", "..", ".", "", "...", "etc"};

static const char *const odd[] = {"%2e%2e", "%2e.", ".%2E", "%2e", "..%2f..", "%2f", "..%5c..",
                                  "..\\..", "%252e%252e", "%c0%ae%c0%ae", "..%00", "f0%00",
                                  "%66%30", "f0%20", "\xc0\xaf", "..;", "~", "f0 "};

/* Those that change all the time, and what lies in them. */
static const char *const spinning_names[] = {"f0", "f1", "file-out", "d1/f0", "d1/f2", "secret",
                                             "d1/LEAKED0", "folder-out/f0", "d1/"};
static bool names_spin;

/* Puts a name together: components and slashes; `http`: it can stand in a request line. */
static size_t name_make(char *name, bool http)
{
    unsigned components = 1 + any(6);
    size_t n = 0;

    if (names_spin) {
        const char *spinning = spinning_names[any(sizeof spinning_names / sizeof *spinning_names)];

        memcpy(name, spinning, strlen(spinning));
        return strlen(spinning);
    }
    for (unsigned i = 0; i < components; i++) {
        bool way = i + 1 < components && any(8) > 0;
        const char *word = way ? ways[any(sizeof ways / sizeof *ways)]
                               : words[any(sizeof words / sizeof *words)];

        if (any(60) == 0) {
            word = odd[any(sizeof odd / sizeof *odd)];
        }
        if (http && strchr(word, ' ') != NULL) {
            word = "f0";
        }
        n += (size_t)snprintf(name + n, NAME_BYTES_MAX - n, "%s%s", i == 0 ? "" : "/", word);
    }
    if (any(6) == 0) {
        n += (size_t)snprintf(name + n, NAME_BYTES_MAX - n, "/");
    }
    return n;
}

/* ---- Reading ------------------------------------------------------------------------------- */

static const char *host;
static const char *port;

static struct {
    int fd;
    size_t at;
    size_t n;
    char bytes[ANSWER_MAX];
} reader;

static unsigned long counts[6]; /* answers, by the first digit of their status */
static unsigned long files;     /* that came whole */
static unsigned long broken;    /* connections that ended in the middle of an answer */
static unsigned long raw_files;
static unsigned long leaks;

static void reader_open(void)
{
    const struct timeval patience = {(time_t)client_patience(10), 0};

    reader.fd = client_open(host, port, 0);
    reader.at = 0;
    reader.n = 0;
    if (reader.fd < 0) {
        printf("cannot connect any more\n0 passed, 1 failed\n");
        exit(1);
    }
    (void)fcntl(reader.fd, F_SETFL, 0);
    (void)setsockopt(reader.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static bool reader_fill(void)
{
    ssize_t got;

    if (reader.at > 0) {
        memmove(reader.bytes, reader.bytes + reader.at, reader.n - reader.at);
        reader.n -= reader.at;
        reader.at = 0;
    }
    if (reader.n == sizeof reader.bytes) {
        return false;
    }
    got = recv(reader.fd, reader.bytes + reader.n, sizeof reader.bytes - reader.n, 0);
    if (got <= 0) {
        return false;
    }
    reader.n += (size_t)got;
    return true;
}

/* Waits until n more bytes are there. */
static bool reader_has(size_t n)
{
    while (reader.n - reader.at < n) {
        if (!reader_fill()) {
            return false;
        }
    }
    return true;
}

/* The length of what is there up to and with `end`; 0: it does not come. */
static size_t reader_span(const char *end)
{
    for (;;) {
        const char *from = reader.bytes + reader.at;
        const char *found = memmem(from, reader.n - reader.at, end, strlen(end));

        if (found != NULL) {
            return (size_t)(found - from) + strlen(end);
        }
        if (!reader_fill()) {
            return 0;
        }
    }
}

/* Looks at n bytes, which are there, for what must not come, and takes them. */
static void reader_take(size_t n)
{
    const char *bytes = reader.bytes + reader.at;

    if (memmem(bytes, n, "LEAKED", 6) != NULL || memmem(bytes, n, "root:", 5) != NULL) {
        leaks++;
        printf("LEAKED: %.200s\n", bytes);
    }
    reader.at += n;
}

static bool take_chunks(void)
{
    for (;;) {
        size_t line = reader_span("\r\n");
        size_t n = line > 0 ? strtoul(reader.bytes + reader.at, NULL, 16) : 0;

        if (line == 0 || !reader_has(line + n + 2)) {
            return false;
        }
        reader_take(line + n + 2);
        if (n == 0) {
            return true;
        }
    }
}

static unsigned long number_behind(const char *head, size_t n, const char *name)
{
    const char *found = memmem(head, n, name, strlen(name));

    return found != NULL ? strtoul(found + strlen(name), NULL, 10) : 0;
}

/* Takes one answer. False: the connection is over, in order or not. */
static bool take_answer(void)
{
    size_t head = reader_span("\r\n\r\n");
    const char *bytes = reader.bytes + reader.at;
    unsigned long status = head > 0 ? number_behind(bytes, head, "HTTP/1.1 ") : 0;
    unsigned long length = number_behind(bytes, head, "Content-Length: ");
    bool chunked = memmem(bytes, head, "chunked", 7) != NULL;
    bool closes = memmem(bytes, head, "Connection: close", 17) != NULL;

    if (head == 0 || status < 200 || status > 599) {
        broken++;
        return false;
    }
    counts[status / 100]++;
    reader_take(head);
    if (chunked ? !take_chunks() : !reader_has(length)) {
        broken++;
        return false;
    }
    if (!chunked) {
        bool file = status == 200 && length > 0;

        EXPECT(!file || length < 6 || memcmp(reader.bytes + reader.at, "INSIDE", 6) == 0);
        files += file ? 1 : 0;
        reader_take(length);
    }
    return !closes;
}

/* ---- Asking -------------------------------------------------------------------------------- */

/* Asks for a batch of names on one connection; what comes behind a fault is not asked again.
 * Returns how many were answered. */
static unsigned ask_http(void)
{
    static char requests[BATCH * (NAME_BYTES_MAX + 40)];
    size_t n = 0;
    unsigned answered = 0;

    for (unsigned i = 0; i < BATCH; i++) {
        char name[NAME_BYTES_MAX];

        name[name_make(name, true)] = '\0';
        n += (size_t)snprintf(requests + n, sizeof requests - n,
                              "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", name);
    }
    (void)send(reader.fd, requests, n, MSG_NOSIGNAL);
    while (answered < BATCH) {
        bool stays = take_answer();

        answered++;
        if (!stays) {
            (void)close(reader.fd);
            reader_open();
            break;
        }
    }
    return answered;
}

static void ask_raw(void)
{
    char name[NAME_BYTES_MAX];
    size_t n = name_make(name, false);

    reader_open();
    name[n] = '\n';
    (void)send(reader.fd, name, n + 1, MSG_NOSIGNAL);
    while (reader_fill()) {
        if (reader.n > sizeof reader.bytes / 2) { /* what lies across the cut is seen as well */
            raw_files++;
            reader_take(reader.n - reader.at - 8);
        }
    }
    raw_files += reader.n > reader.at ? 1 : 0;
    reader_take(reader.n - reader.at);
    (void)close(reader.fd);
}

int ask(const char *host_given, const char *port_given, unsigned long count, bool spinning)
{
    unsigned long asked = 0;

    host = host_given;
    port = port_given;
    names_spin = spinning;
    while (asked < count) {
        reader_open();
        for (unsigned i = 0; i < HTTP_BATCHES; i++) {
            asked += ask_http();
        }
        (void)close(reader.fd);
        for (unsigned i = 0; i < RAW_NAMES; i++) {
            ask_raw();
        }
        asked += RAW_NAMES;
    }
    printf("%lu names: %lu files, %lu listings, %lu redirects, %lu refused, %lu cut short, "
           "%lu raw files\n", asked, files, counts[2] - files, counts[3], counts[4], broken,
           raw_files);
    EXPECT(leaks == 0);
    EXPECT(files > count / 100 && raw_files > count / 10000 && counts[5] == 0);
    EXPECT(counts[2] > files && counts[4] > count / 10 && (counts[3] > 0 || spinning));
    EXPECT(broken < count / 20);
    return check_report("tangle");
}
