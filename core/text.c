/* SPDX-License-Identifier: MIT */
/* Text built piece by piece in a caller's buffer, and numbers read from text. */
#include "core/text.h"

#include <string.h>

#include "core/address.h"

enum {
    DIGITS_MAX = 20,  /* 2^64 - 1 has twenty */
    GROUPS = 8,       /* of an IPv6 address, 16 bits each */
    NO_GROUP = GROUPS /* no run of zero groups to shorten */
};

static const char hex_digits[] = "0123456789abcdef";

void text_begin(struct text *text, char *bytes, size_t capacity)
{
    CHECK(bytes != NULL);
    CHECK(capacity > 0);
    text->bytes = bytes;
    text->capacity = capacity;
    text->n = 0;
    text->cut = false;
}

void text_put_bytes(struct text *text, const char *bytes, size_t n)
{
    CHECK(text->n <= text->capacity);
    size_t room = text->capacity - text->n;
    size_t taken = n;
    if (n > room) {
        taken = room;
        text->cut = true;
    }
    if (taken > 0) {
        memcpy(text->bytes + text->n, bytes, taken);
        text->n += taken;
    }
}

void text_put(struct text *text, const char *string)
{
    size_t n = 0;
    while (string[n] != '\0') {
        n++;
    }
    text_put_bytes(text, string, n);
}

void text_put_char(struct text *text, char c)
{
    CHECK(text->n <= text->capacity);
    if (text->n == text->capacity) {
        text->cut = true;
        return;
    }
    text->bytes[text->n] = c;
    text->n++;
}

void text_put_number(struct text *text, uint64_t number)
{
    text_put_padded(text, number, 1, '0');
}

void text_put_signed(struct text *text, int64_t number)
{
    uint64_t magnitude = (uint64_t)number;
    if (number < 0) {
        text_put_char(text, '-');
        magnitude = 0 - magnitude; /* right for the smallest number too, which has no negative */
    }
    text_put_number(text, magnitude);
}

/* Divides by ten and returns what is left, 16 bits at a time, and by multiplying: small processors
 * have no division but as functions of half a kilobyte each. */
static unsigned divide_by_ten(uint64_t *number)
{
    uint64_t quotient = 0;
    uint32_t rest = 0;
    for (unsigned left = *number > UINT32_MAX ? 4 : 2; left > 0; left--) {
        uint32_t part = rest << 16 | (uint32_t)(*number >> (left - 1) * 16 & 0xffff);
        uint32_t tenth = (uint32_t)((uint64_t)part * 0x1999999aU >> 32); /* right below 2^30 */
        quotient = quotient << 16 | tenth;
        rest = part - tenth * 10;
    }
    *number = quotient;
    return rest;
}

void text_put_padded(struct text *text, uint64_t number, unsigned width, char fill)
{
    CHECK(width <= DIGITS_MAX);
    char digits[DIGITS_MAX];
    size_t first = DIGITS_MAX;
    uint64_t rest = number;
    do {
        first--;
        digits[first] = hex_digits[divide_by_ten(&rest)];
    } while (rest > 0);
    while (DIGITS_MAX - first < width) {
        first--;
        digits[first] = fill;
    }
    text_put_bytes(text, digits + first, DIGITS_MAX - first);
}

void text_put_count(struct text *text, const char *name, uint64_t count)
{
    text_put_char(text, ' ');
    text_put(text, name);
    text_put_char(text, '=');
    text_put_number(text, count);
}

void text_put_escaped(struct text *text, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = from[i];
        if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
            text_put_char(text, (char)byte);
        } else {
            char escape[4] = {'\\', 'x', hex_digits[byte >> 4], hex_digits[byte & 15]};
            text_put_bytes(text, escape, sizeof escape);
        }
    }
}

static unsigned group_of(const struct port_address *address, unsigned i)
{
    return (unsigned)address->ip[2 * i] << 8 | address->ip[2 * i + 1];
}

/* Finds the longest run of two or more zero groups, the first of equals (RFC 5952 section 4.2). */
static unsigned zero_run_find(const struct port_address *address, unsigned *length)
{
    unsigned best = NO_GROUP;
    unsigned run = 0;
    *length = 1;
    for (unsigned i = 0; i < GROUPS; i++) {
        run = group_of(address, i) == 0 ? run + 1 : 0;
        if (run > *length) {
            *length = run;
            best = i + 1 - run;
        }
    }
    return best;
}

static void put_group(struct text *text, unsigned group)
{
    bool begun = false;
    for (unsigned shift = 16; shift > 0; shift -= 4) {
        unsigned digit = group >> (shift - 4) & 15;
        if (digit != 0 || begun || shift == 4) {
            text_put_char(text, hex_digits[digit]);
            begun = true;
        }
    }
}

static void put_ipv6(struct text *text, const struct port_address *address)
{
    unsigned length = 0;
    unsigned start = zero_run_find(address, &length);
    for (unsigned i = 0; i < GROUPS; i++) {
        if (start != NO_GROUP && i >= start && i < start + length) {
            if (i == start) {
                text_put(text, "::");
            }
            continue;
        }
        if (i > 0 && (start == NO_GROUP || i != start + length)) {
            text_put_char(text, ':');
        }
        put_group(text, group_of(address, i));
    }
    if (address->zone != 0) {
        text_put_char(text, '%');
        text_put_number(text, address->zone);
    }
}

void text_put_ip(struct text *text, const struct port_address *address)
{
    if (!address_is_ipv4(address)) {
        put_ipv6(text, address);
        return;
    }
    for (unsigned i = 12; i < 16; i++) {
        if (i > 12) {
            text_put_char(text, '.');
        }
        text_put_number(text, address->ip[i]);
    }
}

void text_put_address(struct text *text, const struct port_address *address)
{
    bool bracket = !address_is_ipv4(address);
    if (bracket) {
        text_put_char(text, '[');
    }
    text_put_ip(text, address);
    if (bracket) {
        text_put_char(text, ']');
    }
    text_put_char(text, ':');
    text_put_number(text, address->port);
}

int text_hex_value(char c)
{
    char lower = (char)(c | 0x20);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool text_read_number(const char *bytes, size_t n, uint64_t max, uint64_t *number)
{
    if (n == 0) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return false;
        }
        unsigned digit = (unsigned)(bytes[i] - '0');
        if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit) {
            return false;
        }
        value = value * 10 + digit;
        if (value > max) {
            return false;
        }
    }
    *number = value;
    return true;
}
