/* SPDX-License-Identifier: MIT */
/* Conformance: texts in other encodings. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

/* The characters are those that the simulated port knows too. */
static const struct {
    const char *gbk;
    const char *utf8;
} pairs[] = {
    {"hello.txt", "hello.txt"},
    {"\xd6\xd0", "\xe4\xb8\xad"},
    {"\xd6\xd0\xce\xc4/a b", "\xe4\xb8\xad\xe6\x96\x87/a b"},
    {"x\xd4\xd9y\xbc\xfbz\n", "x\xe5\x86\x8dy\xe8\xa7\x81z\n"},
    {"\x9c\x5c", "\xe6\xb7\xba"}, /* its second byte is a backslash */
};

static void same(enum port_conversion conversion, const char *from, const char *to)
{
    const size_t n = strlen(from);
    const size_t wanted = strlen(to);
    char out[64];
    size_t room;

    memset(out, '#', sizeof(out));
    EXPECT(port_text_convert(conversion, from, n, out, sizeof(out)) == (int)wanted);
    EXPECT(memcmp(out, to, wanted) == 0);
    EXPECT(port_text_convert(conversion, from, n, out, wanted) == (int)wanted);
    for (room = 0; room < wanted; room++) {
        out[room] = '!';
        EXPECT(port_text_convert(conversion, from, n, out, room) == PORT_FULL);
        EXPECT(out[room] == '!');
    }
    EXPECT(port_text_convert(conversion, from, 0, out, sizeof(out)) == 0);
}

/* After a text that broke off, the next one begins anew. */
static void refused(enum port_conversion conversion, const char *text)
{
    char out[64];

    EXPECT(port_text_convert(conversion, text, strlen(text), out, sizeof(out)) == PORT_SKIP);
    EXPECT(port_text_convert(conversion, "a", 1, out, sizeof(out)) == 1 && out[0] == 'a');
}

/* Whether there is this converter; else says so. */
static bool exists(enum port_conversion conversion, const char *what)
{
    char out[4];

    if (port_text_convert(conversion, "a", 1, out, sizeof(out)) != PORT_NOENT) {
        return true;
    }
    check_skip(what);
    return false;
}

void test_text(void)
{
    const bool from = exists(PORT_GBK_TO_UTF8, "texts from GBK");
    const bool to = exists(PORT_UTF8_TO_GBK, "texts to GBK");
    size_t i;

    for (i = 0; i < COUNT_OF(pairs); i++) {
        if (from) {
            same(PORT_GBK_TO_UTF8, pairs[i].gbk, pairs[i].utf8);
        }
        if (to) {
            same(PORT_UTF8_TO_GBK, pairs[i].utf8, pairs[i].gbk);
        }
    }
    if (from) {
        refused(PORT_GBK_TO_UTF8, "abc\xd6"); /* cut short */
        refused(PORT_GBK_TO_UTF8, "\xd6/");   /* no second byte */
        refused(PORT_GBK_TO_UTF8, "\xff\xff");
    }
    if (to) {
        refused(PORT_UTF8_TO_GBK, "\xe4\xb8");         /* cut short */
        refused(PORT_UTF8_TO_GBK, "\xd6\xd0");         /* not UTF-8 */
        refused(PORT_UTF8_TO_GBK, "\xf0\x9f\x98\x80"); /* U+1F600, which GBK lacks */
    }
}
