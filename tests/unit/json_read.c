/* SPDX-License-Identifier: MIT */
/* JSON in and out: what is JSON and what is not, every escape, every cut. Hazard 94. */
#include <stdio.h>
#include <string.h>

#include "apps/chat/json_read.h"
#include "apps/chat/json_write.h"
#include "tests/check.h"

static const struct json_step answer_path[] = {{"a", 0}, {NULL, 1}, {"b", 0}};

static char out[64];
static struct json_read json;

/* Feeds it all. JSON_FINE: and it is whole. */
static enum json_result read_all(const char *text, size_t n, const struct json_step *path,
                                 size_t steps, size_t max)
{
    json_read_begin(&json, path, steps, out, max);
    for (size_t i = 0; i < n; i++) {
        enum json_result result = json_read_feed(&json, (uint8_t)text[i]);
        if (result != JSON_FINE) {
            return result;
        }
    }
    return json_read_whole(&json) ? JSON_FINE : JSON_FAULT;
}

static bool gives(const char *text, size_t n, const char *want, size_t want_bytes)
{
    bool right = read_all(text, n, NULL, 0, sizeof out) == JSON_FINE && json.found && !json.cut &&
                 json.out_bytes == want_bytes && memcmp(out, want, want_bytes) == 0;
    if (!right) {
        printf("wrong: %.*s\n", (int)n, text);
    }
    return right;
}

static void test_grammar(void)
{
    static const char *const good[] = {
        "0", "-0", "1", "12", "-12.50", "1e5", "1E+5", "1.5e-05", "0.1", "0e0", "true", "false",
        "null", "\"\"", "[]", "{}", " [ ] ", "\t{\r\n}\n", "[1,2]", "[[],[[]]]", "{\"a\":1}",
        "{\"a\":{\"b\":[1,{}]},\"\":null}", "[true,false,null,\"x\",-1]", "\"\x7f\"", " 1 ",
        "[1 , 2]", "{\"a\" : 1 , \"b\" : 2}", "\"\xC3\xA4\xE4\xBD\xA0\xF0\x9F\x98\x80\""
    };
    static const char *const bad[] = {
        "", " ", "01", "-", "-a", "+1", ".5", "1.", "1.e5", "1e", "1e+", "1e++5", "1e+-5", "1e--5",
        "1ee5", "1.5.5", "0x1",
        "1 2", "tru", "trues", "True", "nul", "nil", "'a'", "\"", "\"a", "a", "[", "]", "{", "}",
        "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1:2]", "{1:2}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{\"a\" 1}", "{,}", "{\"a\":1 \"b\":2}", "[}", "{]", "[1}", "{\"a\":1]", "[]]", "{}}",
        "[] []", "1,2", "\"\n\"", "\"\x1f\"", "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\",
        "\"\\u",
        "\"\\a\"", "\"\x80\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
        "\"\xF4\x90\x80\x80\"",
        "\"\xE0\x80\x80\"", "\"\xF0\x80\x80\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xC3(\"", "<html>",
        "\xEF\xBB\xBF{}", "NaN", "-Infinity", "[1]/**/", "{\"a\":1}x", "--1", "1-", "{\"a\":tru}"
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        EXPECT(read_all(good[i], strlen(good[i]), NULL, 0, sizeof out) == JSON_FINE);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        bool refused = read_all(bad[i], strlen(bad[i]), NULL, 0, sizeof out) == JSON_FAULT;
        if (!refused) {
            printf("taken: %s\n", bad[i]);
        }
        EXPECT(refused);
    }
    EXPECT(read_all("\"\0\"", 3, NULL, 0, sizeof out) == JSON_FAULT);
    EXPECT(read_all("\0", 1, NULL, 0, sizeof out) == JSON_FAULT);
}

static size_t encode(uint32_t code, char *bytes)
{
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (char)(0xC0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    if (code < 0x10000) {
        bytes[0] = (char)(0xE0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 63));
        bytes[2] = (char)(0x80 | (code & 63));
        return 3;
    }
    bytes[0] = (char)(0xF0 | code >> 18);
    bytes[1] = (char)(0x80 | (code >> 12 & 63));
    bytes[2] = (char)(0x80 | (code >> 6 & 63));
    bytes[3] = (char)(0x80 | (code & 63));
    return 4;
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* Arrays in arrays: that which holds the wanted one is not counted on from where that ended. */
static void test_arrays_in_arrays(void)
{
    static const struct json_step path[] = {{NULL, 0}, {NULL, 1}};
    static const char found[] = "[[\"no\",\"yes\"],[\"no\",\"no\"]]";
    static const char empty[] = "[[],[\"no\",\"no\"]]";
    EXPECT(read_all(found, sizeof found - 1, path, 2, sizeof out) == JSON_FINE && json.found);
    EXPECT(json.out_bytes == 3 && memcmp(out, "yes", 3) == 0);
    EXPECT(read_all(empty, sizeof empty - 1, path, 2, sizeof out) == JSON_FINE && !json.found);
    static const struct json_step first[] = {{NULL, 0}, {NULL, 0}};
    static const char third[] = "[[],0,[\"no\"]]"; /* is not counted as the first again */
    EXPECT(read_all(third, sizeof third - 1, first, 2, sizeof out) == JSON_FINE && !json.found);
}

/* Every code point as an escape, as itself, and through the writer and back. */
static void test_every_character(void)
{
    char text[64];
    char want[8];
    unsigned wrong = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        size_t n = encode(is_surrogate(code) ? 0xFFFD : code, want);
        int length = 0;
        if (code < 0x10000) {
            length = snprintf(text, sizeof text, code % 2 == 0 ? "\"\\u%04x\"" : "\"\\u%04X\"",
                              (unsigned)code);
        } else {
            length = snprintf(text, sizeof text, "\"\\u%04x\\u%04x\"",
                              (unsigned)(0xD800 + ((code - 0x10000) >> 10)),
                              (unsigned)(0xDC00 + (code & 0x3FF)));
        }
        wrong += gives(text, (size_t)length, want, n) ? 0 : 1;
        struct text written;
        text_begin(&written, text, sizeof text);
        json_write_string(&written, want, n);
        wrong += gives(text, written.n, want, n) ? 0 : 1;
    }
    EXPECT(wrong == 0);
}

/* No control character stands in a string as it is; every other byte of ASCII does. */
static void test_every_control(void)
{
    unsigned wrong = 0;
    for (unsigned byte = 0; byte < 128; byte++) {
        char text[] = "\"a_q\"";
        text[2] = (char)byte;
        bool taken = read_all(text, 5, NULL, 0, sizeof out) == JSON_FINE;
        wrong += taken != (byte >= 0x20 && byte != '"' && byte != '\\') ? 1 : 0;
    }
    EXPECT(wrong == 0);
}

/* Two escapes in a row, of which at least one is half of a pair: they are one character, or each
 * is by itself what it would be alone. Every 31st of all. */
static void test_pairs(void)
{
    char text[16];
    char want[8];
    unsigned wrong = 0;
    unsigned tried = 0;
    for (uint32_t first = 0xD7E0; first < 0xE020; first += 31) {
        for (uint32_t second = 0; second < 0x10000; second += 31) {
            bool pair = first >= 0xD800 && first < 0xDC00 && second >= 0xDC00 && second < 0xE000;
            size_t n = 0;
            if (pair) {
                n = encode(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), want);
            } else {
                n = encode(is_surrogate(first) ? 0xFFFD : first, want);
                n += encode(is_surrogate(second) ? 0xFFFD : second, want + n);
            }
            int length = snprintf(text, sizeof text, "\"\\u%04x\\u%04x\"", (unsigned)first,
                                  (unsigned)second);
            wrong += gives(text, (size_t)length, want, n) ? 0 : 1;
            tried++;
        }
    }
    EXPECT(wrong == 0 && tried > 100000);
}

static void test_escapes(void)
{
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\ud800\"", "\xEF\xBF\xBD"}, {"\"\\udc00\"", "\xEF\xBF\xBD"},
        {"\"\\ud800x\"", "\xEF\xBF\xBDx"}, {"\"\\ud800\\n\"", "\xEF\xBF\xBD\n"},
        {"\"\\ud800\\ud800\\udc00\"", "\xEF\xBF\xBD\xF0\x90\x80\x80"},
        {"\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80"}, {"\"\\ud83d\\u0041\"", "\xEF\xBF\xBD" "A"},
        {"\"\\ude00\\ud83d\"", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\"\\ud83d\xC3\xA4\"", "\xEF\xBF\xBD\xC3\xA4"}
    };
    unsigned taken = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        EXPECT(gives(rows[i].text, strlen(rows[i].text), rows[i].want, strlen(rows[i].want)));
    }
    for (unsigned byte = 0; byte < 256; byte++) {
        char text[] = "\"\\_\"";
        text[2] = (char)byte;
        taken += read_all(text, 4, NULL, 0, sizeof out) == JSON_FINE ? 1 : 0;
    }
    EXPECT(taken == 8);
    struct text written;
    char bytes[64];
    text_begin(&written, bytes, sizeof bytes);
    json_write_string(&written, "a\"\\\n\x7f\xFF\xC3", 7);
    EXPECT(written.n == 31 && memcmp(bytes, "\"a\\\"\\\\\\u000a\\u007f\\ufffd\\ufffd\"", 31) == 0);
    text_begin(&written, bytes, sizeof bytes); /* what is cut is not made whole from behind */
    json_write_string(&written, "a\xC3\xA4", 2);
    EXPECT(written.n == 9 && memcmp(bytes, "\"a\\ufffd\"", 9) == 0);
}

/* Half of a pair does not wait for the other in the next string. */
static void test_pair_over_two(void)
{
    static const struct json_step second[] = {{NULL, 1}};
    static const char text[] = "[\"\\ud83d\",\"\\ude00\"]";
    EXPECT(read_all(text, sizeof text - 1, second, 1, sizeof out) == JSON_FINE && json.found);
    EXPECT(json.out_bytes == 3 && memcmp(out, "\xEF\xBF\xBD", 3) == 0);
}

static void test_path(void)
{
    static const struct {
        const char *text;
        const char *want; /* NULL: it is not there */
    } rows[] = {
        {"{\"a\":[0,{\"b\":\"x\"}]}", "x"},
        {"{\"z\":{\"a\":[0,{\"b\":\"no\"}]},\"a\":[{\"b\":\"no\"},{\"c\":1,\"b\":\"x\"},0]}", "x"},
        {"{\"\\u0061\":[[],{\"b\":\"\"}]}", ""},
        {"{\"a\":[[9,{\"b\":\"no\"}],{\"b\":\"x\",\"b\":\"no\"}]}", "x"},
        {"{\"a\":[0,{\"b\":\"x\"}],\"a\":[0,{\"b\":\"no\"}]}", "x"},
        {"{\"a\":[0,{\"bb\":\"no\",\"\":\"no\",\"b\\u0000\":\"no\"}]}", NULL},
        {"{\"a\":[0,{\"b\":1}]}", NULL}, {"{\"a\":[0,{\"b\":null}]}", NULL},
        {"{\"a\":[0,{\"b\":{\"b\":\"no\"}}]}", NULL}, {"{\"a\":[0,{\"b\":[\"no\"]}]}", NULL},
        {"{\"a\":[{\"b\":\"no\"}]}", NULL}, {"{\"a\":{\"b\":\"no\"}}", NULL},
        {"{\"a\":[0,[\"no\"]]}", NULL}, {"[0,{\"b\":\"no\"}]", NULL}, {"\"no\"", NULL},
        {"{\"a\":[0,0,{\"b\":\"no\"}]}", NULL}, {"{\"A\":[0,{\"b\":\"no\"}]}", NULL},
        {"{\"x\":[0,{\"b\":\"no\"}],\"b\":\"no\",\"a\":[]}", NULL}
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *want = rows[i].want;
        bool fine = read_all(rows[i].text, strlen(rows[i].text), answer_path,
                             COUNT_OF(answer_path), sizeof out) == JSON_FINE;
        bool right = json.found == (want != NULL) &&
                     (want == NULL || (json.out_bytes == strlen(want) &&
                                       memcmp(out, want, json.out_bytes) == 0));
        if (!fine || !right) {
            printf("wrong: %s\n", rows[i].text);
        }
        EXPECT(fine && right);
    }
}

/* Cut anywhere it is not whole; too long for its place it is cut, and says so. */
static void test_cuts(void)
{
    static const char text[] = "{\"a\":[0,{\"b\":\"0123456789\\u00e4\"}], \"c\":[1.5e3,true]}";
    unsigned whole = 0;
    for (size_t n = 0; n < sizeof text - 1; n++) {
        whole += read_all(text, n, answer_path, 3, sizeof out) == JSON_FINE ? 1 : 0;
    }
    EXPECT(whole == 0);
    EXPECT(read_all(text, sizeof text - 1, answer_path, 3, 12) == JSON_FINE);
    EXPECT(!json.cut && json.out_bytes == 12);
    EXPECT(read_all(text, sizeof text - 1, answer_path, 3, 11) == JSON_FINE);
    EXPECT(json.cut && json.out_bytes == 11);
}

static void test_depth(void)
{
    char text[2 * JSON_DEPTH_MAX + 4];
    memset(text, '[', JSON_DEPTH_MAX);
    memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    EXPECT(read_all(text, 2 * JSON_DEPTH_MAX, NULL, 0, sizeof out) == JSON_FINE);
    memset(text, '[', JSON_DEPTH_MAX + 1);
    EXPECT(read_all(text, JSON_DEPTH_MAX + 1, NULL, 0, sizeof out) == JSON_DEEP);
    for (size_t i = 0; i < JSON_DEPTH_MAX; i++) { /* the kinds are kept apart at every depth */
        memset(text, '[', JSON_DEPTH_MAX);
        memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
        text[JSON_DEPTH_MAX + i] = '}';
        EXPECT(read_all(text, 2 * JSON_DEPTH_MAX, NULL, 0, sizeof out) == JSON_FAULT);
    }
}

int main(void)
{
    test_grammar();
    test_arrays_in_arrays();
    test_every_character();
    test_every_control();
    test_pairs();
    test_escapes();
    test_pair_over_two();
    test_path();
    test_cuts();
    test_depth();
    return check_report("json_read");
}
