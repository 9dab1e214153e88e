/* SPDX-License-Identifier: MIT */
/* F5: a request means the same however it is cut into pieces. Short ones in all ways there are,
 * longer ones cut once, twice, and byte by byte. */
#include "tests/sim/split.h"

#include <stdio.h>
#include <string.h>

#include "tests/sim/script.h"

enum {
    ALL_BYTES_MAX = 12,
    PAUSE_MS = 120,       /* below the gap that ends a text without a line end */
    CONNECT_MS = 10
};

/* How a request ends. */
enum request_end { END_OWN, END_SHUT, END_GAP };

struct request {
    uint16_t port;
    enum request_end end;
    const char *text;
};

static const struct request requests[] = {
    {8080, END_OWN, "hello.txt\n"},
    {8080, END_OWN, "hello.txt\r\n"},
    {8080, END_OWN, "absent\n"},
    {8080, END_OWN, "secret.txt\n"},
    {8080, END_OWN, "../outside\n"},
    {8080, END_OWN, "caf\xc3\xa9.txt\r\n"},
    {8080, END_SHUT, "hello.txt"},
    {8080, END_SHUT, "link_in"},
    {8080, END_SHUT, "GET /x"},
    {8080, END_SHUT, "x HTTP/1.1"},
    {8080, END_GAP, "hello.txt"},
    {8080, END_GAP, "empty"},
    {8080, END_GAP, "dir/../x"},
    {8080, END_OWN, "GET / \n\n"},
    {8080, END_OWN, "GET  /x\r\n"},
    {8080, END_OWN, "dir/inner.txt\n"},
    {8080, END_GAP, "link_dir/inner.txt"},
    {8080, END_SHUT, "dir/inner.txt"},
    {8080, END_OWN, "dir/../../etc/passwd\r\n"},
    {8080, END_SHUT, "GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n"},
    {8080, END_SHUT, "HEAD /dir HTTP/1.1\r\nHost: a\r\n\r\n"},
    {8080, END_OWN, "GET /hell%6F.txt HTTP/1.0\r\n\r\n"},
    {8080, END_OWN, "GET /hello.txt HTTP/1.0\n\n"},
    {8080, END_OWN, "GET /%2e%2e/x HTTP/1.0\r\nA: b\r\n\r\n"},
    {8080, END_SHUT, "GET /hello.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=3-5\r\n\r\n"},
    {8080, END_OWN, "GET /x HTTP/1.1\r\nHost : a\r\n\r\n"},
    {8080, END_OWN, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
    {8080, END_SHUT, "GET /empty HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {8080, END_OWN, "PUT /x HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"},
    {7007, END_SHUT, "echo this\n"},
    {6667, END_SHUT, "hello\r\n/who\r\n"},
    {6667, END_SHUT, "\xff\xfd\x06hello\r\nbye\n"},
    {6667, END_OWN, "GET / HTTP/1.1\r\n"},
    {6667, END_OWN, "NICK a\r\n"},
};

/* What the request had for an answer when it came in one piece. */
struct answer {
    uint32_t bytes;
    uint64_t hash;
    uint8_t end;
};

static struct {
    struct script script;
    struct sim_failure failure;
} state;

/* Plays the request with a cut before each byte of which `cuts` says so. */
static bool play(const struct request *request, const bool *cuts, struct answer *answer)
{
    struct script *script = &state.script;
    struct outcome outcome;
    size_t n = strlen(request->text);
    uint64_t at_ms = CONNECT_MS;
    size_t from = 0;
    script_begin(script);
    script_add(script, (struct script_act){.what = SCRIPT_CONNECT, .n = request->port,
                                           .window = 4096}, NULL, 0);
    for (size_t at = 1; at <= n; at++) {
        if (at == n || cuts[at]) {
            script_add(script, (struct script_act){.at_ms = at_ms, .what = SCRIPT_SEND},
                       request->text + from, at - from);
            at_ms += PAUSE_MS;
            from = at;
        }
    }
    if (request->end == END_SHUT) {
        script_add(script, (struct script_act){.at_ms = at_ms, .what = SCRIPT_SHUT}, NULL, 0);
    }
    script_run(script, false, &outcome);
    *answer = (struct answer){script_result(0)->bytes, script_result(0)->hash,
                              script_result(0)->end};
    if (outcome.failed) {
        printf("FAIL app=split inv=%s \"%s\"\n", outcome.failure.invariant, outcome.failure.text);
    }
    return !outcome.failed;
}

static void show(const struct request *request, const bool *cuts)
{
    printf("FAIL app=split inv=F5  \"another answer\" port %u end %u: ", request->port,
           (unsigned)request->end);
    for (size_t at = 0; request->text[at] != '\0'; at++) {
        char c = request->text[at];
        printf(at > 0 && cuts[at] ? "|" : "");
        if (c >= 0x20 && c < 0x7f) {
            putchar(c);
        } else {
            printf("\\x%02x", (unsigned char)c);
        }
    }
    printf("\n");
}

/* The first piece of a text that a gap ends must not look like a person's first key. */
static bool may_play(const struct request *request, const bool *cuts)
{
    return request->end != END_GAP || !cuts[1];
}

static void compare(const struct request *request, const bool *cuts, const struct answer *whole,
                    struct split_counts *counts)
{
    struct answer answer;
    if (!may_play(request, cuts)) {
        return;
    }
    counts->runs++;
    if (!play(request, cuts, &answer) || answer.bytes != whole->bytes ||
        answer.hash != whole->hash || answer.end != whole->end) {
        counts->failures++;
        if (counts->failures <= 4) {
            show(request, cuts);
        }
    }
}

static void split_in_all_ways(const struct request *request, size_t n, const struct answer *whole,
                              struct split_counts *counts)
{
    bool cuts[ALL_BYTES_MAX];
    for (unsigned set = 1; set < 1u << (n - 1); set++) {
        for (size_t at = 1; at < n; at++) {
            cuts[at] = (set >> (at - 1) & 1u) != 0;
        }
        compare(request, cuts, whole, counts);
    }
}

/* Cut once, twice, and everywhere. */
static void split_in_some_ways(const struct request *request, size_t n, const struct answer *whole,
                               struct split_counts *counts)
{
    bool cuts[200];
    memset(cuts, true, sizeof cuts);
    if (n * PAUSE_MS < 9000) { /* the whole head within its time */
        compare(request, cuts, whole, counts);
    }
    memset(cuts, false, sizeof cuts);
    for (size_t first = 1; first < n; first++) {
        for (size_t second = first; second < n; second++) {
            cuts[first] = true;
            cuts[second] = true;
            compare(request, cuts, whole, counts);
            cuts[first] = false;
            cuts[second] = false;
        }
    }
}

void split_run(unsigned job, unsigned jobs, struct split_counts *counts)
{
    static const bool no_cut[200];
    for (size_t i = job; i < COUNT_OF(requests); i += jobs) {
        const struct request *request = &requests[i];
        size_t n = strlen(request->text);
        struct answer whole;
        CHECK(n < COUNT_OF(no_cut));
        if (!play(request, no_cut, &whole)) {
            counts->failures++;
            continue;
        }
        counts->requests++;
        if (n <= ALL_BYTES_MAX) {
            split_in_all_ways(request, n, &whole, counts);
        } else {
            split_in_some_ways(request, n, &whole, counts);
        }
    }
}
