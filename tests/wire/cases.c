/* SPDX-License-Identifier: MIT */
/*
 * Plays a table of HTTP cases: cases HOST PORT ROOT FILE...
 *
 *     get /a.txt | Range: bytes=0-0 => 206 | Content-Range: bytes 0-0/6 | bytes a.txt 0-0
 *
 * In front of the arrow: get, head, get10 (HTTP/1.0, without a Host) or `get PLACE`, and fields; or
 * `ask`, and a whole request. Behind it: the status, or several with slashes; then fields with
 * their values, with any ("ETag:"), or that must not be there ("-ETag"); `bytes FILE` or `bytes
 * FILE FIRST-LAST` of the root; `body TEXT`, `holds TEXT`; `close` or `keep`. Errors have their
 * status for a body unless the line says otherwise. Text knows \r \n \t \0 \\ \p (a bar) \xNN and
 * \{N*TEXT}; $ETAG is that of /hello.txt.
 *
 * Each is played whole, then byte by byte; then with a request behind it in the same piece, which
 * must be answered when the connection stays and must not when it does not. What must hold for
 * every answer is checked for each (see cases_answer.c).
 */
#include "tests/wire/cases.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/wire/client.h"

static const char probe[] = "HEAD /hello.txt HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n";

static const char *host;
static const char *port;
static const char *root;

/* ---- Lines --------------------------------------------------------------------------------- */

static void line_wrong(int line, const char *why)
{
    printf("line %d: %s\n", line, why);
    exit(2);
}

static size_t unescape(int line, const char *from, size_t n, char *to, size_t room);

/* \{N*TEXT}: returns how many bytes of `from` it took. */
static size_t repeat(int line, const char *from, size_t n, char *to, size_t room, size_t *used)
{
    char *star;
    unsigned long count = strtoul(from + 2, &star, 10);
    const char *end = memchr(from, '}', n);

    if (end == NULL || *star != '*') {
        line_wrong(line, "\\{N*TEXT} is not of that form");
    }
    for (; count > 0; count--) {
        *used += unescape(line, star + 1, (size_t)(end - star - 1), to + *used, room - *used);
    }
    return (size_t)(end - from) + 1;
}

static size_t unescape(int line, const char *from, size_t n, char *to, size_t room)
{
    static const char letters[] = "rnt0\\p";
    static const char meanings[] = "\r\n\t\0\\|";
    size_t used = 0;

    for (size_t i = 0; i < n;) {
        const char *letter = i + 1 < n ? strchr(letters, from[i + 1]) : NULL;

        if (used + 1 >= room) {
            line_wrong(line, "too long");
        }
        if (from[i] != '\\') {
            to[used++] = from[i++];
        } else if (i + 3 < n && from[i + 1] == 'x') {
            char digits[3] = {from[i + 2], from[i + 3], '\0'};

            to[used++] = (char)strtoul(digits, NULL, 16);
            i += 4;
        } else if (i + 1 < n && from[i + 1] == '{') {
            i += repeat(line, from + i, n - i, to, room, &used);
        } else if (letter != NULL) {
            to[used++] = meanings[letter - letters];
            i += 2;
        } else {
            line_wrong(line, "an escape that is none");
        }
    }
    return used;
}

static void request_put(struct test_case *test, const char *text, size_t n)
{
    if (n > sizeof test->request - test->request_bytes) {
        line_wrong(test->line, "too long");
    }
    memcpy(test->request + test->request_bytes, text, n);
    test->request_bytes += n;
}

static void request_put_text(struct test_case *test, const char *text)
{
    request_put(test, text, strlen(text));
}

static void request_put_escaped(struct test_case *test, const char *text)
{
    test->request_bytes += unescape(test->line, text, strlen(text),
                                    test->request + test->request_bytes,
                                    sizeof test->request - test->request_bytes);
}

/* Cuts the next part off, at " | "; NULL: that was the last. */
static char *part_next(char **text)
{
    char *part = *text;
    char *bar = part == NULL ? NULL : strstr(part, " | ");

    *text = bar == NULL ? NULL : bar + 3;
    if (bar != NULL) {
        *bar = '\0';
    }
    return part;
}

static void request_read(struct test_case *test, char *text)
{
    char *part = part_next(&text);
    char *target = strchr(part, ' ');

    if (target == NULL) {
        line_wrong(test->line, "nothing is asked for");
    }
    *target++ = '\0';
    if (strcmp(part, "ask") == 0) {
        request_put_escaped(test, target);
        test->head = strncmp(target, "HEAD ", 5) == 0;
        return;
    }
    test->head = strcmp(part, "head") == 0;
    test->old = strcmp(part, "get10") == 0;
    request_put_text(test, test->head ? "HEAD " : "GET ");
    request_put_escaped(test, target);
    request_put_text(test, test->old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\nHost: x\r\n");
    for (part = part_next(&text); part != NULL; part = part_next(&text)) {
        request_put_escaped(test, part);
        request_put_text(test, "\r\n");
    }
    request_put_text(test, "\r\n");
}

/* Puts the tag in place of every $ETAG. */
static void tag_insert(char *text, size_t room, const char *etag)
{
    char *at;

    while ((at = strstr(text, "$ETAG")) != NULL) {
        size_t n = strlen(etag);

        if (strlen(text) + n >= room) {
            return;
        }
        memmove(at + n, at + 5, strlen(at + 5) + 1);
        memcpy(at, etag, n);
    }
}

bool case_read(struct test_case *test, int line, char *text, const char *etag)
{
    static char whole[CASE_REQUEST_BYTES];
    static char expected[CASE_REQUEST_BYTES];
    char *arrow;
    char *rest = expected;
    char *part;

    memset(test, 0, offsetof(struct test_case, items));
    test->line = line;
    test->items_count = 0;
    text[strcspn(text, "\n")] = '\0';
    if (text[0] == '\0' || text[0] == '#') {
        return false;
    }
    (void)snprintf(whole, sizeof whole, "%s", text);
    tag_insert(whole, sizeof whole, etag);
    arrow = strstr(whole, " => ");
    if (arrow == NULL) {
        line_wrong(line, "no arrow");
    }
    *arrow = '\0';
    expected[unescape(line, arrow + 4, strlen(arrow + 4), expected, sizeof expected)] = '\0';
    request_read(test, whole);
    test->statuses = part_next(&rest);
    for (part = part_next(&rest); part != NULL && test->items_count < CASE_ITEMS_MAX;
         part = part_next(&rest)) {
        test->items[test->items_count++] = part;
    }
    return true;
}

/* ---- Playing ------------------------------------------------------------------------------- */

static int dial(void)
{
    int one = 1;
    int fd = client_open(host, port, 0);

    if (fd < 0) {
        printf("cannot connect\n");
        exit(2);
    }
    (void)fcntl(fd, F_SETFL, 0); /* it may wait */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* The server may have closed already: what could not be sent is not missed. */
static void say(int fd, const char *bytes, size_t n, size_t piece)
{
    for (size_t at = 0; at < n;) {
        ssize_t sent = send(fd, bytes + at, n - at < piece ? n - at : piece, MSG_NOSIGNAL);

        if (sent < 0) {
            return;
        }
        at += (size_t)sent;
    }
}

static struct answer answer;

/* Whether what follows the answer is right: an end, or the answer to `probe`. */
static const char *follow(int fd, bool asked)
{
    bool ends = answer.closes;

    if (!ends && !asked) {
        say(fd, probe, sizeof probe - 1, sizeof probe);
    }
    if (!ends) {
        const char *wrong = answer_take(fd, &answer, true);

        if (wrong != NULL || answer.status != 200 || !answer.closes) {
            return "what was asked next";
        }
    }
    return answer_ended(fd) ? NULL : "no end, or a reset, behind the last answer";
}

enum way { WHOLE, BYTES, PIPELINED };

static const char *play_way(const struct test_case *test, enum way way)
{
    int fd = dial();
    const char *wrong;

    say(fd, test->request, test->request_bytes, way == BYTES ? 1 : test->request_bytes);
    if (way == PIPELINED) {
        say(fd, probe, sizeof probe - 1, sizeof probe);
    }
    wrong = answer_take(fd, &answer, test->head);
    if (wrong == NULL) {
        wrong = answer_judge(&answer, test, root);
    }
    if (wrong == NULL) {
        wrong = follow(fd, way == PIPELINED);
    }
    (void)close(fd);
    return wrong;
}

static void play(const struct test_case *test, const char *text)
{
    static const char *const names[] = {"whole", "byte by byte", "pipelined"};

    for (int way = WHOLE; way <= PIPELINED; way++) {
        const char *wrong = play_way(test, (enum way)way);

        if (wrong == NULL) {
            check_passed++;
        } else {
            check_failed++;
            printf("line %d, %s: %s\n  %.160s\n  %d %.100s\n", test->line, names[way], wrong, text,
                   answer.status, answer.head);
            return;
        }
    }
}

/* The entity tag of /hello.txt, into `etag`. */
static void tag_fetch(char *etag, size_t n)
{
    int fd = dial();

    say(fd, probe, sizeof probe - 1, sizeof probe);
    if (answer_take(fd, &answer, true) != NULL || answer_field(&answer, "ETag") == NULL) {
        printf("/hello.txt has no ETag\n");
        exit(2);
    }
    (void)snprintf(etag, n, "%s", answer_field(&answer, "ETag"));
    (void)close(fd);
}

int main(int argc, char **argv)
{
    static struct test_case test;
    static char text[CASE_REQUEST_BYTES];
    static char copy[CASE_REQUEST_BYTES];
    char etag[128];

    if (argc < 5) {
        printf("usage: cases HOST PORT ROOT FILE...\n");
        return 2;
    }
    host = argv[1];
    port = argv[2];
    root = argv[3];
    tag_fetch(etag, sizeof etag);
    for (int i = 4; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        int line = 0;

        if (file == NULL) {
            printf("there is no %s\n", argv[i]);
            return 2;
        }
        while (fgets(text, sizeof text, file) != NULL) {
            line++;
            memcpy(copy, text, sizeof copy);
            if (case_read(&test, line, text, etag)) {
                play(&test, copy);
            }
        }
        (void)fclose(file);
    }
    return check_report("cases");
}
