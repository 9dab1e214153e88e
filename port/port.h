/* SPDX-License-Identifier: MIT */
/*
 * The port contract: all that linnet's core and apps need from an operating system and a TCP/IP
 * stack. port/posix, port/lwip and port/sim implement it; one of them is linked. README.md beside
 * this file says in a line per call how each stack does it; tests/port checks every sentence here.
 *
 * Rules for all calls
 * - One thread. No call blocks but port_wait. No call allocates, none calls back.
 * - A call returns a count or 0 for success, else one of enum port_result. The list behind each
 *   call is complete: a port maps everything else its system can say onto it (an unknown failure
 *   of a connection is PORT_RESET, of accept and datagrams PORT_SKIP, of a file PORT_IO), and the
 *   simulator injects exactly what is listed. An interrupted system call is never reported.
 * - A call that fails has changed nothing and taken nothing, unless it says so.
 * - Broken preconditions (a handle that is not open, a length of zero) are defects: port_fail.
 */
#ifndef PORT_PORT_H
#define PORT_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"

/* ---- Outcomes ------------------------------------------------------------------------------ */

enum port_result {
    PORT_OK = 0,
    PORT_AGAIN = -1,       /* nothing now; wait for readiness and ask again */
    PORT_EOF = -2,         /* the peer, the file or the directory has no more; for good */
    PORT_RESET = -3,       /* this connection is over; only port_close or port_abort may follow */
    PORT_FULL = -4,        /* out of handles or memory; nothing lost, try again later */
    PORT_SKIP = -5,        /* this one peer, datagram or way failed; carry on with the next */
    PORT_NOENT = -6,       /* no such name */
    PORT_DENIED = -7,      /* it exists or might, and is not for us */
    PORT_IO = -8,          /* a device failed */
    PORT_REFUSED = -9,     /* connect: the peer's system said no */
    PORT_TIMEDOUT = -10,   /* connect: nobody answered */
    PORT_UNREACHABLE = -11,/* connect, listen: no such network, address or address family here */
    PORT_INUSE = -12       /* listen: somebody else holds this address and port */
};

/* An open socket, listener, file, directory or console. Opaque, not negative; 0 is a valid one. */
typedef int32_t port_handle;
enum { PORT_NONE = -1 };

/* ---- Addresses ----------------------------------------------------------------------------- */

/* IPv4 is held as v4-mapped IPv6, ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
struct port_address {
    uint8_t ip[16];  /* network order */
    uint32_t zone;   /* interface of a link-local address (RFC 4007), 0: none */
    uint16_t port;   /* host order */
};

enum port_family {
    PORT_IPV4, /* the address is v4-mapped; ::ffff:0.0.0.0 is every IPv4 address of ours */
    PORT_IPV6, /* IPv6 alone; :: is every IPv6 address of ours */
    PORT_DUAL  /* the address is :: and IPv4 peers come too, v4-mapped, on the same handle */
};

/* ---- Life ---------------------------------------------------------------------------------- */

/* Prepares the port; first call of all. PORT_OK or PORT_IO (the system lacks what every other
 * call needs; a line in the log says what). */
int port_start(void);

/* Undoes what outlives the program: terminal modes and the like. Last call; safe to repeat. */
void port_end(void);

/* Asks that `wanted` handles can be open at once, raising the system's limits where it may.
 * Returns how many can, 0 to `wanted`; those open already count. */
size_t port_handles(size_t wanted);

/* Bytes of static memory the port itself holds, for --limits. */
size_t port_static_bytes(void);

/* ---- Streams ------------------------------------------------------------------------------- */

/* Listens for TCP connections at *at; at->port 0 lets the system choose, and *at then holds the
 * port. A port whose last listener just closed can be taken again at once.
 * PORT_OK, PORT_INUSE, PORT_DENIED (a port for the privileged), PORT_UNREACHABLE (not an address
 * of ours, or no such family here; PORT_DUAL also: one handle cannot serve both), PORT_FULL. */
int port_listen(struct port_address *at, enum port_family family, port_handle *listener);

/* True: peers that arrive while nobody accepts wait in a queue of the system. False: they are
 * refused, and a listener should be left unaccepted only for moments. */
bool port_listener_queues(void);

/* A hint: peers of this listener speak first. The system may then tell of a newcomer only when it
 * has said something, ended or failed, or after a second or more of silence: the first receive
 * after port_accept is worth a try before any wait. */
void port_listener_defer(port_handle listener);

/* Takes one waiting peer; it may be gone already, which the first receive or send will tell.
 * Small writes on the new connection go out at once (no Nagle delay).
 * PORT_OK, PORT_AGAIN, PORT_SKIP (this peer vanished; ask again now), PORT_FULL (pause). */
int port_accept(port_handle listener, port_handle *connection, struct port_address *peer);

/* Begins to connect. PORT_OK: in progress, even if done already; the handle becomes writable when
 * port_connected has news. Else PORT_REFUSED, PORT_UNREACHABLE, PORT_DENIED, PORT_FULL. */
int port_connect(const struct port_address *to, port_handle *connection);

/* What came of port_connect. PORT_AGAIN: still trying. PORT_OK: connected. Else PORT_REFUSED,
 * PORT_TIMEDOUT, PORT_UNREACHABLE, PORT_RESET: the handle is of no more use but must be closed. */
int port_connected(port_handle connection);

/* Receives 1 to n bytes, n > 0. A count, PORT_AGAIN, PORT_EOF (every time from then on),
 * PORT_RESET, PORT_FULL (no memory now; keep the connection, retry in a while). */
int port_receive(port_handle connection, void *bytes, size_t n);

/* Like port_receive, but the bytes stay and are received again. */
int port_peek(port_handle connection, void *bytes, size_t n);

/* Drops the first n bytes, n > 0, of what the last port_peek on this connection returned, with no
 * receive in between. PORT_OK, or PORT_RESET. */
int port_discard(port_handle connection, size_t n);

/* Whether bytes of the peer are here that nobody received: to close now would send it a reset, and
 * may so destroy what it has not read yet. Needs no readiness. */
bool port_unread(port_handle connection);

/* Sends 1 to n bytes, n > 0. `more` says that further bytes follow at once, so a short segment
 * may be held back for them; the next send without it lets all go, and so do shut and close.
 * A count, PORT_AGAIN, PORT_RESET. */
int port_send(port_handle connection, const void *bytes, size_t n, bool more);

/* Sends 1 to n bytes of an open file from `offset`, without passing them through the caller.
 * A count, PORT_AGAIN, PORT_RESET, PORT_EOF (the file is shorter than that), PORT_IO (the file
 * cannot be read), PORT_SKIP (not possible with these two; read and send instead, for good). */
int port_send_file(port_handle connection, port_handle file, uint64_t offset, size_t n);

/* Ends our direction; the peer sees the end after all bytes sent. PORT_OK or PORT_RESET. */
int port_shut(port_handle connection);

/* Frees the handle of any kind. Bytes sent are still delivered, unless received bytes were left
 * unread: then a stack may reset, so read to the end first where that matters. Cannot fail. */
void port_close(port_handle handle);

/* Frees the handle and resets the connection: the peer must not take what it has for complete.
 * Cannot fail. */
void port_abort(port_handle connection);

/* ---- Datagrams ----------------------------------------------------------------------------- */

struct port_datagram {
    struct port_address from; /* who sent it */
    struct port_address to;   /* the address of ours it was sent to, with the port's number */
    bool from_self;           /* it came from an address and port of ours: of this very socket */
    bool to_many;             /* it was sent to a multicast or broadcast address */
};

/* Opens a UDP socket; as port_listen. port_close ends it. */
int port_datagram_open(struct port_address *at, enum port_family family, port_handle *datagrams);

/* Receives one datagram and cuts what is longer than n. Returns its true length, 0 and above,
 * larger than n when it was cut. Else PORT_AGAIN, PORT_SKIP (a queued error; ask again now). */
int port_datagram_receive(port_handle datagrams, void *bytes, size_t n,
                          struct port_datagram *info);

/* Sends n >= 0 bytes as one datagram, whole or not at all, from the address `from` (its port is
 * ignored; the unspecified address: the system chooses). n, or PORT_AGAIN, PORT_FULL, PORT_SKIP
 * (this one cannot go): the datagram is lost, as any may be. */
int port_datagram_send(port_handle datagrams, const void *bytes, size_t n,
                       const struct port_address *from, const struct port_address *to);

/* ---- Waiting and time ---------------------------------------------------------------------- */

enum { PORT_READ = 1, PORT_WRITE = 2 };
enum { PORT_FOREVER = -1 };

struct port_event {
    port_handle handle;
    uint8_t wanted; /* PORT_READ, PORT_WRITE, both, or 0: not now */
    uint8_t got;    /* set by port_wait, only bits of `wanted`; 0 for all others */
};

/* Waits until something wanted is ready, timeout_ms passed, or a request arrived (port_requests).
 * Returns how many events have got != 0, and may return 0 early at any time. Readiness is a hint:
 * PORT_AGAIN after it is normal. A reset or failed connection is ready for all that is wanted.
 * n is at most what port_handles granted; a handle may stand in it twice. The only call that
 * blocks; timeout_ms 0 never does. */
int port_wait(struct port_event *events, size_t n, int32_t timeout_ms);

/* What the last port_wait with events spent looking rather than sleeping, in microseconds; may be
 * remembered from the last wait that did not sleep. 0: nothing worth counting. */
uint32_t port_wait_cost_us(void);

/* Monotonic milliseconds, read when the last port_wait ended and frozen between waits. */
uint64_t port_now_ms(void);

/* The date. False where it is not known (no battery, no network time); it may step at any time. */
bool port_wall_time(int64_t *unix_seconds, uint32_t *nanoseconds);

enum {
    PORT_REQUEST_STOP = 1,     /* end when what is owed is done */
    PORT_REQUEST_STOP_NOW = 2, /* end at once: the second request to stop */
    PORT_REQUEST_REPORT = 4,   /* write the counters to the log; reported once per request */
    PORT_REQUEST_REDRAW = 8    /* the terminal was taken away and given back (^Z, then fg), or its
                                * width changed: take it and paint again; reported once for all
                                * that came before */
};

/* What the operator's signals, keys or supervisor asked for; ends a port_wait. A request to stop
 * stays; STOP_NOW comes together with STOP. */
unsigned port_requests(void);

/* ---- Files, read only ---------------------------------------------------------------------- */

enum port_file_kind { PORT_FILE_REGULAR, PORT_FILE_DIRECTORY };

struct port_file_info {
    enum port_file_kind kind;
    uint64_t size_bytes;       /* regular files: fixed at open, whatever happens later */
    int64_t modified_s;        /* since 1970, may be negative */
    uint32_t modified_ns;      /* 0 to 999,999,999 */
    uint64_t revision;         /* see port_file_look; of no meaning in a port_entry */
};

enum { PORT_NAME_BYTES_MAX = 255 }; /* one component of a name */

struct port_entry {
    struct port_file_info info;
    uint16_t name_bytes; /* 1 to PORT_NAME_BYTES_MAX */
    char name[PORT_NAME_BYTES_MAX];
};

/* Opens the regular file or directory `name` (n bytes, no NUL at the end) under the port's root:
 * components divided by single slashes, no slash at either end, none of them "", "." or ".."; n of
 * 0 is the root itself. Whatever links there are, nothing outside the root is ever opened, and
 * nothing that is not public (readable by its owner, group and others) unless the root was
 * opened otherwise. Never blocks on a FIFO or a device.
 * PORT_OK, PORT_NOENT, PORT_DENIED (leaves the root, not public, neither file nor directory: to be
 * answered exactly like PORT_NOENT), PORT_FULL, PORT_IO. port_close frees the handle. */
int port_file_open(const char *name, size_t n, port_handle *file, struct port_file_info *info);

/* What an open file or directory is by now, as port_file_open would say. While size, date and
 * revision are the same, so are its bytes, its rights and its own name, as far as the system can
 * tell; folders and links on the way to it may have changed.
 * PORT_OK, PORT_NOENT (it has no name any more), PORT_DENIED (no longer public), PORT_IO. */
int port_file_look(port_handle file, struct port_file_info *info);

/* Reads 1 to n bytes from `offset`, n > 0. A count, PORT_EOF, PORT_IO. */
int port_file_read(port_handle file, uint64_t offset, void *bytes, size_t n);

/* Says that the bytes will be wanted soon. Advice: does nothing where the system has no such. */
void port_file_advise(port_handle file, uint64_t offset, uint64_t n);

/* Reads the entry at *position of an open directory (0: the first) and moves *position on. Skips
 * what port_file_open would not open. Order is the file system's; an entry that is made or removed
 * meanwhile may be seen or not. One call looks at a bounded number of entries.
 * PORT_OK, PORT_EOF, PORT_AGAIN (nothing yet, *position has moved: call again), PORT_IO. */
int port_directory_read(port_handle directory, uint64_t *position, struct port_entry *entry);

/* ---- Text ---------------------------------------------------------------------------------- */

/* 1: built with converters, of the C library on hosts: in a static binary glibc's needs the modules
 * of the same glibc when it runs, and musl's takes 150 KB. 0: without. */
#ifndef PORT_GBK
#define PORT_GBK 0
#endif

enum port_conversion { PORT_GBK_TO_UTF8, PORT_UTF8_TO_GBK };

/* Converts a whole text of n bytes; GBK is what Chinese programs wrote before UTF-8. Returns the
 * count written to out (0 to out_bytes), PORT_SKIP (not a text of that encoding, or a character
 * that the other lacks), PORT_FULL (does not fit), PORT_NOENT (no converter: not built in, or not
 * there). What `out` holds after a failure is undefined. A server opens its converters in
 * port_serving_begins, and from then on this asks for no memory. */
int port_text_convert(enum port_conversion conversion, const char *text, size_t n, char *out,
                      size_t out_bytes);

/* Appends n bytes, n > 0, to a record that was opened at start (port_record_open, port_tool.h): all
 * of them, or none. Waits for nobody but the file's own device, as reading does.
 * PORT_OK, PORT_FULL (no room, or a limit), PORT_IO. */
int port_record_write(port_handle record, const void *bytes, size_t n);

/* ---- The operator -------------------------------------------------------------------------- */

/* Opens the console for input: a handle to wait on. PORT_OK, or PORT_NOENT (there is none). */
int port_console_open(port_handle *input);

/* Like port_receive, without PORT_RESET: 1 to n bytes, PORT_AGAIN, PORT_EOF. */
int port_console_read(port_handle input, void *bytes, size_t n);

/* Writes 1 to n bytes, n > 0, to the console. A count; PORT_AGAIN (a terminal at ^S, a full pipe:
 * ask again in a while, there is nothing to wait on), PORT_EOF (nobody will ever read it). */
int port_console_write(const void *bytes, size_t n);

/* Writes one line to the log; n bytes without the line end, all printable. Never blocks: what the
 * log cannot take at once is lost, and the next line that fits says how many lines were. */
void port_log(const char *line, size_t n);

/* Fills n bytes that nobody can foresee. */
void port_random(void *bytes, size_t n);

/* port_fail: see compiler.h. Says file and line in the log; on hosts exits by abort(). */

#endif
