/* SPDX-License-Identifier: MIT */
/* core/text: what is written, what is cut, and which numbers are read. */
#include "core/text.h"

#include <string.h>

#include "core/address.h"
#include "tests/check.h"

static char bytes[128];
static struct text text;

static void begin(void)
{
    memset(bytes, '~', sizeof bytes);
    text_begin(&text, bytes, 64);
}

static bool holds(const char *wanted)
{
    bool same = text.n == strlen(wanted) && memcmp(bytes, wanted, text.n) == 0;
    if (!same) {
        printf("  wanted \"%s\", got \"%.*s\"\n", wanted, (int)text.n, bytes);
    }
    return same && bytes[text.n] == '~';
}

static void test_numbers(void)
{
    static const struct {
        uint64_t number;
        unsigned width;
        char fill;
        const char *wanted;
    } rows[] = {
        {0, 0, ' ', "0"}, {0, 1, ' ', "0"}, {0, 3, ' ', "  0"}, {7, 2, '0', "07"},
        {1234, 2, '0', "1234"}, {UINT64_MAX, 0, ' ', "18446744073709551615"},
        {UINT64_MAX, 20, '0', "18446744073709551615"}, {5, 20, '0', "00000000000000000005"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        begin();
        text_put_padded(&text, rows[i].number, rows[i].width, rows[i].fill);
        EXPECT(holds(rows[i].wanted));
    }
    begin();
    text_put_number(&text, UINT64_C(18446744073709551609));
    EXPECT(holds("18446744073709551609"));
    static const struct {
        int64_t number;
        const char *wanted;
    } signed_rows[] = {
        {0, "0"}, {-1, "-1"}, {42, "42"}, {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < COUNT_OF(signed_rows); i++) {
        begin();
        text_put_signed(&text, signed_rows[i].number);
        EXPECT(holds(signed_rows[i].wanted));
    }
}

static void test_cut(void)
{
    for (size_t capacity = 1; capacity <= 12; capacity++) {
        memset(bytes, '~', sizeof bytes);
        text_begin(&text, bytes, capacity);
        text_put(&text, "abc");
        text_put_char(&text, '-');
        text_put_number(&text, 1234);
        text_put_bytes(&text, "xyz", 3);
        EXPECT(text.n == (capacity < 11 ? capacity : 11));
        EXPECT(text.cut == (capacity < 11));
        EXPECT(memcmp(bytes, "abc-1234xyz", text.n) == 0);
        EXPECT(bytes[text.n] == '~');
    }
    begin();
    text_put_bytes(&text, "", 0);
    text_put(&text, "");
    EXPECT(text.n == 0 && !text.cut);
    text_begin(&text, bytes, 3);
    text_put(&text, "abc");
    EXPECT(!text.cut);
    text_put_bytes(&text, "", 0);
    EXPECT(!text.cut);
}

static void test_escaped(void)
{
    begin();
    text_put_escaped(&text, "a \"b\\\x1b[\x7f\xc3\xa9\0\n~", 13);
    EXPECT(holds("a \\x22b\\x5c\\x1b[\\x7f\\xc3\\xa9\\x00\\x0a~"));
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t one = (uint8_t)byte;
        begin();
        text_put_escaped(&text, &one, 1);
        bool plain = byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
        EXPECT(text.n == (plain ? 1u : 4u));
        for (size_t i = 0; i < text.n; i++) {
            EXPECT(bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '"');
        }
    }
}

/* Written out in sixteen bytes, so that nothing of ours has a say in what is asked. */
static void test_ip(void)
{
    static const struct {
        uint8_t ip[16];
        uint32_t zone;
        const char *wanted;
    } rows[] = {
        {{0}, 0, "::"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0, "::1"},
        {{0, 1}, 0, "1::"},
        {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0, "2001:db8::1"},
        {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 0,
         "2001:db8:0:1:1:1:1:1"}, /* one zero group alone is not shortened */
        {{0x20, 0x01, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, 0, "2001:0:0:1::1"},
        {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1}, 0, "2001:db8::1:0:0:1"},
        {{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0}, 0, "1:2:3:4:5:6::"},
        {{0, 0, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}, 0, "::3:4:5:6:7:8"},
        {{0xab, 0xcd, 0xef, 0x01, 0x0a, 0x0b, 0x00, 0xc0, 0xff, 0xff, 0x10, 0, 0, 0x10, 1, 0}, 0,
         "abcd:ef01:a0b:c0:ffff:1000:10:100"},
        {{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 2, "fe80::1%2"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, 0, "192.0.2.1"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}, 0, "0.0.0.0"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 255, 255, 255, 255}, 0, "255.255.255.255"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 1, 2, 3, 4}, 0, "::fffe:102:304"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct port_address address;
        memset(&address, 0, sizeof address);
        memcpy(address.ip, rows[i].ip, sizeof address.ip);
        address.zone = rows[i].zone;
        begin();
        text_put_ip(&text, &address);
        EXPECT(holds(rows[i].wanted));
        struct port_address back;
        size_t zone_at = 0;
        EXPECT(address_parse(bytes, text.n, &back, &zone_at)); /* and back, the same */
        EXPECT(memcmp(back.ip, address.ip, sizeof back.ip) == 0 && back.zone == address.zone);
    }
}

/* The log of a dual-stack listener shows IPv4 peers as IPv4: hazard 28. */
static void test_address(void)
{
    struct port_address address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4}, 0, 80};
    begin();
    text_put_address(&text, &address);
    EXPECT(holds("1.2.3.4:80"));
    memset(&address, 0, sizeof address);
    begin();
    text_put_address(&text, &address);
    EXPECT(holds("[::]:0"));
    address.ip[0] = 0xfe;
    address.ip[1] = 0x80;
    address.zone = UINT32_MAX;
    address.port = UINT16_MAX;
    begin();
    text_put_address(&text, &address);
    EXPECT(holds("[fe80::%4294967295]:65535"));
}

static void test_read_number(void)
{
    static const struct {
        const char *digits;
        uint64_t max;
        bool right;
        uint64_t wanted;
    } rows[] = {
        {"0", 0, true, 0}, {"1", 0, false, 0}, {"", 9, false, 0}, {"9", 9, true, 9},
        {"10", 9, false, 0}, {"007", 7, true, 7}, {"65535", 65535, true, 65535},
        {"65536", 65535, false, 0}, {"655350", 65535, false, 0}, {"+1", 9, false, 0},
        {"-1", 9, false, 0}, {" 1", 9, false, 0}, {"1 ", 9, false, 0}, {"0x1", 9, false, 0},
        {"1e1", 99, false, 0}, {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999999", UINT64_MAX, false, 0},
        {"00000000000000000000000000001", 1, true, 1}, {"5", 4, false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t number = 77;
        bool right = text_read_number(rows[i].digits, strlen(rows[i].digits), rows[i].max, &number);
        EXPECT(right == rows[i].right);
        EXPECT(number == (rows[i].right ? rows[i].wanted : 77));
    }
    uint64_t number = 0;
    EXPECT(text_read_number("1234", 2, 99, &number) && number == 12);
}

int main(void)
{
    test_numbers();
    test_cut();
    test_escaped();
    test_ip();
    test_address();
    test_read_number();
    return check_report("text");
}
