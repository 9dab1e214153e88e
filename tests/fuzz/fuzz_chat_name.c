/* SPDX-License-Identifier: MIT */
/*
 * apps/chat: names. A good one is valid, has nothing in it that would let it pass for something
 * else, and no other spelling of a reserved one is good. "The same" is an equivalence with a hash
 * that follows it.
 *
 * Input: a byte, the length of the first name; the two names.
 */
#include "apps/chat/chat_name.h"

#include <string.h>

#include "core/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { NAME_MAX = 3 * CFG_CHAT_NAME_BYTES };

static void check_good(const char *name, size_t n)
{
    static const char *const reserved[] = {"operator", "server", "guest", "guest7", "linnet"};
    size_t at = 0;
    REQUIRE(n > 0 && n <= CFG_CHAT_NAME_BYTES);
    while (at < n) {
        uint32_t code = 0;
        size_t length = utf8_decode((const uint8_t *)name + at, n - at, &code);
        bool letter = code > 0x7f || (code | 0x20) - 'a' < 26u || code == '_';
        bool inside = code - '0' < 10u || code == '-' || code == '.';
        REQUIRE(code != UTF8_INVALID && utf8_is_safe(code));
        REQUIRE(letter || (at > 0 && inside));
        at += length;
    }
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        REQUIRE(!chat_name_same(name, n, reserved[i], strlen(reserved[i])));
    }
}

/* The same name with the case of its ASCII letters turned. */
static void check_case(const char *name, size_t n, enum chat_name_fault fault)
{
    char turned[NAME_MAX];
    for (size_t i = 0; i < n; i++) {
        bool letter = ((uint8_t)name[i] | 0x20) - (unsigned)'a' < 26u;
        turned[i] = letter ? (char)(name[i] ^ 0x20) : name[i];
    }
    REQUIRE(chat_name_same(name, n, turned, n));
    REQUIRE(chat_name_hash(name, n) == chat_name_hash(turned, n));
    REQUIRE(chat_name_check(turned, n) == fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    size_t wanted = fuzz_byte(&input) % (NAME_MAX + 1);
    size_t a_n = 0;
    size_t b_n = 0;
    const uint8_t *a_bytes = fuzz_bytes(&input, wanted, &a_n);
    const uint8_t *b_bytes = fuzz_bytes(&input, NAME_MAX, &b_n);
    const char *a = (const char *)fuzz_copy(0, a_bytes, a_n);
    const char *b = (const char *)fuzz_copy(1, b_bytes, b_n);
    enum chat_name_fault fault = chat_name_check(a, a_n);
    bool same = chat_name_same(a, a_n, b, b_n);

    REQUIRE(chat_name_same(a, a_n, a, a_n));
    REQUIRE(chat_name_same(b, b_n, a, a_n) == same);
    REQUIRE(chat_name_hash(a, a_n) != 0);
    REQUIRE(!same || chat_name_hash(a, a_n) == chat_name_hash(b, b_n));
    if (fault == CHAT_NAME_GOOD) {
        check_good(a, a_n);
    }
    check_case(a, a_n, fault);
    return 0;
}
