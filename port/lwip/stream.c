/* SPDX-License-Identifier: MIT */
/*
 * Listeners and connections: how they come to be and end, and what lwIP calls about them.
 *
 * lwIP calls only from within port_wait (frames, timers), and nothing here ends a control block
 * from inside such a call, so a block that a call is about stays valid until it returns.
 */
#include <string.h>

#include "port/lwip/stack.h"

/* lwIP calls its poll function every so many ticks of 500 ms. */
enum { POLL_TICKS = 1, ORPHAN_TICKS = 2 * PORT_LWIP_ORPHAN_S };
STATIC_ASSERT(PORT_LWIP_ORPHAN_S >= 2 && PORT_LWIP_ORPHAN_S <= 120); /* ticks fit in 8 bits */
STATIC_ASSERT(TCP_LISTEN_BACKLOG == 1 && SO_REUSE == 1 && LWIP_CALLBACK_API == 1);

/* ---- Queues of peers that wait --------------------------------------------------------------- */

static void queue_append(struct stack_socket *listener, struct stack_socket *waiting)
{
    struct stack_socket *last = listener;
    for (unsigned left = PORT_LWIP_BACKLOG + 1; left > 0 && last->queue != 0; left--) {
        last = stack_socket_number(last->queue - 1u);
    }
    CHECK(last->queue == 0);
    last->queue = (uint16_t)(stack_socket_handle(waiting) + 1);
    waiting->queue = 0;
    stack_put(waiting, STACK_WAITING, true);
}

/* The socket before `waiting` in its queue: a listener, or another that waits. */
static struct stack_socket *queue_before(const struct stack_socket *waiting)
{
    uint16_t number = (uint16_t)(stack_socket_handle(waiting) + 1);
    for (unsigned i = 0; i < PORT_LWIP_SOCKETS_MAX; i++) {
        struct stack_socket *socket = stack_socket_number(i);
        if (socket->kind != STACK_FREE && socket->queue == number) {
            return socket;
        }
    }
    return NULL;
}

void stack_queue_remove(const struct stack_socket *waiting)
{
    struct stack_socket *before = queue_before(waiting);
    CHECK(before != NULL);
    before->queue = waiting->queue;
}

/* ---- What lwIP calls ------------------------------------------------------------------------- */

static err_t on_receive(void *argument, struct tcp_pcb *block, struct pbuf *p, err_t error)
{
    struct stack_socket *socket = argument;
    (void)block;
    (void)error; /* always ERR_OK */
    if (p != NULL) {
        return stack_received_append(socket, p) ? ERR_OK : ERR_MEM;
    }
    stack_put(socket, STACK_ENDED, true);
    if (stack_has(socket, STACK_SHUT)) {
        stack_stream_orphan(socket); /* both ends are sent: TIME_WAIT, and away without a call */
    }
    return ERR_OK;
}

static err_t on_sent(void *argument, struct tcp_pcb *block, u16_t n)
{
    struct stack_socket *socket = argument;
    (void)block;
    (void)n;
    stack_put(socket, STACK_BLOCKED, false);
    return ERR_OK;
}

static err_t on_poll(void *argument, struct tcp_pcb *block)
{
    struct stack_socket *socket = argument;
    (void)block;
    stack_put(socket, STACK_BLOCKED, false);
    return ERR_OK;
}

static err_t on_connected(void *argument, struct tcp_pcb *block, err_t error)
{
    struct stack_socket *socket = argument;
    (void)block;
    (void)error; /* always ERR_OK */
    socket->outcome = PORT_OK;
    return ERR_OK;
}

/* The block is gone already. */
static void on_error(void *argument, err_t error)
{
    struct stack_socket *socket = argument;
    socket->block.tcp = NULL;
    if (error == ERR_CLSD) {
        return; /* both ends were sent and acknowledged, the peer's first */
    }
    stack_put(socket, STACK_BROKEN, true);
    if (stack_has(socket, STACK_DIALLING) && socket->outcome == PORT_AGAIN) {
        socket->outcome = error == ERR_RST ? PORT_REFUSED : PORT_TIMEDOUT;
    }
    stack_received_drop(socket);
    if (stack_has(socket, STACK_WAITING)) {
        stack_queue_remove(socket);
        stack_socket_free(socket);
    }
}

void stack_stream_adopt(struct stack_socket *socket, struct tcp_pcb *block)
{
    socket->block.tcp = block;
    tcp_arg(block, socket);
    tcp_recv(block, on_receive);
    tcp_sent(block, on_sent);
    tcp_err(block, on_error);
    tcp_poll(block, on_poll, POLL_TICKS);
    tcp_nagle_disable(block);
}

const struct stack_socket *stack_stream_of(const struct tcp_pcb *block)
{
    return block->recv == on_receive ? block->callback_arg : NULL;
}

/* A peer that took nothing more for the whole time does not deserve the memory. */
static err_t on_orphan_poll(void *argument, struct tcp_pcb *block)
{
    (void)argument;
    tcp_abort(block);
    return ERR_ABRT;
}

void stack_stream_orphan(struct stack_socket *socket)
{
    struct tcp_pcb *block = socket->block.tcp;
    CHECK(block != NULL);
    socket->block.tcp = NULL;
    tcp_arg(block, NULL);
    tcp_recv(block, NULL);
    tcp_sent(block, NULL);
    tcp_err(block, NULL);
    tcp_poll(block, on_orphan_poll, ORPHAN_TICKS);
}

/* Returning an error makes lwIP reset the peer. */
static err_t on_accept(void *argument, struct tcp_pcb *block, err_t error)
{
    struct stack_socket *listener = argument;
    if (error != ERR_OK || block == NULL) {
        return ERR_VAL; /* lwIP had no block for it, and the peer will try again */
    }
    struct stack_socket *socket = stack_socket_take(STACK_STREAM);
    if (socket == NULL) {
        return ERR_MEM;
    }
    tcp_backlog_delayed(block);
    stack_stream_adopt(socket, block);
    queue_append(listener, socket);
    return ERR_OK;
}

/* ---- The contract ---------------------------------------------------------------------------- */

int port_listen(struct port_address *at, enum port_family family, port_handle *listener)
{
    ip_addr_t ip;
    uint8_t type = IPADDR_TYPE_V4;
    int result = stack_address_bind(at, family, STACK_LISTENER, &ip, &type);
    if (result != PORT_OK) {
        return result;
    }
    struct stack_socket *socket = stack_socket_take(STACK_LISTENER);
    if (socket == NULL) {
        return PORT_FULL;
    }
    struct tcp_pcb *block = tcp_new_ip_type(type);
    struct tcp_pcb *listening = NULL;
    err_t error = ERR_MEM;
    if (block != NULL) {
        ip_set_option(block, SOF_REUSEADDR); /* peers in TIME_WAIT do not hold the port */
        error = tcp_bind(block, &ip, at->port);
    }
    if (error == ERR_OK) {
        listening = tcp_listen_with_backlog_and_err(block, PORT_LWIP_BACKLOG, &error);
    }
    if (listening == NULL) {
        if (block != NULL) {
            tcp_abort(block);
        }
        socket->block.tcp = NULL;
        stack_socket_free(socket);
        return error == ERR_USE ? PORT_INUSE : PORT_FULL;
    }
    socket->block.tcp = listening;
    tcp_arg(listening, socket);
    tcp_accept(listening, on_accept);
    at->port = listening->local_port;
    *listener = stack_socket_handle(socket);
    return PORT_OK;
}

bool port_listener_queues(void)
{
    return true; /* PORT_LWIP_BACKLOG of them; the SYNs of others go unanswered, and come again */
}

void port_listener_defer(port_handle listener)
{
    (void)listener; /* lwIP tells of all alike */
}

int port_accept(port_handle listener, port_handle *connection, struct port_address *peer)
{
    struct stack_socket *listening = stack_socket_at(listener, STACK_LISTENER);
    if (listening->queue == 0) {
        return PORT_AGAIN;
    }
    struct stack_socket *socket = stack_socket_number(listening->queue - 1u);
    CHECK(socket->block.tcp != NULL); /* what breaks while it waits leaves the queue */
    listening->queue = socket->queue;
    socket->queue = 0;
    stack_put(socket, STACK_WAITING, false);
    tcp_backlog_accepted(socket->block.tcp);
    stack_address_from(&socket->block.tcp->remote_ip, socket->block.tcp->remote_port, peer);
    *connection = stack_socket_handle(socket);
    return PORT_OK;
}

int port_connect(const struct port_address *to, port_handle *connection)
{
    ip_addr_t ip;
    stack_address_to(to, &ip);
    if (ip_addr_isany(&ip) || ip_addr_ismulticast(&ip)) {
        return PORT_UNREACHABLE;
    }
    struct stack_socket *socket = stack_socket_take(STACK_STREAM);
    struct tcp_pcb *block = socket != NULL ? tcp_new_ip_type(IP_GET_TYPE(&ip)) : NULL;
    if (block == NULL) {
        if (socket != NULL) {
            stack_socket_free(socket);
        }
        return PORT_FULL;
    }
    stack_stream_adopt(socket, block);
    stack_put(socket, STACK_DIALLING, true);
    socket->outcome = PORT_AGAIN;
    err_t error = tcp_connect(block, &ip, to->port, on_connected);
    if (error == ERR_OK) {
        *connection = stack_socket_handle(socket);
        return PORT_OK;
    }
    stack_stream_orphan(socket);
    tcp_abort(block);
    stack_socket_free(socket);
    return error == ERR_RTE || error == ERR_VAL ? PORT_UNREACHABLE : PORT_FULL;
}

int port_connected(port_handle connection)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    int outcome = socket->outcome;
    if (outcome == PORT_OK) {
        stack_put(socket, STACK_DIALLING, false);
    }
    return outcome;
}

/* ---- The end --------------------------------------------------------------------------------- */

void stack_stream_close(struct stack_socket *socket, bool abort)
{
    bool unread = socket->received != NULL;
    struct tcp_pcb *block = socket->block.tcp;
    if (socket->received != NULL) {
        (void)pbuf_free(socket->received);
        socket->received = NULL;
    }
    if (block == NULL) {
        return;
    }
    stack_stream_orphan(socket);
    /* From ERR_OK on the block is lwIP's, even if it could not send the end yet. */
    if (abort || unread || tcp_close(block) != ERR_OK) {
        tcp_abort(block);
    }
}

void stack_listener_close(struct stack_socket *socket)
{
    for (unsigned left = PORT_LWIP_BACKLOG + 1; left > 0 && socket->queue != 0; left--) {
        struct stack_socket *waiting = stack_socket_number(socket->queue - 1u);
        socket->queue = waiting->queue;
        stack_stream_close(waiting, true);
        stack_socket_free(waiting);
    }
    CHECK(socket->queue == 0);
    tcp_arg(socket->block.tcp, NULL);
    tcp_accept(socket->block.tcp, NULL);
    (void)tcp_close(socket->block.tcp); /* never fails for a listener */
}

unsigned stack_listener_ready(const struct stack_socket *socket)
{
    return socket->queue != 0 ? PORT_READ : 0;
}
