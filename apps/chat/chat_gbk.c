/* SPDX-License-Identifier: MIT */
/* Guests at the desk whose programs write GBK. */
#include "apps/chat/chat_gbk.h"

#include <string.h>

#include "core/utf8.h"

static struct chat_gbk state;

/* Of a text that was cut, the last byte may be the first of two. */
static int convert(const uint8_t *text, size_t n, bool cut)
{
    int got = port_text_convert(PORT_GBK_TO_UTF8, (const char *)text, n, state.text,
                                sizeof state.text);
    if (got == PORT_SKIP && cut) {
        got = port_text_convert(PORT_GBK_TO_UTF8, (const char *)text, n - 1, state.text,
                                sizeof state.text);
    }
    return got;
}

size_t chat_gbk_read(struct chat_member *member, uint8_t *text, size_t n)
{
    bool cut = (member->line.facts & LINE_CUT) != 0;
    size_t whole = cut ? utf8_cut(text, n) : n;
    CHECK(n <= CFG_CHAT_LINE_BYTES);
    if (n == 0 || (!chat_has(member, CHAT_GBK) && utf8_is_valid(text, whole))) {
        return n;
    }
    int got = convert(text, n, cut);
    if (got <= 0) {
        return n;
    }
    if (member->sent == 0) { /* what is half sent goes on as it began */
        chat_put(member, CHAT_GBK, true);
    }
    size_t most = (size_t)got;
    if (most > CFG_CHAT_LINE_BYTES) {
        most = utf8_cut((const uint8_t *)state.text, CFG_CHAT_LINE_BYTES);
        member->line.facts |= LINE_CUT;
    }
    memcpy(text, state.text, most);
    return most;
}

void chat_gbk_put(struct text *text, const char *bytes, size_t n)
{
    for (size_t at = 0; at < n;) {
        uint32_t code = 0;
        char pair[2];
        size_t length = utf8_decode((const uint8_t *)bytes + at, n - at, &code);
        int got = PORT_NOENT; /* ASCII is the same in both */
        if (code >= 0x80) {
            got = port_text_convert(PORT_UTF8_TO_GBK, bytes + at, length, pair, sizeof pair);
        }
        if (got > 0) {
            text_put_bytes(text, pair, (size_t)got);
        } else if (got == PORT_NOENT) {
            text_put_bytes(text, bytes + at, length);
        } else {
            text_put_char(text, '?');
        }
        at += length;
    }
}
