/* SPDX-License-Identifier: MIT */
/* Request heads, hazards 55, 66, 67, 69, 70, 72 and 73: what is a request, and what is a fault. */
#include "apps/fileget/http_head.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

static uint8_t buffer[CFG_CONN_BUFFER_BYTES];

/* The same text in pieces: must come out the same, and be taken to the same byte. */
static void expect_same_in_pieces(const struct http_head *head, const char *bytes, size_t n,
                                  enum http_event last)
{
    static uint8_t kept[CFG_CONN_BUFFER_BYTES];
    static const size_t pieces[] = {2, 3, 7, 100000};

    memcpy(kept, buffer, sizeof kept);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct http_head other;
        enum http_event event = HTTP_MORE;
        size_t at = 0;

        memset(buffer, 0xaa, sizeof buffer);
        http_head_begin(&other, 0);
        while (at < n && event != HTTP_END && event != HTTP_FAULT) {
            size_t most = n - at < pieces[i] ? n - at : pieces[i];
            size_t taken = 0;

            event = http_head_feed(&other, buffer, (const uint8_t *)bytes + at, most, false,
                                   &taken);
            EXPECT(taken >= 1 && (event == HTTP_MORE ? taken == most : taken <= most));
            at += taken;
        }
        EXPECT(event == last && at == n);
        EXPECT(other.facts == head->facts && other.status == head->status);
        EXPECT(other.held == head->held && other.bytes == head->bytes);
        EXPECT(other.fields == head->fields && other.method == head->method);
        EXPECT(other.content_length == head->content_length);
        EXPECT(other.range_first == head->range_first && other.range_end == head->range_end);
        EXPECT(memcmp(buffer, kept, head->held) == 0);
    }
    memcpy(buffer, kept, sizeof kept);
}

/* Feeds a text byte by byte; returns the last event, and that nothing followed the end. The part of
 * the buffer behind what was fed must never be touched: input may wait there. */
static enum http_event feed(struct http_head *head, const char *bytes, size_t n)
{
    enum http_event event = HTTP_MORE;
    size_t i;
    bool spilled = false;

    memset(buffer, 0xaa, sizeof buffer);
    http_head_begin(head, 0);
    for (i = 0; i < n && event != HTTP_END && event != HTTP_FAULT; i++) {
        size_t taken = 0;

        event = http_head_feed(head, buffer, (const uint8_t *)bytes + i, 1, false, &taken);
        EXPECT(taken == 1);
        spilled = spilled || (i + 1 < sizeof buffer && buffer[i + 1] != 0xaa)
                  || (size_t)head->held + head->piece > i + 1;
    }
    EXPECT(!spilled);
    EXPECT(i == n || event == HTTP_FAULT);
    expect_same_in_pieces(head, bytes, i, event);
    return event;
}

#define HOST "Host: h\r\n"
#define FINE(line) {line, HTTP_END, HTTP_NONE, "a"}
#define ENDS(line, status) {line, HTTP_END, status, NULL}
#define BAD(line) {line, HTTP_FAULT, HTTP_BAD_REQUEST, NULL}
#define FAULT(line, status) {line, HTTP_FAULT, status, NULL}

static const struct row {
    const char *request;
    enum http_event event;
    enum http_status status;
    const char *name;
} rows[] = {
    FINE("GET /a HTTP/1.1\r\n" HOST "\r\n"),
    FINE("HEAD /a HTTP/1.1\r\n" HOST "\r\n"),
    FINE("GET /a HTTP/1.0\r\n\r\n"),
    FINE("GET /a HTTP/1.9\r\n" HOST "\r\n"),
    FINE("\r\nGET /a HTTP/1.1\r\n" HOST "\r\n"),
    FINE("GET /a HTTP/1.0\n\n"),
    FINE("GET /a HTTP/1.1\nHost: h\n\n"),
    FINE("GET /a?b=c HTTP/1.0\r\n\r\n"),
    FINE("GET /%61 HTTP/1.0\r\n\r\n"),
    FINE("GET //a HTTP/1.0\r\n\r\n"),
    FINE("GET /b/../a HTTP/1.0\r\n\r\n"),
    FINE("GET http://h/a HTTP/1.0\r\n\r\n"),
    FINE("GET HTTP://h:80/a HTTP/1.0\r\n\r\n"),
    FINE("GET http://[::1]:80/a HTTP/1.0\r\n\r\n"),
    {"GET http://h HTTP/1.0\r\n\r\n", HTTP_END, HTTP_NONE, ""},
    {"GET http://h?/a HTTP/1.0\r\n\r\n", HTTP_END, HTTP_NONE, ""},
    {"GET / HTTP/1.0\r\n\r\n", HTTP_END, HTTP_NONE, ""},
    {"GET /b%20c HTTP/1.0\r\n\r\n", HTTP_END, HTTP_NONE, "b c"},
    {"GET /\xc3\xa4 HTTP/1.0\r\n\r\n", HTTP_END, HTTP_NONE, "\xc3\xa4"},

    /* The request line. */
    BAD("GET /a\r\n"),
    BAD("GET\r\n"),
    BAD("GET /a  HTTP/1.0\r\n"),
    BAD("GET  /a HTTP/1.0\r\n"),
    BAD("POST  HTTP/1.0\r\n"),
    BAD(" GET /a HTTP/1.0\r\n"),
    BAD(" /a HTTP/1.0\r\n"),
    ENDS("x /a HTTP/1.0\r\n\r\n", HTTP_METHOD_UNKNOWN),
    BAD("GET /a HTTP/1.0 \r\n"),
    BAD("GET /a b HTTP/1.0\r\n"),
    BAD("GET\t/a HTTP/1.0\r\n"),
    BAD("G\x80T /a HTTP/1.0\r\n"),
    BAD("GET a HTTP/1.0\r\n"),
    BAD("GET * HTTP/1.0\r\n"),
    BAD("GET /a#b HTTP/1.0\r\n"),
    BAD("GET /a\rb HTTP/1.0\r\n"),
    BAD("GET /a\x01 HTTP/1.0\r\n"),
    BAD("GET /a\x7f HTTP/1.0\r\n"),
    BAD("GET /a HTTP/1.0\r\r\n"),
    BAD("GET /a http/1.0\r\n"),
    BAD("GET /a HTTP/1\r\n"),
    BAD("GET /a HTTP/1.\r\n"),
    BAD("GET /a HTTP/11.1\r\n"),
    BAD("GET /a HTTP/1.10\r\n"),
    BAD("GET /a HTTP/-1.0\r\n"),
    BAD("GET /a HTTP/x.0\r\n"),
    BAD("GET /a HTTP/1x0\r\n"),
    BAD("GET /a HTTP/1.x\r\n"),
    BAD("GET /a HTTP/:.0\r\n"),
    BAD("GET /a HTTP/1./\r\n"),
    BAD("GET /a FTP/1.0\r\n"),
    BAD("GET /%00 HTTP/1.0\r\n"),
    BAD("GET /a%00.txt HTTP/1.0\r\n"),
    BAD("GET /%0a HTTP/1.0\r\n"),
    BAD("GET /..%5cb HTTP/1.0\r\n"),
    BAD("GET /%zz HTTP/1.0\r\n"),
    BAD("GET /% HTTP/1.0\r\n"),
    BAD("GET https://h/a HTTP/1.0\r\n"),
    BAD("GET http:///a HTTP/1.0\r\n"),
    BAD("GET http://h:x/a HTTP/1.0\r\n"),
    BAD("GET http://[::1/a HTTP/1.0\r\n"),
    BAD("GET http://u@h/a HTTP/1.0\r\n"),
    BAD("\r\n\r\nGET /a HTTP/1.0\r\n"),
    BAD("\nGET /a HTTP/1.0\r\n"),
    FAULT("GET /a HTTP/2.0\r\n", HTTP_VERSION_UNKNOWN),
    FAULT("GET /a HTTP/0.9\r\n", HTTP_VERSION_UNKNOWN),
    FAULT("PRI * HTTP/2.0\r\n", HTTP_VERSION_UNKNOWN),

    /* Decided with the whole head only. */
    ENDS("GET /../a HTTP/1.0\r\n\r\n", HTTP_NOT_FOUND),
    ENDS("GET /%2e%2e/a HTTP/1.0\r\n\r\n", HTTP_NOT_FOUND),
    ENDS("GET /a/..%2f..%2fb HTTP/1.0\r\n\r\n", HTTP_NOT_FOUND),
    ENDS("GET /.git/config HTTP/1.0\r\n\r\n", HTTP_NOT_FOUND),
    ENDS("OPTIONS * HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_NOT_ALLOWED),
    ENDS("POST /a HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", HTTP_METHOD_NOT_ALLOWED),
    ENDS("CONNECT h:80 HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_NOT_ALLOWED),
    ENDS("DELETE /%00 HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_NOT_ALLOWED),
    ENDS("BREW /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("get /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("GETS /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("GE /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("XET /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("GXT /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("XEAD /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("XATCH /a HTTP/1.1\r\n" HOST "\r\n", HTTP_METHOD_UNKNOWN),
    ENDS("GET /a HTTP/1.1\r\n" HOST "Expect: x\r\n\r\n", HTTP_EXPECTATION_FAILED),
    FINE("GET /a HTTP/1.0\r\nExpect: x\r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n"),

    /* Host: once, and a host. */
    BAD("GET /a HTTP/1.1\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST HOST "\r\n"),
    BAD("GET http://h/a HTTP/1.1\r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\nHost:\r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\nhOST:h.example:8080  \r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: :\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: :80\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: ]\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: a b\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: a:80x\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\nHost: a\xff\r\n\r\n"),

    /* Lines and names of fields. */
    BAD("GET /a HTTP/1.0\r\n:\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\n: x\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx : y\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\n x: y\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\r\n z\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\r\n\tz\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx\xc3\xa4: y\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx(y): z\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\rz\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\r\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\nz: w\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\x01\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nx: y\x7f\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\n\n"),
    BAD("GET /a HTTP/1.0\r\n\rx"),
    BAD("GET /a HTTP/1.0\nx: y\r\n\n"),
    BAD("GET /a HTTP/1.0\n\r\n"),
    FINE("GET /a HTTP/1.0\r\nx:\r\ny: \t \r\nz:\xe4\"\\ ,;\r\n\r\n"),

    /* Framing. */
    FINE("GET /a HTTP/1.0\r\nContent-Length: 5\r\n\r\n"),
    FINE("GET /a HTTP/1.0\r\nContent-Length: 005\r\nContent-Length:5 \r\n\r\n"),
    FINE("GET /a HTTP/1.0\r\nContent-Length: 18446744073709551615\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: 18446744073709551616\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: 5, 5\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length:\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: +5\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: -5\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: 0x5\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: 5 5\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nContent-Length: 5;\r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"),
    FINE("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: , CHUNKED ,\r\n\r\n"),
    BAD("GET /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked;x=y\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"),
    BAD("GET /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_head head;
        const char *request = rows[i].request;
        enum http_event event = feed(&head, request, strlen(request));
        bool right = event == rows[i].event && head.status == (unsigned)rows[i].status;

        if (right && rows[i].name != NULL) {
            size_t n = http_head_name_bytes(&head, buffer);

            right = n == strlen(rows[i].name) && memcmp(buffer, rows[i].name, n) == 0;
        } else if (right && head.method > HTTP_HEAD && event == HTTP_END) {
            right = head.held == 0; /* no name is kept */
        }
        EXPECT(right);
        if (!right) {
            printf("# event %d, status %u: %s\n", (int)event, head.status, request);
        }
    }
}

/* A NUL anywhere is a fault, not an end (hazards 55 and 67). */
static void test_nul(void)
{
    static const char request[] = "GET /a HTTP/1.1\r\nHost: h\r\nx: y\r\n\r\n";

    for (size_t i = 0; i < sizeof request - 1; i++) {
        char copy[sizeof request];
        struct http_head head;

        memcpy(copy, request, sizeof request);
        copy[i] = '\0';
        EXPECT(feed(&head, copy, sizeof request - 1) == HTTP_FAULT);
    }
}

struct fact {
    const char *fields;
    uint32_t set;
    uint32_t unset;
    bool keeps;
};

static const struct fact facts[] = {
    {"", HTTP_IS_11, HTTP_CLOSE | HTTP_LENGTH, true},
    {"Connection: close\r\n", HTTP_CLOSE, 0, false},
    {"Connection: x, Close ,y\r\n", HTTP_CLOSE, 0, false},
    {"Connection: x\r\nConnection: close\r\n", HTTP_CLOSE, 0, false},
    {"Connection: \"x, close\r\n", HTTP_CLOSE, 0, false}, /* only tags are quoted */
    {"Connection: closed, xclose\r\n", 0, HTTP_CLOSE, true},
    {"Connection: keep-alive\r\n", HTTP_KEEP, HTTP_CLOSE, true},
    {"Connection: ,,,,\r\n", 0, HTTP_CLOSE, true},
    {"Expect: 100-continue\r\n", HTTP_EXPECTS, HTTP_EXPECTS_OTHER, true},
    {"Content-Length: 7\r\n", HTTP_LENGTH, HTTP_CHUNKED, true},
    {"Transfer-Encoding: chunked\r\n", HTTP_CHUNKED | HTTP_CODED, HTTP_LENGTH, true},
    {"X-Connection: close\r\n", 0, HTTP_CLOSE, true},
    {"Connectio: close\r\nConnectionn: close\r\n", 0, HTTP_CLOSE, true}
};

static void test_facts(void)
{
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        char request[256];
        struct http_head head;
        int n = snprintf(request, sizeof request, "GET /d/ HTTP/1.1\r\nHost: h\r\n%s\r\n",
                         facts[i].fields);

        EXPECT(feed(&head, request, (size_t)n) == HTTP_END);
        EXPECT((head.facts & facts[i].set) == facts[i].set);
        EXPECT((head.facts & facts[i].unset) == 0);
        EXPECT(http_head_keeps(&head) == facts[i].keeps);
        EXPECT((head.facts & HTTP_DIRECTORY) != 0);
    }
}

static void test_keeps(void)
{
    struct http_head head;
    const char *old = "GET /a HTTP/1.0\r\n\r\n";
    const char *old_kept = "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    const char *typed = "GET /a HTTP/1.1\nHost: h\n\n";
    size_t taken = 0;

    EXPECT(feed(&head, old, strlen(old)) == HTTP_END && !http_head_keeps(&head));
    EXPECT(feed(&head, old_kept, strlen(old_kept)) == HTTP_END && http_head_keeps(&head));
    EXPECT(feed(&head, typed, strlen(typed)) == HTTP_END && !http_head_keeps(&head));
    http_head_begin(&head, 0);
    EXPECT(http_head_idle(&head));
    (void)http_head_feed(&head, buffer, (const uint8_t *)"\r", 1, false, &taken);
    EXPECT(!http_head_idle(&head));
    (void)http_head_feed(&head, buffer, (const uint8_t *)"\n", 1, false, &taken);
    EXPECT(http_head_idle(&head)); /* an empty line is nothing yet */
}

/* Feeds a head of many bytes: a line, then `fields` times a field. */
static enum http_event feed_long(struct http_head *head, size_t line_bytes, size_t fields,
                                 const char *field)
{
    static char bytes[100000];
    size_t n = 0;

    memcpy(bytes, "GET /", 5);
    n = 5;
    while (n < line_bytes - 9) {
        bytes[n] = n % 100 == 99 ? '/' : 'x';
        n++;
    }
    memcpy(bytes + n, " HTTP/1.0\r\n", 11);
    n += 11;
    for (size_t i = 0; i < fields; i++) {
        memcpy(bytes + n, field, strlen(field));
        n += strlen(field);
    }
    memcpy(bytes + n, "\r\n", 2);
    return feed(head, bytes, n + 2);
}

/* For a redirect: kept as it came, where it could be of use and has room. */
static void test_query(void)
{
    static const struct {
        const char *target;
        const char *name;
        const char *query; /* NULL: not kept */
    } queries[] = {
        {"/a", "a", NULL},       {"/a?", "a", ""},           {"/a?b=c&d", "a", "b=c&d"},
        {"/a??b?", "a", "?b?"},  {"/%61?%61", "a", "%61"},   {"/x/../a?/../b/", "a", "/../b/"},
        {"/a/?b", "a", NULL},    {"/?b", "", NULL},          {"http://h/a?b", "a", "b"},
        {"http://h?b", "", NULL}, {"/a?\xff", "a", "\xff"},
    };
    struct http_head head;
    char request[CFG_CONN_BUFFER_BYTES];

    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        size_t n = 0;
        const char *query;

        (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\nIf-Match: *\r\n\r\n",
                       queries[i].target);
        EXPECT(feed(&head, request, strlen(request)) == HTTP_END);
        EXPECT(http_head_name_bytes(&head, buffer) == strlen(queries[i].name));
        EXPECT(memcmp(buffer, queries[i].name, strlen(queries[i].name)) == 0);
        query = http_head_query(&head, buffer, &n);
        EXPECT((query == NULL) == (queries[i].query == NULL));
        EXPECT(query == NULL ? n == 0 : n == strlen(queries[i].query)
                                            && memcmp(query, queries[i].query, n) == 0);
    }
    for (size_t more = 0; more < 2; more++) { /* the longest that is kept, and one longer */
        size_t n = 0;
        size_t longest = FILEGET_NAME_BYTES - 2 + more;

        memset(request, 'q', sizeof request);
        memcpy(request, "GET /a?", 7);
        memcpy(request + 7 + longest, " HTTP/1.0\r\n\r\n", 13);
        EXPECT(feed(&head, request, 7 + longest + 13) == HTTP_END);
        EXPECT((http_head_query(&head, buffer, &n) != NULL) == (more == 0));
        EXPECT(n == (more == 0 ? longest : 0));
        EXPECT(http_head_name_bytes(&head, buffer) == 1);
    }
}

static void test_limits(void)
{
    struct http_head head;
    static char field[CFG_FILEGET_HEAD_BYTES];

    EXPECT(feed_long(&head, FILEGET_NAME_BYTES + 14, 0, "") == HTTP_END);
    EXPECT(head.held == FILEGET_NAME_BYTES);
    EXPECT(feed_long(&head, FILEGET_NAME_BYTES + 15, 0, "") == HTTP_FAULT);
    EXPECT(head.status == HTTP_NAME_TOO_LONG);
    EXPECT(feed_long(&head, FILEGET_LINE_BYTES, 0, "") == HTTP_FAULT);
    EXPECT(head.status == HTTP_NAME_TOO_LONG);
    EXPECT(feed_long(&head, 50000, 0, "") == HTTP_FAULT);
    EXPECT(head.status == HTTP_NAME_TOO_LONG);

    EXPECT(feed_long(&head, 30, CFG_FILEGET_FIELDS_MAX, "Cookie: x\r\n") == HTTP_END);
    EXPECT(feed_long(&head, 30, CFG_FILEGET_FIELDS_MAX + 1, "Cookie: x\r\n") == HTTP_FAULT);
    EXPECT(head.status == HTTP_HEAD_TOO_LARGE);

    /* One field may take all that is left of the head. */
    memset(field, 'y', sizeof field);
    memcpy(field, "Cookie: ", 8);
    memcpy(field + sizeof field - 40, "\r\n", 3);
    EXPECT(feed_long(&head, 30, 1, field) == HTTP_END);
    memset(field + 8, 'y', sizeof field - 8);
    memcpy(field + sizeof field - 10, "\r\n", 3);
    EXPECT(feed_long(&head, 30, 1, field) == HTTP_FAULT);
    EXPECT(head.status == HTTP_HEAD_TOO_LARGE);
    /* A long name of a field, and the longest name asked for in front of it. */
    memset(field, 'n', 1000);
    memcpy(field + 1000, ": v\r\n", 6);
    EXPECT(feed_long(&head, FILEGET_NAME_BYTES + 14, 1, field) == HTTP_END);
    EXPECT(head.held == FILEGET_NAME_BYTES);
}

/* Elements longer than what is kept of them match nothing, and end as they should. */
static void test_long_elements(void)
{
    char request[1024];
    char filling[400];
    struct http_head head;
    int n;

    memset(filling, 'z', sizeof filling);
    n = snprintf(request, sizeof request,
                 "GET /a HTTP/1.1\r\nHost: h\r\nConnection: %.300s, close\r\n\r\n", filling);
    EXPECT(feed(&head, request, (size_t)n) == HTTP_END && (head.facts & HTTP_CLOSE) != 0);
    n = snprintf(request, sizeof request,
                 "GET /a HTTP/1.1\r\nHost: %.300s\r\nRange: bytes=0-%.200s\r\n\r\n", filling,
                 "1111111111111111111111111111111111111111111111111111111111111111111111"
                 "1111111111111111111111111111111111111111111111111111111111111111111111");
    EXPECT(feed(&head, request, (size_t)n) == HTTP_END);
    EXPECT((head.facts & HTTP_RANGE) != 0 && (head.facts & HTTP_RANGE_BAD) != 0);
    n = snprintf(request, sizeof request,
                 "GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: %.150s5\r\n\r\n",
                 "0000000000000000000000000000000000000000000000000000000000000000000000"
                 "0000000000000000000000000000000000000000000000000000000000000000000000");
    EXPECT(feed(&head, request, (size_t)n) == HTTP_FAULT);
}

int main(void)
{
    test_rows();
    test_nul();
    test_facts();
    test_keeps();
    test_query();
    test_limits();
    test_long_elements();
    return check_report("http_head");
}
