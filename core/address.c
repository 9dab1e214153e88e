/* SPDX-License-Identifier: MIT */
/* Questions about addresses, the key of a peer, and literals read from text. */
#include "core/address.h"

#include <string.h>

#include "core/text.h"

enum {
    IP_BYTES = 16,
    IPV4_AT = 12,      /* where the IPv4 address lies in a v4-mapped one */
    NO_GAP = 17,       /* no "::" was read: beyond any place in an address */
    PREFIX_BYTES = 8,  /* a /64: what one IPv6 customer is usually given at the least */
    KEY_WORDS = 5      /* 16 bytes of address and the zone */
};

static struct {
    uint32_t secret[2];
    bool drawn;
} state;

const size_t address_static_bytes = sizeof state;

static const uint8_t mapped_prefix[IPV4_AT] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
static const uint8_t ipv6_loopback[IP_BYTES] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

/* ---- Questions ----------------------------------------------------------------------------- */

bool address_is_ipv4(const struct port_address *address)
{
    return memcmp(address->ip, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool address_is_loopback(const struct port_address *address)
{
    if (address_is_ipv4(address)) {
        return address->ip[IPV4_AT] == 127;
    }
    return memcmp(address->ip, ipv6_loopback, IP_BYTES) == 0;
}

bool address_is_unspecified(const struct port_address *address)
{
    size_t first = address_is_ipv4(address) ? IPV4_AT : 0;
    unsigned bits = 0;
    for (size_t i = first; i < IP_BYTES; i++) {
        bits |= address->ip[i];
    }
    return bits == 0;
}

bool address_is_multicast(const struct port_address *address)
{
    if (address_is_ipv4(address)) {
        return address->ip[IPV4_AT] >> 4 == 14;
    }
    return address->ip[0] == 0xff;
}

bool address_is_broadcast(const struct port_address *address)
{
    const uint8_t *ipv4 = address->ip + IPV4_AT;
    return address_is_ipv4(address) && (ipv4[0] & ipv4[1] & ipv4[2] & ipv4[3]) == 255;
}

bool address_is_link_local(const struct port_address *address)
{
    if (address_is_ipv4(address)) {
        return address->ip[IPV4_AT] == 169 && address->ip[IPV4_AT + 1] == 254;
    }
    return address->ip[0] == 0xfe && (address->ip[1] & 0xc0) == 0x80;
}

bool address_ip_equal(const struct port_address *a, const struct port_address *b)
{
    return a->zone == b->zone && memcmp(a->ip, b->ip, IP_BYTES) == 0;
}

struct port_address address_any(enum port_family family, uint16_t port)
{
    struct port_address any;
    memset(&any, 0, sizeof any);
    if (family == PORT_IPV4) {
        memcpy(any.ip, mapped_prefix, sizeof mapped_prefix);
    }
    any.port = port;
    return any;
}

/* ---- The key of a peer --------------------------------------------------------------------- */

static uint32_t rotate_left(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

static void mix(uint32_t v[4], unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        v[0] += v[1];
        v[1] = rotate_left(v[1], 5) ^ v[0];
        v[0] = rotate_left(v[0], 16);
        v[2] += v[3];
        v[3] = rotate_left(v[3], 8) ^ v[2];
        v[0] += v[3];
        v[3] = rotate_left(v[3], 7) ^ v[0];
        v[2] += v[1];
        v[1] = rotate_left(v[1], 13) ^ v[2];
        v[2] = rotate_left(v[2], 16);
    }
}

static void absorb(uint32_t v[4], uint32_t word)
{
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
}

/* HalfSipHash-2-4: keyed, so that nobody can choose addresses that share a bucket with another's,
 * and in 32-bit arithmetic, which is what small boards have. */
static uint32_t hash_words(const uint32_t *words, size_t n)
{
    uint32_t v[4] = {state.secret[0], state.secret[1], UINT32_C(0x6c796765) ^ state.secret[0],
                     UINT32_C(0x74656462) ^ state.secret[1]};
    for (size_t i = 0; i < n; i++) {
        absorb(v, words[i]);
    }
    absorb(v, (uint32_t)(4 * n) << 24);
    v[2] ^= 0xff;
    mix(v, 4);
    return v[1] ^ v[3];
}

uint32_t address_peer_key(const struct port_address *address)
{
    CHECK(state.drawn);
    bool link_local = address_is_link_local(address);
    /* Not even a mask over all is right for both: cut to 64 bits, every IPv4 peer would be one. */
    size_t kept = link_local || address_is_ipv4(address) ? IP_BYTES : PREFIX_BYTES;
    uint32_t words[KEY_WORDS] = {0};
    for (size_t i = 0; i < kept; i++) {
        words[i / 4] |= (uint32_t)address->ip[i] << (8 * (i % 4));
    }
    words[KEY_WORDS - 1] = link_local ? address->zone : 0;
    return hash_words(words, KEY_WORDS);
}

void address_start(void)
{
    port_random(state.secret, sizeof state.secret);
    state.drawn = true;
}

/* ---- Literals ------------------------------------------------------------------------------ */

/* What is left to read. */
struct cursor {
    const char *at;
    const char *end;
};

static bool next_is(const struct cursor *cursor, char c)
{
    return cursor->at < cursor->end && *cursor->at == c;
}

static bool take(struct cursor *cursor, char c)
{
    if (!next_is(cursor, c)) {
        return false;
    }
    cursor->at++;
    return true;
}

/* Decimal digits up to `max`, without a needless zero in front: some read that as octal. */
static bool take_number(struct cursor *cursor, uint32_t max, uint32_t *number)
{
    const char *start = cursor->at;
    uint32_t value = 0;
    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
        uint32_t digit = (uint32_t)(*cursor->at - '0');
        if (value > (max - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *number = value;
    return cursor->at == start + 1 || (cursor->at > start && *start != '0');
}

static bool take_ipv4(struct cursor *cursor, uint8_t bytes[4])
{
    for (unsigned i = 0; i < 4; i++) {
        uint32_t number = 0;
        if ((i > 0 && !take(cursor, '.')) || !take_number(cursor, 255, &number)) {
            return false;
        }
        bytes[i] = (uint8_t)number;
    }
    return true;
}

static bool next_is_hexadecimal(const struct cursor *cursor)
{
    return cursor->at < cursor->end && text_hex_value(*cursor->at) >= 0;
}

/* Reads one to four hexadecimal digits; leaves the cursor alone when there are none. */
static bool take_group(struct cursor *cursor, uint8_t bytes[2])
{
    unsigned value = 0;
    unsigned digits = 0;
    while (next_is_hexadecimal(cursor)) {
        value = value << 4 | (unsigned)text_hex_value(*cursor->at);
        cursor->at++;
        digits++;
        if (digits > 4) {
            return false;
        }
    }
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)(value & 0xff);
    return digits > 0;
}

/* Reads the next two bytes of an IPv6 address, or four if what stands here is IPv4. */
static bool take_piece(struct cursor *cursor, uint8_t *ip, size_t *n)
{
    struct cursor ahead = *cursor;
    if (*n + 4 <= IP_BYTES && take_ipv4(&ahead, ip + *n)) {
        *cursor = ahead;
        *n += 4;
        return true;
    }
    if (*n + 2 > IP_BYTES || !take_group(cursor, ip + *n)) {
        return false;
    }
    *n += 2;
    return true;
}

/* Moves what was read after "::" to the end of the address, and zeros between. */
static void spread(uint8_t *ip, size_t gap, size_t n)
{
    size_t tail = n - gap;
    memmove(ip + IP_BYTES - tail, ip + gap, tail);
    memset(ip + gap, 0, IP_BYTES - n);
}

static bool take_ipv6(struct cursor *cursor, uint8_t ip[IP_BYTES])
{
    size_t n = 0;             /* bytes read so far */
    size_t gap = NO_GAP;      /* how many of them stand before "::" */
    if (cursor->end - cursor->at >= 2 && cursor->at[0] == ':' && cursor->at[1] == ':') {
        cursor->at += 2;
        gap = 0;
    }
    bool more = gap != 0 || next_is_hexadecimal(cursor);
    while (more) {
        size_t before = n;
        if (!take_piece(cursor, ip, &n)) {
            return false;
        }
        more = n - before != 4 && take(cursor, ':'); /* IPv4 is the last piece */
        if (more && gap == NO_GAP && take(cursor, ':')) {
            gap = n;
            more = next_is_hexadecimal(cursor);
        }
    }
    if (gap == NO_GAP) {
        return n == IP_BYTES;
    }
    if (n == IP_BYTES) {
        return false; /* "::" stands for one group at least */
    }
    spread(ip, gap, n);
    return true;
}

static bool is_zone_character(char c)
{
    return c > ' ' && c < 0x7f && c != '[' && c != ']' && c != '%' && c != '/';
}

/* The zone behind '%': a number is read, a name is left to the caller, who knows interfaces. */
static bool take_zone(struct cursor *cursor, const char *bytes, uint32_t *zone, size_t *zone_at)
{
    struct cursor ahead = *cursor;
    uint32_t number = 0;
    if (take_number(&ahead, UINT32_MAX, &number) &&
        (ahead.at == ahead.end || next_is(&ahead, ']'))) {
        *cursor = ahead;
        *zone = number;
        return true;
    }
    const char *start = cursor->at;
    while (cursor->at < cursor->end && is_zone_character(*cursor->at)) {
        cursor->at++;
    }
    *zone_at = (size_t)(start - bytes);
    return cursor->at > start;
}

static bool take_ipv6_and_zone(struct cursor *cursor, const char *bytes,
                               struct port_address *address, size_t *zone_at)
{
    return take_ipv6(cursor, address->ip) &&
           (!take(cursor, '%') || take_zone(cursor, bytes, &address->zone, zone_at));
}

bool address_parse(const char *bytes, size_t n, struct port_address *address, size_t *zone_at)
{
    struct cursor cursor = {bytes, bytes + n};
    struct port_address found = address_any(PORT_IPV4, 0);
    struct cursor start = cursor;
    bool may_have_port = true;
    *zone_at = 0;
    if (take(&cursor, '[')) {
        if (!take_ipv6_and_zone(&cursor, bytes, &found, zone_at) || !take(&cursor, ']')) {
            return false;
        }
    } else if (!take_ipv4(&cursor, found.ip + IPV4_AT)) {
        cursor = start;
        may_have_port = false; /* 2001:db8::1:80 would be another address */
        if (!take_ipv6_and_zone(&cursor, bytes, &found, zone_at)) {
            return false;
        }
    }
    if (may_have_port && take(&cursor, ':')) {
        uint32_t port = 0;
        if (!take_number(&cursor, UINT16_MAX, &port)) {
            return false;
        }
        found.port = (uint16_t)port;
    }
    if (cursor.at != cursor.end) {
        return false;
    }
    *address = found;
    return true;
}
