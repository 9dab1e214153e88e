/* SPDX-License-Identifier: MIT */
/* The simulated name service: localhost, and literals of both families. */
#include <string.h>

#include "port/port_tool.h"
#include "port/sim/state.h"

enum { GROUPS = 8, IPV4_BYTES = 4 };

uint32_t port_interface_number(const char *name)
{
    return strcmp(name, "lo") == 0 ? 1 : strcmp(name, "eth0") == 0 ? 2 : 0;
}

/* Digits of a number of at most `max` and `digits` digits; false: none. Moves *at behind them. */
static bool read_number(const char **at, unsigned base, unsigned digits, uint64_t max,
                        uint64_t *number)
{
    const char *begin = *at;

    *number = 0;
    for (unsigned i = 0; i < digits; i++) {
        char c = **at;
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 99u;

        if (digit >= base) {
            break;
        }
        *number = *number * base + digit;
        (*at)++;
    }
    return *at > begin && *number <= max;
}

/* Four decimal numbers; moves *at behind them. */
static bool read_ipv4(const char **at, uint8_t *ip)
{
    for (unsigned i = 0; i < IPV4_BYTES; i++) {
        uint64_t number;

        if ((i > 0 && *(*at)++ != '.') || !read_number(at, 10, 3, 255, &number)) {
            return false;
        }
        ip[i] = (uint8_t)number;
    }
    return true;
}

/* Groups up to a zone or the end, with one "::" at most. */
static bool read_ipv6(const char **at, uint8_t *ip)
{
    uint8_t bytes[2 * GROUPS];
    size_t n = 0;
    size_t gap = SIZE_MAX;

    memset(ip, 0, sizeof bytes);
    if (strncmp(*at, "::", 2) == 0) {
        gap = 0;
        *at += 2;
    }
    while (**at != '\0' && **at != '%') {
        const char *begin = *at;
        uint64_t number;

        if (n <= sizeof bytes - IPV4_BYTES && read_ipv4(at, bytes + n)) {
            n += IPV4_BYTES;
            break;
        }
        *at = begin;
        if (n == sizeof bytes || !read_number(at, 16, 4, 0xffff, &number)) {
            return false;
        }
        bytes[n] = (uint8_t)(number >> 8);
        bytes[n + 1] = (uint8_t)number;
        n += 2;
        if (strncmp(*at, "::", 2) == 0 && gap == SIZE_MAX) {
            gap = n;
            *at += 2;
        } else if (**at == ':' && (*at)[1] != '\0' && (*at)[1] != '%') {
            (*at)++;
        } else if (**at != '\0' && **at != '%') {
            return false;
        }
    }
    if (gap == SIZE_MAX ? n != sizeof bytes : n > sizeof bytes - 2) {
        return false;
    }
    gap = gap == SIZE_MAX ? n : gap;
    memcpy(ip, bytes, gap);
    memcpy(ip + sizeof bytes - (n - gap), bytes + gap, n - gap);
    return true;
}

static bool read_zone(const char **at, uint32_t *zone)
{
    uint64_t number;

    if (**at != '%') {
        return **at == '\0';
    }
    (*at)++;
    *zone = port_interface_number(*at);
    if (*zone != 0) {
        return true;
    }
    if (!read_number(at, 10, 10, UINT32_MAX, &number) || **at != '\0') {
        return false;
    }
    *zone = (uint32_t)number;
    return true;
}

static bool read_literal(const char *host, struct port_address *address)
{
    const char *at = host;

    memset(address, 0, sizeof *address);
    memset(address->ip + 10, 0xff, 2);
    if (read_ipv4(&at, address->ip + 12)) {
        return *at == '\0';
    }
    at = host;
    memset(address, 0, sizeof *address);
    return read_ipv6(&at, address->ip) && read_zone(&at, &address->zone);
}

static bool is_v4(const struct port_address *address)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

    return memcmp(address->ip, mapped, sizeof mapped) == 0;
}

int port_resolve(const char *host, enum port_name_family family, uint16_t port,
                 struct port_address *list, size_t max)
{
    static const char *const local[] = { "::1", "127.0.0.1" };
    bool named = strcmp(host, "localhost") == 0;
    int found = 0;

    if (sim_fault(SIM_TOOL_AGAIN, SIM_NOBODY)) {
        return sim_result("resolve", SIM_NOBODY, PORT_AGAIN);
    }
    for (size_t i = 0; i < COUNT_OF(local) && (named || i == 0) && (size_t)found < max; i++) {
        struct port_address *address = &list[found];

        if (read_literal(named ? local[i] : host, address) &&
            (family == PORT_NAME_ANY || (family == PORT_NAME_IPV4) == is_v4(address))) {
            address->port = port;
            found++;
        }
    }
    return sim_result("resolve", SIM_NOBODY, found == 0 ? PORT_NOENT : found);
}
