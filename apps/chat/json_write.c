/* SPDX-License-Identifier: MIT */
/* Strings as JSON has them. */
#include "apps/chat/json_write.h"

#include "core/utf8.h"

static void put_control(struct text *text, uint32_t code)
{
    static const char digits[] = "0123456789abcdef";
    text_put(text, "\\u00");
    text_put_char(text, digits[code >> 4]);
    text_put_char(text, digits[code & 15]);
}

void json_write_string(struct text *text, const char *bytes, size_t n)
{
    text_put_char(text, '"');
    for (size_t at = 0; at < n;) {
        uint32_t code = 0;
        size_t length = utf8_decode((const uint8_t *)bytes + at, n - at, &code);
        if (code == UTF8_INVALID) {
            text_put(text, "\\ufffd");
        } else if (code < 0x20 || code == 0x7F) {
            put_control(text, code);
        } else {
            if (code == '"' || code == '\\') {
                text_put_char(text, '\\');
            }
            text_put_bytes(text, bytes + at, length);
        }
        at += length;
    }
    text_put_char(text, '"');
}
