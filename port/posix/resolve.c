/* SPDX-License-Identifier: MIT */
/* Names of hosts. With PORT_RESOLVE 0, numbers alone: getaddrinfo costs a static binary 24 KB. */
#include "port/posix/posix.h"

#include <string.h>

#if PORT_RESOLVE
#include <netdb.h>
#endif

static bool family_fits(const struct port_address *address, enum port_name_family family)
{
    return family == PORT_NAME_ANY ||
           (family == PORT_NAME_IPV4) == posix_address_is_mapped(address);
}

#if PORT_RESOLVE
static int name_result(int error)
{
    switch (error) {
    case EAI_AGAIN:
    case EAI_FAIL:
    case EAI_MEMORY:
    case EAI_SYSTEM:
        return PORT_AGAIN;
    default:
        return PORT_NOENT; /* EAI_NONAME, EAI_FAMILY, EAI_NODATA and their like */
    }
}

static int name_domain(enum port_name_family family)
{
    switch (family) {
    case PORT_NAME_ANY:
        return AF_UNSPEC;
    case PORT_NAME_IPV4:
        return AF_INET;
    case PORT_NAME_IPV6:
        return AF_INET6;
    }
    return AF_UNSPEC;
}

static int addresses_copy(const struct addrinfo *found, enum port_name_family family,
                          uint16_t port, struct port_address *list, size_t max)
{
    const struct addrinfo *each;
    size_t n = 0;

    for (each = found; each != NULL && n < max; each = each->ai_next) {
        union posix_socket_address address;

        if (each->ai_addrlen > sizeof(address) ||
            (each->ai_family != AF_INET && each->ai_family != AF_INET6)) {
            continue;
        }
        memset(&address, 0, sizeof(address));
        memcpy(&address, each->ai_addr, each->ai_addrlen);
        posix_address_from_socket(&address, &list[n]);
        list[n].port = port;
        if (family_fits(&list[n], family)) {
            n++;
        }
    }
    return n > 0 ? (int)n : PORT_NOENT;
}

static int name_find(const char *host, enum port_name_family family, uint16_t port,
                     struct port_address *list, size_t max)
{
    struct addrinfo hints;
    struct addrinfo *found = NULL;
    int result;

    memset(&hints, 0, sizeof(hints));
    hints.ai_family = name_domain(family);
    hints.ai_socktype = SOCK_STREAM;
    posix_request_ends_program(true);
    result = getaddrinfo(host, NULL, &hints, &found);
    posix_request_ends_program(false);
    if (result != 0) {
        return name_result(result);
    }
    result = addresses_copy(found, family, port, list, max);
    freeaddrinfo(found);
    return result;
}
#endif

int port_resolve(const char *host, enum port_name_family family, uint16_t port,
                 struct port_address *list, size_t max)
{
    struct port_address literal;

    CHECK(max > 0);
    if (posix_literal_parse(host, &literal)) {
        if (!family_fits(&literal, family)) {
            return PORT_NOENT;
        }
        literal.port = port;
        list[0] = literal;
        return 1;
    }
#if PORT_RESOLVE
    return name_find(host, family, port, list, max);
#else
    return PORT_NOENT;
#endif
}
