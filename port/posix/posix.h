/* SPDX-License-Identifier: MIT */
/* What the files of port/posix share. Each includes it first, for the feature macro. */
#ifndef PORT_POSIX_POSIX_H
#define PORT_POSIX_POSIX_H

/* accept4, O_PATH, struct in6_pktinfo and setresuid are beyond POSIX. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "port/compiler.h"
#include "port/port.h"
#include "port/port_tool.h"
#include "port/posix/direct.h"
#include "port/posix/posix_config.h"

/* Files beyond 2 GB and dates beyond 2038: -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64. */
STATIC_ASSERT(sizeof(off_t) == 8);
STATIC_ASSERT(sizeof(time_t) == 8);

/* Where a system lacks these, SIGPIPE is ignored, descriptors are set up by fcntl() after they
 * were made, and segments are never held back. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif
#ifndef MSG_MORE
#define MSG_MORE 0
#endif

/* ---- handle.c: a handle is a descriptor below PORT_POSIX_HANDLES_MAX, and known to be open --- */

enum posix_kind {
    POSIX_NONE, /* not open */
    POSIX_LISTENER,
    POSIX_CONNECTING,
    POSIX_CONNECTION,
    POSIX_DATAGRAMS,
    POSIX_FILE,
    POSIX_DIRECTORY,
    POSIX_CONSOLE,
    POSIX_OUTPUT
};

/* Makes a handle of a descriptor just opened. PORT_OK; or PORT_FULL, and `fd` is closed. */
int posix_handle_take(int fd, enum posix_kind kind, port_handle *handle);
/* The kind of an open handle; a connecting one that has become a connection is told so. */
enum posix_kind posix_handle_kind(port_handle handle);
void posix_handle_set_kind(port_handle handle, enum posix_kind kind);
/* The kinds of all handles, PORT_POSIX_HANDLES_MAX bytes, for port_wait to look at in a row. */
const uint8_t *posix_handle_kinds(void);
size_t posix_handle_static_bytes(void);

/* Results are ints, so one call moves at most this many bytes. */
enum { POSIX_MOVE_BYTES_MAX = 0x7ffff000 };

/* True for the errors of a non-blocking call that mean "nothing now". */
bool posix_error_is_again(int error);
/* True for the errors that mean "out of descriptors or memory". */
bool posix_error_is_full(int error);
/* Sets O_NONBLOCK and FD_CLOEXEC where they could not be asked for at once. */
bool posix_descriptor_prepare(int fd);

union posix_socket_address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

/* ---- system.c: calls whose C library functions would double a small program ----------------- */

/* fcntl() with F_GETFL, F_SETFL, F_GETFD or F_SETFD. */
int posix_descriptor_flags(int fd, int command, int flags);
/* ioctl() */
int posix_device_control(int fd, unsigned long request, void *argument);
/* isatty() */
bool posix_device_is_terminal(int fd);
/* lseek() */
off_t posix_seek(int fd, off_t offset, int whence);
/* open() and openat(), where a file that they make is the owner's to write and its group's to read;
 * fchdir() */
int posix_open(const char *path, int flags);
int posix_open_at(int directory, const char *path, int flags);
bool posix_directory_enter(int fd);
/* socket(), accept4() or accept(), setsockopt(), getsockopt(), recvmsg(); `message` begins as all
 * zeroes. */
int posix_socket_new(int domain, int type);
int posix_socket_accept(int listener, union posix_socket_address *peer, socklen_t *length);
int posix_option_set(int fd, int level, int option, const void *value, socklen_t bytes);
int posix_option_get(int fd, int level, int option, void *value, socklen_t *bytes);
ssize_t posix_message_receive(int fd, struct msghdr *message, int flags);
/* getrlimit() and setrlimit() of RLIMIT_NOFILE; `new_limit` or `old_limit` may be NULL. */
bool posix_limit_exchange(const struct rlimit *new_limit, struct rlimit *old_limit);

/* ---- status.c: two more of those ------------------------------------------------------------- */

/* fstat() and fstatat(), of which they tell mode, links, size and dates of changes. */
bool posix_status_of(int fd, struct stat *status);
/* Of a link itself, not of what it leads to. */
bool posix_status_at(int directory, const char *name, struct stat *status);

/* ---- signal.c: sigaction(), another of those ------------------------------------------------- */

/* What a signal does to this program. */
#if PORT_POSIX_DIRECT && defined(__arm__) && defined(__ARM_EABI__)
#define POSIX_SIGNAL_DIRECT 1
struct posix_signal {
    union {
        void (*handler)(int);
        void (*told)(int, siginfo_t *, void *);
    } call;
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask[2];
};
#else
#define POSIX_SIGNAL_DIRECT 0
struct posix_signal {
    struct sigaction action;
};
#endif

/* From now on the signal calls `handler`, with all signals held back meanwhile, and system calls
 * that it interrupts go on; or SIG_IGN, SIG_DFL. *before, unless NULL, becomes what it did. */
bool posix_signal_set(int number, void (*handler)(int), struct posix_signal *before);
/* The same, with a handler that is told more about the signal. */
bool posix_signal_set_telling(int number, void (*handler)(int, siginfo_t *, void *),
                              struct posix_signal *before);
bool posix_signal_put_back(int number, const struct posix_signal *before);
bool posix_signal_is_ignored(const struct posix_signal *signal);

/* ---- address.c ----------------------------------------------------------------------------- */

bool posix_address_is_mapped(const struct port_address *address);
/* True for :: and ::ffff:0.0.0.0. */
bool posix_address_is_unspecified(const struct port_address *address);
/* True for addresses that only mean something together with a zone (RFC 4007 section 4). */
bool posix_address_is_link_local(const struct port_address *address);
void posix_address_from_ipv4(struct port_address *address, const struct in_addr *ipv4);
void posix_address_to_ipv4(const struct port_address *address, struct in_addr *ipv4);

/* For a socket of `domain`, AF_INET or AF_INET6. Returns the length. */
socklen_t posix_address_to_socket(const struct port_address *address, int domain,
                                  union posix_socket_address *to);
void posix_address_from_socket(const union posix_socket_address *from,
                               struct port_address *address);

/* Understands 1.2.3.4, ::1 and fe80::1%eth0. False if `text` is not a literal. */
bool posix_literal_parse(const char *text, struct port_address *address);

/* ---- stream.c ------------------------------------------------------------------------------ */

/* Makes a socket and binds it, for listeners and datagrams. PORT_OK and *fd, or as port_listen. */
int posix_socket_bind(struct port_address *at, enum port_family family, int type, int *fd);
/* The number of the port that `fd` is bound to. */
uint16_t posix_socket_port(int fd);

/* ---- datagram.c ---------------------------------------------------------------------------- */

void posix_datagram_forget(port_handle handle);
size_t posix_datagram_static_bytes(void);

/* ---- wait.c and clock.c -------------------------------------------------------------------- */

size_t posix_wait_static_bytes(void);
/* Reads the monotonic clock, freezes its milliseconds, and returns microseconds. */
uint64_t posix_clock_freeze(void);
size_t posix_clock_static_bytes(void);

/* ---- file.c and directory.c ---------------------------------------------------------------- */

/* The root's descriptor, or -1. */
int posix_root_descriptor(void);
void posix_root_close(void);
/* What `name` in the open directory `fd` is, if port_file_open would open it there: PORT_OK, else
 * PORT_NOENT, PORT_DENIED, PORT_FULL or PORT_IO. Opens nothing. */
int posix_file_look(int fd, const char *name, struct port_file_info *info);
/* How much of n bytes from `offset` one call may ask for; 0 beyond the end of any file. */
size_t posix_file_bytes_limit(uint64_t offset, size_t n);
/* For tests: forgets (`forget`) or finds again that the system has openat2(). */
void posix_file_forget_openat2(bool forget);
size_t posix_file_static_bytes(void);
void posix_directory_forget(port_handle handle);
size_t posix_directory_static_bytes(void);

/* ---- channel.c: 0, 1 and 2, used without ever blocking -------------------------------------- */

struct posix_channel {
    int fd;            /* 0, 1 or 2 */
    int flags_before;  /* the file status flags to be put back, if `flags_changed` */
    bool open;
    bool is_socket;
    bool flags_changed;
};

/* Prepares descriptor `fd` for reading or writing (`access`: O_RDONLY, O_WRONLY). */
void posix_channel_open(struct posix_channel *channel, int fd, int access);
/* Undoes what another program would notice. Safe in a signal handler. */
void posix_channel_restore(struct posix_channel *channel);
/* A count; PORT_AGAIN; PORT_EOF when nobody will ever read it. */
int posix_channel_write(struct posix_channel *channel, const struct iovec *parts, int count);
/* 1 to n bytes; PORT_AGAIN; PORT_EOF. */
int posix_channel_read(struct posix_channel *channel, void *bytes, size_t n);

/* ---- console.c, terminal.c, log.c, random.c ------------------------------------------------- */

void posix_console_prepare_output(void);
void posix_console_forget(void);
void posix_console_end(void);
/* Puts terminal modes and flags back. Safe in a signal handler. */
void posix_console_restore(void);
/* What posix_console_restore() is to do as well: for terminal.c, which a server does not carry. */
void posix_console_at_restore(void (*restore)(void));
size_t posix_console_static_bytes(void);
size_t posix_terminal_static_bytes(void);
void posix_log_prepare(void);
/* What a trap of CHECK does: tells and ends the program, as port_fail does. */
void posix_defect_take(int number, siginfo_t *info, void *context);
/* Says what was lost, as far as the log takes it now, and puts the flags back. */
void posix_log_end(void);
void posix_log_restore(void);
size_t posix_log_static_bytes(void);
/* Writes `value` in decimal, at most 10 bytes and no NUL; returns the count. */
size_t posix_decimal_write(char *to, uint32_t value);
bool posix_random_open(void);
void posix_random_close(void);
size_t posix_random_static_bytes(void);

/* ---- encoding.c ---------------------------------------------------------------------------- */

/* From now on only what is open converts; with `converts`, opens it. */
void posix_encoding_serve(bool converts);
void posix_encoding_close(void);
size_t posix_encoding_static_bytes(void);

/* ---- request.c ----------------------------------------------------------------------------- */

bool posix_request_start(void);
void posix_request_end(void);
/* The descriptor that becomes readable with every request, and its emptying. */
int posix_request_descriptor(void);
void posix_request_drain(void);
/* True while a request is waiting that port_requests has not told yet. */
bool posix_request_is_waiting(void);
/* Between true and false a signal to stop ends the program at once, since the call in between
 * blocks and cannot be asked to return. */
void posix_request_ends_program(bool at_once);
/* For terminal.c's signals: ends the program as this one does, all put back; asks to paint. */
void posix_request_end_program(int number);
void posix_request_redraw(void);
size_t posix_request_static_bytes(void);

#endif
