/* SPDX-License-Identifier: MIT */
/* The heads of answers: what is kept of them, what is a fault, and validators. */
#include "apps/get/get_head.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

static struct get_head head;

/* Feeds all bytes; *used is how many until it ended. */
static enum get_head_event feed(const char *bytes, size_t n, size_t *used)
{
    enum get_head_event event = GET_HEAD_MORE;
    get_head_begin(&head);
    for (*used = 0; *used < n && event == GET_HEAD_MORE; ++*used) {
        event = get_head_feed(&head, (uint8_t)bytes[*used]);
    }
    return event;
}

enum { NO_FAULT = GET_FAULT_NONE, UNFINISHED = 100 };

static const struct {
    const char *text;
    int fault; /* enum get_head_fault, or UNFINISHED */
    unsigned status;
    unsigned has;
    uint64_t length;
} rows[] = {
    {"HTTP/1.1 200 OK\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200 \r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.0 404 Not Found\r\n\r\n", NO_FAULT, 404, 0, 0},
    {"HTTP/1.9 999 x\n\n", NO_FAULT, 999, 0, 0},
    {"HTTP/1.1 200 OK\nContent-Length: 5\n\n", NO_FAULT, 200, GET_HAS_LENGTH, 5},
    {"HTTP/1.1 200 OK\r\nCONTENT-length:5\r\n\r\n", NO_FAULT, 200, GET_HAS_LENGTH, 5},
    {"HTTP/1.1 200 OK\r\nContent-Length: \t 5 \t\r\n\r\n", NO_FAULT, 200, GET_HAS_LENGTH, 5},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", NO_FAULT, 200,
     GET_HAS_LENGTH, 5},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", NO_FAULT, 200,
     GET_HAS_LENGTH, INT64_MAX},
    {"HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\n", NO_FAULT, 200, GET_HAS_LENGTH,
     UINT64_C(4294967296)},
    {"HTTP/1.1 200 OK\r\nContent-Length:\r\n 7\r\n\r\n", NO_FAULT, 200, GET_HAS_LENGTH, 7},
    {"HTTP/1.1 200 OK\r\nX: a\r\n\tb\r\n \r\nContent-Length: 7\r\n\r\n", NO_FAULT, 200,
     GET_HAS_LENGTH, 7},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", NO_FAULT, 200,
     GET_HAS_CHUNKED | GET_HAS_CODING, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked \r\n\r\n", NO_FAULT, 200,
     GET_HAS_CHUNKED | GET_HAS_CODING, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", NO_FAULT, 200, GET_HAS_CODING, 0},
    {"HTTP/1.1 206 x\r\nContent-Range: bytes 1-2/3\r\n\r\n", NO_FAULT, 206, GET_HAS_RANGE, 0},
    {"HTTP/1.1 206 x\r\nContent-Range: bytes 2-1/3\r\n\r\n", NO_FAULT, 206, GET_HAS_RANGE_BAD, 0},
    {"HTTP/1.1 206 x\r\nContent-Range: bytes 1-2/3\r\nContent-Range: bytes 1-2/3\r\n\r\n",
     NO_FAULT, 206, GET_HAS_RANGE_BAD, 0},
    {"HTTP/1.1 301 x\r\nLocation: /a\r\n\r\n", NO_FAULT, 301, GET_HAS_LOCATION, 0},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 103 x\r\nContent-Length: 3\r\nLocation: /a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
     NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 199 x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: 6\r\n\r\n", NO_FAULT, 200, GET_HAS_LENGTH, 5},
    {"HTTP/1.1 200 OK\r\nRetry-After: 0123456789012345678901234567890123456789012345678901234567"
     "8901234567890123456789\r\nContent-Length: 5\r\n\r\n", NO_FAULT, 200, GET_HAS_LENGTH, 5},
    {"HTTP/1.1 200 OK\r\nServer: \x1b[31m\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200 OK\r\nX-A-Very-Long-Name-Of-A-Field: 1\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length-X: 1\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Lengt: 1\r\n\r\n", NO_FAULT, 200, 0, 0},
    {"HTTP/1.1 200 OK\r\n", UNFINISHED, 200, 0, 0},
    {"HTTP/1.1 200 OK\r\n\r", UNFINISHED, 200, 0, 0},
    {"", UNFINISHED, 0, 0, 0},
    {"HTTP/2.0 200 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"http/1.1 200 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"\r\nHTTP/1.1 200 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"SSH-2.0-x\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"HTTP/1.1  200 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"HTTP/1.1 20 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"HTTP/1.1 2000 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"HTTP/1.1 099 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"HTTP/1.1 -20 OK\r\n\r\n", GET_FAULT_NOT_HTTP, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", GET_FAULT_LINE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\n: x\r\n\r\n", GET_FAULT_LINE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nA : x\r\n\r\n", GET_FAULT_LINE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nA\x7f: x\r\n\r\n", GET_FAULT_LINE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\n folded: x\r\n\r\n", GET_FAULT_LINE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nA\xc3\xa9: x\r\n\r\n", GET_FAULT_LINE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nA: x\rB: y\r\n\r\n", GET_FAULT_BYTE, 0, 0, 0},
    {"HTTP/1.1 200 OK\rX\n\n", GET_FAULT_BYTE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\n\rX", GET_FAULT_BYTE, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0x10\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", GET_FAULT_LENGTH, 0, 0,
     0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n", GET_FAULT_LENGTH, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551617\r\n\r\n", GET_FAULT_LENGTH, 0, 0,
     0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", GET_FAULT_CODING, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: shunked\r\n\r\n", GET_FAULT_CODING, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunke\r\n\r\n", GET_FAULT_CODING, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n", GET_FAULT_CODING, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     GET_FAULT_CODING, 0, 0, 0},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n", GET_FAULT_CODING, 0, 0, 0},
    {"HTTP/1.1 101 Switching\r\n\r\n", GET_FAULT_SWITCH, 0, 0, 0},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = strlen(rows[i].text);
        size_t used = 0;
        enum get_head_event event = feed(rows[i].text, n, &used);
        bool right;
        if (rows[i].fault == UNFINISHED) {
            right = event == GET_HEAD_MORE && get_head_idle(&head) == (n == 0);
        } else if (rows[i].fault != NO_FAULT) {
            right = event == GET_HEAD_FAULT && head.fault == rows[i].fault &&
                    get_head_fault_text((enum get_head_fault)head.fault)[0] != '\0';
        } else {
            right = event == GET_HEAD_END && used == n && head.status == rows[i].status &&
                    head.has == rows[i].has && head.length == rows[i].length;
        }
        if (!right) {
            printf("row %zu: event %d fault %d has %u: %s\n", i, (int)event, (int)head.fault,
                   (unsigned)head.has, rows[i].text);
        }
        EXPECT(right);
        EXPECT(head.bytes == used);
    }
}

/* NUL anywhere in a head that is right makes it a fault. */
static void test_nul(void)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\n";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char bytes[sizeof text];
        size_t used = 0;
        memcpy(bytes, text, sizeof text);
        bytes[i] = '\0';
        EXPECT(feed(bytes, sizeof text - 1, &used) == GET_HEAD_FAULT);
        EXPECT(head.fault == (i <= 12 ? GET_FAULT_NOT_HTTP : GET_FAULT_BYTE));
    }
}

/* A head without an end, and interim answers without an end. */
static void test_endless(void)
{
    static const char *const pieces[] = {"HTTP/1.1 100 Continue\r\n\r\n", "X", "X: y\r\n", "\t"};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        enum get_head_event event = GET_HEAD_MORE;
        size_t fed = 0;
        get_head_begin(&head);
        for (const char *at = i == 0 ? "" : "HTTP/1.1 200 OK\r\nA:"; *at != '\0'; at++) {
            event = get_head_feed(&head, (uint8_t)*at);
            fed++;
        }
        if (i > 1) {
            event = get_head_feed(&head, '\n');
            fed++;
        }
        while (event == GET_HEAD_MORE && fed < 2 * CFG_GET_HEAD_BYTES) {
            for (const char *at = pieces[i]; *at != '\0' && event == GET_HEAD_MORE; at++) {
                event = get_head_feed(&head, (uint8_t)*at);
                fed++;
            }
        }
        EXPECT(event == GET_HEAD_FAULT && head.fault == GET_FAULT_ENDLESS);
        EXPECT(fed == CFG_GET_HEAD_BYTES + 1);
    }
}

static bool value_is(const struct get_value *value, const char *bytes, const char *wanted)
{
    return value->n == strlen(wanted) && memcmp(bytes, wanted, value->n) == 0;
}

static void test_values(void)
{
    static const char text[] =
        "HTTP/1.1 302 Found it  \r\nETag:  \"a b\" \r\nLast-Modified: x\r\nDate: y\r\n"
        "Location: /a\t\r\n  b\r\nETag: \"other\"\r\nRetry-After: 120\r\nLocation: /c\r\n\r\n";
    size_t used = 0;
    EXPECT(feed(text, sizeof text - 1, &used) == GET_HEAD_END);
    EXPECT(value_is(&head.reason_value, head.reason, "Found it"));
    EXPECT(value_is(&head.etag_value, head.etag, "\"a b\""));
    EXPECT(value_is(&head.modified_value, head.modified, "x"));
    EXPECT(value_is(&head.date_value, head.date, "y"));
    EXPECT(value_is(&head.location_value, head.location, "/a\t b"));
    EXPECT(head.retry_after_s == 120);
    EXPECT(head.has == GET_HAS_LOCATION);

    static const char short_text[] =
        "HTTP/1.1 302  \r\nLocation: /\r\nLocation: /c\r\nDate: d\r\n\r\n";
    EXPECT(feed(short_text, sizeof short_text - 1, &used) == GET_HEAD_END);
    EXPECT(head.reason_value.n == 0 && value_is(&head.location_value, head.location, "/"));
    EXPECT(value_is(&head.date_value, head.date, "d"));

    static char big[CFG_GET_URL_BYTES + 200];
    int n = snprintf(big, sizeof big, "HTTP/1.1 301 x\r\nLocation: ");
    memset(big + n, 'a', CFG_GET_URL_BYTES + 1);
    memcpy(big + n + CFG_GET_URL_BYTES, "  \r\n\r\n", 6);
    EXPECT(feed(big, (size_t)n + CFG_GET_URL_BYTES + 6, &used) == GET_HEAD_END);
    EXPECT(head.has == GET_HAS_LOCATION && head.location_value.n == CFG_GET_URL_BYTES);
    memcpy(big + n + CFG_GET_URL_BYTES, "a\r\n\r\n", 5);
    EXPECT(feed(big, (size_t)n + CFG_GET_URL_BYTES + 5, &used) == GET_HEAD_END);
    EXPECT(head.has == (GET_HAS_LOCATION | GET_HAS_LOCATION_CUT));
    /* A value without a byte has no blank at its end, whatever stands before its place. */
    static const char rest[] = "b\r\nETag:\r\nLast-Modified: Sun, 06 Nov 1994 08:49:36 GMT\r\n"
                               "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
    const char *validator = NULL;
    big[n + CFG_GET_URL_BYTES - 1] = ' ';
    memcpy(big + n + CFG_GET_URL_BYTES, rest, sizeof rest - 1);
    EXPECT(feed(big, (size_t)n + CFG_GET_URL_BYTES + sizeof rest - 1, &used) == GET_HEAD_END);
    EXPECT(get_head_validator(&head, &validator) == 29 && head.etag_value.n == 0);
}

/* Hazard 63: only what proves that not a byte has changed. */
static void test_validators(void)
{
    static const struct {
        const char *fields;
        const char *validator;
    } cases[] = {
        {"ETag: \"a\"\r\n", "\"a\""},
        {"ETag: \"\"\r\n", "\"\""},
        {"ETag: W/\"a\"\r\n", NULL},
        {"ETag: a\r\n", NULL},
        {"ETag: a\r\nLast-Modified: Sun, 06 Nov 1994 08:49:36 GMT\r\n"
         "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", NULL},
        {"ETag: \"a\r\n", NULL},
        {"ETag: \"\r\n", NULL},
        {"ETag: \"a\"b\"\r\n", NULL},
        {"ETag: \"a b\"\r\n", NULL},
        {"ETag: \" a\"\r\n", NULL},
        {"ETag: \"a \"\r\n", NULL},
        {"ETag: \"a\x7f\"\r\n", NULL},
        {"ETag: \"a\x01\"\r\n", NULL},
        {"", NULL},
        {"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n", NULL},
        {"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
         "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n", "Sun, 06 Nov 1994 08:49:37 GMT"},
        {"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
         "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", NULL},
        {"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
         "Date: Tue, 01 Nov 1994 09:49:38 GMT\r\n", NULL},
        {"Last-Modified: Sat, 31 Dec 1994 23:59:59 GMT\r\n"
         "Date: Sun, 01 Jan 1995 00:00:00 GMT\r\n", "Sat, 31 Dec 1994 23:59:59 GMT"},
        {"Last-Modified: Sat, 31 Dec 1994 23:59:59 GMT\r\n"
         "Date: Wed, 30 Nov 1994 00:00:00 GMT\r\n", NULL},
        {"Last-Modified: Sat, 31 Xyz 1994 23:59:59 GMT\r\n"
         "Date: Sun, 01 Jan 1995 00:00:00 GMT\r\n", NULL},
        {"Last-Modified: Sunday, 06-Nov-94 08:49:37 GMT\r\n"
         "Date: Sun, 01 Jan 1995 00:00:00 GMT\r\n", NULL},
        {"Last-Modified: Sun, 06 Nov 1994 08:49:37 UTC\r\n"
         "Date: Sun, 01 Jan 1995 00:00:00 GMT\r\n", NULL},
        {"ETag: W/\"a\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
         "Date: Sun, 06 Nov 1995 08:49:38 GMT\r\n", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[512];
        size_t used = 0;
        const char *validator = NULL;
        int n = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\n%s\r\n", cases[i].fields);
        EXPECT(feed(text, (size_t)n, &used) == GET_HEAD_END);
        size_t bytes = get_head_validator(&head, &validator);
        bool right = cases[i].validator == NULL
                         ? bytes == 0
                         : bytes == strlen(cases[i].validator) &&
                               memcmp(validator, cases[i].validator, bytes) == 0;
        if (!right) {
            printf("%s", text);
        }
        EXPECT(right);
    }
}

/* Whatever comes: no event after the end, nothing beyond its limits (with a sanitizer it shows). */
static void test_noise(void)
{
    srand(5);
    for (unsigned round = 0; round < 20000; round++) {
        char bytes[256];
        size_t row = (size_t)rand() % COUNT_OF(rows);
        size_t n = strlen(rows[row].text);
        size_t used = 0;
        n = n < sizeof bytes ? n : sizeof bytes;
        memcpy(bytes, rows[row].text, n);
        for (int changes = rand() % 4; changes > 0 && n > 0; changes--) {
            bytes[(size_t)rand() % n] = (char)rand();
        }
        (void)feed(bytes, n, &used);
        EXPECT(used <= n);
    }
}

/* A date says which version it is only when it is older than the answer (RFC 9110 section 8.8.2.2):
 * by each part of it, and whatever the other parts say. */
static void test_date_validators(void)
{
    static const struct {
        const char *modified;
        const char *date;
        bool strong;
    } pairs[] = {
        {"Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", true},
        {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", false},
        {"Sun, 06 Nov 1994 08:49:38 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", false},
        {"Sun, 06 Nov 1994 08:48:59 GMT", "Sun, 06 Nov 1994 08:49:00 GMT", true},
        {"Sun, 06 Nov 1994 08:50:00 GMT", "Sun, 06 Nov 1994 08:49:59 GMT", false},
        {"Sun, 06 Nov 1994 07:59:59 GMT", "Sun, 06 Nov 1994 08:00:00 GMT", true},
        {"Sun, 06 Nov 1994 09:00:00 GMT", "Sun, 06 Nov 1994 08:59:59 GMT", false},
        {"Sat, 05 Nov 1994 23:59:59 GMT", "Sun, 06 Nov 1994 00:00:00 GMT", true},
        {"Mon, 07 Nov 1994 00:00:00 GMT", "Sun, 06 Nov 1994 23:59:59 GMT", false},
        {"Mon, 31 Oct 1994 23:59:59 GMT", "Tue, 01 Nov 1994 00:00:00 GMT", true},
        {"Thu, 01 Dec 1994 00:00:00 GMT", "Wed, 30 Nov 1994 23:59:59 GMT", false},
        {"Fri, 31 Dec 1993 23:59:59 GMT", "Sat, 01 Jan 1994 00:00:00 GMT", true},
        {"Sun, 01 Jan 1995 00:00:00 GMT", "Sat, 31 Dec 1994 23:59:59 GMT", false},
        {"Sun, 06 Nov 1994 08:49:09 GMT", "Sun, 06 Nov 1994 08:49:10 GMT", true},
        {"Sun, 06 Nov 1994 08:09:59 GMT", "Sun, 06 Nov 1994 08:10:00 GMT", true},
        {"Sun, 06 Nov 1994 09:59:59 GMT", "Sun, 06 Nov 1994 10:00:00 GMT", true},
        {"Wed, 09 Nov 1994 23:59:59 GMT", "Thu, 10 Nov 1994 00:00:00 GMT", true},
        {"Fri, 30 Sep 1994 23:59:59 GMT", "Sat, 01 Oct 1994 00:00:00 GMT", true},
        {"Sat, 30 Apr 1994 23:59:59 GMT", "Sun, 01 May 1994 00:00:00 GMT", true},
        {"Thu, 30 Jun 1994 23:59:59 GMT", "Fri, 01 Jul 1994 00:00:00 GMT", true},
        {"Mon, 31 Jan 1994 23:59:59 GMT", "Tue, 01 Feb 1994 00:00:00 GMT", true},
        {"Fri, 31 Dec 1999 23:59:59 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", true},
        {"Sun, 06 Nov 1994 08:49:36 GMX", "Sun, 06 Nov 1994 08:49:37 GMT", false},
        {"Sun, 06 Nuv 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", false},
        {"Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:3x GMT", false},
        {"Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", false},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        char text[200];
        size_t used = 0;
        const char *validator = NULL;
        int n = snprintf(text, sizeof text,
                         "HTTP/1.1 200 OK\r\nLast-Modified: %s\r\nDate: %s\r\n\r\n",
                         pairs[i].modified, pairs[i].date);
        EXPECT(feed(text, (size_t)n, &used) == GET_HEAD_END);
        size_t wanted = pairs[i].strong ? strlen(pairs[i].modified) : 0;
        EXPECT(get_head_validator(&head, &validator) == wanted);
    }
}

int main(void)
{
    test_rows();
    test_nul();
    test_endless();
    test_values();
    test_validators();
    test_noise();
    test_date_validators();
    return check_report("get_head");
}
