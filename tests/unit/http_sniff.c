/* SPDX-License-Identifier: MIT */
/* Raw name or HTTP: at which byte it shows, and what may still become HTTP. */
#include "apps/fileget/http_sniff.h"

#include <stdio.h>
#include <string.h>

#include "port/compiler.h"
#include "tests/check.h"

enum { NEVER = -1 };

static const struct row {
    const char *line;
    int decided; /* after how many bytes */
} rows[] = {
    {"GET / HTTP/1.1", 5},
    {"GET /", 5},
    {"GET * HTTP/1.1", 5},
    {"OPTIONS *", 9},
    {"x /y", 3},
    {"x http", 6},
    {"GET HTTP://h/", NEVER},
    {"GET HTTP://h/ HTTP/", 19},
    {"GET hTtp", NEVER},
    {"GET htt://", NEVER},
    {"GET  /a HTTP/1.1", 13},
    {" /a", NEVER},
    {"a.txt", NEVER},
    {"my file.txt", NEVER},
    {"my hat", NEVER},
    {"my (file) HTTP/x", 15},
    {"a HTTP/", 7},
    {"a HTTP", NEVER},
    {"aHTTP/", NEVER},
    {"a  HTTP/", 8},
    {"a HTHTTP/", NEVER},
    {"a H HTTP/", 9},
    {" HTTP/", 6},
    {"HTTP/1.1 200 OK", NEVER},
    {"", NEVER},
    {"\xe6\x96\x87 /x", NEVER},
    {"a@ /x", NEVER},
    {"a@ /x HTTP/1.0", 11},
    {"dir/file name", NEVER}
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_sniff sniff;
        int decided = NEVER;
        size_t n = strlen(rows[i].line);

        memset(&sniff, 0, sizeof sniff);
        for (size_t at = 0; at < n && decided == NEVER; at++) {
            if (http_sniff_byte(&sniff, (uint8_t)rows[i].line[at])) {
                decided = (int)at + 1;
            }
        }
        EXPECT(decided == rows[i].decided);
        if (decided != rows[i].decided) {
            printf("# %s: %d\n", rows[i].line, decided);
        }
    }
}

static const struct may {
    const char *line;
    bool may_be;
} mays[] = {
    {"G", true},        {"GE", true},       {"GET", true},      {"GET ", true},
    {"GET x", true},    {"HEA", true},      {"OPTIONS", true},  {"DELETE x", true},
    {"PATC", true},     {"GEX", false},     {"GETS", false},    {"g", false},
    {"README", false},  {"a.txt", false},   {"my file", false}, {"my ", true},
    {"my h", true},     {"my htt", true},   {"my hat", false},  {"a b HTTP", true},
    {"a b HTTX", false}, {"a b ", true}
};

static void test_may_be(void)
{
    for (size_t i = 0; i < COUNT_OF(mays); i++) {
        struct http_sniff sniff;
        size_t n = strlen(mays[i].line);
        const uint8_t *line = (const uint8_t *)mays[i].line;

        memset(&sniff, 0, sizeof sniff);
        for (size_t at = 0; at < n; at++) {
            EXPECT(!http_sniff_byte(&sniff, line[at]));
        }
        EXPECT(http_sniff_may_be(&sniff, line, n) == mays[i].may_be);
    }
}

static void test_dirty(void)
{
    for (int byte = 0; byte < 256; byte++) {
        struct http_sniff sniff;

        memset(&sniff, 0, sizeof sniff);
        EXPECT(!http_sniff_byte(&sniff, 'G'));
        (void)http_sniff_byte(&sniff, (uint8_t)byte);
        EXPECT(sniff.dirty == (byte < ' ' || byte == 0x7f || byte == 0xff));
    }
}

int main(void)
{
    test_rows();
    test_may_be();
    test_dirty();
    return check_report("http_sniff");
}
