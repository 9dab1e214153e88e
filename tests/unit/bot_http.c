/* SPDX-License-Identifier: MIT */
/* What the bot's service may answer, well and badly, cut at every byte. Hazard 94. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/bot_http.h"
#include "tests/check.h"

static const struct json_step path[] = {{"t", 0}};
static struct bot_http http;
static char out[16];

/* Feeds it in two pieces; whether the connection ended then. */
static enum bot_failure read_all(const char *text, size_t n, size_t cut)
{
    bot_http_begin(&http, path, COUNT_OF(path), out, sizeof out);
    if ((cut == 0 || bot_http_feed(&http, (const uint8_t *)text, cut)) &&
        (cut == n || bot_http_feed(&http, (const uint8_t *)text + cut, n - cut))) {
        bot_http_end(&http);
    }
    return (enum bot_failure)http.failure;
}

#define OK "HTTP/1.1 200 OK\r\n"
#define BLANKS "                                       " /* 39: a line as long as it is looked at */

static const struct {
    const char *text;
    enum bot_failure failure;
} rows[] = {
    {OK "Content-Length: 9\r\n\r\n{\"t\":\"x\"}", BOT_FINE},
    {OK "content-LENGTH:9\r\nX: y\r\n\r\n{\"t\":\"x\"} and more", BOT_FINE},
    {"HTTP/1.0 201 \n\n{\"t\":\"x\"}\n", BOT_FINE},
    {OK "\r\n{\"t\":\"x\"}", BOT_FINE},
    {OK "Content-Length: 9\r\nContent-Length: 9\r\n\r\n{\"t\":\"x\"}", BOT_FINE},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nContent-Length: 7\r\n\r\n" OK
     "Content-Length: 9\r\n\r\n{\"t\":\"x\"}", BOT_FINE},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"t\r\n6;x\r\n\":\"x\"}\r\n0\r\nA: b\r\n\r\n",
     BOT_FINE},
    {OK "transfer-encoding: Chunked\r\n\r\n0000009 \r\n{\"t\":\"x\"}\r\n0\r\n\r\n", BOT_FINE},
    {OK "TRANSFER-ENCODING: CHUNKED\r\n\r\n1a\r\n{\"t\":\"x\"}                 \r\n0\r\n\r\n",
     BOT_FINE},
    {OK "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"t\":\"x\"}       \r\n00\r\n\r\n",
     BOT_FINE},
    {OK "Transfer-Encoding:chunked\r\n\r\n0A\r\n{\"t\":\"x\"} \r\n"
     "F\r\n               \r\n0\r\n\r\n",
     BOT_FINE},
    {OK "Transfer-Encoding: chunked\r\n\r\ng\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n9:\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n9/\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n9`\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"t\":\"x\"}0\r\n\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"t\":\"x\"}y\r\n0\r\n\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\nx\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\n-9\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n", BOT_LONG},
    {OK "Transfer-Encoding: chunked\r\n\r\n100000\r\n", BOT_LONG},
    {OK "Transfer-Encoding:" BLANKS "chunked\r\n\r\n9\r\n{\"t\":\"x\"}\r\n0\r\n\r\n", BOT_FINE},
    {OK "Transfer-Encoding: " BLANKS "chunked\r\n\r\n9\r\n{\"t\":\"x\"}\r\n0\r\n\r\n",
     BOT_NOT_HTTP},
    {OK "Transfer-Encoding: gzip\r\n\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: xhunked\r\n\r\n9\r\n{\"t\":\"x\"}\r\n0\r\n\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: chunkex\r\n\r\n9\r\n{\"t\":\"x\"}\r\n0\r\n\r\n", BOT_NOT_HTTP},
    {OK "Transfer-Encoding: cccc, chunked\r\n\r\n0\r\n\r\n", BOT_NOT_HTTP},
    {OK "Xontent-Length: 0\r\nContent-Lengt: 0\r\n\r\n{\"t\":\"x\"}", BOT_FINE},
    {OK "Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n{\"t\":\"x\"}", BOT_NOT_HTTP},
    {OK "Content-Length: 9\r\nContent-Length: 8\r\n\r\n{\"t\":\"x\"}", BOT_NOT_HTTP},
    {OK "Content-Length: 9x\r\n\r\n", BOT_NOT_HTTP},
    {OK "Content-Length: -1\r\n\r\n", BOT_NOT_HTTP},
    {OK "Content-Length:\r\n\r\n", BOT_NOT_HTTP},
    {OK "Content-Length: 99999999999999999999\r\n\r\n", BOT_LONG},
    {OK "Content-Length: 0\r\n\r\n", BOT_NOT_JSON},
    {OK "Content-Length: 8\r\n\r\n{\"t\":\"x\"}", BOT_NOT_JSON},
    {OK "Content-Length: 10\r\n\r\n{\"t\":\"x\"}", BOT_BROKEN},
    {OK "Content-Length: 2\r\n\r\n{}", BOT_OTHER_JSON},
    {OK "Content-Length: 7\r\n\r\n{\"t\":1}", BOT_OTHER_JSON},
    {OK "\r\n{\"t\":\"x\"", BOT_NOT_JSON},
    {OK "\r\n", BOT_NOT_JSON},
    {OK "\r\n<html>", BOT_NOT_JSON},
    {OK "Content-Type: x", BOT_BROKEN},
    {"", BOT_BROKEN},
    {"HTTP/1.1 20", BOT_BROKEN},
    {"HTTP/1.1 404 No\r\nContent-Length: 99999999\r\n\r\n", BOT_STATUS},
    {"HTTP/1.1 301 x\r\n\r\n", BOT_STATUS},
    {"HTTP/1.1 300 x\r\nContent-Length: 99999999\r\n\r\n", BOT_STATUS},
    {"HTTP/1.1 299 x\r\nContent-Length: 99999999\r\n\r\n", BOT_LONG},
    {"HTTP/1.1 503\r\n\r\n", BOT_STATUS},
    {"HTTP/1.1 20\r\n\r\n", BOT_NOT_HTTP},
    {"HTTP/1.1 103 x\nX: behind: 0\n\nHTTP/1.1 20\n\n", BOT_NOT_HTTP},
    {"HTTP/2 200 OK\r\n", BOT_NOT_HTTP},
    {"HTTP/1.1 2x0 OK\r\n", BOT_NOT_HTTP},
    {"HTTP/1.1 x00 OK\r\n", BOT_NOT_HTTP},
    {"HTTP/1.1 20x OK\r\n", BOT_NOT_HTTP},
    {"HTTP/1.1x200 OK\r\n", BOT_NOT_HTTP},
    {"XTTP/1.1 200 OK\r\n", BOT_NOT_HTTP},
    {"HTTP/1.1 199 x\r\nContent-Length: 7\r\n\r\n" OK
     "Content-Length: 9\r\n\r\n{\"t\":\"x\"}", BOT_FINE},
    {"HTTP/1.1 200\r\nContent-Length: 8\r\nContent-Length: 9\r\n\r\n", BOT_NOT_HTTP},
    {"SSH-2.0-x\r\n", BOT_NOT_HTTP},
    {"\r\n\r\n", BOT_NOT_HTTP},
    {"ICY 200 OK\r\n\r\n", BOT_NOT_HTTP}
};

static void test_answers(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = strlen(rows[i].text);
        unsigned wrong = 0;
        for (size_t cut = 0; cut <= n; cut++) {
            bool right = read_all(rows[i].text, n, cut) == rows[i].failure;
            right = right && (rows[i].failure != BOT_FINE ||
                              (http.json.out_bytes == 1 && out[0] == 'x'));
            wrong += right ? 0 : 1;
        }
        if (wrong > 0) {
            printf("wrong: %s\n", rows[i].text);
        }
        EXPECT(wrong == 0);
    }
    EXPECT(read_all("HTTP/1.1 418 x\r\n\r\n", 18, 5) == BOT_STATUS && http.status == 418);
}

/* As long as it may be, by each way to say so, and by one more. */
static void test_longest(void)
{
    static char whole[CFG_BOT_BODY_BYTES + 2];
    static const struct {
        const char *format;
        unsigned length;
        enum bot_failure failure;
    } lengths[] = {
        {"Content-Length: %u\r\n\r\n", CFG_BOT_BODY_BYTES, BOT_BROKEN},
        {"Content-Length: %u\r\n\r\n", CFG_BOT_BODY_BYTES + 1, BOT_LONG},
        {"Content-Length: %u0\r\n\r\n", CFG_BOT_BODY_BYTES, BOT_LONG},
        {"Transfer-Encoding: chunked\r\n\r\n%x\r\n", CFG_BOT_BODY_BYTES, BOT_BROKEN},
        {"Transfer-Encoding: chunked\r\n\r\n%x\r\n", CFG_BOT_BODY_BYTES + 1, BOT_LONG},
        {"Transfer-Encoding: chunked\r\n\r\n%x0\r\n", CFG_BOT_BODY_BYTES, BOT_LONG},
    };
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char text[100] = OK;
        size_t begin = strlen(text);
        (void)snprintf(text + begin, sizeof text - begin, lengths[i].format, lengths[i].length);
        EXPECT(read_all(text, strlen(text), 1) == lengths[i].failure);
    }
    memset(whole, ' ', sizeof whole);
    memcpy(whole, OK "\r\n{\"t\":\"x\"}", sizeof OK + 10);
    EXPECT(read_all(whole, CFG_BOT_BODY_BYTES, 1) == BOT_FINE);
    EXPECT(read_all(whole, CFG_BOT_BODY_BYTES + 1, 1) == BOT_LONG);
}

/* What never ends, ends. */
static void test_endless(void)
{
    static const char *const begins[] = {
        "", OK, OK "X: ", OK "\r\n{\"t\":\"", OK "\r\n", OK "Transfer-Encoding: chunked\r\n\r\n",
        OK "Transfer-Encoding: chunked\r\n\r\n0\r\n", "HTTP/1.1 100 x\r\n"
    };
    static const char more[] = " ";
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        unsigned taken = 0;
        bot_http_begin(&http, path, COUNT_OF(path), out, sizeof out);
        bool goes_on = *begins[i] == '\0' ||
                       bot_http_feed(&http, (const uint8_t *)begins[i], strlen(begins[i]));
        while (goes_on && taken < 2 * CFG_BOT_BODY_BYTES) {
            goes_on = bot_http_feed(&http, (const uint8_t *)more, 1);
            taken++;
        }
        EXPECT(http.failure == BOT_LONG);
    }
}

int main(void)
{
    test_answers();
    test_longest();
    test_endless();
    return check_report("bot_http");
}
