/* SPDX-License-Identifier: MIT */
/*
 * chat's JSON: what the reader takes is what RFC 8259 takes, and the string it finds is the one at
 * that place; what the writer writes is read again as the same.
 *
 * Input: a byte; 0 to 6, modulo 8: a text, of which the string at one of seven places is wanted; 7:
 * a string to be written.
 */
#include "apps/chat/json_read.h"

#include <string.h>

#include "apps/chat/json_write.h"
#include "core/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 1000, OUT_MAX = 40 };

static const struct json_step model_steps[] = {{"choices", 0}, {NULL, 0}, {"message", 0},
                                               {"content", 0}};
static const struct json_step key_step[] = {{"a", 0}};
static const struct json_step index_step[] = {{NULL, 1}};
static const struct json_step deep_steps[] = {{"a", 0}, {"a", 0}, {NULL, 2}};
static const struct json_step mixed_steps[] = {{NULL, 0}, {"", 0}};
static const struct json_step array_steps[] = {{NULL, 0}, {NULL, 1}};

static const struct {
    const struct json_step *steps;
    size_t count;
} paths[] = {{NULL, 0}, {model_steps, 4}, {key_step, 1}, {index_step, 1}, {deep_steps, 3},
             {mixed_steps, 2}, {array_steps, 2}};

/* ---- The model ----------------------------------------------------------------------------- */

struct model {
    const uint8_t *bytes;
    size_t n;
    size_t at;
    unsigned path;
    bool found;
    size_t out_n;
    char out[6 * BYTES_MAX];
};

/* A string as it is read, its characters decoded. */
struct string {
    size_t n;
    char bytes[3 * BYTES_MAX];
};

static bool value(struct model *model, unsigned depth, bool on_path);

static uint8_t peek(const struct model *model)
{
    return model->at < model->n ? model->bytes[model->at] : 0;
}

static bool take(struct model *model, uint8_t byte)
{
    bool there = model->at < model->n && model->bytes[model->at] == byte;
    model->at += there ? 1 : 0;
    return there;
}

static void blanks(struct model *model)
{
    while (model->at < model->n && memchr(" \t\n\r", model->bytes[model->at], 4) != NULL) {
        model->at++;
    }
}

static void put_code(struct string *string, uint32_t code)
{
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    unsigned length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    REQUIRE(string->n + length <= sizeof string->bytes);
    for (unsigned i = 0; i < length; i++) {
        uint32_t part = code >> 6 * (length - 1 - i);
        string->bytes[string->n] = (char)(i == 0 ? leads[length] | part : 0x80 | (part & 0x3f));
        string->n++;
    }
}

/* Four digits at a place; -1: something else. */
static int32_t hex4(const struct model *model, size_t at)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    int32_t number = 0;
    for (size_t i = at; i < at + 4; i++) {
        const char *digit = i < model->n && model->bytes[i] != 0
                                ? strchr(digits, model->bytes[i]) : NULL;
        if (digit == NULL) {
            return -1;
        }
        number = number * 16 + (int32_t)(digit - digits) % 16;
    }
    return number;
}

static bool unicode_escape(struct model *model, struct string *string)
{
    int32_t unit = hex4(model, model->at);
    int32_t low = -1;
    if (unit < 0) {
        return false;
    }
    model->at += 4;
    if (unit >= 0xd800 && unit < 0xdc00 && model->n - model->at >= 6 &&
        memcmp(model->bytes + model->at, "\\u", 2) == 0) {
        low = hex4(model, model->at + 2);
    }
    if (low >= 0xdc00 && low < 0xe000) {
        model->at += 6;
        put_code(string, 0x10000u + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
        return true;
    }
    put_code(string, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : (uint32_t)unit);
    return true;
}

static bool escape(struct model *model, struct string *string)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (take(model, 'u')) {
        return unicode_escape(model, string);
    }
    const char *name = peek(model) == 0 ? NULL : strchr(names, peek(model));
    if (name == NULL) {
        return false;
    }
    model->at++;
    put_code(string, (uint8_t)meanings[name - names]);
    return true;
}

static bool read_string(struct model *model, struct string *string)
{
    string->n = 0;
    if (!take(model, '"')) {
        return false;
    }
    while (model->at < model->n && peek(model) != '"') {
        uint32_t code = 0;
        if (take(model, '\\')) {
            if (!escape(model, string)) {
                return false;
            }
            continue;
        }
        model->at += utf8_decode(model->bytes + model->at, model->n - model->at, &code);
        if (code == UTF8_INVALID || code < 0x20) {
            return false;
        }
        put_code(string, code);
    }
    return take(model, '"');
}

static size_t digits(struct model *model)
{
    size_t count = 0;
    while (peek(model) >= '0' && peek(model) <= '9') {
        model->at++;
        count++;
    }
    return count;
}

static bool number(struct model *model)
{
    (void)take(model, '-');
    if (!take(model, '0') && digits(model) == 0) {
        return false;
    }
    if (take(model, '.') && digits(model) == 0) {
        return false;
    }
    if (take(model, 'e') || take(model, 'E')) {
        if (!take(model, '+')) {
            (void)take(model, '-');
        }
        return digits(model) > 0;
    }
    return true;
}

static bool word(struct model *model, const char *text)
{
    size_t n = strlen(text);
    bool there = model->n - model->at >= n && memcmp(model->bytes + model->at, text, n) == 0;
    model->at += there ? n : 0;
    return there;
}

/* The step that leads on from a container at this depth, NULL: none does. */
static const struct json_step *step_at(const struct model *model, unsigned depth, bool on_path)
{
    return on_path && depth < paths[model->path].count ? &paths[model->path].steps[depth] : NULL;
}

static bool object(struct model *model, unsigned depth, bool on_path)
{
    const struct json_step *step = step_at(model, depth, on_path);
    blanks(model);
    if (take(model, '}')) {
        return true;
    }
    do {
        struct string key;
        blanks(model);
        if (!read_string(model, &key)) {
            return false;
        }
        bool same = step != NULL && step->key != NULL && strlen(step->key) == key.n &&
                    memcmp(step->key, key.bytes, key.n) == 0;
        blanks(model);
        if (!take(model, ':') || !value(model, depth + 1, same)) {
            return false;
        }
    } while (take(model, ','));
    return take(model, '}');
}

static bool array(struct model *model, unsigned depth, bool on_path)
{
    const struct json_step *step = step_at(model, depth, on_path);
    unsigned index = 0;
    blanks(model);
    if (take(model, ']')) {
        return true;
    }
    do {
        bool same = step != NULL && step->key == NULL && step->index == index;
        if (!value(model, depth + 1, same)) {
            return false;
        }
        index++;
    } while (take(model, ','));
    return take(model, ']');
}

/* A value with the blanks around it; `on_path`: all steps so far lead here. */
static bool value(struct model *model, unsigned depth, bool on_path)
{
    struct string string;
    bool right = false;
    if (depth > JSON_DEPTH_MAX) {
        blanks(model);
        return peek(model) != '{' && peek(model) != '[' && number(model); /* never deeper */
    }
    blanks(model);
    if (peek(model) == '"') {
        right = read_string(model, &string);
        if (right && on_path && depth == paths[model->path].count && !model->found) {
            model->found = true;
            model->out_n = string.n;
            memcpy(model->out, string.bytes, string.n);
        }
    } else if (take(model, '{')) {
        right = depth < JSON_DEPTH_MAX && object(model, depth, on_path);
    } else if (take(model, '[')) {
        right = depth < JSON_DEPTH_MAX && array(model, depth, on_path);
    } else if (peek(model) == 't' || peek(model) == 'f' || peek(model) == 'n') {
        right = word(model, "true") || word(model, "false") || word(model, "null");
    } else {
        right = number(model);
    }
    blanks(model);
    return right;
}

/* ---- Both ---------------------------------------------------------------------------------- */

static void check_text(const uint8_t *bytes, size_t n, unsigned path)
{
    static struct model model;
    char out[OUT_MAX + 1];
    struct json_read json;
    enum json_result result = JSON_FINE;
    memset(&model, 0, offsetof(struct model, out));
    model.bytes = bytes;
    model.n = n;
    model.path = path;
    bool right = value(&model, 0, true) && model.at == n;
    out[OUT_MAX] = '#';
    json_read_begin(&json, paths[path].steps, paths[path].count, out, OUT_MAX);
    for (size_t i = 0; i < n && result == JSON_FINE; i++) {
        result = json_read_feed(&json, bytes[i]);
        REQUIRE(json.out_bytes <= OUT_MAX && json.depth <= JSON_DEPTH_MAX);
    }
    REQUIRE(out[OUT_MAX] == '#');
    REQUIRE((result == JSON_FINE && json_read_whole(&json)) == right);
    if (right) {
        size_t expected = model.out_n < OUT_MAX ? model.out_n : OUT_MAX;
        REQUIRE(json.found == model.found && json.cut == (model.out_n > OUT_MAX));
        REQUIRE(json.out_bytes == expected && memcmp(out, model.out, expected) == 0);
    }
}

static void check_written(const uint8_t *bytes, size_t n)
{
    static char written[6 * 200 + 2];
    static char out[3 * 200];
    struct text text;
    struct json_read json;
    size_t at = 0;
    n = n < 200 ? n : 200;
    text_begin(&text, written, sizeof written);
    json_write_string(&text, (const char *)bytes, n);
    REQUIRE(!text.cut);
    json_read_begin(&json, NULL, 0, out, sizeof out);
    for (size_t i = 0; i < text.n; i++) {
        REQUIRE((uint8_t)written[i] >= 0x20 && written[i] != 0x7f);
        REQUIRE(json_read_feed(&json, (uint8_t)written[i]) == JSON_FINE);
    }
    REQUIRE(json_read_whole(&json) && json.found && !json.cut);
    for (size_t from = 0; from < n;) {
        uint32_t code = 0;
        uint32_t again = 0;
        REQUIRE(at < json.out_bytes);
        from += utf8_decode(bytes + from, n - from, &code);
        at += utf8_decode((const uint8_t *)out + at, json.out_bytes - at, &again);
        REQUIRE(again == (code == UTF8_INVALID ? 0xfffd : code));
    }
    REQUIRE(at == json.out_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    unsigned what = fuzz_byte(&input) % (COUNT_OF(paths) + 1u);
    const uint8_t *given = fuzz_bytes(&input, BYTES_MAX, &n);
    const uint8_t *copy = fuzz_copy(0, given, n);
    if (what < COUNT_OF(paths)) {
        check_text(copy, n, what);
    } else {
        check_written(copy, n);
    }
    return 0;
}
