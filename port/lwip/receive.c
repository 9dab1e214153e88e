/* SPDX-License-Identifier: MIT */
/*
 * What was received and not read yet: a chain of pbufs for each connection.
 *
 * The window bounds it in bytes, but a segment of one byte takes a whole piece of the pool, and
 * eight stalled readers with such segments would take them all. So bytes move up into the last
 * piece as far as it has room; but for the first and the last, every piece is then full.
 */
#include <string.h>

#include "port/lwip/stack.h"

/* Frames of a driver that does not use the pool cannot be filled up; and one delivery may bring a
 * run of out-of-order pieces. Beyond this lwIP keeps what came, and takes nothing more. */
enum { PIECES_MAX = 2 * PORT_LWIP_STREAM_PIECES };

/* Bytes that fit behind those of `p`. */
static size_t pbuf_room(const struct pbuf *p)
{
    if (pbuf_get_allocsrc(p) != PBUF_TYPE_ALLOC_SRC_MASK_STD_MEMP_PBUF_POOL || p->ref != 1) {
        return 0;
    }
    const uint8_t *end = (const uint8_t *)p + LWIP_MEM_ALIGN_SIZE(sizeof(struct pbuf)) +
                         LWIP_MEM_ALIGN_SIZE(PBUF_POOL_BUFSIZE);
    const uint8_t *used = (const uint8_t *)p->payload + p->len;
    CHECK(used <= end);
    return (size_t)(end - used);
}

/* Moves the first n bytes of `from`, a chain of its own, behind those of the last in `chain`. */
static struct pbuf *pbuf_move_up(struct pbuf *chain, struct pbuf *last, struct pbuf *from,
                                 uint16_t n)
{
    uint16_t copied = pbuf_copy_partial(from, (uint8_t *)last->payload + last->len, n, 0);
    CHECK(copied == n);
    for (struct pbuf *p = chain; p != NULL; p = p->next) {
        p->tot_len = (uint16_t)(p->tot_len + n);
    }
    last->len = (uint16_t)(last->len + n);
    return pbuf_free_header(from, n);
}

static struct pbuf *pbuf_last(struct pbuf *chain)
{
    struct pbuf *last = chain;
    for (unsigned left = pbuf_clen(chain); left > 1; left--) {
        last = last->next;
    }
    CHECK(last->next == NULL);
    return last;
}

bool stack_received_append(struct stack_socket *socket, struct pbuf *p)
{
    unsigned kept = socket->received != NULL ? pbuf_clen(socket->received) : 0;
    if (kept > 0 && kept + pbuf_clen(p) > PIECES_MAX) {
        return false;
    }
    for (unsigned left = pbuf_clen(p); left > 0; left--) {
        struct pbuf *rest = p->next; /* pbuf_dechain would free it */
        p->next = NULL;
        p->tot_len = p->len;
        if (socket->received == NULL) {
            socket->received = p;
            p = rest;
            continue;
        }
        struct pbuf *last = pbuf_last(socket->received);
        size_t room = pbuf_room(last);
        size_t n = p->len < room ? p->len : room;
        if (n > 0) {
            p = pbuf_move_up(socket->received, last, p, (uint16_t)n);
        }
        if (p != NULL) {
            pbuf_cat(socket->received, p);
        }
        p = rest;
    }
    CHECK(p == NULL);
    return true;
}

void stack_received_drop(struct stack_socket *socket)
{
    if (socket->received != NULL) {
        (void)pbuf_free(socket->received);
        socket->received = NULL;
    }
}

/* Forgets the first n bytes, and opens the window by as many. */
static void received_take(struct stack_socket *socket, uint16_t n)
{
    socket->received = pbuf_free_header(socket->received, n);
    if (socket->block.tcp != NULL) {
        tcp_recved(socket->block.tcp, n);
    }
}

static int receive(struct stack_socket *socket, void *bytes, size_t n)
{
    CHECK(n > 0);
    socket->peeked = 0;
    if (socket->received == NULL) {
        return stack_has(socket, STACK_ENDED)    ? PORT_EOF
               : stack_has(socket, STACK_BROKEN) ? PORT_RESET
                                                 : PORT_AGAIN;
    }
    uint16_t most = n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
    return pbuf_copy_partial(socket->received, bytes, most, 0);
}

int port_receive(port_handle connection, void *bytes, size_t n)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    int count = receive(socket, bytes, n);
    if (count > 0) {
        received_take(socket, (uint16_t)count);
    }
    return count;
}

int port_peek(port_handle connection, void *bytes, size_t n)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    int count = receive(socket, bytes, n);
    if (count > 0) {
        socket->peeked = (uint16_t)count;
    }
    return count;
}

bool port_unread(port_handle connection)
{
    return stack_socket_at(connection, STACK_STREAM)->received != NULL;
}

int port_discard(port_handle connection, size_t n)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    CHECK(n > 0 && n <= socket->peeked);
    socket->peeked = 0;
    if (socket->received == NULL) {
        return PORT_RESET; /* it broke since */
    }
    received_take(socket, (uint16_t)n);
    return PORT_OK;
}
