/* SPDX-License-Identifier: MIT */
/* Sizes for a board with 4 MB of memory, of which linnet wants to be the smallest part. */
#define CFG_CONN_MAX 8
#define CFG_CONN_BUFFER_BYTES 512
#define CFG_SOCKETS_MAX 8
#define CFG_READ_BYTES 512
#define CFG_DATAGRAM_BYTES 1472
#define CFG_WRITE_BUDGET_BYTES 8192
#define CFG_ACCEPT_BUDGET 4
#define CFG_DATAGRAM_BUDGET 4
#define CFG_PIPELINE_BUDGET 2
#define CFG_APPS_MAX 4
#define CFG_LOG_LINE_BYTES 192

#define CFG_ECHO_SOURCE_SETS 4
#define CFG_ECHO_REPLY_BYTES 128

/* A line, and what lies before and behind it, fit a connection's buffer. */
#define CFG_CHAT_LINE_BYTES 256
#define CFG_CHAT_LOG_BYTES 4096
#define CFG_CHAT_BLOCK_BYTES 1536
#define CFG_CHAT_JOIN_SETS 2
#define CFG_CHAT_BANS_MAX 4
#define CFG_CHAT_TOPIC_BYTES 64
#define CFG_CHAT_WELCOME_BYTES 256

#define CFG_FILEGET_BLOCK_BYTES 2048
#define CFG_FILEGET_SLICE_BYTES 8192

/* A connection and its file, listeners, the standard streams, and what else is open. */
#define PORT_POSIX_HANDLES_MAX 256
#define PORT_POSIX_DATAGRAMS_MAX 4
#define PORT_POSIX_DIRECTORY_BYTES 512
#define PORT_POSIX_LOG_REST_BYTES 192
