/* SPDX-License-Identifier: MIT */
/* core/name against a model that keeps a stack of components. The first byte: bit 0, percent
 * escapes are decoded first; bit 1, dot files are shown. The rest is the name. */
#include "core/name.h"

#include <string.h>

#include "core/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 1024 };

static int digit(uint8_t c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == 0 ? NULL : memchr(digits, c, sizeof digits - 1);
    return at == NULL ? -1 : (int)((at - digits) % 16);
}

static bool model_decode(const uint8_t *from, size_t n, uint8_t *to, size_t *to_n)
{
    *to_n = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = from[i];
        if (byte == '%') {
            if (n - i < 3 || digit(from[i + 1]) < 0 || digit(from[i + 2]) < 0) {
                return false;
            }
            byte = (uint8_t)(digit(from[i + 1]) * 16 + digit(from[i + 2]));
            i += 2;
        }
        to[*to_n] = byte;
        (*to_n)++;
    }
    return true;
}

struct model {
    enum name_result result;
    bool directory;
    size_t n;
    char name[BYTES_MAX];
};

static bool is(const uint8_t *bytes, size_t n, const char *string)
{
    return n == strlen(string) && memcmp(bytes, string, n) == 0;
}

/* The components that are left, as places in the name. */
struct stack {
    size_t count;
    size_t begin[BYTES_MAX];
    size_t n[BYTES_MAX];
};

static enum name_result model_walk(const uint8_t *bytes, size_t n, struct stack *stack,
                                   bool *directory)
{
    size_t begin = 0;
    stack->count = 0;
    for (size_t end = 0; end <= n; end++) {
        if (end < n && bytes[end] != '/') {
            continue;
        }
        size_t length = end - begin;
        bool dots = is(bytes + begin, length, ".") || is(bytes + begin, length, "..");
        *directory = length == 0 || dots;
        if (is(bytes + begin, length, "..")) {
            if (stack->count == 0) {
                return NAME_REFUSED;
            }
            stack->count--;
        } else if (!*directory) {
            if (length > PORT_NAME_BYTES_MAX) {
                return NAME_REFUSED;
            }
            stack->begin[stack->count] = begin;
            stack->n[stack->count] = length;
            stack->count++;
        }
        begin = end + 1;
    }
    return NAME_OK;
}

/* A backslash that is half a character in GBK: an odd number of bytes above 0x80 stands before it,
 * counting back to another one, and the component is no UTF-8. */
static bool model_half(const uint8_t *bytes, size_t n, size_t at)
{
    size_t before = 0;
    size_t begin = at;
    size_t end = at;
    while (begin > 0 && bytes[begin - 1] != '/') {
        begin--;
    }
    while (end < n && bytes[end] != '/') {
        end++;
    }
    while (before < at && bytes[at - 1 - before] > 0x80) {
        before++;
    }
    return PORT_GBK != 0 && before % 2 == 1 && !utf8_is_valid(bytes + begin, end - begin);
}

static void model_confine(const uint8_t *bytes, size_t n, bool dot_files, struct model *model)
{
    static struct stack stack;
    model->n = 0;
    model->result = NAME_MALFORMED;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] < ' ' || bytes[i] == 127 ||
            (bytes[i] == '\\' && !model_half(bytes, n, i))) {
            return;
        }
    }
    model->result = model_walk(bytes, n, &stack, &model->directory);
    if (model->result != NAME_OK) {
        return;
    }
    for (size_t i = 0; i < stack.count; i++) {
        const uint8_t *component = bytes + stack.begin[i];
        bool exempt = i == 0 && is(component, stack.n[i], ".well-known");
        if (component[0] == '.' && !dot_files && !exempt) {
            model->result = NAME_REFUSED;
            return;
        }
        if (i > 0) {
            model->name[model->n] = '/';
            model->n++;
        }
        memcpy(model->name + model->n, component, stack.n[i]);
        model->n += stack.n[i];
    }
}

/* What is confined stays as it is; and every component of it could be in a listing. */
static void check_confined(const struct model *model, bool dot_files)
{
    static char again[BYTES_MAX];
    size_t n = model->n;
    bool directory = false;
    memcpy(again, model->name, n);
    REQUIRE(name_confine(again, &n, dot_files, &directory) == NAME_OK);
    REQUIRE(n == model->n && memcmp(again, model->name, n) == 0);
    REQUIRE(directory == (n == 0));
    size_t begin = 0;
    for (size_t end = 0; end <= n && n > 0; end++) {
        if (end == n || again[end] == '/') {
            bool dot = again[begin] == '.';
            REQUIRE(end > begin && end - begin <= PORT_NAME_BYTES_MAX);
            REQUIRE(name_component_shown(again + begin, end - begin, true));
            REQUIRE(name_component_shown(again + begin, end - begin, false) == !dot);
            begin = end + 1;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct model model;
    static uint8_t decoded[BYTES_MAX];
    struct fuzz_input input = {bytes, n};
    uint8_t flags = fuzz_byte(&input);
    bool dot_files = (flags & 2) != 0;
    bool directory = false;
    size_t expected_n = 0;
    const uint8_t *text = fuzz_bytes(&input, BYTES_MAX, &n);
    char *name = (char *)fuzz_copy(0, text, n);
    if ((flags & 1) != 0) {
        bool right = model_decode(text, n, decoded, &expected_n);
        REQUIRE(name_decode(name, &n) == right);
        if (!right) {
            return 0;
        }
        REQUIRE(n == expected_n && (n == 0 || memcmp(name, decoded, n) == 0));
        text = decoded;
    }
    model_confine(text, n, dot_files, &model);
    REQUIRE(name_confine(name, &n, dot_files, &directory) == model.result);
    if (model.result == NAME_OK) {
        REQUIRE(n == model.n && (n == 0 || memcmp(name, model.name, n) == 0));
        REQUIRE(directory == model.directory);
        check_confined(&model, dot_files);
    }
    return 0;
}
