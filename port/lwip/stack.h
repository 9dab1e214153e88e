/* SPDX-License-Identifier: MIT */
/* What the files of port/lwip share. */
#ifndef PORT_LWIP_STACK_H
#define PORT_LWIP_STACK_H

#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"

#include "port/lwip/lwip_config.h"
#include "port/port.h"

/* ---- handle.c: the table of sockets -------------------------------------------------------- */

enum stack_kind { STACK_FREE, STACK_LISTENER, STACK_STREAM, STACK_DATAGRAMS };

enum stack_flag {
    STACK_WAITING = 1,   /* stream: in its listener's queue, not accepted yet */
    STACK_DIALLING = 2,  /* stream: port_connected has not told yet what came of it */
    STACK_ENDED = 4,     /* stream: the peer's end came, after what is in `received` */
    STACK_SHUT = 8,      /* stream: our end was sent */
    STACK_BROKEN = 16,   /* stream: reset, or given up by lwIP */
    STACK_BLOCKED = 32,  /* stream: lwIP had no memory to send; until it says so, or for 500 ms */
    STACK_HELD = 64      /* stream: bytes are held back for more that follows */
};

/*
 * lwIP frees control blocks by itself, and not always says so: after both ends were sent, a block
 * goes to TIME_WAIT and then away without a call. So `tcp` is NULL from the moment on from which
 * lwIP may free it, and whatever happens then is of no concern to the handle any more.
 */
struct stack_socket {
    union {
        struct tcp_pcb *tcp;
        struct udp_pcb *udp;
    } block;
    struct pbuf *received; /* stream: what was not read yet; its chain holds whole pbufs */
    uint16_t peeked;       /* stream: what the last port_peek returned */
    uint16_t queue;        /* listener: the first that waits; that one: the next; number + 1 */
    uint8_t kind;          /* enum stack_kind */
    uint8_t flags;         /* enum stack_flag */
    int8_t outcome;        /* dialled stream: what port_connected tells */
    uint8_t ring;          /* datagrams: which ring is its */
};

/* A free slot, cleared, or NULL. */
struct stack_socket *stack_socket_take(enum stack_kind kind);
/* The open socket of this kind; anything else is a defect. */
struct stack_socket *stack_socket_at(port_handle handle, enum stack_kind kind);
port_handle stack_socket_handle(const struct stack_socket *socket);
struct stack_socket *stack_socket_number(unsigned number);
void stack_socket_free(struct stack_socket *socket);

/* Handles: sockets, then files, then the console. */
enum {
    STACK_HANDLE_FILE = PORT_LWIP_SOCKETS_MAX,
    STACK_HANDLE_CONSOLE = STACK_HANDLE_FILE + PORT_LWIP_FILES_MAX,
    STACK_HANDLES
};

static inline bool stack_has(const struct stack_socket *socket, enum stack_flag flag)
{
    return (socket->flags & (unsigned)flag) != 0;
}

static inline void stack_put(struct stack_socket *socket, enum stack_flag flag, bool on)
{
    unsigned flags = on ? socket->flags | (unsigned)flag : socket->flags & ~(unsigned)flag;
    socket->flags = (uint8_t)flags;
}

/* ---- address.c ----------------------------------------------------------------------------- */

void stack_address_to(const struct port_address *address, ip_addr_t *ip);
void stack_address_from(const ip_addr_t *ip, uint16_t port, struct port_address *address);
bool stack_address_is_ours(const ip_addr_t *ip);
/* What to bind to for port_listen and port_datagram_open; *type is lwIP's IPADDR_TYPE_. PORT_OK,
 * PORT_UNREACHABLE, or PORT_INUSE when a socket of `kind` has the address and port. */
int stack_address_bind(const struct port_address *at, enum port_family family,
                       enum stack_kind kind, ip_addr_t *ip, uint8_t *type);

/* ---- stream.c, transfer.c ------------------------------------------------------------------ */

/* Gives lwIP the functions to call about this connection. */
void stack_stream_adopt(struct stack_socket *socket, struct tcp_pcb *block);
/* The socket of a block, or NULL if it has none. */
const struct stack_socket *stack_stream_of(const struct tcp_pcb *block);
/* Lets go of the block: lwIP ends the connection in its own time, but not in eternity. */
void stack_stream_orphan(struct stack_socket *socket);
/* Takes a peer that waits out of its listener's queue. */
void stack_queue_remove(const struct stack_socket *waiting);
void stack_stream_close(struct stack_socket *socket, bool abort);
void stack_listener_close(struct stack_socket *socket);
/* Sends what was held back for more. */
void stack_stream_flush(struct stack_socket *socket);
/* PORT_READ and PORT_WRITE as they are now. */
unsigned stack_stream_ready(const struct stack_socket *socket);
unsigned stack_listener_ready(const struct stack_socket *socket);

/* Sends bytes that stay where they are for ever, without copying; as port_send. */
int stack_send_rom(struct stack_socket *socket, const uint8_t *bytes, size_t n);

/* ---- receive.c ----------------------------------------------------------------------------- */

/* Puts p behind what was received. False: too many pieces; p is still the caller's. */
bool stack_received_append(struct stack_socket *socket, struct pbuf *p);
void stack_received_drop(struct stack_socket *socket);

/* ---- datagram.c ---------------------------------------------------------------------------- */

void stack_datagrams_close(struct stack_socket *socket);
bool stack_datagrams_ready(const struct stack_socket *socket);
size_t stack_datagram_static_bytes(void);

/* ---- file.c, console.c, life.c, random.c, report.c ----------------------------------------- */

void stack_file_close(port_handle handle);
void stack_file_forget(void);
size_t stack_file_static_bytes(void);
bool stack_console_ready(void);
void stack_console_close(void);
size_t stack_console_static_bytes(void);
size_t stack_handle_static_bytes(void);
bool stack_request_waits(void);
/* For each open socket. */
void stack_sockets_visit(void (*visit)(struct stack_socket *socket));
void stack_wait_start(void);
size_t stack_wait_static_bytes(void);
/* A keyed hash (HalfSipHash-2-4) of n words. */
uint32_t stack_hash(const uint32_t key[2], const uint32_t *words, size_t n);
void stack_random_start(void);
size_t stack_random_static_bytes(void);
/* Writes the fill of lwIP's pools to the log. */
void stack_report(void);
/* What lwIP's own pools take. */
size_t stack_pools_static_bytes(void);

#endif
