/* SPDX-License-Identifier: MIT */
/* Keys: every sequence of a keyboard is one key, what is broken or unknown is none, and text is
 * never lost behind it. */
#include <string.h>

#include "core/editor_columns.h"
#include "core/editor_keys.h"
#include "tests/check.h"

struct row {
    const char *bytes;
    enum editor_key keys[4]; /* but for EDITOR_KEY_NONE */
};

#define KEY(name) EDITOR_KEY_##name

static const struct row rows[] = {
    {"a", {KEY(TEXT)}},
    {"\t", {KEY(TEXT)}},
    {"\r", {KEY(ENTER)}},
    {"\n", {KEY(ENTER)}},
    {"\x01", {KEY(HOME)}},
    {"\x02", {KEY(LEFT)}},
    {"\x03", {KEY(INTERRUPT)}},
    {"\x04", {KEY(DELETE_OR_END)}},
    {"\x05", {KEY(END)}},
    {"\x06", {KEY(RIGHT)}},
    {"\x07", {KEY(NONE)}},
    {"\x08", {KEY(BACKSPACE)}},
    {"\x7f", {KEY(BACKSPACE)}},
    {"\x0b", {KEY(KILL_RIGHT)}},
    {"\x0c", {KEY(CLEAR)}},
    {"\x0e", {KEY(DOWN)}},
    {"\x10", {KEY(UP)}},
    {"\x15", {KEY(KILL_LEFT)}},
    {"\x17", {KEY(KILL_WORD)}},
    {"\x1b[A", {KEY(UP)}},
    {"\x1b[B", {KEY(DOWN)}},
    {"\x1b[C", {KEY(RIGHT)}},
    {"\x1b[D", {KEY(LEFT)}},
    {"\x1b[H", {KEY(HOME)}},
    {"\x1b[F", {KEY(END)}},
    {"\x1bOA", {KEY(UP)}},
    {"\x1bOB", {KEY(DOWN)}},
    {"\x1bOC", {KEY(RIGHT)}},
    {"\x1bOD", {KEY(LEFT)}},
    {"\x1bOH", {KEY(HOME)}},
    {"\x1bOF", {KEY(END)}},
    {"\x1b[1~", {KEY(HOME)}},
    {"\x1b[7~", {KEY(HOME)}},
    {"\x1b[4~", {KEY(END)}},
    {"\x1b[8~", {KEY(END)}},
    {"\x1b[3~", {KEY(DELETE)}},
    {"\x1b[1;5C", {KEY(WORD_RIGHT)}},
    {"\x1b[1;5D", {KEY(WORD_LEFT)}},
    {"\x1b[1;3C", {KEY(WORD_RIGHT)}},
    {"\x1b[1;3D", {KEY(WORD_LEFT)}},
    {"\x1b[1;2D", {KEY(LEFT)}},
    {"\x1b[3;5~", {KEY(DELETE)}},
    /* Keys that mean nothing here: function keys, pages, insert, a report of the mouse. */
    {"\x1bOP", {KEY(NONE)}},
    {"\x1b[15~", {KEY(NONE)}},
    {"\x1b[2~", {KEY(NONE)}},
    {"\x1b[5~", {KEY(NONE)}},
    {"\x1b[[A", {KEY(NONE)}},
    {"\x1b[<0;10;20M", {KEY(NONE)}},
    {"\x1b[?1;2c", {KEY(NONE)}},
    {"\x1b[999999999999;9;9;9;9~", {KEY(NONE)}},
    {"\x1b[259~", {KEY(NONE)}}, /* 3 + 256 */
    {"\x1b[ A", {KEY(UP)}},
    {"\x1b[@A", {KEY(TEXT)}}, /* the first byte that ends a sequence */
    {"\x1b[5;1D", {KEY(LEFT)}},
    {"\x1b[3;1C", {KEY(RIGHT)}},
    /* One sequence has nothing of the one before. */
    {"\x1b[1;5C\x1b[C\x1b[3~", {KEY(WORD_RIGHT), KEY(RIGHT), KEY(DELETE)}},
    {"\x1b[3~\x1b[~\x1b[;5C", {KEY(DELETE), KEY(WORD_RIGHT)}},
    {"\x1b[1;5C\x1b[3~", {KEY(WORD_RIGHT), KEY(DELETE)}},
    /* Escape alone, and what is typed behind it. */
    {"\x1b", {KEY(NONE)}},
    {"\x1b" "a", {KEY(TEXT)}},
    {"\x1b" "a[A", {KEY(TEXT), KEY(TEXT), KEY(TEXT)}},
    {"\x1b\x1b[D", {KEY(LEFT)}},
    {"\x1b\r", {KEY(ENTER)}},
    {"\x1b\x7f", {KEY(BACKSPACE)}},
    {"\x1b[\x7f", {KEY(BACKSPACE)}},
    {"\x1bO\x7f", {KEY(BACKSPACE)}},
    {"\x1b[\r", {KEY(ENTER)}},
    {"\x1b[1;\x03", {KEY(INTERRUPT)}},
    {"\x1b[\x1b[D", {KEY(LEFT)}},
    {"\x1bO\x1bOC", {KEY(RIGHT)}},
    {"\x1b[\xc3\xa9", {KEY(TEXT)}},
    /* Characters, whole and broken, safe and not. */
    {"\xc3\xa9", {KEY(TEXT)}},
    {"\xe4\xb8\x96", {KEY(TEXT)}},
    {"\xf0\x9f\x98\x80", {KEY(TEXT)}},
    {"\xcc\x88", {KEY(TEXT)}},
    {"\xc2\x9b", {KEY(NONE)}},
    {"\xe2\x80\xae", {KEY(NONE)}},
    {"\x80", {KEY(NONE)}},
    {"\xc0\x80", {KEY(NONE)}},
    {"\xff", {KEY(NONE)}},
    {"\xed\xa0\x80", {KEY(NONE)}},
    {"\xf4\x90\x80\x80", {KEY(NONE)}},
    {"\xf4\x80\x80\x80", {KEY(TEXT)}}, /* the last plane */
    {"\xf5\x80\x80\x80", {KEY(NONE)}},
    {"\xc2\xa1", {KEY(TEXT)}}, /* the first of two bytes that is shown */
    {"\xe4\xb8" "a", {KEY(TEXT)}},
    {"\xe4\xb8\r", {KEY(ENTER)}},
    {"\xe4\xb8\x1b[A", {KEY(UP)}},
    {"\xf0\x9f\x98\xc3\xa9", {KEY(TEXT)}},
    {"\xe4\xb8\x96\xe7\x95\x8c\x1b[A\x7f", {KEY(TEXT), KEY(TEXT), KEY(UP), KEY(BACKSPACE)}},
};

static void test_keys(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct editor_keys keys;
        size_t wanted = 0;
        memset(&keys, 0, sizeof keys);
        for (size_t at = 0; at < strlen(rows[i].bytes); at++) {
            enum editor_key key = editor_keys_take(&keys, (uint8_t)rows[i].bytes[at]);
            if (key != EDITOR_KEY_NONE) {
                EXPECT(wanted < 4 && key == rows[i].keys[wanted]);
                wanted++;
            }
        }
        bool all = wanted == 4 || rows[i].keys[wanted] == EDITOR_KEY_NONE;
        if (!all) {
            printf("row %u: a key is missing\n", (unsigned)i);
        }
        EXPECT(all);
        /* Whatever it was, what is typed next is not swallowed: but for what a sequence that is
         * not over may still take. */
        (void)editor_keys_take(&keys, '\r');
        EXPECT(editor_keys_take(&keys, 'x') == EDITOR_KEY_TEXT && keys.text_bytes == 1 &&
               keys.text[0] == 'x');
    }
}

/* The bytes of a character come out as they went in. */
static void test_text(void)
{
    static const char *const texts[] = {"a", "\xc3\xa9", "\xe4\xb8\x96", "\xf0\x9f\x98\x80"};
    struct editor_keys keys;
    memset(&keys, 0, sizeof keys);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        for (size_t at = 0; at <= i; at++) {
            enum editor_key key = editor_keys_take(&keys, (uint8_t)texts[i][at]);
            EXPECT((key == EDITOR_KEY_TEXT) == (at == i));
        }
        EXPECT(keys.text_bytes == i + 1 && memcmp(keys.text, texts[i], i + 1) == 0);
    }
    EXPECT(editor_keys_take(&keys, '\t') == EDITOR_KEY_TEXT && keys.text[0] == ' ');
}

/* All pairs of bytes behind ESC [ and ESC O: from no state does Enter not lead back. */
static void test_exhaustive(void)
{
    for (unsigned number = 0; number < 1u << 16; number++) {
        struct editor_keys keys;
        memset(&keys, 0, sizeof keys);
        (void)editor_keys_take(&keys, 0x1b);
        (void)editor_keys_take(&keys, (uint8_t)(number & 1 ? '[' : 'O'));
        (void)editor_keys_take(&keys, (uint8_t)(number >> 8));
        (void)editor_keys_take(&keys, (uint8_t)number);
        EXPECT(editor_keys_take(&keys, '\n') == EDITOR_KEY_ENTER);
    }
}

/* However many numbers there are, those behind the first two mean nothing. */
static void test_many_numbers(void)
{
    struct editor_keys keys;
    for (unsigned numbers = 2; numbers < 1000; numbers++) {
        memset(&keys, 0, sizeof keys);
        (void)editor_keys_take(&keys, 0x1b);
        (void)editor_keys_take(&keys, '[');
        for (unsigned i = 0; i < numbers; i++) {
            EXPECT(editor_keys_take(&keys, ';') == EDITOR_KEY_NONE);
        }
        EXPECT(editor_keys_take(&keys, '3') == EDITOR_KEY_NONE);
        EXPECT(editor_keys_take(&keys, '~') == EDITOR_KEY_NONE);
        EXPECT(editor_keys_take(&keys, 'x') == EDITOR_KEY_TEXT);
    }
}

static void test_columns(void)
{
    static const struct { uint32_t code; unsigned columns; } widths[] = {
        {'a', 1}, {0xE9, 1}, {0x2FF, 1}, {0x300, 0}, {0x36F, 0}, {0x370, 1}, {0x10FF, 1},
        {0x1100, 2}, {0x200D, 0}, {0x2500, 1}, {0x303F, 1}, {0x3042, 2}, {0x4E16, 2}, {0xAC00, 2},
        {0xFE0F, 0}, {0xFF21, 2}, {0xFF71, 1}, {0x1F600, 2}, {0x1F8FF, 1}, {0x20000, 2},
        {0x3FFFD, 2}, {0xE0100, 0}, {0x10FFFF, 1},
    };
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        EXPECT(editor_columns(widths[i].code) == widths[i].columns);
    }
}

int main(void)
{
    test_keys();
    test_text();
    test_exhaustive();
    test_many_numbers();
    test_columns();
    return check_report("editor_keys");
}
