/* SPDX-License-Identifier: MIT */
/* What answers mean for a download: Content-Range, the tag of a part, and the judgement. */
#include "apps/get/get_answer.h"

#include <string.h>

#include "tests/check.h"

/* Hazard 59: positions at every border. */
static void test_range(void)
{
    static const struct {
        const char *text;
        bool right;
        bool satisfied;
        uint64_t first;
        uint64_t last;
        uint64_t size;
    } rows[] = {
        {"bytes 0-0/1", true, true, 0, 0, 1},
        {"bytes 5-9/10", true, true, 5, 9, 10},
        {"Bytes 5-9/*", true, true, 5, 9, GET_SIZE_UNKNOWN},
        {"bytes */10", true, false, 0, 0, 10},
        {"bytes */0", true, false, 0, 0, 0},
        {"bytes 2147483647-2147483648/2147483649", true, true, 2147483647, 2147483648U,
         2147483649U},
        {"bytes 4294967295-4294967296/4294967297", true, true, 4294967295U, UINT64_C(4294967296),
         UINT64_C(4294967297)},
        {"bytes 9223372036854775806-9223372036854775806/9223372036854775807", true, true,
         INT64_MAX - 1, INT64_MAX - 1, INT64_MAX},
        {"bytes 0-5", false, false, 0, 0, 0},
        {"bytes 5/10", false, false, 0, 0, 0},
        {"xytes 0-0/1", false, false, 0, 0, 0},
        {"bytes 0-9/9", false, false, 0, 0, 0},
        {"bytes 5-4/10", false, false, 0, 0, 0},
        {"bytes 0-9223372036854775808/*", false, false, 0, 0, 0},
        {"bytes 18446744073709551615-18446744073709551616/*", false, false, 0, 0, 0},
        {"bytes 0-0/9223372036854775808", false, false, 0, 0, 0},
        {"bytes */*", false, false, 0, 0, 0},
        {"bytes 0-0", false, false, 0, 0, 0},
        {"bytes 0-0/", false, false, 0, 0, 0},
        {"bytes -0/1", false, false, 0, 0, 0},
        {"bytes 0-/1", false, false, 0, 0, 0},
        {"bytes 0 - 0/1", false, false, 0, 0, 0},
        {"bytes  0-0/1", false, false, 0, 0, 0},
        {"bytes=0-0/1", false, false, 0, 0, 0},
        {"bytes 0-0/1 ", false, false, 0, 0, 0},
        {"bytes 0-0/1,2", false, false, 0, 0, 0},
        {"items 0-0/1", false, false, 0, 0, 0},
        {"bytes +0-0/1", false, false, 0, 0, 0},
        {"bytes ", false, false, 0, 0, 0},
        {"", false, false, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct get_range range;
        bool right = get_range_read(rows[i].text, strlen(rows[i].text), &range);
        bool same = right == rows[i].right &&
                    (!right || (range.satisfied == rows[i].satisfied &&
                                range.first == rows[i].first && range.last == rows[i].last &&
                                range.size == rows[i].size));
        if (!same) {
            printf("%s\n", rows[i].text);
        }
        EXPECT(same);
    }
}

static void tag_set(struct get_tag *tag, uint64_t size, const char *validator)
{
    memset(tag, 0, sizeof *tag);
    tag->size = size;
    tag->validator_bytes = (uint16_t)strlen(validator);
    memcpy(tag->validator, validator, strlen(validator));
}

static void test_tag(void)
{
    static const uint64_t sizes[] = {0, 1, UINT64_C(4294967296), INT64_MAX, GET_SIZE_UNKNOWN};
    static const char url[] = "http://h/a";
    char bytes[GET_TAG_BYTES];
    struct get_tag tag;
    struct get_tag again;
    struct text text;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        tag_set(&tag, sizes[i], i % 2 == 0 ? "\"x-y\"" : "Sun, 06 Nov 1994 08:49:37 GMT");
        text_begin(&text, bytes, sizeof bytes);
        get_tag_put(&text, url, sizeof url - 1, &tag);
        EXPECT(get_tag_read(bytes, text.n, url, sizeof url - 1, &again));
        EXPECT(again.size == tag.size && again.validator_bytes == tag.validator_bytes &&
               memcmp(again.validator, tag.validator, tag.validator_bytes) == 0);
        for (size_t n = 0; n < text.n; n++) { /* torn off anywhere, it is none */
            EXPECT(!get_tag_read(bytes, n, url, sizeof url - 1, &again));
        }
        EXPECT(!get_tag_read(bytes, text.n, "http://h/b", 10, &again));
        EXPECT(!get_tag_read(bytes, text.n, "http://h/", 9, &again));
    }
    static const char *const wrong[] = {
        "linnet get 2\nhttp://h/a\n5\n\"x\"\n", "linnet get\nhttp://h/a\n5\n\"x\"\n",
        "linnet get 1x\nhttp://h/a\n5\n\"x\"\n", "linnet get 1\nhttp://h/a\n5\nMon,\n",
        "linnet get 1\nhttp://h/a\n5\n\001on, x\n", "linnet get 1\nhttp://h/a\n5\n\"x\"\nmore\n",
        "linnet get 1\nhttp://h/a\n-5\n\"x\"\n", "linnet get 1\nhttp://h/a\n\n\"x\"\n",
        "linnet get 1\nhttp://h/a\n9223372036854775808\n\"x\"\n",
        "linnet get 1\nhttp://h/a\n5\n\"\n",
        "linnet get 1\nhttp://h/a\n5\n\n", "linnet get 1\nhttp://h/a\n5\nx\n",
        "linnet get 1\nhttp://h/a\n5\nW/\"x\"\n", "linnet get 1\nhttp://h/a\n5\n\"x\ry\"\n",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        EXPECT(!get_tag_read(wrong[i], strlen(wrong[i]), url, sizeof url - 1, &again));
    }
    static const char *const right[] = {
        "linnet get 1\nhttp://h/a\n5\n\"x\"\n", "linnet get 1\nhttp://h/a\n-\n\"\"\n",
        "linnet get 1\nhttp://h/a\n0\nMon,x\n",
    };
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        EXPECT(get_tag_read(right[i], strlen(right[i]), url, sizeof url - 1, &again));
    }
}

/* The longest tag has room: a URL of the longest path, host and port. */
static void test_tag_room(void)
{
    static char url[GET_URL_TEXT_BYTES];
    static char bytes[GET_TAG_BYTES];
    struct get_tag tag;
    struct text text;
    tag_set(&tag, INT64_MAX, "\"\"");
    memset(url, 'u', sizeof url);
    memset(tag.validator, '"', sizeof tag.validator);
    tag.validator_bytes = sizeof tag.validator;
    text_begin(&text, bytes, sizeof bytes);
    get_tag_put(&text, url, sizeof url, &tag);
    EXPECT(!text.cut);
    struct get_tag again;
    EXPECT(get_tag_read(bytes, text.n, url, sizeof url, &again));
    EXPECT(again.validator_bytes == sizeof tag.validator);
}

#define UNKNOWN GET_SIZE_UNKNOWN

static const struct {
    const char *head; /* "NNN" and fields */
    uint64_t from;
    const char *validator;
    uint64_t known; /* size, from the tag */
    enum get_decision decision;
    enum get_status status;
    bool transient;
    uint64_t size;
    uint64_t body;
} rows[] = {
    {"200\r\nContent-Length: 10", 0, "", 0, GET_TAKE_WHOLE, GET_DONE, false, 10, 10},
    {"200\r\nContent-Length: 0", 0, "", 0, GET_TAKE_WHOLE, GET_DONE, false, 0, 0},
    {"200", 0, "", 0, GET_TAKE_WHOLE, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"203\r\nContent-Length: 10", 0, "", 0, GET_TAKE_WHOLE, GET_DONE, false, 10, 10},
    {"200\r\nTransfer-Encoding: chunked", 0, "", 0, GET_TAKE_WHOLE, GET_DONE, false, UNKNOWN,
     UNKNOWN},
    {"200\r\nTransfer-Encoding: chunked\r\nContent-Length: 4", 0, "", 0, GET_TAKE_WHOLE, GET_DONE,
     false, UNKNOWN, UNKNOWN},
    {"200\r\nContent-Length: 10", 5, "\"a\"", 10, GET_TAKE_WHOLE, GET_DONE, false, 10, 10},
    {"206\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\nETag: \"a\"", 5, "\"a\"", 10,
     GET_TAKE_REST, GET_DONE, false, 10, 5},
    {"206\r\nContent-Range: bytes 5-9/10", 5, "\"a\"", 10, GET_TAKE_REST, GET_DONE, false, 10, 5},
    {"206\r\nContent-Range: bytes 5-9/10", 5, "\"a\"", UNKNOWN, GET_TAKE_REST, GET_DONE, false, 10,
     5},
    {"206\r\nContent-Range: bytes 5-9/*", 5, "\"a\"", 10, GET_TAKE_REST, GET_DONE, false, 10, 5},
    {"206\r\nContent-Range: bytes 5-6/10", 5, "\"a\"", 10, GET_TAKE_REST, GET_DONE, false, 10, 2},
    {"206\r\nContent-Range: bytes 5-9/10\r\nTransfer-Encoding: chunked", 5, "\"a\"", 10,
     GET_TAKE_REST, GET_DONE, false, 10, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-9/10\r\nETag: \"b\"", 5, "\"a\"", 10, GET_START_OVER, GET_DONE,
     false, UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-9/10\r\nETag: W/\"a\"", 5, "\"a\"", 10, GET_START_OVER,
     GET_DONE, false, UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-10/11\r\nETag: \"a\"", 5, "\"a\"", 10, GET_START_OVER, GET_DONE,
     false, UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-9/10\r\nLast-Modified: Mon, x", 5, "Mon, x", 10,
     GET_TAKE_REST, GET_DONE, false, 10, 5},
    {"206\r\nContent-Range: bytes 5-9/10\r\nLast-Modified: Mon, y", 5, "Mon, x", 10,
     GET_START_OVER, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 0-9/10\r\nETag: \"a\"", 5, "\"a\"", 10, GET_REFUSE,
     GET_NO_RESUME, false, UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 6-9/10", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false,
     UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-19/*", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false,
     UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 6", 5, "\"a\"", 10, GET_REFUSE,
     GET_NO_RESUME, false, UNKNOWN, UNKNOWN},
    {"206\r\nContent-Length: 5", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false, UNKNOWN,
     UNKNOWN},
    {"206\r\nContent-Range: bytes 5-10/*", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false,
     UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 5-4/10", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false,
     UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 9-5/10", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false,
     UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes */10", 5, "\"a\"", 10, GET_REFUSE, GET_NO_RESUME, false,
     UNKNOWN, UNKNOWN},
    {"206\r\nContent-Range: bytes 0-9/10", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN,
     UNKNOWN},
    {"416\r\nContent-Range: bytes */10", 5, "\"a\"", 10, GET_START_OVER, GET_DONE, false, UNKNOWN,
     UNKNOWN},
    {"416", 1, "\"a\"", 10, GET_START_OVER, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"416", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"301\r\nLocation: /b", 0, "", 0, GET_FOLLOW, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"302\r\nLocation: /b", 5, "\"a\"", 10, GET_FOLLOW, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"303\r\nLocation: /b", 0, "", 0, GET_FOLLOW, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"307\r\nLocation: /b", 0, "", 0, GET_FOLLOW, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"308\r\nLocation: /b", 0, "", 0, GET_FOLLOW, GET_DONE, false, UNKNOWN, UNKNOWN},
    {"301", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"300\r\nLocation: /b", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"304", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"204", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"404", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"403", 5, "\"a\"", 10, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"408", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, true, UNKNOWN, UNKNOWN},
    {"429", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, true, UNKNOWN, UNKNOWN},
    {"500", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, true, UNKNOWN, UNKNOWN},
    {"501", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
    {"502", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, true, UNKNOWN, UNKNOWN},
    {"503", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, true, UNKNOWN, UNKNOWN},
    {"504", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, true, UNKNOWN, UNKNOWN},
    {"999", 0, "", 0, GET_REFUSE, GET_HTTP_ERROR, false, UNKNOWN, UNKNOWN},
};

static void test_judgement(void)
{
    static struct get_head head;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512];
        struct get_tag tag;
        enum get_head_event event = GET_HEAD_MORE;
        int n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\n\r\n", rows[i].head);
        get_head_begin(&head);
        for (int at = 0; at < n; at++) {
            event = get_head_feed(&head, (uint8_t)text[at]);
        }
        EXPECT(event == GET_HEAD_END);
        tag_set(&tag, rows[i].known, rows[i].validator);
        struct get_answer answer = get_answer_judge(&head, rows[i].from, &tag);
        bool right = answer.decision == rows[i].decision && answer.status == rows[i].status &&
                     answer.transient == rows[i].transient && answer.size == rows[i].size &&
                     answer.body == rows[i].body;
        if (!right) {
            printf("row %zu: %d %d: %s\n", i, (int)answer.decision, (int)answer.status, text);
        }
        EXPECT(right);
    }
}

int main(void)
{
    test_range();
    test_tag();
    test_tag_room();
    test_judgement();
    return check_report("get_answer");
}
