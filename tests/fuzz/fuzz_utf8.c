/* SPDX-License-Identifier: MIT */
/* core/utf8: what comes out can be shown, and nothing that could be shown is lost. */
#include "core/utf8.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 4096 };

/* The length of the valid character at the front, by arithmetic instead of tables; 0: none. */
static size_t character(const uint8_t *bytes, size_t n, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t lead = bytes[0];
    size_t length = lead < 0x80         ? 1
                    : lead >> 5 == 0x06 ? 2
                    : lead >> 4 == 0x0e ? 3
                    : lead >> 3 == 0x1e ? 4
                                        : 0;
    if (length < 2) {
        *code = lead;
        return length;
    }
    *code = lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (i >= n || bytes[i] >> 6 != 2) {
            return 0;
        }
        *code = *code << 6 | (bytes[i] & 0x3fu);
    }
    bool surrogate = *code >= 0xd800 && *code < 0xe000;
    return *code < least[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

static bool may_be_shown(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
    bool turning = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return !control && !turning;
}

/* Every step of the decoder against the model. */
static void check_decode(const uint8_t *bytes, size_t n)
{
    size_t at = 0;
    while (at < n) {
        uint32_t code = 0;
        uint32_t expected = 0;
        size_t length = utf8_decode(bytes + at, n - at, &code);
        size_t valid = character(bytes + at, n - at, &expected);
        REQUIRE(length >= 1 && length <= 4 && length <= n - at);
        if (valid > 0) {
            REQUIRE(length == valid && code == expected);
            REQUIRE(utf8_is_safe(code) == may_be_shown(code));
        } else {
            REQUIRE(code == UTF8_INVALID && length <= 3);
            REQUIRE(!utf8_is_safe(code));
            for (size_t i = 1; i < length; i++) { /* no character begins inside of what it skips */
                REQUIRE(bytes[at + i] >> 6 == 2);
            }
        }
        at += length;
    }
}

/* The safe text: valid, showable, and each character of it that of the original, or a stand-in. */
static void check_safe(const uint8_t *safe, size_t safe_n, const uint8_t *bytes, size_t n)
{
    size_t from = 0;
    size_t at = 0;
    while (at < safe_n) {
        uint32_t code = 0;
        uint32_t original = 0;
        REQUIRE(from < n);
        size_t length = character(safe + at, safe_n - at, &code);
        size_t taken = utf8_decode(bytes + from, n - from, &original);
        REQUIRE(length > 0 && may_be_shown(code));
        uint32_t expected = original == '\t' ? ' '
                            : original != UTF8_INVALID && may_be_shown(original) ? original : '?';
        REQUIRE(code == expected);
        at += length;
        from += taken;
    }
    REQUIRE(from == n);
}

/* Of valid text, any beginning is cut at the last whole character. */
static void check_cut(const uint8_t *safe, size_t n)
{
    size_t whole = 0;
    for (size_t end = 0; end <= n; end++) {
        uint32_t code = 0;
        size_t length = whole < n ? character(safe + whole, n - whole, &code) : 0;
        if (length > 0 && whole + length <= end) {
            whole += length;
        }
        REQUIRE(utf8_cut(safe, end) == whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    n = n < BYTES_MAX ? n : BYTES_MAX;
    const uint8_t *text = fuzz_copy(0, bytes, n);
    check_decode(text, n);
    size_t cut = utf8_cut(text, n);
    REQUIRE(cut <= n && n - cut <= 3);

    uint8_t *safe = fuzz_copy(1, bytes, n);
    size_t safe_n = utf8_make_safe(safe, n);
    REQUIRE(safe_n <= n);
    check_safe(safe, safe_n, text, n);
    check_cut(safe, safe_n);

    static uint8_t again[BYTES_MAX];
    memcpy(again, safe, safe_n);
    REQUIRE(utf8_make_safe(again, safe_n) == safe_n && memcmp(again, safe, safe_n) == 0);
    return 0;
}
