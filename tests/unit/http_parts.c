/* SPDX-License-Identifier: MIT */
/* The smallest parts of HTTP answers and heads, exhaustively: status lines, path bytes, hosts. */
#include <string.h>

#include "apps/fileget/http_answer.h"
#include "apps/fileget/http_head.h"
#include "tests/check.h"

static void test_statuses(void)
{
    static const struct {
        enum http_status status;
        const char *text;
    } known[] = {
        {HTTP_OK, "200 OK"}, {HTTP_PARTIAL, "206 Partial Content"},
        {HTTP_MOVED, "301 Moved Permanently"}, {HTTP_NOT_MODIFIED, "304 Not Modified"},
        {HTTP_BAD_REQUEST, "400 Bad Request"}, {HTTP_NOT_FOUND, "404 Not Found"},
        {HTTP_METHOD_NOT_ALLOWED, "405 Method Not Allowed"}, {HTTP_TIMEOUT, "408 Request Timeout"},
        {HTTP_CONDITION_FAILED, "412 Precondition Failed"},
        {HTTP_NAME_TOO_LONG, "414 URI Too Long"},
        {HTTP_RANGE_NOT_SATISFIABLE, "416 Range Not Satisfiable"},
        {HTTP_EXPECTATION_FAILED, "417 Expectation Failed"},
        {HTTP_HEAD_TOO_LARGE, "431 Request Header Fields Too Large"},
        {HTTP_FILE_FAILED, "500 Internal Server Error"},
        {HTTP_METHOD_UNKNOWN, "501 Not Implemented"}, {HTTP_BUSY, "503 Service Unavailable"},
        {HTTP_VERSION_UNKNOWN, "505 HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        char bytes[64];
        struct text text;
        text_begin(&text, bytes, sizeof bytes);
        http_status_put(&text, known[i].status);
        EXPECT(text.n == strlen(known[i].text) && memcmp(bytes, known[i].text, text.n) == 0);
        EXPECT(http_status_bytes(known[i].status) == text.n + 1);
    }
}

/* What stays is written out here; hazard 75: never a quote, an angle bracket or an ampersand. */
static void test_path_bytes(void)
{
    static const char stays[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~/+,()=@";
    for (unsigned i = 0; i < 256; i++) {
        char in = (char)i;
        char wanted[4];
        char bytes[8];
        struct text text;
        text_begin(&text, bytes, sizeof bytes);
        http_path_put(&text, &in, 1);
        if (i != 0 && strchr(stays, (int)i) != NULL) {
            EXPECT(text.n == 1 && bytes[0] == in);
        } else {
            snprintf(wanted, sizeof wanted, "%%%02X", i);
            EXPECT(text.n == 3 && memcmp(bytes, wanted, 3) == 0);
        }
    }
}

/* 0: refused; 1: may go on; 2: may end here. */
static int host_ends(const char *text, size_t n)
{
    uint8_t state = 0;
    for (size_t i = 0; i < n; i++) {
        if (!http_host_step(&state, (uint8_t)text[i])) {
            return 0;
        }
    }
    return http_host_whole(state) ? 2 : 1;
}

/* RFC 3986 section 3.2.2, as loosely as servers take it, but no bracket without its other half. */
static void test_hosts(void)
{
    static const char *const right[] = {
        "", "a", "example.org", "example.org:80", "example.org:", "192.0.2.1:8080", "[::1]",
        "[::1]:80", "[fe80::1]", "a(b),c;d=e", "host ", "host \t ", "host:80 ", "[::1] ",
        "[::1]:8 ",
    };
    static const char *const begun[] = {"[", "[::1", "[:", "[12:ab"};
    static const char *const wrong[] = {
        ":80", "(a", "a b", "a\rb", "[::1] x", "[::1 ]", "[::1\t", "[::1]x", "[::1]8", "[::1]]",
        "a:b", "a:80x", "a:8:0", "[a(b]", "a/b", "a@b", "a\\b", "a\"b", "a<b", "\x80", "a\x7f",
        "a ]",
    };
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        EXPECT(host_ends(right[i], strlen(right[i])) == 2);
    }
    for (size_t i = 0; i < COUNT_OF(begun); i++) {
        EXPECT(host_ends(begun[i], strlen(begun[i])) == 1); /* hazard 69 */
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        EXPECT(host_ends(wrong[i], strlen(wrong[i])) == 0);
    }
    for (unsigned i = 0; i < 256; i++) { /* after a port only digits and white space */
        char text[3] = {'a', ':', (char)i};
        bool may = (i >= '0' && i <= '9') || i == ' ' || i == '\t';
        EXPECT((host_ends(text, 3) == 2) == may);
    }
}

int main(void)
{
    test_statuses();
    test_path_bytes();
    test_hosts();
    return check_report("http_parts");
}
