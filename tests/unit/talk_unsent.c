/* SPDX-License-Identifier: MIT */
/* What the server has not taken yet: lines, messages, a goodbye, and a connection that broke. */
#include <string.h>

#include "apps/talk/talk_unsent.h"
#include "tests/check.h"

static struct talk_unsent unsent;

static void begin(const char *bytes)
{
    memset(&unsent, 0, sizeof unsent);
    EXPECT(talk_unsent_put(&unsent, (const uint8_t *)bytes, strlen(bytes)) == strlen(bytes));
}

static bool holds(const char *bytes)
{
    return unsent.n == strlen(bytes) && memcmp(unsent.bytes, bytes, unsent.n) == 0;
}

static bool message_is(bool ended, size_t n, size_t end_bytes, bool whole)
{
    struct talk_message message = talk_unsent_message(&unsent, ended);
    return message.bytes == unsent.bytes && message.n == n && message.end_bytes == end_bytes &&
           (message.whole == whole || n + end_bytes == 0);
}

static void test_messages(void)
{
    begin("");
    EXPECT(message_is(false, 0, 0, true) && message_is(true, 0, 0, true));
    begin("one");
    EXPECT(message_is(false, 0, 0, true) && message_is(true, 3, 0, true));
    unsent.bytes[3] = '\n'; /* of an earlier line; it does not count */
    EXPECT(message_is(true, 3, 0, true));
    begin("one\ntwo");
    EXPECT(message_is(false, 3, 1, true));
    talk_unsent_drop(&unsent, 4);
    EXPECT(holds("two") && !unsent.begun);
    begin("\nx");
    EXPECT(message_is(false, 0, 1, true));
}

static void test_full(void)
{
    uint8_t line[CFG_EDITOR_LINE_BYTES];
    memset(line, 'x', sizeof line);
    begin("");
    size_t fits = CFG_TALK_UNSENT_BYTES / (CFG_EDITOR_LINE_BYTES + 1);
    for (size_t i = 0; i < fits; i++) {
        EXPECT(talk_unsent_line(&unsent, line, sizeof line));
    }
    uint16_t n = unsent.n;
    EXPECT(!talk_unsent_line(&unsent, line, sizeof line) && unsent.n == n);
    begin("");
    size_t taken = 0;
    for (size_t i = 0; i < CFG_TALK_UNSENT_BYTES / CFG_EDITOR_LINE_BYTES + 1; i++) {
        taken += talk_unsent_put(&unsent, line, sizeof line);
    }
    EXPECT(taken == CFG_TALK_UNSENT_BYTES && talk_unsent_put(&unsent, line, 1) == 0);
    EXPECT(message_is(false, CFG_TALK_UNSENT_BYTES, 0, false));
    begin(""); /* a line goes in whole, with its end, to the last byte */
    while (sizeof unsent.bytes - unsent.n > 11) {
        EXPECT(talk_unsent_put(&unsent, line, 1) == 1);
    }
    EXPECT(!talk_unsent_line(&unsent, line, 11));
    EXPECT(talk_unsent_line(&unsent, line, 10) && unsent.n == CFG_TALK_UNSENT_BYTES);
}

static void test_broken(void)
{
    begin("one\ntwo\n");
    talk_unsent_broken(&unsent);
    EXPECT(holds("one\ntwo\n"));
    talk_unsent_drop(&unsent, 2);
    talk_unsent_broken(&unsent);
    EXPECT(holds("two\n"));
    talk_unsent_broken(&unsent);
    EXPECT(holds("two\n"));
    begin("one");
    talk_unsent_drop(&unsent, 1);
    talk_unsent_broken(&unsent);
    EXPECT(!talk_unsent_any(&unsent));
    /* What comes of that line afterwards is of no use either. */
    EXPECT(talk_unsent_put(&unsent, (const uint8_t *)" and", 4) == 4);
    EXPECT(!talk_unsent_any(&unsent));
    EXPECT(talk_unsent_put(&unsent, (const uint8_t *)" half\ntwo\nthr", 13) == 13);
    EXPECT(holds("two\nthr"));
    EXPECT(talk_unsent_put(&unsent, (const uint8_t *)"ee\n", 3) == 3);
    EXPECT(holds("two\nthree\n"));
}

/* A goodbye is a line of its own: none that begins with what was lost. And to take nothing is
 * nothing. */
static void test_lost(void)
{
    static const char *const rests[] = {"tes\ne\n", "tes\nye\n"};
    for (size_t i = 0; i < COUNT_OF(rests); i++) {
        size_t n = strlen(rests[i]);
        begin("by");
        talk_unsent_drop(&unsent, 1);
        talk_unsent_drop(&unsent, 0);
        EXPECT(unsent.begun && holds("y"));
        talk_unsent_broken(&unsent);
        EXPECT(unsent.lost && !unsent.begun);
        EXPECT(talk_unsent_put(&unsent, (const uint8_t *)rests[i], n) == n);
        EXPECT(holds(rests[i] + 4) && !unsent.goodbye && !unsent.lost);
    }
}

static void test_goodbye(void)
{
    static const struct { const char *lines; bool goodbye; } rows[] = {
        {"", false}, {"/quit", false}, {"/quit\n", true}, {"/quit\r\n", true}, {"bye\n", true},
        {"\xe5\x86\x8d\xe8\xa7\x81\n", true}, {"bye bye\n", false}, {"goodbye\n", false},
        {"bye\nmore\n", false}, {"more\nbye\n", true}, {"bye\n\n", false}, {"by\n", false},
        {"/quit it\n", false}, {"a much longer line that ends in bye\n", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin(rows[i].lines);
        EXPECT(unsent.goodbye == rows[i].goodbye);
    }
    begin("");
    EXPECT(talk_unsent_line(&unsent, (const uint8_t *)"bye", 3) && unsent.goodbye);
    EXPECT(holds("bye\n"));
}

int main(void)
{
    test_messages();
    test_full();
    test_broken();
    test_lost();
    test_goodbye();
    return check_report("talk_unsent");
}
