/* SPDX-License-Identifier: MIT */
/* apps/chat/chat_sniff: other protocols never speak in the room; hazard 87. */
#include "apps/chat/chat_sniff.h"

#include <string.h>

#include "tests/check.h"

struct row {
    const char *line;
    enum chat_sniff part;      /* judged before the line is complete */
    enum chat_sniff whole;
};

static const struct row rows[] = {
    {"", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"hello", CHAT_SNIFF_LINE, CHAT_SNIFF_LINE},
    {"G", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"GET", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"GETTING there", CHAT_SNIFF_LINE, CHAT_SNIFF_LINE},
    {"GET some milk", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"GET / HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"GET / HTTP/1.0", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"GET / HTTP/1.", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"GET / HTTP/1", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"GET / HTTP/1x", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"GET / xHTTP/1.1", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"DELETE /x HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"PATCH /x HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"TRACE /x HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"POST /x HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"PUT /x HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"HEAD /x HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"OPTIONS * HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"CONNECT a:1 HTTP/1.1", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"get / http/1.1", CHAT_SNIFF_LINE, CHAT_SNIFF_LINE},
    {"I like HTTP/1.1", CHAT_SNIFF_LINE, CHAT_SNIFF_LINE},
    {"NICK bob", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"NICK ", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"NICK", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE},
    {"USER a b c d", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"CAP LS 302", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"PASS x", CHAT_SNIFF_OTHER, CHAT_SNIFF_OTHER},
    {"NICKEL", CHAT_SNIFF_LINE, CHAT_SNIFF_LINE},
    {"PASSING", CHAT_SNIFF_LINE, CHAT_SNIFF_LINE},
    {"PASS", CHAT_SNIFF_MAYBE, CHAT_SNIFF_LINE}
};

int main(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const uint8_t *bytes = (const uint8_t *)rows[i].line;
        size_t n = strlen(rows[i].line);
        EXPECT(chat_sniff(bytes, n, false) == rows[i].part);
        EXPECT(chat_sniff(bytes, n, true) == rows[i].whole);
        /* What belongs to another protocol is never taken for a line before it is seen. */
        for (size_t begin = 0; begin < n && rows[i].whole == CHAT_SNIFF_OTHER; begin++) {
            EXPECT(chat_sniff(bytes, begin, false) != CHAT_SNIFF_LINE);
        }
    }
    /* What stands behind is not looked at. */
    EXPECT(chat_sniff((const uint8_t *)"GET / HTTP/1.", 12, false) == CHAT_SNIFF_MAYBE);
    return check_report("chat_sniff");
}
