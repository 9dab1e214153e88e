/* SPDX-License-Identifier: MIT */
/*
 * core/address and the printing of addresses in core/text: a literal is read as a model reads it,
 * what is printed is read again as the same, and in the one form of RFC 5952.
 *
 * Input: a byte; if it is even, the rest is a literal, else 16 bytes of an address, 4 of its zone
 * and 2 of its port.
 */
#include "core/address.h"

#include <string.h>

#include "core/text.h"
#include "tests/fuzz/fuzz.h"

enum { LITERAL_MAX = 80, PRINTED_MAX = 72 };

/* ---- A model of the grammar: RFC 4291 section 2.2, RFC 3986 section 3.2.2 ------------------- */

static size_t index_of(const char *bytes, size_t n, char c)
{
    const char *at = n == 0 ? NULL : memchr(bytes, c, n);
    return at == NULL ? n : (size_t)(at - bytes);
}

/* A decimal number without needless zeros, at most `max`; -1: none. */
static int64_t model_number(const char *bytes, size_t n, int64_t max)
{
    int64_t value = 0;
    if (n == 0 || (n > 1 && bytes[0] == '0')) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return -1;
        }
        value = value * 10 + (bytes[i] - '0');
        if (value > max) {
            return -1;
        }
    }
    return value;
}

static bool model_ipv4(const char *bytes, size_t n, uint8_t *ip)
{
    for (unsigned i = 0; i < 4; i++) {
        size_t end = i < 3 ? index_of(bytes, n, '.') : n;
        int64_t value = model_number(bytes, end, 255);
        if (value < 0 || (i < 3 && end == n)) {
            return false;
        }
        ip[i] = (uint8_t)value;
        bytes += i < 3 ? end + 1 : 0;
        n -= i < 3 ? end + 1 : 0;
    }
    return true;
}

static bool model_group(const char *bytes, size_t n, uint8_t *ip)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    unsigned value = 0;
    for (size_t i = 0; i < n && i < 5; i++) {
        const char *at = bytes[i] == '\0' ? NULL : strchr(digits, bytes[i]);
        if (at == NULL) {
            return false;
        }
        value = value * 16 + (unsigned)((at - digits) % 16);
    }
    ip[0] = (uint8_t)(value >> 8);
    ip[1] = (uint8_t)value;
    return n >= 1 && n <= 4;
}

/* Groups divided by single colons, the last of all perhaps IPv4. Returns how many bytes of address
 * they make, at most 16; -1: something else. */
static int model_groups(const char *bytes, size_t n, bool ipv4_may_end, uint8_t *ip)
{
    int count = 0;
    if (n == 0) {
        return 0;
    }
    for (;;) {
        size_t end = index_of(bytes, n, ':');
        if (end == n && ipv4_may_end && count <= 12 && model_ipv4(bytes, n, ip + count)) {
            return count + 4;
        }
        if (count > 14 || !model_group(bytes, end, ip + count)) {
            return -1;
        }
        count += 2;
        if (end == n) {
            return count;
        }
        bytes += end + 1;
        n -= end + 1;
    }
}

static bool model_ipv6(const char *bytes, size_t n, uint8_t *ip)
{
    uint8_t tail[16];
    size_t gap = 0;
    while (gap + 1 < n && !(bytes[gap] == ':' && bytes[gap + 1] == ':')) {
        gap++;
    }
    memset(ip, 0, 16);
    if (gap + 1 >= n) {
        return model_groups(bytes, n, true, ip) == 16;
    }
    int before = model_groups(bytes, gap, false, ip);
    int behind = model_groups(bytes + gap + 2, n - gap - 2, true, tail);
    if (before < 0 || behind < 0 || before + behind > 14) {
        return false;
    }
    memset(ip + before, 0, 16 - (size_t)before);
    memcpy(ip + 16 - behind, tail, (size_t)behind);
    return true;
}

static bool zone_name_right(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] <= ' ' || bytes[i] > '~' || strchr("[]%/", bytes[i]) != NULL) {
            return false;
        }
    }
    return n > 0;
}

/* The address and its zone; *named: the zone is a name. */
static bool model_zoned(const char *bytes, size_t n, struct port_address *address, bool *named)
{
    size_t percent = index_of(bytes, n, '%');
    *named = false;
    if (!model_ipv6(bytes, percent, address->ip)) {
        return false;
    }
    if (percent == n) {
        return true;
    }
    int64_t zone = model_number(bytes + percent + 1, n - percent - 1, UINT32_MAX);
    address->zone = zone < 0 ? 0 : (uint32_t)zone;
    *named = zone < 0;
    return zone >= 0 || zone_name_right(bytes + percent + 1, n - percent - 1);
}

static bool model_parse(const char *bytes, size_t n, struct port_address *address, bool *named)
{
    size_t host = n;
    *named = false;
    memset(address, 0, sizeof *address);
    if (n > 0 && bytes[0] == '[') {
        host = index_of(bytes, n, ']');
        if (host == n || !model_zoned(bytes + 1, host - 1, address, named)) {
            return false;
        }
        host++;
    } else {
        memset(address->ip + 10, 0xff, 2);
        host = index_of(bytes, n, ':');
        if (!model_ipv4(bytes, host, address->ip + 12)) {
            return model_zoned(bytes, n, address, named);
        }
    }
    if (host == n) {
        return true;
    }
    int64_t port = bytes[host] == ':' ? model_number(bytes + host + 1, n - host - 1, 65535) : -1;
    address->port = port < 0 ? 0 : (uint16_t)port;
    return port >= 0;
}

/* ---- What is printed ----------------------------------------------------------------------- */

/* RFC 5952: lower case, no zeros in front, the longest run of zeros as "::". */
static void check_form(const char *bytes, size_t n, const struct port_address *address)
{
    unsigned longest = 0;
    unsigned run = 0;
    unsigned gaps = 0;
    for (unsigned i = 0; i < 8; i++) {
        run = address->ip[2 * i] == 0 && address->ip[2 * i + 1] == 0 ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i < n; i++) {
        bool begins = i == 0 || bytes[i - 1] == ':';
        bool goes_on = i + 1 < n && bytes[i + 1] != ':' && bytes[i + 1] != '%';
        REQUIRE(bytes[i] < 'A' || bytes[i] > 'F');
        REQUIRE(!(begins && goes_on && bytes[i] == '0'));
        gaps += i > 0 && bytes[i] == ':' && bytes[i - 1] == ':' ? 1u : 0u;
    }
    REQUIRE(gaps == (longest > 1 ? 1u : 0u));
}

static void check_printed(const struct port_address *address)
{
    static char bytes[PRINTED_MAX];
    struct text text;
    struct port_address again;
    size_t zone_at = 0;
    bool ipv4 = address_is_ipv4(address);
    text_begin(&text, bytes, sizeof bytes);
    text_put_ip(&text, address);
    REQUIRE(!text.cut && address_parse((char *)fuzz_copy(1, bytes, text.n), text.n, &again,
                                       &zone_at));
    REQUIRE(zone_at == 0 && again.port == 0 && memcmp(again.ip, address->ip, 16) == 0);
    REQUIRE(again.zone == (ipv4 ? 0 : address->zone)); /* nobody writes an IPv4 address with one */
    if (!ipv4) {
        check_form(bytes, text.n, address);
    }
    text_begin(&text, bytes, sizeof bytes);
    text_put_address(&text, address);
    REQUIRE(!text.cut && address_parse((char *)fuzz_copy(1, bytes, text.n), text.n, &again,
                                       &zone_at));
    REQUIRE(zone_at == 0 && again.port == address->port);
    REQUIRE(memcmp(again.ip, address->ip, 16) == 0);
}

/* Each question has one answer for an address, and they exclude each other. */
static void check_questions(const struct port_address *address)
{
    unsigned kinds = (address_is_loopback(address) ? 1u : 0u) +
                     (address_is_unspecified(address) ? 1u : 0u) +
                     (address_is_multicast(address) ? 1u : 0u) +
                     (address_is_broadcast(address) ? 1u : 0u) +
                     (address_is_link_local(address) ? 1u : 0u);
    struct port_address other = *address;
    REQUIRE(kinds <= 1);
    REQUIRE(address_ip_equal(address, &other));
    REQUIRE(address_peer_key(address) == address_peer_key(&other));
    other.port ^= 1;
    REQUIRE(address_peer_key(address) == address_peer_key(&other));
    other.ip[15] ^= 1;
    REQUIRE(!address_ip_equal(address, &other));
    if (!address_is_ipv4(address) && !address_is_link_local(address)) {
        REQUIRE(address_peer_key(address) == address_peer_key(&other)); /* one /64, one peer */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_input input = {bytes, n};
    struct port_address address;
    memset(&address, 0, sizeof address);
    address_start();
    if (fuzz_byte(&input) % 2 == 1) {
        size_t given = 0;
        const uint8_t *ip = fuzz_bytes(&input, 16, &given);
        memcpy(address.ip, ip, given);
        address.zone = (uint32_t)fuzz_number(&input, 4);
        address.port = (uint16_t)fuzz_number(&input, 2);
        check_printed(&address);
        check_questions(&address);
        return 0;
    }
    struct port_address expected;
    size_t zone_at = 0;
    bool named = false;
    const char *literal = (const char *)fuzz_bytes(&input, LITERAL_MAX, &n);
    bool right = model_parse(literal, n, &expected, &named);
    memset(&address, 0xa5, sizeof address);
    REQUIRE(address_parse((char *)fuzz_copy(0, literal, n), n, &address, &zone_at) == right);
    if (right) {
        REQUIRE(memcmp(address.ip, expected.ip, 16) == 0 && address.port == expected.port);
        REQUIRE(address.zone == expected.zone && (zone_at > 0) == named);
        REQUIRE(zone_at == 0 || literal[zone_at - 1] == '%');
        check_printed(&address);
        check_questions(&address);
    }
    return 0;
}
