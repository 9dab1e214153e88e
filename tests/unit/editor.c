/* SPDX-License-Identifier: MIT */
/* The editor: what keys make of the line, and what a terminal shows of it, however the keys' bytes
 * are split; then random keys on random terminals, where nothing may leave its bounds. */
#include <string.h>

#include "core/editor.h"
#include "core/editor_columns.h"
#include "core/utf8.h"
#include "tests/check.h"

enum { COLUMNS_MAX = 200, ROW_BYTES = COLUMNS_MAX * 16 };

static struct editor editor;
static char drawn[EDITOR_DRAWN_BYTES];

/* ---- A terminal of one row ----------------------------------------------------------------- */

static struct {
    char cells[COLUMNS_MAX][64]; /* the character in each, with its marks; "" behind a wide one */
    char text[ROW_BYTES];
    unsigned columns;
    unsigned cursor;
    bool wrong;                  /* it was told what an editor must not tell it */
} screen;

static void screen_begin(unsigned columns)
{
    memset(&screen, 0, sizeof screen);
    screen.columns = columns;
}

static void screen_erase(void)
{
    for (unsigned i = screen.cursor; i < COLUMNS_MAX; i++) {
        screen.cells[i][0] = '\0';
    }
}

static void screen_put(uint32_t code, const char *bytes, size_t n)
{
    unsigned width = editor_columns(code);
    if (width == 0) {
        char *cell = screen.cells[screen.cursor > 0 ? screen.cursor - 1 : 0];
        size_t used = strlen(cell);
        if (used + n < sizeof screen.cells[0]) {
            memcpy(cell + used, bytes, n);
            cell[used + n] = '\0';
        }
        return;
    }
    screen.wrong = screen.wrong || !utf8_is_safe(code) || screen.cursor + width > screen.columns;
    if (screen.cursor + width > COLUMNS_MAX) {
        return;
    }
    memcpy(screen.cells[screen.cursor], bytes, n);
    screen.cells[screen.cursor][n] = '\0';
    if (width == 2) {
        screen.cells[screen.cursor + 1][0] = '\0';
    }
    screen.cursor += width;
}

static void screen_take(const char *bytes, size_t n)
{
    size_t at = 0;
    while (at < n) {
        uint32_t code = 0;
        size_t length = utf8_decode((const uint8_t *)bytes + at, n - at, &code);
        if (bytes[at] == '\r') {
            screen.cursor = 0;
        } else if (n - at >= 3 && memcmp(bytes + at, "\x1b[K", 3) == 0) {
            screen_erase();
            length = 3;
        } else {
            screen_put(code, bytes + at, length);
        }
        at += length;
    }
}

static void draw(void)
{
    struct text text;
    text_begin(&text, drawn, sizeof drawn);
    editor_draw(&editor, screen.columns, &text);
    EXPECT(!text.cut);
    screen_take(drawn, text.n);
}

/* The row as one text, without blanks at its end. */
static const char *screen_text(void)
{
    size_t n = 0;
    for (unsigned i = 0; i < screen.columns; i++) {
        size_t length = strlen(screen.cells[i]);
        memcpy(screen.text + n, screen.cells[i], length);
        n += length;
    }
    while (n > 0 && screen.text[n - 1] == ' ') {
        n--;
    }
    screen.text[n] = '\0';
    return screen.text;
}

/* ---- Keys, and what comes of them ---------------------------------------------------------- */

#define LEFT "\x1b[D"
#define RIGHT "\x1b[C"
#define UP "\x1b[A"
#define DOWN "\x1b[B"
#define HOME "\x1b[H"
#define END "\x1b[F"
#define DELETE "\x1b[3~"
#define WORD_LEFT "\x1b[1;5D"
#define WORD_RIGHT "\x1b[1;5C"
#define SHI "\xe4\xb8\x96" /* two columns */
#define JIE "\xe7\x95\x8c"
#define E_ACUTE "e\xcc\x81" /* one column, two characters */
#define FACE "\xf0\x9f\x98\x80"

struct row {
    const char *keys;
    const char *line;   /* without what Enter completed */
    size_t cursor;      /* in bytes */
    unsigned columns;
    const char *shown;
    unsigned at;        /* the cursor, in columns */
};

static const struct row rows[] = {
    {"", "", 0, 80, ">", 2},
    {"abc", "abc", 3, 80, "> abc", 5},
    {"abc" LEFT "x", "abxc", 3, 80, "> abxc", 5},
    {"abc" LEFT LEFT LEFT LEFT "x", "xabc", 1, 80, "> xabc", 3},
    {"abc" HOME RIGHT "x", "axbc", 2, 80, "> axbc", 4},
    {"abc\x01x\x05y", "xabcy", 5, 80, "> xabcy", 7},
    {"abc" HOME END RIGHT "x", "abcx", 4, 80, "> abcx", 6},
    {"abc\x7f", "ab", 2, 80, "> ab", 4},
    {"abc" LEFT "\x08", "ac", 1, 80, "> ac", 3},
    {"\x7f" LEFT DELETE, "", 0, 80, ">", 2},
    {"abc" HOME DELETE, "bc", 0, 80, "> bc", 2},
    {"abc" HOME "\x04", "bc", 0, 80, "> bc", 2},
    {"abc" DELETE "\x04", "abc", 3, 80, "> abc", 5},
    {"one two  three" WORD_LEFT WORD_LEFT "x", "one xtwo  three", 5, 80, "> one xtwo  three", 7},
    {"one two" HOME WORD_RIGHT WORD_RIGHT WORD_RIGHT "x", "one twox", 8, 80, "> one twox", 10},
    {"one two \x17", "one ", 4, 80, "> one", 6},
    {"one two" LEFT "\x17", "one o", 4, 80, "> one o", 6},
    {"one two" LEFT "\x15", "o", 0, 80, "> o", 2},
    {"one two" HOME RIGHT "\x0b", "o", 1, 80, "> o", 3},
    {"one\x15\x15\x0b\x17", "", 0, 80, ">", 2},
    {"a" LEFT "x", "xa", 1, 80, "> xa", 3},
    {"a" HOME LEFT "x", "xa", 1, 80, "> xa", 3},
    {"a\x7f", "", 0, 80, ">", 2},
    {"a" HOME "\x04", "", 0, 80, ">", 2},
    {"a\x17", "", 0, 80, ">", 2},
    {" \x17", "", 0, 80, ">", 2},
    {"one  " HOME WORD_RIGHT WORD_RIGHT "x", "one  x", 6, 80, "> one  x", 8},
    {" one" HOME WORD_RIGHT "x", " onex", 5, 80, ">  onex", 7},
    {"\xc3\xa9\x7f", "", 0, 80, ">", 2},
    {"a\tb", "a b", 3, 80, "> a b", 5},
    /* Characters of several bytes, of two columns, of none. */
    {SHI JIE, SHI JIE, 6, 80, "> " SHI JIE, 6},
    {SHI JIE LEFT "x", SHI "x" JIE, 4, 80, "> " SHI "x" JIE, 5},
    {SHI JIE "\x7f", SHI, 3, 80, "> " SHI, 4},
    {SHI JIE HOME DELETE, JIE, 0, 80, "> " JIE, 2},
    {"a" E_ACUTE "b", "a" E_ACUTE "b", 5, 80, "> a" E_ACUTE "b", 5},
    {"a" E_ACUTE "b" LEFT LEFT "x", "ax" E_ACUTE "b", 2, 80, "> ax" E_ACUTE "b", 4},
    {"a" E_ACUTE "\x7f", "a", 1, 80, "> a", 3},
    {"a" E_ACUTE "b" HOME RIGHT DELETE, "ab", 1, 80, "> ab", 3},
    {FACE LEFT FACE, FACE FACE, 4, 80, "> " FACE FACE, 4},
    {"a\xff\xc3" "b\xe4\xb8" LEFT "\x80" "c", "acb", 2, 80, "> acb", 4},
    {"a\xc2\x9b" "2J\xe2\x80\xae", "a2J", 3, 80, "> a2J", 5},
    /* Earlier lines. */
    {"one\rtwo\r" UP, "two", 3, 80, "> two", 5},
    {"one\rtwo\r" UP UP UP, "one", 3, 80, "> one", 5},
    {"one\rtwo\rthr" UP UP DOWN, "two", 3, 80, "> two", 5},
    {"one\rtwo\rthr" UP UP DOWN DOWN DOWN "x", "thrx", 4, 80, "> thrx", 6},
    {"one\rone\r\r\rtwo\r" UP UP UP, "one", 3, 80, "> one", 5},
    {"zero\rone\rone\r" UP UP, "zero", 4, 80, "> zero", 6},
    {"one\rone\r" UP UP DOWN, "", 0, 80, ">", 2},
    {"one\rtwo\r" UP "\r" UP, "two", 3, 80, "> two", 5},
    {"two\rone\r" UP UP, "two", 3, 80, "> two", 5},
    {"ab\rabc\r" UP UP, "ab", 2, 80, "> ab", 4},
    {"abc\rab\r" UP UP, "abc", 3, 80, "> abc", 5},
    {"one\r" UP "x\r" UP UP, "one", 3, 80, "> one", 5},
    {UP DOWN "a", "a", 1, 80, "> a", 3},
    {"one\r\x10\x0e", "", 0, 80, ">", 2},
    /* Narrow terminals: the last column stays free. */
    {"abcdefghij", "abcdefghij", 10, 12, "> cdefghij", 10},
    {"abcdefghi", "abcdefghi", 9, 12, "> bcdefghi", 10},
    {"abcdefgh", "abcdefgh", 8, 12, "> abcdefgh", 10},
    {"abcdefghijklm" HOME, "abcdefghijklm", 0, 12, "> abcdefghi", 2},
    {"abcdefghijklm" HOME END, "abcdefghijklm", 13, 12, "> fghijklm", 10},
    {"abcdefghijklm\x7f\x7f\x7f\x7f\x7f\x7f", "abcdefg", 7, 12, "> abcdefg", 9},
    {SHI JIE SHI JIE SHI, SHI JIE SHI JIE SHI, 15, 12, "> " JIE SHI JIE SHI, 10},
    {SHI JIE SHI JIE SHI HOME, SHI JIE SHI JIE SHI, 0, 12, "> " SHI JIE SHI JIE, 2},
    {"ab", "ab", 2, 10, "> ab", 4},
    {"ab", "ab", 2, 9, "ab", 2},
    {"abcdef", "abcdef", 6, 5, "def", 3},
    {"abcdef" HOME, "abcdef", 0, 5, "abcd", 0},
    {"abcdef", "abcdef", 6, 2, "", 0},
    {"abcdef" LEFT, "abcdef", 5, 2, "f", 0},
    {"abcdef" LEFT, "abcdef", 5, 1, "f", 0},
    {SHI LEFT, SHI, 0, 2, "", 0},
};

static void type(const char *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum editor_event event = editor_take(&editor, (uint8_t)keys[i]);
        EXPECT(event != EDITOR_LEAVE && event != EDITOR_REFUSED);
        if (event == EDITOR_LINE) {
            editor_next(&editor);
        }
    }
}

static bool is_as_in(const struct row *row)
{
    size_t n = strlen(row->line);
    bool right = editor.n == n && memcmp(editor.line, row->line, n) == 0 &&
                 editor.cursor == row->cursor && strcmp(screen_text(), row->shown) == 0 &&
                 screen.cursor == row->at && (!screen.wrong || row->columns < 2);
    if (!right) {
        printf("row %d: \"%.*s\" at %u, shown \"%s\" at %u\n", (int)(row - rows), (int)editor.n,
               (const char *)editor.line, (unsigned)editor.cursor, screen.text, screen.cursor);
    }
    return right;
}

/* Typed at once; and in two parts, with what is there drawn in between, for every place between
 * two bytes. */
static void test_rows(void)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t n = strlen(rows[i].keys);
        for (size_t split = 0; split <= n; split++) {
            memset(&editor, 0, sizeof editor);
            screen_begin(rows[i].columns);
            type(rows[i].keys, split);
            if (split > 0) {
                draw();
            }
            type(rows[i].keys + split, n - split);
            draw();
            EXPECT(editor.n == strlen(rows[i].line) && editor.cursor == rows[i].cursor);
            /* Where it scrolled to may depend on what was drawn before; a wide one's does not. */
            if (split == 0 || rows[i].columns == 80) {
                EXPECT(is_as_in(&rows[i]));
            }
            EXPECT(!screen.wrong || rows[i].columns < 2);
        }
    }
}

/* ---- Events and bounds --------------------------------------------------------------------- */

static void test_events(void)
{
    memset(&editor, 0, sizeof editor);
    EXPECT(editor_take(&editor, 0x04) == EDITOR_LEAVE);
    EXPECT(editor_take(&editor, 'a') == EDITOR_CHANGED);
    EXPECT(editor_take(&editor, 0x04) == EDITOR_SAME && editor.n == 1);
    EXPECT(editor_take(&editor, 0x03) == EDITOR_LEAVE && editor.n == 1);
    EXPECT(editor_take(&editor, 0x0c) == EDITOR_CLEAR);
    EXPECT(editor_take(&editor, 0x05) == EDITOR_SAME);
    EXPECT(editor_take(&editor, '\r') == EDITOR_LINE && editor.n == 1);
    EXPECT(editor_take(&editor, '\r') == EDITOR_LINE && editor.n == 1); /* until editor_next */
    editor_next(&editor);
    EXPECT(editor.n == 0);
    for (unsigned i = 0; i < CFG_EDITOR_LINE_BYTES - 1; i++) {
        EXPECT(editor_take(&editor, 'x') == EDITOR_CHANGED);
    }
    EXPECT(editor_take(&editor, 0xc3) == EDITOR_SAME);
    EXPECT(editor_take(&editor, 0xa9) == EDITOR_REFUSED); /* whole or not at all */
    EXPECT(editor_take(&editor, 'x') == EDITOR_CHANGED && editor.n == CFG_EDITOR_LINE_BYTES);
    EXPECT(editor_take(&editor, 'x') == EDITOR_REFUSED && editor.n == CFG_EDITOR_LINE_BYTES);
}

/* More lines than are remembered: the newest are. */
static void test_history(void)
{
    char line[8];
    memset(&editor, 0, sizeof editor);
    for (unsigned i = 0; i < CFG_EDITOR_HISTORY + 5; i++) {
        int n = snprintf(line, sizeof line, "%u\r", i);
        type(line, (size_t)n);
    }
    for (unsigned i = 0; i < CFG_EDITOR_HISTORY + 5; i++) {
        type(UP, 3);
    }
    EXPECT(editor.n == 1 && editor.line[0] == '5');
    for (unsigned i = 0; i < CFG_EDITOR_HISTORY - 1; i++) {
        type(DOWN, 3);
    }
    int n = snprintf(line, sizeof line, "%u", CFG_EDITOR_HISTORY + 4);
    EXPECT(editor.n == n && memcmp(editor.line, line, (size_t)n) == 0);
}

/* However long the line is that is changed, what was typed before browsing stays what it was. */
static void test_draft(void)
{
    static const char *const changes[] = {"\x7f", "y", LEFT "\x7f", LEFT "y", HOME DELETE,
                                          HOME "y", "\x17"};
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        memset(&editor, 0, sizeof editor);
        for (unsigned n = 0; n < CFG_EDITOR_LINE_BYTES - 1; n++) {
            type("x", 1);
        }
        type("\rkeep" UP, 8);
        EXPECT(editor.n == CFG_EDITOR_LINE_BYTES - 1);
        type(changes[i], strlen(changes[i]));
        type(DOWN, 3);
        EXPECT(editor.n == 4 && memcmp(editor.line, "keep", 4) == 0);
    }
}

static bool is_boundary(size_t at)
{
    return at == editor.n || (editor.line[at] & 0xC0) != 0x80;
}

static bool line_is_safe(void)
{
    size_t at = 0;
    while (at < editor.n) {
        uint32_t code = 0;
        at += utf8_decode(editor.line + at, editor.n - at, &code);
        if (code == UTF8_INVALID || !utf8_is_safe(code)) {
            return false;
        }
    }
    return true;
}

/* The same everywhere, which rand() is not. */
static unsigned chance(unsigned of)
{
    static uint32_t state = 7;
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % of;
}

static void type_random(void)
{
    static const char *const pieces[] = {
        LEFT, RIGHT, LEFT, RIGHT, UP, DOWN, HOME, END, DELETE, WORD_LEFT, WORD_RIGHT, "\x7f",
        "\x7f", "\x17", "\x0b", "\x15", SHI, JIE, E_ACUTE, FACE, "\xcc\x81", "a", " ", "some text",
        SHI JIE SHI JIE SHI JIE SHI JIE, "\r", "\xe2\x80\x8d",
    };
    const char *piece = pieces[chance(COUNT_OF(pieces))];
    uint8_t byte = (uint8_t)chance(256);
    if (chance(8) == 0) {
        piece = NULL;
    }
    for (size_t i = 0; piece == NULL ? i == 0 : i < strlen(piece); i++) {
        if (editor_take(&editor, piece == NULL ? byte : (uint8_t)piece[i]) == EDITOR_LINE) {
            editor_next(&editor);
        }
    }
}

static void test_random(void)
{
    memset(&editor, 0, sizeof editor);
    screen_begin(40);
    for (unsigned i = 0; i < 60000; i++) {
        type_random();
        EXPECT(editor.n <= CFG_EDITOR_LINE_BYTES && editor.cursor <= editor.n);
        EXPECT(editor.first <= editor.cursor && is_boundary(editor.cursor));
        if (i % 7 == 0) {
            EXPECT(line_is_safe() && is_boundary(editor.first));
            if (chance(50) == 0) {
                screen_begin(2 + chance(60));
            }
            draw();
            EXPECT(!screen.wrong && screen.cursor < screen.columns);
        }
    }
}

/* Where there is room again, what was scrolled out comes back, to the first character. */
static void test_scrolls_back(void)
{
    memset(&editor, 0, sizeof editor);
    screen_begin(12);
    type("abcdefghi", 9);
    draw();
    EXPECT(strcmp(screen_text(), "> bcdefghi") == 0);
    type("\x7f", 1);
    draw();
    EXPECT(strcmp(screen_text(), "> abcdefgh") == 0 && screen.cursor == 10);
    type("ijklmn", 6);
    draw();
    EXPECT(strcmp(screen_text(), "> ghijklmn") == 0);
    type(LEFT LEFT LEFT LEFT LEFT LEFT LEFT LEFT LEFT, 27);
    draw();
    EXPECT(strcmp(screen_text(), "> fghijklmn") == 0 && screen.cursor == 2);
    type("\x15", 1);
    draw();
    EXPECT(strcmp(screen_text(), "> fghijklmn") == 0 && screen.cursor == 2);
    type(END "\x15", 4);
    draw();
    EXPECT(strcmp(screen_text(), ">") == 0 && screen.cursor == 2);
}

/* Typed before a mark, the last character becomes one with it, and the cursor stands inside. */
static void test_inside_a_character(void)
{
    static const char keys[] = "\xcc\x81" HOME "abc";
    memset(&editor, 0, sizeof editor);
    screen_begin(2);
    type(keys, sizeof keys - 1);
    draw();
    EXPECT(editor.first <= editor.cursor && !screen.wrong);
}

int main(void)
{
    test_rows();
    test_scrolls_back();
    test_inside_a_character();
    test_events();
    test_history();
    test_draft();
    test_random();
    return check_report("editor");
}
