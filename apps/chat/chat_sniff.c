/* SPDX-License-Identifier: MIT */
/* Which protocol a newcomer's first line belongs to. */
#include "apps/chat/chat_sniff.h"

#include <string.h>

/* Methods of HTTP count when the line also names its version; the commands with which an IRC
 * client begins count by themselves. */
struct opening {
    const char *token;
    size_t token_bytes;
    bool http;
};

#define TOKEN(text) text, sizeof text - 1

static const struct opening openings[] = {
    {TOKEN("GET "), true},      {TOKEN("POST "), true},    {TOKEN("HEAD "), true},
    {TOKEN("PUT "), true},      {TOKEN("OPTIONS "), true}, {TOKEN("CONNECT "), true},
    {TOKEN("DELETE "), true},   {TOKEN("PATCH "), true},   {TOKEN("TRACE "), true},
    {TOKEN("NICK "), false},    {TOKEN("USER "), false},   {TOKEN("CAP "), false},
    {TOKEN("PASS "), false}
};

static bool names_http(const uint8_t *bytes, size_t n)
{
    static const char version[] = " HTTP/1.";
    for (size_t i = 0; i + sizeof version - 1 <= n; i++) {
        if (memcmp(bytes + i, version, sizeof version - 1) == 0) {
            return true;
        }
    }
    return false;
}

enum chat_sniff chat_sniff(const uint8_t *bytes, size_t n, bool complete)
{
    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        size_t length = openings[i].token_bytes;
        size_t common = n < length ? n : length;
        if (memcmp(bytes, openings[i].token, common) != 0) {
            continue;
        }
        if (n < length) {
            return complete ? CHAT_SNIFF_LINE : CHAT_SNIFF_MAYBE;
        }
        if (!openings[i].http || names_http(bytes, n)) {
            return CHAT_SNIFF_OTHER;
        }
        return complete ? CHAT_SNIFF_LINE : CHAT_SNIFF_MAYBE;
    }
    return CHAT_SNIFF_LINE;
}
