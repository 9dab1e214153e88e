/* SPDX-License-Identifier: MIT */
/* As many handles and as large windows as the conformance tests ask for. SIZES=mps2-an385 gives
 * this board the sizes of a small one. */
#define CFG_CONN_MAX 16
#define CFG_CONN_BUFFER_BYTES 1024

#define PORT_LWIP_STREAMS_MAX 64
#define PORT_LWIP_LISTENERS_MAX 48
#define PORT_LWIP_BACKLOG 12
#define PORT_LWIP_DATAGRAM_SOCKETS_MAX 6
#define PORT_LWIP_FILES_MAX 16
#define PORT_LWIP_MSS 1440
#define PORT_LWIP_WINDOW_SEGMENTS 40
#define PORT_LWIP_SEND_SEGMENTS 20

/* Tests wait for empty pools. */
#define TCP_MSL 1000
