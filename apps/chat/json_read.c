/* SPDX-License-Identifier: MIT */
/* JSON, byte by byte. Containers are counted, not recursed into: a bit says which kind each is. */
#include "apps/chat/json_read.h"

#include <string.h>

enum json_state {
    STATE_VALUE,
    STATE_FIRST_VALUE, /* or the end of an array */
    STATE_FIRST_KEY,   /* or the end of an object */
    STATE_KEY,
    STATE_COLON,
    STATE_AFTER,       /* a value */
    STATE_STRING,
    STATE_CHARACTER,   /* within one of several bytes */
    STATE_ESCAPE,
    STATE_HEX,
    STATE_WORD,
    STATE_MINUS,       /* numbers, from here on */
    STATE_ZERO,
    STATE_DIGITS,
    STATE_POINT,
    STATE_FRACTION,
    STATE_EXPONENT,
    STATE_SIGN,
    STATE_POWER
};

enum { REPLACEMENT = 0xFFFD, SURROGATE_FIRST = 0xD800, SURROGATE_LOW = 0xDC00,
       SURROGATE_LAST = 0xDFFF };

static const char *const words[] = {"true", "false", "null"};

void json_read_begin(struct json_read *json, const struct json_step *path, size_t count,
                     char *out, size_t max)
{
    CHECK(count <= JSON_DEPTH_MAX && max <= UINT16_MAX);
    memset(json, 0, sizeof *json);
    json->path = path;
    json->path_count = (uint8_t)count;
    json->out = out;
    json->out_max = (uint16_t)max;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* ---- Where we are -------------------------------------------------------------------------- */

static bool in_object(const struct json_read *json)
{
    CHECK(json->depth > 0);
    return (json->objects >> (json->depth - 1) & 1) != 0;
}

/* Whether the container we are in is on the path: then its children may be. */
static bool on_path(const struct json_read *json)
{
    return json->depth > 0 && json->matched == json->depth - 1 && json->depth <= json->path_count &&
           (json->path[json->depth - 1].key != NULL) == in_object(json);
}

/* A value begins in an array. */
static void match_index(struct json_read *json)
{
    if (on_path(json) && json->index == json->path[json->depth - 1].index) {
        json->matched++;
        json->index = UINT16_MAX; /* there is no second one */
    } else if (on_path(json) && json->index < UINT16_MAX) {
        json->index++;
    }
}

/* A value ended. */
static void value_ends(struct json_read *json)
{
    if (json->matched == json->depth && json->depth > 0) {
        json->matched--;
        json->index = UINT16_MAX; /* of an array the only one, whatever arrays were in it */
    }
    json->state = STATE_AFTER;
}

static enum json_result container_begins(struct json_read *json, bool object)
{
    if (json->depth == JSON_DEPTH_MAX) {
        return JSON_DEEP;
    }
    uint32_t bit = UINT32_C(1) << json->depth;
    json->objects = object ? json->objects | bit : json->objects & ~bit;
    json->depth++;
    if (!object && on_path(json)) {
        json->index = 0;
    }
    json->state = object ? STATE_FIRST_KEY : STATE_FIRST_VALUE;
    return JSON_FINE;
}

static enum json_result container_ends(struct json_read *json, uint8_t byte)
{
    if (json->depth == 0 || (byte == '}') != in_object(json)) {
        return JSON_FAULT;
    }
    json->depth--;
    value_ends(json);
    return JSON_FINE;
}

/* ---- Strings ------------------------------------------------------------------------------- */

static void string_begins(struct json_read *json, bool key)
{
    bool place = json->matched == json->depth && json->depth == json->path_count;
    json->in_key = key;
    json->wanted = !key && place && !json->found;
    json->found = json->found || json->wanted;
    json->same = key && on_path(json);
    json->key_bytes = 0;
    json->state = STATE_STRING;
}

static void put_byte(struct json_read *json, uint8_t byte)
{
    if (json->wanted && json->out_bytes < json->out_max) {
        json->out[json->out_bytes] = (char)byte;
        json->out_bytes++;
    } else if (json->wanted) {
        json->cut = true;
    }
    if (json->same) {
        const char *key = json->path[json->depth - 1].key;
        json->same = byte != 0 && (uint8_t)key[json->key_bytes] == byte;
        json->key_bytes++;
    }
}

static void put_code(struct json_read *json, uint32_t code)
{
    if (code < 0x80) {
        put_byte(json, (uint8_t)code);
        return;
    }
    if (code < 0x800) {
        put_byte(json, (uint8_t)(0xC0 | code >> 6));
    } else if (code < 0x10000) {
        put_byte(json, (uint8_t)(0xE0 | code >> 12));
        put_byte(json, (uint8_t)(0x80 | (code >> 6 & 0x3F)));
    } else {
        put_byte(json, (uint8_t)(0xF0 | code >> 18));
        put_byte(json, (uint8_t)(0x80 | (code >> 12 & 0x3F)));
        put_byte(json, (uint8_t)(0x80 | (code >> 6 & 0x3F)));
    }
    put_byte(json, (uint8_t)(0x80 | (code & 0x3F)));
}

/* A first half that no second half follows. */
static void put_lone(struct json_read *json)
{
    if (json->high != 0) {
        json->high = 0;
        put_code(json, REPLACEMENT);
    }
}

/* The four digits of \u are there. */
static void unit_ends(struct json_read *json)
{
    uint16_t unit = json->unit;
    json->state = STATE_STRING;
    if (unit >= SURROGATE_LOW && unit <= SURROGATE_LAST && json->high != 0) {
        uint32_t high = (uint32_t)json->high - SURROGATE_FIRST;
        json->high = 0;
        put_code(json, 0x10000 + (high << 10) + (uint32_t)(unit - SURROGATE_LOW));
        return;
    }
    put_lone(json);
    if (unit >= SURROGATE_FIRST && unit < SURROGATE_LOW) {
        json->high = unit;
    } else if (unit >= SURROGATE_LOW && unit <= SURROGATE_LAST) {
        put_code(json, REPLACEMENT);
    } else {
        put_code(json, unit);
    }
}

static void string_ends(struct json_read *json)
{
    put_lone(json);
    if (!json->in_key) {
        value_ends(json);
        return;
    }
    if (json->same && json->path[json->depth - 1].key[json->key_bytes] == '\0') {
        json->matched++;
    }
    json->state = STATE_COLON;
}

/* The first byte of a character of several (RFC 3629 section 4). */
static enum json_result character_begins(struct json_read *json, uint8_t byte)
{
    if (byte < 0xC2 || byte > 0xF4) {
        return JSON_FAULT;
    }
    json->next = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    json->least = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    json->most = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    json->state = STATE_CHARACTER;
    put_byte(json, byte);
    return JSON_FINE;
}

static enum json_result feed_character(struct json_read *json, uint8_t byte)
{
    if (byte < json->least || byte > json->most) {
        return JSON_FAULT;
    }
    put_byte(json, byte);
    json->least = 0x80;
    json->most = 0xBF;
    json->next--;
    json->state = json->next > 0 ? STATE_CHARACTER : STATE_STRING;
    return JSON_FINE;
}

static enum json_result feed_string(struct json_read *json, uint8_t byte)
{
    if (byte == '\\') {
        json->state = STATE_ESCAPE;
        return JSON_FINE;
    }
    if (byte == '"') {
        string_ends(json);
        return JSON_FINE;
    }
    put_lone(json);
    if (byte >= 0x80) {
        return character_begins(json, byte);
    }
    if (byte < 0x20) {
        return JSON_FAULT;
    }
    put_byte(json, byte);
    return JSON_FINE;
}

static enum json_result feed_escape(struct json_read *json, uint8_t byte)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (byte == 'u') {
        json->unit = 0;
        json->next = 4;
        json->state = STATE_HEX;
        return JSON_FINE;
    }
    for (size_t i = 0; i < sizeof names - 1; i++) {
        if (byte == (uint8_t)names[i]) {
            put_lone(json);
            put_byte(json, (uint8_t)meanings[i]);
            json->state = STATE_STRING;
            return JSON_FINE;
        }
    }
    return JSON_FAULT;
}

static enum json_result feed_hex(struct json_read *json, uint8_t byte)
{
    unsigned digit = 0;
    if (is_digit(byte)) {
        digit = byte - (unsigned)'0';
    } else if (byte >= 'a' && byte <= 'f') {
        digit = byte - (unsigned)'a' + 10;
    } else if (byte >= 'A' && byte <= 'F') {
        digit = byte - (unsigned)'A' + 10;
    } else {
        return JSON_FAULT;
    }
    json->unit = (uint16_t)((unsigned)json->unit << 4 | digit);
    json->next--;
    if (json->next == 0) {
        unit_ends(json);
    }
    return JSON_FINE;
}

/* ---- Values -------------------------------------------------------------------------------- */

static enum json_result value_begins(struct json_read *json, uint8_t byte)
{
    if (json->depth > 0 && !in_object(json)) {
        match_index(json);
    }
    if (byte == '"') {
        string_begins(json, false);
    } else if (byte == '{' || byte == '[') {
        return container_begins(json, byte == '{');
    } else if (byte == '-') {
        json->state = STATE_MINUS;
    } else if (is_digit(byte)) {
        json->state = byte == '0' ? STATE_ZERO : STATE_DIGITS;
    } else {
        json->word = byte == 't' ? 0 : byte == 'f' ? 1 : 2;
        json->next = 1;
        json->state = STATE_WORD;
        return (uint8_t)words[json->word][0] == byte ? JSON_FINE : JSON_FAULT;
    }
    return JSON_FINE;
}

static enum json_result feed_word(struct json_read *json, uint8_t byte)
{
    const char *word = words[json->word];
    if ((uint8_t)word[json->next] != byte) {
        return JSON_FAULT;
    }
    json->next++;
    if (word[json->next] == '\0') {
        value_ends(json);
    }
    return JSON_FINE;
}

static enum json_result feed_after(struct json_read *json, uint8_t byte)
{
    if (byte == '}' || byte == ']') {
        return container_ends(json, byte);
    }
    if (byte != ',' || json->depth == 0) {
        return JSON_FAULT;
    }
    json->state = in_object(json) ? STATE_KEY : STATE_VALUE;
    return JSON_FINE;
}

/* A number may end here. */
static bool is_number(enum json_state state)
{
    return state == STATE_ZERO || state == STATE_DIGITS || state == STATE_FRACTION ||
           state == STATE_POWER;
}

static enum json_result feed_number(struct json_read *json, uint8_t byte)
{
    enum json_state state = (enum json_state)json->state;
    bool digit = is_digit(byte);
    if (state == STATE_MINUS && digit) {
        json->state = byte == '0' ? STATE_ZERO : STATE_DIGITS;
    } else if ((state == STATE_POINT || state == STATE_FRACTION) && digit) {
        json->state = STATE_FRACTION;
    } else if (state >= STATE_EXPONENT && digit) {
        json->state = STATE_POWER;
    } else if (state == STATE_EXPONENT && (byte == '+' || byte == '-')) {
        json->state = STATE_SIGN;
    } else if ((state == STATE_ZERO || state == STATE_DIGITS) && byte == '.') {
        json->state = STATE_POINT;
    } else if (is_number(state) && state != STATE_POWER && (byte == 'e' || byte == 'E')) {
        json->state = STATE_EXPONENT;
    } else if (state != STATE_DIGITS || !digit) {
        if (!is_number(state)) {
            return JSON_FAULT;
        }
        value_ends(json);
        return is_space(byte) ? JSON_FINE : feed_after(json, byte);
    }
    return JSON_FINE;
}

/* Between tokens, where blanks do not count. */
static enum json_result feed_between(struct json_read *json, uint8_t byte)
{
    enum json_state state = (enum json_state)json->state;
    if (is_space(byte)) {
        return JSON_FINE;
    }
    if ((state == STATE_FIRST_VALUE && byte == ']') || (state == STATE_FIRST_KEY && byte == '}')) {
        return container_ends(json, byte);
    }
    if (state == STATE_VALUE || state == STATE_FIRST_VALUE) {
        return value_begins(json, byte);
    }
    if (state == STATE_AFTER) {
        return feed_after(json, byte);
    }
    if (state == STATE_COLON) {
        json->state = STATE_VALUE;
        return byte == ':' ? JSON_FINE : JSON_FAULT;
    }
    string_begins(json, true);
    return byte == '"' ? JSON_FINE : JSON_FAULT;
}

enum json_result json_read_feed(struct json_read *json, uint8_t byte)
{
    enum json_state state = (enum json_state)json->state;
    if (state < STATE_STRING) {
        return feed_between(json, byte);
    }
    if (state == STATE_STRING) {
        return feed_string(json, byte);
    }
    if (state == STATE_CHARACTER) {
        return feed_character(json, byte);
    }
    if (state == STATE_ESCAPE) {
        return feed_escape(json, byte);
    }
    if (state == STATE_HEX) {
        return feed_hex(json, byte);
    }
    return state == STATE_WORD ? feed_word(json, byte) : feed_number(json, byte);
}

bool json_read_whole(const struct json_read *json)
{
    enum json_state state = (enum json_state)json->state;
    return json->depth == 0 && (state == STATE_AFTER || is_number(state));
}
