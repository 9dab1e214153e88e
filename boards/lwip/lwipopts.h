/* SPDX-License-Identifier: MIT */
/*
 * lwIP's configuration, one for all boards: the sizes follow from PORT_LWIP_... (port/lwip/
 * lwip_config.h), which a board overrides in its board_config.h. port/lwip/life.c asserts what must
 * hold between them.
 */
#ifndef BOARDS_LWIP_LWIPOPTS_H
#define BOARDS_LWIP_LWIPOPTS_H

#include <stdint.h>

#include "port/lwip/lwip_config.h"

/* ---- What is used --------------------------------------------------------------------------- */

#define NO_SYS 1                /* one thread, which calls lwIP from port_wait alone */
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_RAW 0
#define LWIP_DNS 0
#define LWIP_IPV6 1
#define LWIP_HAVE_LOOPIF 0      /* a board does not talk to itself */
#define LWIP_NETIF_LOOPBACK 0
#define LWIP_HOOK_FILENAME "port/lwip/guard.h"

/* By board.mk: DHCP where it gives no address. */
#ifndef LWIP_DHCP
#define LWIP_DHCP 0
#endif

/* ---- Memory --------------------------------------------------------------------------------- */

/* MEM_LIBC_MALLOC and MEMP_MEM_MALLOC are for sanitizers, which cannot see into pools. */
#ifndef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 0
#define MEMP_MEM_MALLOC 0
#endif

#if UINTPTR_MAX > 0xffffffffu
#define MEM_ALIGNMENT 8
#define IPV6_FRAG_COPYHEADER 1  /* lwIP keeps pointers in the 8 bytes of a fragment header */
#define LINNET_PBUF_BYTES 40    /* heap: a pbuf, and the heap's own header */
#else
#define MEM_ALIGNMENT 4
#define LINNET_PBUF_BYTES 24
#endif

/* Before an Ethernet header, so that what follows it lies on a word. */
#define ETH_PAD_SIZE 2

/* One piece of the pool holds one TCP segment: padding 2, Ethernet 14, IPv6 40, TCP 20. A frame of
 * other traffic may take several. */
#define LINNET_HEADERS_BYTES 76
#define PBUF_POOL_BUFSIZE                                                                          \
    ((PORT_LWIP_MSS + LINNET_HEADERS_BYTES + MEM_ALIGNMENT - 1) / MEM_ALIGNMENT * MEM_ALIGNMENT)
#define LINNET_FRAME_PIECES ((1518 + PBUF_POOL_BUFSIZE - 1) / PBUF_POOL_BUFSIZE)

/* Bytes for every connection's window and six frames besides (datagrams waiting, fragments being
 * put together, the frame that arrives); and when stalled connections hold the most pieces they
 * can, a frame still comes in. */
#define LINNET_POOL_BY_BYTES                                                                       \
    ((PORT_LWIP_STREAMS_MAX * PORT_LWIP_WINDOW_BYTES + 6 * 1518 + PBUF_POOL_BUFSIZE - 1) /         \
     PBUF_POOL_BUFSIZE)
#define LINNET_POOL_BY_PIECES                                                                      \
    (PORT_LWIP_STREAMS_MAX * PORT_LWIP_STREAM_PIECES + LINNET_FRAME_PIECES)
#define PBUF_POOL_SIZE                                                                             \
    (LINNET_POOL_BY_BYTES > LINNET_POOL_BY_PIECES ? LINNET_POOL_BY_BYTES : LINNET_POOL_BY_PIECES)

/* The heap holds what is sent: for each connection its send buffer; and 4 KB or more for the
 * headers of its segments (TCP_SND_QUEUELEN of them, 60 bytes and a pbuf each), of which 1.4 KB are
 * left for acknowledgements, ARP, neighbour discovery and the headers of datagrams. */
#define LINNET_SEGMENT_HEADERS                                                                     \
    (PORT_LWIP_STREAMS_MAX * TCP_SND_QUEUELEN * (60 + LINNET_PBUF_BYTES))
#define MEM_SIZE                                                                                   \
    (PORT_LWIP_STREAMS_MAX * PORT_LWIP_SEND_BYTES +                                                \
     (LINNET_SEGMENT_HEADERS + 1400 > 4096 ? LINNET_SEGMENT_HEADERS + 1400 : 4096))

/* ---- TCP ------------------------------------------------------------------------------------ */

#define TCP_MSS PORT_LWIP_MSS
#define TCP_WND PORT_LWIP_WINDOW_BYTES
#define TCP_SND_BUF PORT_LWIP_SEND_BYTES

/* pbufs waiting in one connection: a segment sent without a copy is two of them. It bounds how
 * many small segments may be under way, each of which costs 100 bytes of heap. */
#define TCP_SND_QUEUELEN (2 * PORT_LWIP_SEND_SEGMENTS)
#define TCP_SNDLOWAT (TCP_SND_BUF / 2)
#define TCP_SNDQUEUELOWAT (TCP_SND_QUEUELEN / 2)
#define TCP_OVERSIZE 0          /* no room kept in each pbuf for bytes that may follow */

/* Out-of-order segments are kept: without, one lost frame costs the whole window again. How many
 * is in guard.h. */
#define TCP_QUEUE_OOSEQ 1
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1              /* a port whose peers are in TIME_WAIT can be listened on */

/* Ticks of 100 ms rather than 250: lost segments are sent again after 600 ms rather than 1,500. */
#define TCP_TMR_INTERVAL 100
#define LWIP_TCP_RTO_TIME 1000  /* RFC 6298 section 2 */

/* A minute of TIME_WAIT; when blocks run out, lwIP takes those first. */
#ifndef TCP_MSL
#define TCP_MSL 30000
#endif

/* Every connection, and one listener's queue; connections that end make room for both. */
#define MEMP_NUM_TCP_PCB (PORT_LWIP_STREAMS_MAX + PORT_LWIP_BACKLOG)
#define MEMP_NUM_TCP_PCB_LISTEN PORT_LWIP_LISTENERS_MAX
/* Sent ones, and some for SYN, FIN and what came out of order; without one, that comes again. */
#define MEMP_NUM_TCP_SEG (PORT_LWIP_STREAMS_MAX * (TCP_SND_QUEUELEN + 1))
/* Pieces of program memory on their way: half of a queue, the other half are their headers; and
 * one for a datagram. */
#define MEMP_NUM_PBUF (PORT_LWIP_STREAMS_MAX * TCP_SND_QUEUELEN / 2 + 1)

/* ---- UDP and IP ----------------------------------------------------------------------------- */

#define MEMP_NUM_UDP_PCB (PORT_LWIP_DATAGRAM_SOCKETS_MAX + LWIP_DHCP)

/* Fragments: IPv6 hosts must take packets of 1,500 bytes (RFC 8200 section 5). Memory is held for
 * some seconds rather than a minute, since anybody can send half a packet. */
#define IP_REASS_MAX_PBUFS (LINNET_FRAME_PIECES + 1)
#define MEMP_NUM_REASSDATA 2
#define IP_REASS_MAXAGE 3
#define IPV6_REASS_MAXAGE 3
#define IP_FRAG 0               /* nothing we send over IPv4 is longer than a frame */
#define MEMP_NUM_FRAG_PBUF 2

/* Neighbours known at once; who was spoken to longest ago makes room. 24, 44, 48 bytes each. */
#define ARP_TABLE_SIZE (PORT_LWIP_STREAMS_MAX < 200 ? PORT_LWIP_STREAMS_MAX / 2 + 2 : 100)
#define LWIP_ND6_NUM_NEIGHBORS ARP_TABLE_SIZE
#define LWIP_ND6_NUM_DESTINATIONS ARP_TABLE_SIZE
#define LWIP_ND6_NUM_PREFIXES 2
#define LWIP_ND6_NUM_ROUTERS 2
/* A neighbour being looked for keeps one packet waiting, not a queue. */
#define ARP_QUEUEING 0
#define LWIP_ND6_QUEUEING 0
/* Link-local, and two by router advertisements. */
#ifndef LWIP_IPV6_NUM_ADDRESSES
#define LWIP_IPV6_NUM_ADDRESSES 3
#endif
#define MEMP_NUM_MLD6_GROUP (LWIP_IPV6_NUM_ADDRESSES + 1)
#define LWIP_IPV6_AUTOCONFIG 1

/* ---- What is counted ------------------------------------------------------------------------ */

/* The fill of pools and heap, for the report; 200 bytes. */
#define LWIP_STATS 1
#define MEM_STATS 1
#define MEMP_STATS 1
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define IPFRAG_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define IP6_STATS 0
#define ICMP6_STATS 0
#define IP6_FRAG_STATS 0
#define MLD6_STATS 0
#define ND6_STATS 0
#define SYS_STATS 0
#define LWIP_STATS_DISPLAY 0

#endif
