/* SPDX-License-Identifier: MIT */
/* Sizes for a host: ten thousand connections; what is not used is never touched. */
#define CFG_CONN_MAX 10000
#define CFG_CONN_BUFFER_BYTES 4096
#define CFG_READ_BYTES 32768
#define CFG_WRITE_BUDGET_BYTES 131072
#define CFG_ACCEPT_BUDGET 64
#define CFG_DATAGRAM_BYTES 65527
#define CFG_ECHO_SOURCE_SETS 256
#define CFG_CHAT_JOIN_SETS 256
#define CFG_CHAT_LOG_BYTES 65536
#define CFG_CHAT_BLOCK_BYTES 16384 /* a turn's lines in one rendering and one call */
#define CFG_FILEGET_SLICE_BYTES 131072 /* all that a pass may send: a call less for 64 KB */
#define CFG_FILEGET_AHEAD_BYTES 1048576
#define CFG_CONSOLE_EDITOR 1
#define CFG_BOT_CALLS 16
#define CFG_BOT_QUEUE 1024

/* Connections, as many open files, and what else is open. */
#define PORT_POSIX_HANDLES_MAX 20480
