/* SPDX-License-Identifier: MIT */
/*
 * core/text: what is escaped is printable and can be turned back; numbers are printed as they are
 * read; what does not fit is cut, and nothing is ever written behind the end.
 *
 * Input: 2 bytes, the room there is; 8, a number; 1, the width it is padded to; then the bytes.
 */
#include "core/text.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 600, ROOM_MAX = 4 * BYTES_MAX + 64 };

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void check_escaped(const char *text, size_t n, const uint8_t *bytes, size_t bytes_n)
{
    size_t from = 0;
    for (size_t at = 0; at < n; from++) {
        REQUIRE(from < bytes_n && text[at] >= ' ' && text[at] <= '~' && text[at] != '"');
        if (text[at] != '\\') {
            REQUIRE((uint8_t)text[at] == bytes[from]);
            at++;
            continue;
        }
        REQUIRE(n - at >= 4 && text[at + 1] == 'x');
        REQUIRE(digit(text[at + 2]) * 16 + digit(text[at + 3]) == bytes[from]);
        bool plain = bytes[from] >= ' ' && bytes[from] <= '~';
        REQUIRE(!plain || bytes[from] == '"' || bytes[from] == '\\');
        at += 4;
    }
    REQUIRE(from == bytes_n);
}

/* Everything the target prints, in the same order each time. */
static void print(struct text *text, const uint8_t *bytes, size_t n, uint64_t number,
                  unsigned width)
{
    text_put_escaped(text, bytes, n);
    text_put(text, " ");
    text_put_number(text, number);
    text_put_char(text, ' ');
    text_put_signed(text, (int64_t)number);
    text_put_bytes(text, " ", 1);
    text_put_padded(text, number, width, '0');
}

/* The number at the front, up to a space or the end. */
static uint64_t take_number(const char **text, size_t *n, size_t *digits)
{
    uint64_t number = 0;
    *digits = 0;
    while (*digits < *n && (*text)[*digits] != ' ') {
        (*digits)++;
    }
    REQUIRE(text_read_number(*text, *digits, UINT64_MAX, &number));
    *text += *digits;
    *n -= *digits;
    return number;
}

static void check_numbers(const char *text, size_t n, uint64_t number, unsigned width)
{
    size_t digits = 0;
    bool negative = number > INT64_MAX;
    REQUIRE(n > 1 && text[0] == ' ');
    text++;
    n--;
    REQUIRE(take_number(&text, &n, &digits) == number && n > 1);
    size_t plain = digits;
    REQUIRE(negative == (text[1] == '-'));
    text += negative ? 2 : 1;
    n -= negative ? 2 : 1;
    REQUIRE(take_number(&text, &n, &digits) == (negative ? 0 - number : number) && n > 1);
    text++;
    n--;
    REQUIRE(take_number(&text, &n, &digits) == number && n == 0);
    REQUIRE(digits == (plain < width ? width : plain));
}

/* Reads a number as one who compares strings of digits would. */
static void check_read(const char *bytes, size_t n, uint64_t max)
{
    char limit[20];
    struct text text;
    uint64_t number = 1;
    bool digits = n > 0;
    size_t zeros = 0;
    for (size_t i = 0; i < n; i++) {
        digits = digits && bytes[i] >= '0' && bytes[i] <= '9';
    }
    while (zeros + 1 < n && bytes[zeros] == '0') {
        zeros++;
    }
    text_begin(&text, limit, sizeof limit);
    text_put_number(&text, max);
    size_t length = n - zeros;
    bool fits = digits && (length < text.n ||
                           (length == text.n && memcmp(bytes + zeros, limit, length) <= 0));
    REQUIRE(text_read_number(bytes, n, max, &number) == fits);
    if (fits) {
        text_begin(&text, limit, sizeof limit);
        text_put_number(&text, number);
        REQUIRE(number <= max && text.n == length && memcmp(limit, bytes + zeros, length) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char whole[ROOM_MAX];
    static char room[ROOM_MAX + 1];
    struct fuzz_input input = {bytes, n};
    size_t capacity = 1 + (size_t)fuzz_number(&input, 2) % ROOM_MAX;
    uint64_t number = fuzz_number(&input, 8);
    unsigned width = fuzz_byte(&input) % 21;
    const uint8_t *given = fuzz_bytes(&input, BYTES_MAX, &n);
    struct text text;
    struct text cut;

    given = fuzz_copy(0, given, n);
    text_begin(&text, whole, sizeof whole);
    text_put_escaped(&text, given, n);
    size_t escaped = text.n;
    check_escaped(whole, escaped, given, n);
    text_begin(&text, whole, sizeof whole);
    print(&text, given, n, number, width);
    REQUIRE(!text.cut);
    check_numbers(whole + escaped, text.n - escaped, number, width);

    room[capacity] = '#';
    text_begin(&cut, room, capacity);
    print(&cut, given, n, number, width);
    REQUIRE(room[capacity] == '#' && cut.n <= capacity);
    REQUIRE(cut.cut == (text.n > capacity));
    REQUIRE(cut.n == (text.n < capacity ? text.n : capacity) && memcmp(room, whole, cut.n) == 0);
    check_read((const char *)given, n, number);
    return 0;
}
