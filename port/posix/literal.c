/* SPDX-License-Identifier: MIT */
/* Addresses written as numbers: understood without the name service. */
#include "port/posix/posix.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

#if PORT_POSIX_DIRECT
/* As if_nametoindex() does it. */
uint32_t port_interface_number(const char *name)
{
    struct ifreq request;
    const size_t n = strlen(name);
    int fd;
    uint32_t number = 0;

    memset(&request, 0, sizeof(request));
    if (n >= sizeof(request.ifr_name)) {
        return 0;
    }
    memcpy(request.ifr_name, name, n);
    fd = posix_socket_new(AF_INET6, SOCK_DGRAM);
    if (fd < 0) {
        return 0;
    }
    if (posix_device_control(fd, SIOCGIFINDEX, &request) == 0) {
        number = (uint32_t)request.ifr_ifindex;
    }
    (void)close(fd);
    return number;
}
#else
uint32_t port_interface_number(const char *name)
{
    return if_nametoindex(name);
}
#endif

/* A zone is the name of an interface or its number (RFC 4007 section 11.2). 0: neither. */
static uint32_t zone_parse(const char *text)
{
    uint64_t number = 0;
    const char *at = text;

    while (*at >= '0' && *at <= '9' && number <= UINT32_MAX) {
        number = number * 10 + (uint64_t)(*at - '0');
        at++;
    }
    if (at != text && *at == '\0' && number <= UINT32_MAX) {
        return (uint32_t)number;
    }
    return port_interface_number(text);
}

static bool ipv6_parse(const char *text, struct port_address *address)
{
    char digits[INET6_ADDRSTRLEN];
    const char *percent = strchr(text, '%');
    const size_t n = percent != NULL ? (size_t)(percent - text) : strlen(text);
    struct in6_addr ipv6;

    if (n >= sizeof(digits)) {
        return false;
    }
    memcpy(digits, text, n);
    digits[n] = '\0';
    if (inet_pton(AF_INET6, digits, &ipv6) != 1) {
        return false;
    }
    memcpy(address->ip, ipv6.s6_addr, sizeof(address->ip));
    if (percent != NULL) {
        address->zone = zone_parse(percent + 1);
        return address->zone != 0;
    }
    return true;
}

bool posix_literal_parse(const char *text, struct port_address *address)
{
    struct in_addr ipv4;

    memset(address, 0, sizeof(*address));
    if (inet_pton(AF_INET, text, &ipv4) == 1) {
        posix_address_from_ipv4(address, &ipv4);
        return true;
    }
    return ipv6_parse(text, address);
}
