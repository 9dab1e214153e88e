/* SPDX-License-Identifier: MIT */
/* Texts in GBK: a table of a few characters, one with a backslash for its second byte. */
#include <string.h>

#include "port/sim/state.h"

static const struct {
    char gbk[3];
    char utf8[4];
} characters[] = {
    { "\xd6\xd0", "\xe4\xb8\xad" }, /* U+4E2D */
    { "\xce\xc4", "\xe6\x96\x87" }, /* U+6587 */
    { "\xd4\xd9", "\xe5\x86\x8d" }, /* U+518D */
    { "\xbc\xfb", "\xe8\xa7\x81" }, /* U+89C1 */
    { "\xc4\xe3", "\xe4\xbd\xa0" }, /* U+4F60 */
    { "\xba\xc3", "\xe5\xa5\xbd" }, /* U+597D */
    { "\x9c\x5c", "\xe6\xb7\xba" }  /* U+6DFA */
};

/* Finds the character at the front of n bytes; its length, 0: there is none. */
static size_t find(enum port_conversion conversion, const char *text, size_t n, const char **to)
{
    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        bool to_utf8 = conversion == PORT_GBK_TO_UTF8;
        const char *from = to_utf8 ? characters[i].gbk : characters[i].utf8;
        size_t bytes = strlen(from);

        if (n >= bytes && memcmp(text, from, bytes) == 0) {
            *to = to_utf8 ? characters[i].utf8 : characters[i].gbk;
            return bytes;
        }
    }
    return 0;
}

static int convert(enum port_conversion conversion, const char *text, size_t n, char *out,
                   size_t out_bytes)
{
    size_t put = 0;

    while (n > 0) {
        char ascii[2] = { *text, '\0' };
        const char *to = ascii;
        size_t bytes = 1;
        size_t to_bytes = 1;

        if ((unsigned char)*text >= 0x80) {
            bytes = find(conversion, text, n, &to);
            to_bytes = bytes == 0 ? 0 : strlen(to);
        }
        if (bytes == 0) {
            return PORT_SKIP;
        }
        if (to_bytes > out_bytes - put) {
            return PORT_FULL;
        }
        memcpy(out + put, to, to_bytes);
        put += to_bytes;
        text += bytes;
        n -= bytes;
    }
    return (int)put;
}

int port_text_convert(enum port_conversion conversion, const char *text, size_t n, char *out,
                      size_t out_bytes)
{
    int result = PORT_NOENT;

    if (!sim.no_converters) {
        result = convert(conversion, text, n, out, out_bytes);
    }
    return sim_result("Text_convert", SIM_NOBODY, result);
}
