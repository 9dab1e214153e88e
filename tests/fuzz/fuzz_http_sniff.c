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

enum { LINE_MAX_BYTES = 48, OPENINGS = 13, LONGEST_OPENING = 8, NEVER = 1000 };

static const struct {
    const char *text;
    size_t bytes;
    bool irc;
} openings[OPENINGS] = {
    {"GET ", 4, false},     {"POST ", 5, false},   {"HEAD ", 5, false},  {"PUT ", 4, false},
    {"OPTIONS ", 8, false}, {"CONNECT ", 8, false}, {"DELETE ", 7, false}, {"PATCH ", 6, false},
    {"TRACE ", 6, false},   {"NICK ", 5, true},    {"USER ", 5, true},   {"CAP ", 4, true},
    {"PASS ", 5, true},
};

static bool begins(const uint8_t *bytes, size_t n, const char *with)
{
    return n >= strlen(with) && memcmp(bytes, with, strlen(with)) == 0;
}

/* Where the first `what` in the line ends, or NEVER. */
static size_t first_end(const uint8_t *bytes, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == (uint8_t)what[0] && begins(bytes + i, n - i, what)) {
            return i + strlen(what);
        }
    }
    return NEVER;
}

/* How many bytes of the line show it: "a token, one space and '/', '*' or 'http'; or ' HTTP/'
 * anywhere." NEVER: they do not. */
static size_t model_http_at(const uint8_t *line, size_t n)
{
    size_t token = 0;
    size_t front = NEVER;
    size_t anywhere = first_end(line, n, " HTTP/");
    while (token < n && http_is_token_byte(line[token])) {
        token++;
    }
    if (token > 0 && token < n && line[token] == ' ') {
        const uint8_t *rest = line + token;
        if (begins(rest, n - token, " /") || begins(rest, n - token, " *")) {
            front = token + 2;
        } else if (begins(rest, n - token, " http")) {
            front = token + 5;
        }
    }
    return front < anywhere ? front : anywhere;
}

/* Another protocol's opening, or one that may still become it: how many bytes the line and each
 * opening have in common, and where it names HTTP. */
struct model {
    size_t common[OPENINGS];
    size_t version_at;
};

static void model_begin(struct model *model, const uint8_t *line, size_t n)
{
    model->version_at = first_end(line, n, " HTTP/1.");
    for (size_t i = 0; i < OPENINGS; i++) {
        const char *text = openings[i].text;
        size_t at = 0;
        while (at < n && text[at] != '\0' && line[at] == (uint8_t)text[at]) {
            at++;
        }
        model->common[i] = at;
    }
}

static enum chat_sniff model_chat(const struct model *model, size_t end, bool complete)
{
    for (size_t i = 0; i < OPENINGS; i++) {
        if (model->common[i] == openings[i].bytes && end >= openings[i].bytes &&
            (openings[i].irc || end >= model->version_at)) {
            return CHAT_SNIFF_OTHER;
        }
        if (model->common[i] >= (end < openings[i].bytes ? end : openings[i].bytes)) {
            return complete ? CHAT_SNIFF_LINE : CHAT_SNIFF_MAYBE;
        }
    }
    return CHAT_SNIFF_LINE;
}

static void check_chat(const uint8_t *line, size_t n)
{
    struct model model;
    bool was_other = false;
    model_begin(&model, line, n);
    for (size_t end = 1; end <= n; end++) {
        if (end > LONGEST_OPENING + 1 && end < n && end + 1 != model.version_at &&
            end != model.version_at && end % 8 != 0) {
            continue; /* nothing happens there that would not show at the next */
        }
        enum chat_sniff open = chat_sniff(line, end, false);
        REQUIRE(open == model_chat(&model, end, false));
        REQUIRE(chat_sniff(line, end, true) == model_chat(&model, end, true));
        REQUIRE(!was_other || open == CHAT_SNIFF_OTHER); /* what is known stays so */
        was_other = open == CHAT_SNIFF_OTHER;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct http_sniff sniff;
    bool dirty = false;
    n = n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES;
    memset(&sniff, 0, sizeof sniff);
    const uint8_t *line = fuzz_copy(0, bytes, n);
    size_t http_at = model_http_at(line, n);
    for (size_t end = 1; end <= n && line[end - 1] != '\n'; end++) {
        bool is_http = http_sniff_byte(&sniff, line[end - 1]);
        uint8_t byte = line[end - 1];
        dirty = dirty || byte < ' ' || byte == 0x7f || byte == 0xff;
        REQUIRE(is_http == (end >= http_at));
        REQUIRE(sniff.dirty == dirty);
        if (is_http) { /* decided at the byte that shows it, and for good */
            break;
        }
        bool may_be = http_sniff_may_be(&sniff, line, end);
        REQUIRE(!may_be || !dirty);
        REQUIRE(dirty || may_be || end > 4 || memcmp(line, "GET ", end) != 0);
    }
    check_chat(line, n);
    return 0;
}
