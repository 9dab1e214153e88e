/* SPDX-License-Identifier: MIT */
/* The line a person types on a terminal in raw mode. */
#include "core/editor.h"

#include <string.h>

#include "core/editor_columns.h"
#include "core/utf8.h"

enum { PROMPT_COLUMNS = sizeof EDITOR_PROMPT - 1, PROMPT_FROM_COLUMNS = 10 };

/* ---- Characters ---------------------------------------------------------------------------- */

static unsigned columns_at(const struct editor *editor, size_t at, size_t *length)
{
    uint32_t code = 0;
    CHECK(at < editor->n);
    *length = utf8_decode(editor->line + at, editor->n - at, &code);
    CHECK(code != UTF8_INVALID);
    return editor_columns(code);
}

/* The end of the character at `at`, with the marks that combine with it. */
static size_t after(const struct editor *editor, size_t at)
{
    size_t length = 0;
    (void)columns_at(editor, at, &length);
    at += length;
    while (at < editor->n && columns_at(editor, at, &length) == 0) {
        at += length;
    }
    return at;
}

/* The beginning of the character, with its marks, that ends at `at` > 0. */
static size_t before(const struct editor *editor, size_t at)
{
    size_t length = 0;
    do {
        at--;
    } while (at > 0 && ((editor->line[at] & 0xC0) == 0x80 ||
                        columns_at(editor, at, &length) == 0));
    return at;
}

static unsigned columns_between(const struct editor *editor, size_t from, size_t to)
{
    unsigned columns = 0;
    size_t length = 0;
    for (size_t at = from; at < to; at += length) {
        columns += columns_at(editor, at, &length);
    }
    return columns;
}

static bool is_blank(const struct editor *editor, size_t at)
{
    return editor->line[at] == ' ';
}

static size_t word_before(const struct editor *editor, size_t at)
{
    while (at > 0 && is_blank(editor, at - 1)) {
        at--;
    }
    while (at > 0 && !is_blank(editor, at - 1)) {
        at--;
    }
    return at;
}

static size_t word_after(const struct editor *editor, size_t at)
{
    while (at < editor->n && is_blank(editor, at)) {
        at++;
    }
    while (at < editor->n && !is_blank(editor, at)) {
        at++;
    }
    return at;
}

/* ---- Changes ------------------------------------------------------------------------------- */

/* What is shown never begins right of the cursor, so no change can cut its first character. */
static void cursor_set(struct editor *editor, size_t at)
{
    CHECK(at <= editor->n);
    editor->cursor = (uint16_t)at;
    if (editor->first > editor->cursor) {
        editor->first = editor->cursor;
    }
}

static enum editor_event insert(struct editor *editor, const uint8_t *bytes, size_t n)
{
    if (n > (size_t)CFG_EDITOR_LINE_BYTES - editor->n) {
        return EDITOR_REFUSED;
    }
    uint8_t *place = editor->line + editor->cursor;
    memmove(place + n, place, (size_t)(editor->n - editor->cursor));
    memcpy(place, bytes, n);
    editor->n = (uint16_t)(editor->n + n);
    cursor_set(editor, editor->cursor + n);
    return EDITOR_CHANGED;
}

/* Removes what lies between; the cursor is at `from` then. */
static enum editor_event erase(struct editor *editor, size_t from, size_t to)
{
    CHECK(from <= to && to <= editor->n);
    if (from == to) {
        return EDITOR_SAME;
    }
    memmove(editor->line + from, editor->line + to, editor->n - to);
    editor->n = (uint16_t)(editor->n - (to - from));
    cursor_set(editor, from);
    return EDITOR_CHANGED;
}

static enum editor_event move(struct editor *editor, size_t to)
{
    if (to == editor->cursor) {
        return EDITOR_SAME;
    }
    cursor_set(editor, to);
    return EDITOR_CHANGED;
}

static enum editor_event erase_at_cursor(struct editor *editor)
{
    size_t at = editor->cursor;
    return at < editor->n ? erase(editor, at, after(editor, at)) : EDITOR_SAME;
}

/* ---- History ------------------------------------------------------------------------------- */

/* The line before last is number 2. */
static struct editor_entry *entry_of(struct editor *editor, unsigned number)
{
    CHECK(number >= 1 && number <= editor->count);
    unsigned place = editor->newest + CFG_EDITOR_HISTORY - (number - 1);
    return &editor->history[place % CFG_EDITOR_HISTORY];
}

static void entry_set(struct editor_entry *entry, const struct editor *editor)
{
    entry->n = editor->n;
    memcpy(entry->bytes, editor->line, editor->n);
}

static enum editor_event browse(struct editor *editor, unsigned number)
{
    if (editor->browsing == 0) {
        entry_set(&editor->draft, editor);
    }
    const struct editor_entry *entry = number > 0 ? entry_of(editor, number) : &editor->draft;
    memcpy(editor->line, entry->bytes, entry->n);
    editor->browsing = (uint16_t)number;
    editor->n = entry->n;
    editor->cursor = entry->n;
    editor->first = 0;
    return EDITOR_CHANGED;
}

void editor_next(struct editor *editor)
{
    const struct editor_entry *last = editor->count > 0 ? entry_of(editor, 1) : NULL;
    bool again = last != NULL && last->n == editor->n &&
                 memcmp(last->bytes, editor->line, editor->n) == 0;
    if (editor->n > 0 && !again) {
        editor->newest = (uint16_t)((editor->newest + 1u) % CFG_EDITOR_HISTORY);
        editor->count = (uint16_t)(editor->count < CFG_EDITOR_HISTORY ? editor->count + 1
                                                                      : CFG_EDITOR_HISTORY);
        entry_set(&editor->history[editor->newest], editor);
    }
    editor->browsing = 0;
    editor->n = 0;
    editor->cursor = 0;
    editor->first = 0;
}

/* ---- Keys ---------------------------------------------------------------------------------- */

static enum editor_event obey(struct editor *editor, enum editor_key key)
{
    size_t at = editor->cursor;
    switch (key) {
    case EDITOR_KEY_NONE:
        return EDITOR_SAME;
    case EDITOR_KEY_TEXT:
        return insert(editor, editor->keys.text, editor->keys.text_bytes);
    case EDITOR_KEY_ENTER:
        return EDITOR_LINE;
    case EDITOR_KEY_LEFT:
        return move(editor, at > 0 ? before(editor, at) : at);
    case EDITOR_KEY_RIGHT:
        return move(editor, at < editor->n ? after(editor, at) : at);
    case EDITOR_KEY_WORD_LEFT:
        return move(editor, word_before(editor, at));
    case EDITOR_KEY_WORD_RIGHT:
        return move(editor, word_after(editor, at));
    case EDITOR_KEY_HOME:
        return move(editor, 0);
    case EDITOR_KEY_END:
        return move(editor, editor->n);
    case EDITOR_KEY_UP:
        return editor->browsing < editor->count ? browse(editor, editor->browsing + 1u)
                                                : EDITOR_SAME;
    case EDITOR_KEY_DOWN:
        return editor->browsing > 0 ? browse(editor, editor->browsing - 1u) : EDITOR_SAME;
    case EDITOR_KEY_BACKSPACE:
        return at > 0 ? erase(editor, before(editor, at), at) : EDITOR_SAME;
    case EDITOR_KEY_DELETE:
        return erase_at_cursor(editor);
    case EDITOR_KEY_KILL_LEFT:
        return erase(editor, 0, at);
    case EDITOR_KEY_KILL_RIGHT:
        return erase(editor, at, editor->n);
    case EDITOR_KEY_KILL_WORD:
        return erase(editor, word_before(editor, at), at);
    case EDITOR_KEY_CLEAR:
        return EDITOR_CLEAR;
    case EDITOR_KEY_DELETE_OR_END:
        return editor->n > 0 ? erase_at_cursor(editor) : EDITOR_LEAVE;
    case EDITOR_KEY_INTERRUPT:
        return EDITOR_LEAVE;
    }
    return EDITOR_SAME;
}

enum editor_event editor_take(struct editor *editor, uint8_t byte)
{
    return obey(editor, editor_keys_take(&editor->keys, byte));
}

/* ---- The screen ---------------------------------------------------------------------------- */

/* Chooses what is shown: the cursor is, and no room is left while there is text further left. */
static void scroll(struct editor *editor, unsigned room)
{
    size_t first = editor->first;
    CHECK(first <= editor->cursor);
    unsigned used = columns_between(editor, first, editor->cursor);
    while (used >= room) {
        size_t next = after(editor, first);
        next = next < editor->cursor ? next : editor->cursor; /* it may stand before a mark */
        used -= columns_between(editor, first, next);
        first = next;
    }
    CHECK(first <= editor->cursor);
    used += columns_between(editor, editor->cursor, editor->n);
    while (first > 0) {
        size_t next = before(editor, first);
        used += columns_between(editor, next, first);
        if (used >= room) {
            break;
        }
        first = next;
    }
    editor->first = (uint16_t)first;
}

/* Where what fits ends. */
static size_t shown_end(const struct editor *editor, unsigned room)
{
    size_t at = editor->first;
    unsigned used = 0;
    while (at < editor->n) {
        size_t next = after(editor, at);
        used += columns_between(editor, at, next);
        if (used > room) {
            break;
        }
        at = next;
    }
    return at;
}

static void put_part(struct text *out, const struct editor *editor, bool prompt, size_t end)
{
    text_put_char(out, '\r');
    text_put(out, prompt ? EDITOR_PROMPT : "");
    text_put_bytes(out, (const char *)editor->line + editor->first, end - editor->first);
}

/* The last column stays free: a terminal that was written into it would wrap at the next byte. */
void editor_draw(struct editor *editor, unsigned columns, struct text *out)
{
    bool prompt = columns >= PROMPT_FROM_COLUMNS;
    unsigned taken = 1 + (prompt ? PROMPT_COLUMNS : 0);
    unsigned room = columns > taken ? columns - taken : 1;
    scroll(editor, room);
    size_t end = shown_end(editor, room);
    put_part(out, editor, prompt, end);
    text_put(out, "\x1b[K");
    if (editor->cursor < end) {
        put_part(out, editor, prompt, editor->cursor);
    }
}
