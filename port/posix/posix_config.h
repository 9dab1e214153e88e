/* SPDX-License-Identifier: MIT */
/* Limits of the POSIX port. A board overrides any of them with -include of its own header. */
#ifndef PORT_POSIX_POSIX_CONFIG_H
#define PORT_POSIX_POSIX_CONFIG_H

/* Descriptor numbers that can be handles, 0 to this less one. Two bits and one byte each.
 * Range 32 to 1,000,000. select() itself knows no limit, only the fd_set of the C library does. */
#ifndef PORT_POSIX_HANDLES_MAX
#define PORT_POSIX_HANDLES_MAX 1024
#endif

/* UDP sockets that can be open at once. 32 bytes each. Range 1 to 1,000; they are searched. */
#ifndef PORT_POSIX_DATAGRAMS_MAX
#define PORT_POSIX_DATAGRAMS_MAX 16
#endif

/* Peers that may wait in the system for port_accept. Range 1 to 65,535; Linux lowers it to
 * net.core.somaxconn. */
#ifndef PORT_POSIX_BACKLOG
#define PORT_POSIX_BACKLOG 1024
#endif

/* Longest path under the root, in bytes. On the stack while a file is opened. Range 256 to
 * 4,095. */
#ifndef PORT_POSIX_PATH_BYTES_MAX
#define PORT_POSIX_PATH_BYTES_MAX 1023
#endif

/* Block of directory entries read at once, in bytes. Range 512 to 65,536. */
#ifndef PORT_POSIX_DIRECTORY_BYTES
#define PORT_POSIX_DIRECTORY_BYTES 2048
#endif

/* Entries that one port_directory_read looks at. About a microsecond each. Range 1 to 1,000. */
#ifndef PORT_POSIX_DIRECTORY_LOOKS
#define PORT_POSIX_DIRECTORY_LOOKS 16
#endif

/* What is kept of a log line that its reader took in part, in bytes. Range 16 to 4,096. */
#ifndef PORT_POSIX_LOG_REST_BYTES
#define PORT_POSIX_LOG_REST_BYTES 512
#endif

/* 1: directories are read with the getdents64 system call, without memory from the heap.
 * 0: with the C library's readdir, where there is no such call. */
#ifndef PORT_POSIX_GETDENTS
#ifdef __linux__
#define PORT_POSIX_GETDENTS 1
#else
#define PORT_POSIX_GETDENTS 0
#endif
#endif

/* 1: some system calls are made directly, on Linux. A C library's functions of these names also
 * serve threads, kernels of twenty years ago and times of another width, which a static program
 * would carry along: with musl 5 KB. */
#ifndef PORT_POSIX_DIRECT
#define PORT_POSIX_DIRECT 0
#endif

/* 1: copying and searching of our own, for static programs; see memory.c. With musl 1.3 KB less. */
#ifndef PORT_POSIX_MEMORY
#define PORT_POSIX_MEMORY 0
#endif

/* 1: port_resolve asks the name service; 0: it understands numbers only. */
#ifndef PORT_RESOLVE
#define PORT_RESOLVE 1
#endif

#endif
