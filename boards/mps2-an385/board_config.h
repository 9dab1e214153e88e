/* SPDX-License-Identifier: MIT */
/* Eight peers, the operator's console, and all three apps in 64 KB of memory. */
#define CFG_CONN_MAX 9
#define CFG_CONN_BUFFER_BYTES 512
#define CFG_SOCKETS_MAX 4
#define CFG_READ_BYTES 1472      /* as long as the datagrams below: they share the block */
#define CFG_DATAGRAM_BYTES 1472  /* a whole frame */
#define CFG_WRITE_BUDGET_BYTES 4288
#define CFG_ACCEPT_BUDGET 4
#define CFG_DATAGRAM_BUDGET 4
#define CFG_PIPELINE_BUDGET 2
#define CFG_DEADLINE_KINDS_MAX 20
#define CFG_APPS_MAX 3
#define CFG_LOG_LINE_BYTES 160

#define CFG_ECHO_SOURCE_SETS 2
#define CFG_ECHO_REPLY_BYTES 16

/* A line, and what lies before and behind it, fit a connection's buffer. */
#define CFG_CHAT_LINE_BYTES 256
#define CFG_CHAT_LOG_BYTES 4096
#define CFG_CHAT_BLOCK_BYTES 1536
#define CFG_CHAT_JOIN_SETS 1
#define CFG_CHAT_BANS_MAX 2
#define CFG_CHAT_GREETING_BYTES 48
#define CFG_CHAT_TOPIC_BYTES 32
#define CFG_CHAT_WELCOME_BYTES 0

#define CFG_FILEGET_BLOCK_BYTES 2048
#define CFG_FILEGET_SLICE_BYTES 2144

#define PORT_LWIP_STREAMS_MAX 8
#define PORT_LWIP_LISTENERS_MAX 3
#define PORT_LWIP_BACKLOG 4
#define PORT_LWIP_DATAGRAM_SOCKETS_MAX 1
