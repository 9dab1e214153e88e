/* SPDX-License-Identifier: MIT */
/* What the bytes of a terminal's keyboard mean. */
#include "core/editor_keys.h"

#include "core/utf8.h"

enum {
    STATE_TEXT,
    STATE_ESCAPE,   /* ESC came */
    STATE_CONTROL,  /* ESC [ and perhaps numbers */
    STATE_SINGLE,   /* ESC O: one more byte is the key */
    STATE_SKIP      /* ESC [ [: the Linux console's function keys; one more byte */
};

enum { ESCAPE = 0x1B, DEL = 0x7F, NUMBER_MAX = 255, MODIFIER_CONTROL = 5, MODIFIER_ALT = 3 };

/* By the control character's code. */
static const uint8_t control_keys[32] = {
    [0x01] = EDITOR_KEY_HOME,       [0x02] = EDITOR_KEY_LEFT,
    [0x03] = EDITOR_KEY_INTERRUPT,  [0x04] = EDITOR_KEY_DELETE_OR_END,
    [0x05] = EDITOR_KEY_END,        [0x06] = EDITOR_KEY_RIGHT,
    [0x08] = EDITOR_KEY_BACKSPACE,  [0x0A] = EDITOR_KEY_ENTER,
    [0x0B] = EDITOR_KEY_KILL_RIGHT, [0x0C] = EDITOR_KEY_CLEAR,
    [0x0D] = EDITOR_KEY_ENTER,      [0x0E] = EDITOR_KEY_DOWN,
    [0x10] = EDITOR_KEY_UP,         [0x15] = EDITOR_KEY_KILL_LEFT,
    [0x17] = EDITOR_KEY_KILL_WORD,
};

/* ---- Text ---------------------------------------------------------------------------------- */

static enum editor_key text_of(struct editor_keys *keys, uint32_t code, size_t n)
{
    keys->collected = 0;
    keys->text_bytes = (uint8_t)n;
    return utf8_is_safe(code) ? EDITOR_KEY_TEXT : EDITOR_KEY_NONE;
}

static enum editor_key take_text(struct editor_keys *keys, uint8_t byte)
{
    uint32_t code = 0;
    if (keys->collected > 0) {
        size_t n = keys->collected + 1u;
        CHECK(n <= sizeof keys->text);
        keys->text[keys->collected] = byte;
        size_t length = utf8_decode(keys->text, n, &code);
        if (code != UTF8_INVALID) {
            return text_of(keys, code, n);
        }
        if (length == n) { /* the beginning of a character */
            keys->collected++;
            return EDITOR_KEY_NONE;
        }
        keys->collected = 0; /* the character was cut short; the byte is something else */
    }
    if (byte == ESCAPE) {
        keys->state = STATE_ESCAPE;
        return EDITOR_KEY_NONE;
    }
    if (byte == DEL) {
        return EDITOR_KEY_BACKSPACE;
    }
    keys->text[0] = byte == '\t' ? ' ' : byte;
    if (keys->text[0] < 0x20) {
        return (enum editor_key)control_keys[byte];
    }
    (void)utf8_decode(keys->text, 1, &code);
    if (code != UTF8_INVALID) {
        return text_of(keys, code, 1);
    }
    keys->collected = byte >= 0xC2 && byte <= 0xF4 ? 1 : 0; /* the bytes that begin a character */
    return EDITOR_KEY_NONE;
}

/* ---- Sequences ----------------------------------------------------------------------------- */

static enum editor_key key_of_letter(uint8_t letter, bool word)
{
    switch (letter) {
    case 'A':
        return EDITOR_KEY_UP;
    case 'B':
        return EDITOR_KEY_DOWN;
    case 'C':
        return word ? EDITOR_KEY_WORD_RIGHT : EDITOR_KEY_RIGHT;
    case 'D':
        return word ? EDITOR_KEY_WORD_LEFT : EDITOR_KEY_LEFT;
    case 'H':
        return EDITOR_KEY_HOME;
    case 'F':
        return EDITOR_KEY_END;
    default:
        return EDITOR_KEY_NONE;
    }
}

static enum editor_key key_of_number(uint8_t number)
{
    switch (number) {
    case 1:
    case 7:
        return EDITOR_KEY_HOME;
    case 4:
    case 8:
        return EDITOR_KEY_END;
    case 3:
        return EDITOR_KEY_DELETE;
    default:
        return EDITOR_KEY_NONE;
    }
}

static void take_digit(struct editor_keys *keys, uint8_t digit)
{
    if (keys->parameter < COUNT_OF(keys->numbers)) {
        unsigned number = keys->numbers[keys->parameter] * 10u + digit;
        keys->numbers[keys->parameter] = (uint8_t)(number < NUMBER_MAX ? number : NUMBER_MAX);
    }
}

/* A byte behind ESC [: numbers, divided by semicolons, then the byte that ends it. */
static enum editor_key take_control(struct editor_keys *keys, uint8_t byte)
{
    if (byte >= '0' && byte <= '9') {
        take_digit(keys, (uint8_t)(byte - '0'));
        return EDITOR_KEY_NONE;
    }
    if (byte == ';') {
        if (keys->parameter < COUNT_OF(keys->numbers)) {
            keys->parameter++;
        }
        return EDITOR_KEY_NONE;
    }
    if (byte < 0x40) {
        return EDITOR_KEY_NONE;
    }
    keys->state = byte == '[' ? STATE_SKIP : STATE_TEXT;
    if (byte == '~') {
        return key_of_number(keys->numbers[0]);
    }
    return key_of_letter(byte, keys->numbers[1] == MODIFIER_CONTROL ||
                                   keys->numbers[1] == MODIFIER_ALT);
}

static enum editor_key take_escape(struct editor_keys *keys, uint8_t byte)
{
    keys->parameter = 0;
    keys->numbers[0] = 0;
    keys->numbers[1] = 0;
    if (byte == '[' || byte == 'O') {
        keys->state = byte == '[' ? STATE_CONTROL : STATE_SINGLE;
        return EDITOR_KEY_NONE;
    }
    keys->state = STATE_TEXT;
    return take_text(keys, byte);
}

enum editor_key editor_keys_take(struct editor_keys *keys, uint8_t byte)
{
    unsigned state = keys->state;
    if (state == STATE_TEXT) {
        return take_text(keys, byte);
    }
    if (byte < 0x20 || byte >= DEL) { /* belongs to no sequence: what was begun is dropped */
        keys->state = STATE_TEXT;
        return take_text(keys, byte);
    }
    if (state == STATE_ESCAPE) {
        return take_escape(keys, byte);
    }
    if (state == STATE_CONTROL) {
        return take_control(keys, byte);
    }
    keys->state = STATE_TEXT;
    return state == STATE_SINGLE ? key_of_letter(byte, false) : EDITOR_KEY_NONE;
}
