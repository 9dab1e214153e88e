/* SPDX-License-Identifier: MIT */
/* The table of sockets, and what is done to handles of any kind. */
#include <string.h>

#include "port/lwip/stack.h"

STATIC_ASSERT(PORT_LWIP_STREAMS_MAX >= 1 && PORT_LWIP_STREAMS_MAX <= 250);
STATIC_ASSERT(PORT_LWIP_LISTENERS_MAX >= 1 && PORT_LWIP_LISTENERS_MAX <= 64);
STATIC_ASSERT(PORT_LWIP_BACKLOG >= 1 && PORT_LWIP_BACKLOG <= 32);
STATIC_ASSERT(PORT_LWIP_SOCKETS_MAX <= 60000); /* queues hold number + 1 */

static struct {
    struct stack_socket sockets[PORT_LWIP_SOCKETS_MAX];
    unsigned top; /* slots from here on were never used, and are not looked at */
} state;

size_t stack_handle_static_bytes(void)
{
    return sizeof state;
}

struct stack_socket *stack_socket_take(enum stack_kind kind)
{
    for (unsigned i = 0; i < PORT_LWIP_SOCKETS_MAX; i++) {
        struct stack_socket *socket = &state.sockets[i];
        if (socket->kind == STACK_FREE) {
            memset(socket, 0, sizeof *socket);
            socket->kind = (uint8_t)kind;
            state.top = i >= state.top ? i + 1 : state.top;
            return socket;
        }
    }
    return NULL;
}

struct stack_socket *stack_socket_number(unsigned number)
{
    CHECK(number < PORT_LWIP_SOCKETS_MAX);
    return &state.sockets[number];
}

struct stack_socket *stack_socket_at(port_handle handle, enum stack_kind kind)
{
    CHECK(handle >= 0 && handle < PORT_LWIP_SOCKETS_MAX);
    struct stack_socket *socket = &state.sockets[handle];
    CHECK(socket->kind == (uint8_t)kind);
    return socket;
}

port_handle stack_socket_handle(const struct stack_socket *socket)
{
    return (port_handle)(socket - state.sockets);
}

void stack_socket_free(struct stack_socket *socket)
{
    CHECK(socket->kind != STACK_FREE);
    CHECK(socket->received == NULL);
    socket->kind = STACK_FREE;
}

void stack_sockets_visit(void (*visit)(struct stack_socket *socket))
{
    for (unsigned i = 0; i < state.top; i++) {
        if (state.sockets[i].kind != STACK_FREE) {
            visit(&state.sockets[i]);
        }
    }
}

size_t port_handles(size_t wanted)
{
    size_t most = PORT_LWIP_STREAMS_MAX + PORT_LWIP_LISTENERS_MAX +
                  PORT_LWIP_DATAGRAM_SOCKETS_MAX + PORT_LWIP_FILES_MAX + 1;
    return wanted < most ? wanted : most;
}

static void socket_end(port_handle handle, bool abort)
{
    struct stack_socket *socket = stack_socket_number((unsigned)handle);
    switch ((enum stack_kind)socket->kind) {
    case STACK_FREE:
        CHECK(socket->kind != STACK_FREE);
        break;
    case STACK_LISTENER:
        stack_listener_close(socket);
        break;
    case STACK_STREAM:
        stack_stream_close(socket, abort);
        break;
    case STACK_DATAGRAMS:
        stack_datagrams_close(socket);
        break;
    }
    stack_socket_free(socket);
}

void port_close(port_handle handle)
{
    CHECK(handle >= 0 && handle < STACK_HANDLES);
    if (handle < STACK_HANDLE_FILE) {
        socket_end(handle, false);
    } else if (handle < STACK_HANDLE_CONSOLE) {
        stack_file_close(handle);
    } else {
        stack_console_close();
    }
}

void port_abort(port_handle connection)
{
    CHECK(stack_socket_at(connection, STACK_STREAM) != NULL);
    socket_end(connection, true);
}
