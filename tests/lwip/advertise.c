/* SPDX-License-Identifier: MIT */
/* A router for one network: advertises fd77::/64 on an interface, so that hosts there choose their
 * addresses in it (RFC 4862). Runs on the machine that tests: advertise INTERFACE TIMES */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    struct {
        struct nd_router_advert router;
        struct nd_opt_prefix_info prefix;
    } packet;
    struct sockaddr_in6 to;
    int hops = 255;
    unsigned interface = count == 3 ? if_nametoindex(arguments[1]) : 0;
    int times = count == 3 ? atoi(arguments[2]) : 0;
    int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
    if (interface == 0 || fd < 0 ||
        setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) != 0 ||
        setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface) != 0) {
        fprintf(stderr, "usage: advertise INTERFACE TIMES, as root\n");
        return 1;
    }
    memset(&packet, 0, sizeof packet);
    packet.router.nd_ra_type = ND_ROUTER_ADVERT;
    packet.router.nd_ra_curhoplimit = 64;
    packet.router.nd_ra_router_lifetime = htons(1800);
    packet.prefix.nd_opt_pi_type = ND_OPT_PREFIX_INFORMATION;
    packet.prefix.nd_opt_pi_len = 4;
    packet.prefix.nd_opt_pi_prefix_len = 64;
    packet.prefix.nd_opt_pi_flags_reserved = ND_OPT_PI_FLAG_ONLINK | ND_OPT_PI_FLAG_AUTO;
    packet.prefix.nd_opt_pi_valid_time = htonl(86400);
    packet.prefix.nd_opt_pi_preferred_time = htonl(14400);
    packet.prefix.nd_opt_pi_prefix.s6_addr[0] = 0xfd;
    packet.prefix.nd_opt_pi_prefix.s6_addr[1] = 0x77;
    memset(&to, 0, sizeof to);
    to.sin6_family = AF_INET6;
    to.sin6_scope_id = interface;
    to.sin6_addr.s6_addr[0] = 0xff; /* ff02::1, all nodes */
    to.sin6_addr.s6_addr[1] = 0x02;
    to.sin6_addr.s6_addr[15] = 1;
    /* The interface may need some time until it has an address of its own to send from. */
    for (int tries = 0; tries < 50 && times > 0; tries++) {
        if (sendto(fd, &packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to) > 0) {
            times--;
        }
        (void)usleep(200000);
    }
    return times > 0;
}
