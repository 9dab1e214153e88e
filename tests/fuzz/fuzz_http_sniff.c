/* SPDX-License-Identifier: MIT */
/*
 * What a first line belongs to: file-get's and chat's decisions against their definitions, byte by
 * byte. Input: the line.
 */
#include "apps/fileget/http_sniff.h"

#include <string.h>

#include "apps/chat/chat_sniff.h"
#include "apps/fileget/http_head.h"
#include "tests/fuzz/fuzz.h"

enum { LINE_MAX_BYTES = 48 };

static bool begins(const uint8_t *bytes, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(bytes, with, strlen(with)) == 0;
}

static bool contains(const uint8_t *bytes, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        if (begins(bytes + i, n - i, what)) {
            return true;
        }
    }
    return false;
}

/* "A token, one space and '/', '*' or 'http'; or ' HTTP/' anywhere." */
static bool model_is_http(const uint8_t *line, size_t n)
{
    size_t token = 0;
    while (token < n && http_is_token_byte(line[token])) {
        token++;
    }
    bool front = token > 0 && token < n && line[token] == ' ' &&
                 (begins(line + token, n - token, " /") || begins(line + token, n - token, " *") ||
                  begins(line + token, n - token, " http"));
    return front || contains(line, n, " HTTP/");
}

/* Another protocol's opening, or one that may still become it. */
static enum chat_sniff model_chat(const uint8_t *line, size_t n, bool complete)
{
    static const char *const openings[] = {"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ",
                                           "CONNECT ", "DELETE ", "PATCH ", "TRACE ",
                                           "NICK ", "USER ", "CAP ", "PASS "};
    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        size_t length = strlen(openings[i]);
        bool irc = i >= 9;
        if (begins(line, n, openings[i]) && (irc || contains(line, n, " HTTP/1."))) {
            return CHAT_SNIFF_OTHER;
        }
        if (memcmp(line, openings[i], n < length ? n : length) == 0) {
            return complete ? CHAT_SNIFF_LINE : CHAT_SNIFF_MAYBE;
        }
    }
    return CHAT_SNIFF_LINE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct http_sniff sniff;
    bool dirty = false;
    bool was_other = false;
    n = n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES;
    memset(&sniff, 0, sizeof sniff);
    const uint8_t *line = fuzz_copy(0, bytes, n);
    for (size_t end = 1; end <= n && line[end - 1] != '\n'; end++) {
        bool is_http = http_sniff_byte(&sniff, line[end - 1]);
        uint8_t byte = line[end - 1];
        dirty = dirty || byte < ' ' || byte == 0x7f || byte == 0xff;
        REQUIRE(is_http == model_is_http(line, end));
        REQUIRE(sniff.dirty == dirty);
        if (is_http) { /* decided at the byte that shows it, and for good */
            break;
        }
        bool may_be = http_sniff_may_be(&sniff, line, end);
        REQUIRE(!may_be || !dirty);
        REQUIRE(dirty || may_be || end > 4 || memcmp(line, "GET ", end) != 0);
    }
    for (size_t end = 1; end <= n; end++) {
        enum chat_sniff open = chat_sniff(line, end, false);
        REQUIRE(open == model_chat(line, end, false));
        REQUIRE(chat_sniff(line, end, true) == model_chat(line, end, true));
        REQUIRE(!was_other || open == CHAT_SNIFF_OTHER); /* what is known stays so */
        was_other = open == CHAT_SNIFF_OTHER;
    }
    return 0;
}
