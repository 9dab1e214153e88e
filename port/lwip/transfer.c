/* SPDX-License-Identifier: MIT */
/* Sending: copied into lwIP's heap, or straight from program memory. */
#include "port/lwip/rom.h"
#include "port/lwip/stack.h"

/* Less is not worth a segment of its own when lwIP is short of memory. */
enum { PIECE_BYTES_MIN = 64 };

/* So much room makes a connection writable: with less, bulk would go out in crumbs. */
#define ROOM_BYTES_MIN (PORT_LWIP_MSS < TCP_SND_BUF / 2 ? PORT_LWIP_MSS : TCP_SND_BUF / 2)

static bool has_room(const struct tcp_pcb *block)
{
    return tcp_sndbuf(block) >= ROOM_BYTES_MIN && tcp_sndqueuelen(block) + 2 <= TCP_SND_QUEUELEN;
}

unsigned stack_stream_ready(const struct stack_socket *socket)
{
    if (stack_has(socket, STACK_BROKEN)) {
        return PORT_READ | PORT_WRITE;
    }
    if (stack_has(socket, STACK_DIALLING)) {
        return socket->outcome != PORT_AGAIN ? PORT_WRITE : 0;
    }
    bool reads = socket->received != NULL || stack_has(socket, STACK_ENDED);
    bool writes = socket->block.tcp == NULL ||
                  (!stack_has(socket, STACK_BLOCKED) && has_room(socket->block.tcp));
    return (reads ? PORT_READ : 0u) | (writes ? PORT_WRITE : 0u);
}

void stack_stream_flush(struct stack_socket *socket)
{
    if (stack_has(socket, STACK_HELD)) {
        stack_put(socket, STACK_HELD, false);
        if (socket->block.tcp != NULL) {
            (void)tcp_output(socket->block.tcp); /* what fails is tried again by lwIP's timer */
        }
    }
}

/* Hands lwIP the most of n bytes that it takes. A count, PORT_AGAIN or PORT_RESET. */
static int stream_write(struct stack_socket *socket, const void *bytes, size_t n, uint8_t flags)
{
    struct tcp_pcb *block = socket->block.tcp;
    CHECK(n > 0);
    if (block == NULL || stack_has(socket, STACK_BROKEN) || stack_has(socket, STACK_SHUT)) {
        return PORT_RESET;
    }
    size_t piece = n < tcp_sndbuf(block) ? n : tcp_sndbuf(block);
    err_t error = ERR_MEM;
    while (piece > 0) {
        error = tcp_write(block, bytes, (uint16_t)piece, flags);
        if (error != ERR_MEM || piece <= PIECE_BYTES_MIN) {
            break;
        }
        piece /= 2;
    }
    if (error == ERR_OK) {
        return (int)piece;
    }
    if (error != ERR_MEM) {
        return PORT_RESET;
    }
    /* Either the queue is full, then lwIP tells when the peer took some; or the heap is, then it is
     * worth trying again when lwIP polls. */
    stack_put(socket, STACK_BLOCKED, true);
    stack_put(socket, STACK_HELD, true);
    stack_stream_flush(socket);
    return PORT_AGAIN;
}

int port_send(port_handle connection, const void *bytes, size_t n, bool more)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    int flags = more ? TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE : TCP_WRITE_FLAG_COPY;
    int sent = stream_write(socket, bytes, n, (uint8_t)flags);
    if (sent > 0) {
        stack_put(socket, STACK_HELD, true);
        if (!more || (size_t)sent < n) {
            stack_stream_flush(socket);
        }
    }
    return sent;
}

int port_shut(port_handle connection)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    if (stack_has(socket, STACK_SHUT) && !stack_has(socket, STACK_BROKEN)) {
        return PORT_OK;
    }
    /* Where the end cannot be sent for want of memory, lwIP's timer does it. */
    if (socket->block.tcp == NULL || tcp_shutdown(socket->block.tcp, 0, 1) != ERR_OK) {
        return PORT_RESET;
    }
    stack_put(socket, STACK_SHUT, true);
    stack_put(socket, STACK_HELD, false);
    return PORT_OK;
}

int stack_send_rom(struct stack_socket *socket, const uint8_t *bytes, size_t n)
{
    int sent = stream_write(socket, bytes, n, 0);
    if (sent > 0) {
        stack_put(socket, STACK_HELD, true);
        stack_stream_flush(socket);
    }
    return sent;
}
