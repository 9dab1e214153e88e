/* SPDX-License-Identifier: MIT */
/* Conditions and ranges, hazards 59 and 61 to 64: the whole matrix, through real heads. */
#include "apps/fileget/http_condition.h"

#include <stdio.h>
#include <string.h>

#include "apps/fileget/http_date.h"
#include "tests/check.h"

#define MODIFIED "Sun, 06 Nov 1994 08:49:37 GMT"
#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define AFTER "Sun, 06 Nov 1994 08:49:38 GMT"
#define TAG "\"3e8-2ebc98a1-1c8\""
#define RANGE "Range: bytes=0-9\r\n"

static const struct http_version version = {1000, 784111777, 456};
enum { NOW = 1795000000 };

/* What a request with these fields gets from the file. */
static enum http_status status_of(const char *method, const char *fields, uint64_t size,
                                  int64_t now, struct http_head *head)
{
    static uint8_t buffer[CFG_CONN_BUFFER_BYTES];
    static char request[CFG_FILEGET_HEAD_BYTES];
    int n = snprintf(request, sizeof request, "%s /a HTTP/1.1\r\nHost: h\r\n%s\r\n", method,
                     fields);
    enum http_event event = HTTP_MORE;
    struct http_version of = version;
    enum http_status status;

    of.size_bytes = size;
    http_head_begin(head, 0);
    for (size_t at = 0, taken; at < (size_t)n; at += taken) {
        event = http_head_feed(head, buffer, (const uint8_t *)request + at, (size_t)n - at, false,
                               &taken);
        if (event == HTTP_CONDITION) {
            http_condition_note(head, buffer, &of, now);
        }
    }
    EXPECT(event == HTTP_END);
    status = http_condition_status(head);
    if (status != HTTP_NONE) {
        return status;
    }
    return http_head_range(head, size,
                           strcmp(method, "GET") == 0 && http_condition_range_holds(head));
}

static const struct row {
    const char *fields;
    unsigned status;
} rows[] = {
    {"", 200},
    {RANGE, 206},
    /* If-Match: strong, a list, any. */
    {"If-Match: " TAG "\r\n", 200},
    {"If-Match: *\r\n", 200},
    {"If-Match: \"x\", " TAG "\r\n", 200},
    {"If-Match: \"x\"\r\nIf-Match: " TAG "\r\n", 200},
    {"If-Match: \"x\"\r\n", 412},
    {"If-Match: W/" TAG "\r\n", 412},
    {"If-Match: x\r\n", 412},
    {"If-Match: \"a,b\", \"" "\"\r\n", 412},
    {"If-Match: \"x\"\r\n" RANGE, 412},
    /* If-Unmodified-Since, unless there is If-Match. */
    {"If-Unmodified-Since: " MODIFIED "\r\n", 200},
    {"If-Unmodified-Since: " AFTER "\r\n", 200},
    {"If-Unmodified-Since: " BEFORE "\r\n", 412},
    {"If-Unmodified-Since: yesterday\r\n", 200},
    {"If-Unmodified-Since: " BEFORE "\r\nIf-Unmodified-Since: " BEFORE "\r\n", 200},
    {"If-Match: " TAG "\r\nIf-Unmodified-Since: " BEFORE "\r\n", 200},
    {"If-Match: \"x\"\r\nIf-Unmodified-Since: " AFTER "\r\n", 412},
    /* If-None-Match: weak, a list, any. */
    {"If-None-Match: " TAG "\r\n", 304},
    {"If-None-Match: W/" TAG "\r\n", 304},
    {"If-None-Match: *\r\n", 304},
    {"If-None-Match: \"a\",\"b, c\" ," TAG " ,\r\n", 304},
    {"If-None-Match: \"a, " TAG "\r\n", 200},
    {"If-None-Match: \"a\"\r\n", 200},
    {"If-None-Match: w/" TAG "\r\n", 200},
    {"If-None-Match: 3e8-2ebc98a1-1c8\r\n", 200},
    {"If-None-Match: \"3e8-2ebc98a1-1c\"\r\n", 200},
    {"If-None-Match: ,,,\r\n", 200},
    {"If-None-Match: " TAG "\r\n" RANGE, 304},
    /* If-Modified-Since, unless there is If-None-Match. */
    {"If-Modified-Since: " MODIFIED "\r\n", 304},
    {"If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n", 304},
    {"If-Modified-Since: Sun Nov  6 08:49:37 1994\r\n", 304},
    {"If-Modified-Since: " AFTER "\r\n", 304},
    {"If-Modified-Since: " BEFORE "\r\n", 200},
    {"If-Modified-Since: \r\n", 200},
    {"If-Modified-Since: 0\r\n", 200},
    {"If-Modified-Since: " AFTER "; length=5\r\n", 200},
    {"If-Modified-Since: " AFTER "\r\nIf-Modified-Since: " AFTER "\r\n", 200},
    {"If-None-Match: \"a\"\r\nIf-Modified-Since: " AFTER "\r\n", 200},
    {"If-None-Match: " TAG "\r\nIf-Modified-Since: " BEFORE "\r\n", 304},
    /* If-Match comes before If-None-Match. */
    {"If-None-Match: *\r\nIf-Match: \"x\"\r\n", 412},
    {"If-None-Match: *\r\nIf-Match: *\r\n", 304},
    {"If-None-Match: *\r\nIf-Unmodified-Since: " BEFORE "\r\n", 412},
    /* If-Range: strong only. */
    {"If-Range: " TAG "\r\n" RANGE, 206},
    {RANGE "If-Range: " TAG "\r\n", 206},
    {"If-Range: W/" TAG "\r\n" RANGE, 200},
    {"If-Range: \"x\"\r\n" RANGE, 200},
    {"If-Range: *\r\n" RANGE, 200},
    {"If-Range: " MODIFIED "\r\n" RANGE, 206},
    {"If-Range: " AFTER "\r\n" RANGE, 200},
    {"If-Range: " BEFORE "\r\n" RANGE, 200},
    {"If-Range: \r\n" RANGE, 200},
    {"If-Range: " TAG "\r\nIf-Range: " TAG "\r\n" RANGE, 200},
    {"If-Range: " TAG "\r\n", 200}
};

static void test_matrix(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_head head;
        enum http_status status = status_of("GET", rows[i].fields, 1000, NOW, &head);

        EXPECT((unsigned)status == rows[i].status);
        if ((unsigned)status != rows[i].status) {
            printf("# %d, not %u: %s\n", (int)status, rows[i].status, rows[i].fields);
        }
        if (rows[i].status != 206) {
            EXPECT(status_of("HEAD", rows[i].fields, 1000, NOW, &head) == status);
        }
    }
}

/* A date says nothing about a file that may change again within its second. */
static void test_fresh(void)
{
    struct http_head head;
    const char *fields = "If-Range: " MODIFIED "\r\n" RANGE;

    EXPECT(status_of("GET", fields, 1000, 784111777, &head) == HTTP_OK);
    EXPECT(status_of("GET", fields, 1000, 784111778, &head) == HTTP_OK);
    EXPECT(status_of("GET", fields, 1000, 784111779, &head) == HTTP_PARTIAL);
    EXPECT(status_of("GET", fields, 1000, -1, &head) == HTTP_OK);
}

/* A list of any length is compared element by element. */
static void test_long_list(void)
{
    static char fields[CFG_FILEGET_HEAD_BYTES - 64];
    struct http_head head;
    size_t n = (size_t)snprintf(fields, sizeof fields, "If-None-Match: ");

    while (n + 100 < sizeof fields) {
        n += (size_t)snprintf(fields + n, sizeof fields - n, "\"%060zu\", ", n);
    }
    (void)snprintf(fields + n, sizeof fields - n, "\"x\"\r\n");
    EXPECT(status_of("GET", fields, 1000, NOW, &head) == HTTP_OK);
    (void)snprintf(fields + n, sizeof fields - n, TAG "\r\n");
    EXPECT(status_of("GET", fields, 1000, NOW, &head) == HTTP_NOT_MODIFIED);
}

#define MAX64 "18446744073709551615"
#define DIGITS40 "9999999999999999999999999999999999999999"

static const struct range {
    const char *value;
    uint64_t size;
    unsigned status;
    uint64_t first;
    uint64_t end;
} ranges[] = {
    {"bytes=0-0", 10, 206, 0, 1},
    {"bytes=0-", 10, 206, 0, 10},
    {"bytes=9-", 10, 206, 9, 10},
    {"bytes=9-9", 10, 206, 9, 10},
    {"bytes=0-9", 10, 206, 0, 10},
    {"bytes=0-10", 10, 206, 0, 10},
    {"bytes=0-" MAX64, 10, 206, 0, 10},
    {"bytes=0-" DIGITS40, 10, 206, 0, 10},
    {"bytes=1-18446744073709551618", 10, 206, 1, 10},
    {"bytes=1-18446744073709551620", 10, 206, 1, 10}, /* 4 and 2 to the 64th */
    {"bytes=10-", 10, 416, 0, 10},
    {"bytes=10-20", 10, 416, 0, 10},
    {"bytes=" MAX64 "-", 10, 416, 0, 10},
    {"bytes=" DIGITS40 "-", 10, 416, 0, 10},
    {"bytes=" DIGITS40 "-" DIGITS40, 10, 416, 0, 10},
    {"bytes=18446744073709551616-18446744073709551617", 10, 416, 0, 10},
    {"bytes=-1", 10, 206, 9, 10},
    {"bytes=-10", 10, 206, 0, 10},
    {"bytes=-11", 10, 206, 0, 10},
    {"bytes=-" DIGITS40, 10, 206, 0, 10},
    {"bytes=-0", 10, 416, 0, 10},
    {"bytes=0-", 0, 416, 0, 0},
    {"bytes=0-0", 0, 416, 0, 0},
    {"bytes=-5", 0, 200, 0, 0},
    {"BYTES=1-2", 10, 206, 1, 3},
    {"bytes=001-0002", 10, 206, 1, 3},
    {"bytes=2147483647-2147483649", UINT64_C(5368709120), 206, 2147483647, 2147483650},
    {"bytes=4294967295-4294967297", UINT64_C(5368709120), 206, 4294967295, 4294967298},
    {"bytes=5368709119-", UINT64_C(5368709120), 206, 5368709119, 5368709120},
    {"bytes=9223372036854775807-9223372036854775809", UINT64_MAX, 206, 9223372036854775807u,
     9223372036854775810u},
    {"bytes=0-" MAX64, UINT64_MAX, 206, 0, UINT64_MAX},
    {"bytes=" MAX64 "-", UINT64_MAX, 416, 0, UINT64_MAX},
    /* Malformed, or more than one: as if it were not there. */
    {"", 10, 200, 0, 10},
    {"bytes", 10, 200, 0, 10},
    {"bytes=", 10, 200, 0, 10},
    {"bytes=-", 10, 200, 0, 10},
    {"bytes=,,", 10, 200, 0, 10},
    {"x=,", 10, 200, 0, 10},
    {"x=0-1", 10, 200, 0, 10},
    {"bytes=0-1,3-4", 10, 200, 0, 10},
    {"bytes=0-1,", 10, 200, 0, 10},
    {"bytes=0-,0-,0-,0-", 10, 200, 0, 10},
    {"bytes=2-1", 10, 200, 0, 10},
    {"bytes=--1", 10, 200, 0, 10},
    {"bytes=-1-", 10, 200, 0, 10},
    {"bytes=+1-2", 10, 200, 0, 10},
    {"bytes= 1-2", 10, 200, 0, 10},
    {"bytes=1 -2", 10, 200, 0, 10},
    {"bytes =1-2", 10, 200, 0, 10},
    {"bytes=1-2x", 10, 200, 0, 10},
    {"bytes=0x1-2", 10, 200, 0, 10},
    {"1-2", 10, 200, 0, 10}
};

static void test_ranges(void)
{
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        struct http_head head;
        char fields[256];
        enum http_status status;

        (void)snprintf(fields, sizeof fields, "Range: %s\r\n", ranges[i].value);
        status = status_of("GET", fields, ranges[i].size, NOW, &head);
        EXPECT((unsigned)status == ranges[i].status);
        EXPECT(head.range_first == ranges[i].first && head.range_end == ranges[i].end);
        if ((unsigned)status != ranges[i].status) {
            printf("# %d: %s\n", (int)status, ranges[i].value);
        }
        EXPECT(status_of("HEAD", fields, ranges[i].size, NOW, &head) == HTTP_OK);
    }
}

static void test_repeated_range(void)
{
    struct http_head head;

    EXPECT(status_of("GET", RANGE RANGE, 1000, NOW, &head) == HTTP_OK);
    EXPECT(status_of("GET", RANGE "Range: x\r\n", 1000, NOW, &head) == HTTP_OK);
}

/* Each part of the version makes another tag, and the longest fits. */
static void test_tags(void)
{
    static const struct http_version others[] = {
        {1001, 784111777, 456}, {1000, 784111778, 456}, {1000, 784111777, 457},
        {1000, -1, 456},        {0, 0, 0},              {UINT64_MAX, INT64_MIN, 999999999}};
    char own[HTTP_TAG_BYTES];
    struct text text;

    text_begin(&text, own, sizeof own);
    http_tag_put(&text, &version);
    EXPECT(text.n == strlen(TAG) && memcmp(own, TAG, text.n) == 0);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        char other[HTTP_TAG_BYTES];
        struct text other_text;

        text_begin(&other_text, other, sizeof other);
        http_tag_put(&other_text, &others[i]);
        EXPECT(!other_text.cut);
        EXPECT(other_text.n != text.n || memcmp(other, own, text.n) != 0);
    }
}

int main(void)
{
    test_matrix();
    test_fresh();
    test_long_list();
    test_ranges();
    test_repeated_range();
    test_tags();
    return check_report("http_condition");
}
