/* SPDX-License-Identifier: MIT */
/* core/address: the same answers for IPv4 in both forms, what one peer is, and which literals are
 * read. */
#include "core/address.h"

#include <string.h>

#include "tests/check.h"

static struct port_address parsed(const char *literal)
{
    struct port_address address;
    size_t zone_at = 0;
    memset(&address, 0xee, sizeof address);
    bool right = address_parse(literal, strlen(literal), &address, &zone_at);
    if (!right) {
        printf("  not read: %s\n", literal);
    }
    EXPECT(right);
    return address;
}

enum {
    IPV4 = 1,
    LOOPBACK = 2,
    UNSPECIFIED = 4,
    MULTICAST = 8,
    BROADCAST = 16,
    LINK_LOCAL = 32
};

static unsigned answers(const struct port_address *address)
{
    unsigned bits = address_is_ipv4(address) ? IPV4 : 0;
    bits |= address_is_loopback(address) ? LOOPBACK : 0;
    bits |= address_is_unspecified(address) ? UNSPECIFIED : 0;
    bits |= address_is_multicast(address) ? MULTICAST : 0;
    bits |= address_is_broadcast(address) ? BROADCAST : 0;
    bits |= address_is_link_local(address) ? LINK_LOCAL : 0;
    return bits;
}

/* Hazard 26: every row of IPv4 is asked as 192.0.2.1 and as ::ffff:192.0.2.1. */
static void test_questions(void)
{
    static const struct {
        const char *literal;
        unsigned wanted;
    } rows[] = {
        {"127.0.0.1", IPV4 | LOOPBACK}, {"127.255.255.254", IPV4 | LOOPBACK}, {"126.0.0.1", IPV4},
        {"128.0.0.1", IPV4}, {"0.0.0.0", IPV4 | UNSPECIFIED}, {"0.0.0.1", IPV4},
        {"223.255.255.255", IPV4}, {"224.0.0.1", IPV4 | MULTICAST},
        {"239.255.255.255", IPV4 | MULTICAST}, {"240.0.0.0", IPV4},
        {"255.255.255.255", IPV4 | BROADCAST}, {"255.255.255.254", IPV4},
        {"255.255.254.255", IPV4}, {"255.254.255.255", IPV4}, {"254.255.255.255", IPV4},
        {"169.254.0.1", IPV4 | LINK_LOCAL}, {"169.253.0.1", IPV4}, {"168.254.0.1", IPV4},
        {"::1", LOOPBACK}, {"::2", 0}, {"::", UNSPECIFIED}, {"100::", 0}, {"ff02::1", MULTICAST},
        {"fe80::1", LINK_LOCAL}, {"febf::1", LINK_LOCAL}, {"fec0::1", 0}, {"fe7f::1", 0},
        {"fd00::1", 0}, {"2001:db8::1", 0}, {"::127.0.0.1", 0}, {"::fffe:127.0.0.1", 0},
        {"1::ffff:127.0.0.1", 0}, {"::1:ffff:127.0.0.1", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct port_address address = parsed(rows[i].literal);
        EXPECT(answers(&address) == rows[i].wanted);
        if ((rows[i].wanted & IPV4) != 0) {
            char mapped[64] = "::ffff:";
            strcat(mapped, rows[i].literal);
            struct port_address other = parsed(mapped);
            EXPECT(answers(&other) == rows[i].wanted);
            EXPECT(address_ip_equal(&address, &other));
        }
    }
}

static void test_equal_and_any(void)
{
    struct port_address a = parsed("[fe80::1%2]:80");
    struct port_address b = parsed("[fe80::1%2]:81");
    EXPECT(address_ip_equal(&a, &b)); /* the port does not count */
    b.zone = 3;
    EXPECT(!address_ip_equal(&a, &b));
    b.zone = 2;
    b.ip[15] = 2;
    EXPECT(!address_ip_equal(&a, &b));
    struct port_address any = address_any(PORT_IPV4, 7007);
    EXPECT(answers(&any) == (IPV4 | UNSPECIFIED) && any.port == 7007 && any.zone == 0);
    any = address_any(PORT_IPV6, 1);
    EXPECT(answers(&any) == UNSPECIFIED && any.port == 1);
    any = address_any(PORT_DUAL, 0);
    EXPECT(answers(&any) == UNSPECIFIED && any.port == 0);
}

static uint32_t key_of(const char *literal)
{
    struct port_address address = parsed(literal);
    return address_peer_key(&address);
}

/* Hazard 27: two IPv4 clients are two peers, however they came; a /64 is one. */
static void test_peer_key(void)
{
    address_start();
    EXPECT(key_of("192.0.2.1") == key_of("::ffff:192.0.2.1"));
    EXPECT(key_of("192.0.2.1:80") == key_of("192.0.2.1:81"));
    EXPECT(key_of("192.0.2.1") != key_of("192.0.2.2"));
    EXPECT(key_of("192.0.2.1") != key_of("193.0.2.1"));
    EXPECT(key_of("2001:db8:1:2::1") == key_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT(key_of("2001:db8:1:2::1") != key_of("2001:db8:1:3::1"));
    EXPECT(key_of("fe80::1%2") == key_of("fe80::1%2"));
    EXPECT(key_of("fe80::1%2") != key_of("fe80::2%2"));
    EXPECT(key_of("fe80::1%2") != key_of("fe80::1%3"));
    EXPECT(key_of("::1") != key_of("127.0.0.1"));
    uint32_t before = key_of("192.0.2.1");
    unsigned same = 0;
    for (unsigned i = 0; i < 3; i++) {
        address_start();
        same += before == key_of("192.0.2.1") ? 1 : 0;
    }
    EXPECT(same < 3); /* another secret, another key */
    EXPECT(address_static_bytes >= 8);
}

/* Neighbours must not crowd into few keys: 4,096 addresses in a row over 256 buckets. */
static void test_peer_key_spreads(void)
{
    static unsigned buckets[256];
    struct port_address address = parsed("10.0.0.0");
    for (unsigned i = 0; i < 4096; i++) {
        address.ip[14] = (uint8_t)(i >> 8);
        address.ip[15] = (uint8_t)(i & 0xff);
        buckets[address_peer_key(&address) % 256]++;
    }
    unsigned largest = 0;
    for (unsigned i = 0; i < 256; i++) {
        largest = buckets[i] > largest ? buckets[i] : largest;
    }
    EXPECT(largest < 48); /* 16 on average; 48 is eight deviations away */
}

static void test_literals(void)
{
    static const struct {
        const char *literal;
        uint8_t ip[16];
        uint32_t zone;
        uint16_t port;
        size_t zone_at;
    } rows[] = {
        {"1.2.3.4", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4}, 0, 0, 0},
        {"0.0.0.0:0", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0}, 0, 0, 0},
        {"1.2.3.4:65535", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4}, 0, 65535, 0},
        {"::ffff:1.2.3.4", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4}, 0, 0, 0},
        {"[::FFFF:1.2.3.4]:8", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4}, 0, 8, 0},
        {"::", {0}, 0, 0, 0},
        {"[::]", {0}, 0, 0, 0},
        {"[::]:80", {0}, 0, 80, 0},
        {"::1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0, 0, 0},
        {"1::", {0, 1}, 0, 0, 0},
        {"1:2:3:4:5:6:7::", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}, 0, 0, 0},
        {"::2:3:4:5:6:7:8", {0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}, 0, 0, 0},
        {"1:2:3:4:5:6:7:8", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}, 0, 0, 0},
        {"0001:0:AbCd::8", {0, 1, 0, 0, 0xab, 0xcd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8}, 0, 0, 0},
        {"1:2:3:4:5:6:9.8.7.6", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 9, 8, 7, 6}, 0, 0, 0},
        {"1::9.8.7.6", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 8, 7, 6}, 0, 0, 0},
        {"fe80::1%2", {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 2, 0, 0},
        {"[fe80::1%2]:7007", {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 2, 7007, 0},
        {"fe80::1%eth0", {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0, 0, 8},
        {"[fe80::1%eth0]:7", {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0, 7, 9},
        {"fe80::1%2nd", {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0, 0, 8},
        {"fe80::%1", {0xfe, 0x80}, 1, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct port_address address;
        size_t zone_at = 77;
        const char *literal = rows[i].literal;
        bool right = address_parse(literal, strlen(literal), &address, &zone_at) &&
                     memcmp(address.ip, rows[i].ip, 16) == 0 && address.zone == rows[i].zone &&
                     address.port == rows[i].port && zone_at == rows[i].zone_at;
        if (!right) {
            printf("  %s\n", literal);
        }
        EXPECT(right);
    }
}

static void test_no_literals(void)
{
    static const char *const rows[] = {
        "", "localhost", "1", "1.2", "1.2.3", "1.2.3.", "1.2.3.4.", ".1.2.3.4", "1.2.3.4.5",
        "1..2.3", "256.1.1.1", "1.2.3.256", "01.2.3.4", "1.2.3.04", "0x1.2.3.4", "1.2.3.4 ",
        " 1.2.3.4", "+1.2.3.4", "1.2.3.-4", "2130706433", "127.1", "1.2.3.4%2", "1.2.3.4:",
        "1.2.3.4:65536", "1.2.3.4:080", "1.2.3.4:x", "1.2.3.4:80:", "[1.2.3.4]", "[1.2.3.4]:80",
        ":", ":::", "::1::", "1::2::3", "1:", ":1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
        "12345::", "g::", "::g", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5",
        "1.2.3.4::", "::1.2.3.256", "::01.2.3.4", "[", "]", "[]", "[]:80", "[::1", "::1]",
        "[::1]80", "[::1]:", "[::1]:x", "[::1]:65536", "[[::1]]", "fe80::1%", "[fe80::1%]",
        "%eth0", "fe80::1%eth0]", "fe80::1%e%f", "fe80::1%e f", "fe80::1%a/b", "::1\n",
        "1:2:3:4:5:6:7:8%", "::%\x7f", "::\xc3\xa9", ":::1", "1:::2", "1: :2",
        "1:2:3.4.5.6::", "[1:2:3.4.5.6::]", "1:2:3.4.5.6::7", "1.2.3.4::%2", "::1.2.3.4:",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct port_address address;
        struct port_address before;
        size_t zone_at = 0;
        memset(&address, 0xee, sizeof address);
        memset(&before, 0xee, sizeof before);
        bool right = address_parse(rows[i], strlen(rows[i]), &address, &zone_at);
        if (right) {
            printf("  read: %s\n", rows[i]);
        }
        EXPECT(!right);
        EXPECT(memcmp(&address, &before, sizeof address) == 0);
    }
}

/* What stands behind the end does not make a literal whole. */
static void test_cut_literals(void)
{
    static const struct {
        const char *text;
        size_t n;
    } rows[] = {{"::", 1}, {"1::", 2}, {"[::]", 2}, {"[::1]:80", 6}, {"[::1]", 4}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct port_address address;
        size_t zone_at = 0;
        EXPECT(!address_parse(rows[i].text, rows[i].n, &address, &zone_at));
    }
}

/* Whatever stands there, nothing beyond n is looked at: each literal in a block of its own size,
 * so that a sanitizer sees one byte too far; every cut of it and every byte changed. */
static void test_bounds(void)
{
    static const char literal[] = "[fe80::1:ffff:1.2.3.4%eth0]:7007";
    for (size_t n = 0; n < sizeof literal; n++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            char copy[sizeof literal - 1];
            char *start = copy + (sizeof copy - n);
            memcpy(start, literal, n);
            if (n > 0) {
                start[byte % n] = (char)byte;
            }
            struct port_address address;
            size_t zone_at = 0;
            bool right = address_parse(start, n, &address, &zone_at);
            EXPECT(!right || zone_at <= n);
        }
    }
}

int main(void)
{
    if (port_start() != PORT_OK) {
        return 1;
    }
    test_questions();
    test_equal_and_any();
    test_peer_key();
    test_peer_key_spreads();
    test_literals();
    test_no_literals();
    test_cut_literals();
    test_bounds();
    return check_report("address");
}
