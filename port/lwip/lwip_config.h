/* SPDX-License-Identifier: MIT */
/*
 * Compile-time limits of port/lwip, for the port and for lwipopts.h, which derives lwIP's pools
 * from them. A board overrides them in its board_config.h. The costs are those of a 32-bit board.
 */
#ifndef PORT_LWIP_LWIP_CONFIG_H
#define PORT_LWIP_LWIP_CONFIG_H

/* TCP connections open at once, dialled ones included: at least the core's CFG_CONN_MAX. Each costs
 * a window and a send buffer (below) and 250 bytes. 1 to 250. */
#ifndef PORT_LWIP_STREAMS_MAX
#define PORT_LWIP_STREAMS_MAX 8
#endif

/* Listeners, one for each app. 36 bytes each. 1 to 64. */
#ifndef PORT_LWIP_LISTENERS_MAX
#define PORT_LWIP_LISTENERS_MAX 3
#endif

/* Peers that may wait to be accepted, for each listener, those included whose SYN was answered and
 * who have not answered back; browsers come by sixes. 20 bytes each, and one listener's have a
 * control block each, 200 bytes. 1 to 32. */
#ifndef PORT_LWIP_BACKLOG
#define PORT_LWIP_BACKLOG 4
#endif

/* UDP sockets, and datagrams waiting in each. 48 bytes a datagram, and its bytes in the pool.
 * 1 to 16; 1 to 64. */
#ifndef PORT_LWIP_DATAGRAM_SOCKETS_MAX
#define PORT_LWIP_DATAGRAM_SOCKETS_MAX 1
#endif
#ifndef PORT_LWIP_DATAGRAMS_MAX
#define PORT_LWIP_DATAGRAMS_MAX 4
#endif

/* Files and directories open at once: each file-get connection may hold one. 8 bytes each.
 * 1 to 250. */
#ifndef PORT_LWIP_FILES_MAX
#define PORT_LWIP_FILES_MAX 8
#endif

/* The largest TCP segment, in bytes. 536 is what every network carries (RFC 9293 section 3.7.1),
 * 1440 fills an Ethernet frame over IPv6 and is twice as fast in bulk. 536 to 1440. */
#ifndef PORT_LWIP_MSS
#define PORT_LWIP_MSS 536
#endif

/* Segments a peer may have under way to us, and we to it. The driver's own memory for frames must
 * hold the window of one busy peer at least. 2 and more, up to 65,535 bytes. */
#ifndef PORT_LWIP_WINDOW_SEGMENTS
#define PORT_LWIP_WINDOW_SEGMENTS 4
#endif
#ifndef PORT_LWIP_SEND_SEGMENTS
#define PORT_LWIP_SEND_SEGMENTS 2
#endif

/* Connections that were closed before the peer took all, or ended: given up after so many seconds
 * without a sign of life. 2 to 120. */
#ifndef PORT_LWIP_ORPHAN_S
#define PORT_LWIP_ORPHAN_S 20
#endif

/* ---- What follows from them ---------------------------------------------------------------- */

#define PORT_LWIP_WINDOW_BYTES (PORT_LWIP_WINDOW_SEGMENTS * PORT_LWIP_MSS)
#define PORT_LWIP_SEND_BYTES (PORT_LWIP_SEND_SEGMENTS * PORT_LWIP_MSS)

/* Pieces of the pool that one connection may hold, in order or not: its window in whole segments,
 * and one that is partly read. */
#define PORT_LWIP_STREAM_PIECES (PORT_LWIP_WINDOW_SEGMENTS + 1)

/* Sockets in the port's table. */
#define PORT_LWIP_SOCKETS_MAX \
    (PORT_LWIP_STREAMS_MAX + PORT_LWIP_LISTENERS_MAX * (1 + PORT_LWIP_BACKLOG) + \
     PORT_LWIP_DATAGRAM_SOCKETS_MAX)

#endif
