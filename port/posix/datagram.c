/* SPDX-License-Identifier: MIT */
/* UDP: datagrams with the address they were sent to, and answers that leave from it. */
#include "port/posix/posix.h"

#include <string.h>

STATIC_ASSERT(PORT_POSIX_DATAGRAMS_MAX >= 1 && PORT_POSIX_DATAGRAMS_MAX <= 1000);

/* What is known of each open socket, so that no datagram costs a call to ask. */
struct socket_facts {
    struct port_address at; /* as bound, with the port's number */
    port_handle handle;     /* PORT_NONE: this row is free */
    int domain;
};

static struct {
    struct socket_facts sockets[PORT_POSIX_DATAGRAMS_MAX];
    bool prepared;
} state;

/* Room for what both options add: an IPv4 datagram on a dual socket brings both. */
union control {
    struct cmsghdr header; /* for its alignment */
    unsigned char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(64)];
};

static struct socket_facts *facts_find(port_handle handle)
{
    size_t i;

    if (!state.prepared) {
        for (i = 0; i < COUNT_OF(state.sockets); i++) {
            state.sockets[i].handle = PORT_NONE;
        }
        state.prepared = true;
    }
    for (i = 0; i < COUNT_OF(state.sockets); i++) {
        if (state.sockets[i].handle == handle) {
            return &state.sockets[i];
        }
    }
    return NULL;
}

void posix_datagram_forget(port_handle handle)
{
    struct socket_facts *facts = facts_find(handle);

    CHECK(facts != NULL);
    facts->handle = PORT_NONE;
}

/* Asks that every datagram brings its destination. */
static void destination_ask(int fd, int domain)
{
    const int on = 1;

#ifdef IP_PKTINFO
    /* On a dual socket too: it alone tells a broadcast address. */
    (void)posix_option_set(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
#endif
#ifdef IPV6_RECVPKTINFO
    if (domain == AF_INET6) {
        (void)posix_option_set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
    }
#endif
    (void)fd;
    (void)domain;
    (void)on;
}

int port_datagram_open(struct port_address *at, enum port_family family, port_handle *datagrams)
{
    struct socket_facts *facts = facts_find(PORT_NONE);
    int fd;
    int result;

    if (facts == NULL) {
        return PORT_FULL;
    }
    result = posix_socket_bind(at, family, SOCK_DGRAM, &fd);
    if (result != PORT_OK) {
        return result;
    }
    facts->domain = family == PORT_IPV4 ? AF_INET : AF_INET6;
    destination_ask(fd, facts->domain);
    result = posix_handle_take(fd, POSIX_DATAGRAMS, datagrams);
    if (result == PORT_OK) {
        at->port = posix_socket_port(fd);
        facts->at = *at;
        facts->handle = *datagrams;
    }
    return result;
}

/* ---- Receiving ----------------------------------------------------------------------------- */

#ifdef IP_PKTINFO
static void ipv4_destination_take(const unsigned char *data, struct port_datagram *info)
{
    struct in_pktinfo packet;

    memcpy(&packet, data, sizeof(packet));
    posix_address_from_ipv4(&info->to, &packet.ipi_addr);
    /* The system says where an answer must come from. If that is not where the datagram went,
     * it went to many: a multicast address, or the broadcast address of a network of ours. */
    info->to_many = packet.ipi_addr.s_addr != packet.ipi_spec_dst.s_addr ||
                    info->to.ip[12] >= 224;
}
#endif

#ifdef IPV6_PKTINFO
static void ipv6_destination_take(const unsigned char *data, struct port_datagram *info)
{
    struct in6_pktinfo packet;

    memcpy(&packet, data, sizeof(packet));
    memcpy(info->to.ip, packet.ipi6_addr.s6_addr, sizeof(info->to.ip));
    if (posix_address_is_mapped(&info->to)) {
        info->to_many = info->to_many || info->to.ip[12] >= 224;
        return;
    }
    info->to_many = info->to.ip[0] == 0xff;
    info->to.zone = posix_address_is_link_local(&info->to) ? (uint32_t)packet.ipi6_ifindex : 0;
}
#endif

/* Walks the control messages. CMSG_NXTHDR and CMSG_DATA do not compile without warnings
 * everywhere, so this goes by their lengths. */
static void destination_take(const unsigned char *control, size_t n, struct port_datagram *info)
{
    size_t offset = 0;

    while (offset + sizeof(struct cmsghdr) <= n) {
        const unsigned char *data = control + offset + CMSG_LEN(0);
        struct cmsghdr header;
        size_t bytes;

        memcpy(&header, control + offset, sizeof(header));
        bytes = (size_t)header.cmsg_len;
        if (bytes < CMSG_LEN(0) || bytes > n - offset) {
            return;
        }
#ifdef IP_PKTINFO
        if (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_PKTINFO &&
            bytes >= CMSG_LEN(sizeof(struct in_pktinfo))) {
            ipv4_destination_take(data, info);
        }
#endif
#ifdef IPV6_PKTINFO
        if (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_PKTINFO &&
            bytes >= CMSG_LEN(sizeof(struct in6_pktinfo))) {
            ipv6_destination_take(data, info);
        }
#endif
        (void)data;
        (void)info;
        offset += CMSG_SPACE(bytes - CMSG_LEN(0));
    }
}

/* Whether this machine has the address: nobody else may be bound to it. A few microseconds, and
 * only for datagrams that claim to come from our own port. */
static bool address_is_ours(const struct port_address *address, int domain)
{
    struct port_address any_port = *address;
    union posix_socket_address to;
    socklen_t length;
    int fd;
    bool ours;

    any_port.port = 0;
    length = posix_address_to_socket(&any_port, domain, &to);
    fd = posix_socket_new(domain, SOCK_DGRAM);
    if (fd < 0) {
        return true; /* in doubt no answer, and so no loop */
    }
    ours = posix_bind(fd, &to.any, length) == 0 || errno != EADDRNOTAVAIL;
    (void)close(fd);
    return ours;
}

/* A socket bound to one address can only hear itself from there. One bound to all addresses hears
 * itself from any of them. */
static bool sender_is_self(const struct socket_facts *facts, const struct port_datagram *info)
{
    if (info->from.port != facts->at.port) {
        return false;
    }
    if (!posix_address_is_unspecified(&facts->at)) {
        return memcmp(info->from.ip, facts->at.ip, sizeof(facts->at.ip)) == 0;
    }
    return memcmp(info->from.ip, info->to.ip, sizeof(info->to.ip)) == 0 ||
           address_is_ours(&info->from, facts->domain);
}

int port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                          struct port_datagram *info)
{
    const struct socket_facts *facts = facts_find(datagrams);
    union posix_socket_address from;
    union control control;
    struct iovec part;
    struct msghdr message;
    ssize_t got;

    CHECK(posix_handle_kind(datagrams) == POSIX_DATAGRAMS);
    CHECK(facts != NULL);
    memset(info, 0, sizeof(*info));
    memset(&from, 0, sizeof(from));
    memset(&message, 0, sizeof(message));
    part.iov_base = bytes;
    part.iov_len = n;
    message.msg_name = &from;
    message.msg_namelen = sizeof(from);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof(control.bytes);
    got = posix_message_receive(datagrams, &message, MSG_TRUNC);
    if (got < 0) {
        return posix_error_is_again(errno) ? PORT_AGAIN : PORT_SKIP;
    }
    posix_address_from_socket(&from, &info->from);
    destination_take(control.bytes, (size_t)message.msg_controllen, info);
    info->to.port = facts->at.port;
    info->from_self = sender_is_self(facts, info);
#ifndef __linux__
    /* Elsewhere the true length is not told; that it is larger is. */
    if ((message.msg_flags & MSG_TRUNC) != 0) {
        return (int)n + 1;
    }
#endif
    return (int)got;
}

/* ---- Sending ------------------------------------------------------------------------------- */

/* Lengths are size_t in one C library and socklen_t in another: socklen_t fits both. */
static socklen_t control_put(union control *control, int level, int type, const void *data,
                             size_t n)
{
    struct cmsghdr header;

    memset(control, 0, sizeof(*control));
    memset(&header, 0, sizeof(header));
    header.cmsg_len = (socklen_t)CMSG_LEN(n);
    header.cmsg_level = level;
    header.cmsg_type = type;
    memcpy(control->bytes, &header, sizeof(header));
    memcpy(control->bytes + CMSG_LEN(0), data, n);
    return (socklen_t)CMSG_SPACE(n);
}

/* Asks that the datagram leaves from `from`. Returns the bytes of control. */
static socklen_t source_ask(union control *control, const struct port_address *from,
                            const struct port_address *to)
{
    if (posix_address_is_unspecified(from)) {
        return 0;
    }
    if (posix_address_is_mapped(from)) {
#ifdef IP_PKTINFO
        struct in_pktinfo packet;

        memset(&packet, 0, sizeof(packet));
        posix_address_to_ipv4(from, &packet.ipi_spec_dst);
        return control_put(control, IPPROTO_IP, IP_PKTINFO, &packet, sizeof(packet));
#else
        return 0;
#endif
    }
#ifdef IPV6_PKTINFO
    {
        struct in6_pktinfo packet;

        memset(&packet, 0, sizeof(packet));
        memcpy(packet.ipi6_addr.s6_addr, from->ip, sizeof(from->ip));
        /* A link-local source needs its interface; the destination names the same one. */
        packet.ipi6_ifindex = to->zone != 0 ? to->zone : from->zone;
        return control_put(control, IPPROTO_IPV6, IPV6_PKTINFO, &packet, sizeof(packet));
    }
#else
    (void)to;
    return 0;
#endif
}

int port_datagram_send(port_handle datagrams, const void *bytes, size_t n,
                       const struct port_address *from, const struct port_address *to)
{
    const struct socket_facts *facts = facts_find(datagrams);
    union posix_socket_address address;
    union control control;
    struct iovec part;
    struct msghdr message;

    CHECK(posix_handle_kind(datagrams) == POSIX_DATAGRAMS);
    CHECK(facts != NULL);
    if ((facts->domain == AF_INET && !posix_address_is_mapped(to)) || n > UINT16_MAX ||
        (!posix_address_is_unspecified(from) &&
         posix_address_is_mapped(from) != posix_address_is_mapped(to))) {
        return PORT_SKIP;
    }
    memset(&message, 0, sizeof(message));
    part.iov_base = (void *)(uintptr_t)bytes; /* an iovec has no const */
    part.iov_len = n;
    message.msg_name = &address;
    message.msg_namelen = posix_address_to_socket(to, facts->domain, &address);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_controllen = source_ask(&control, from, to);
    message.msg_control = message.msg_controllen > 0 ? control.bytes : NULL;
    if (posix_message_send(datagrams, &message, MSG_NOSIGNAL) >= 0) {
        return (int)n;
    }
    if (posix_error_is_again(errno)) {
        return PORT_AGAIN;
    }
    return posix_error_is_full(errno) ? PORT_FULL : PORT_SKIP;
}

size_t posix_datagram_static_bytes(void)
{
    return sizeof(state);
}
