/* SPDX-License-Identifier: MIT */
/* Start and end of the port, requests to the program, and what lwIP must be configured to. */
#include "lwip/init.h"

#include "port/lwip/board.h"
#include "port/lwip/stack.h"

/* One thread, and what this port calls. */
STATIC_ASSERT(NO_SYS == 1 && LWIP_TCP == 1 && LWIP_UDP == 1 && LWIP_IPV4 == 1 && LWIP_IPV6 == 1);
STATIC_ASSERT(LWIP_WND_SCALE == 0); /* received bytes are counted in 16 bits */
STATIC_ASSERT(TCP_MSS == PORT_LWIP_MSS && TCP_WND == PORT_LWIP_WINDOW_BYTES);
STATIC_ASSERT(TCP_SND_BUF == PORT_LWIP_SEND_BYTES);
STATIC_ASSERT(PORT_LWIP_MSS >= 536 && PORT_LWIP_MSS <= 1440);
STATIC_ASSERT(PORT_LWIP_WINDOW_SEGMENTS >= 2 && PORT_LWIP_WINDOW_BYTES <= 65535);
STATIC_ASSERT(PORT_LWIP_SEND_SEGMENTS >= 2 && PORT_LWIP_SEND_BYTES <= 65535);

/* Stalled peers can never stop the board: with every window full, and every send buffer, there is
 * memory left for other frames. */
enum { FRAME_BYTES = 1518 };
#if !MEM_LIBC_MALLOC && !MEMP_MEM_MALLOC
STATIC_ASSERT((unsigned long)PBUF_POOL_SIZE * PBUF_POOL_BUFSIZE >=
              (unsigned long)PORT_LWIP_STREAMS_MAX * TCP_WND + 6 * FRAME_BYTES);
STATIC_ASSERT(PBUF_POOL_SIZE >= PORT_LWIP_STREAMS_MAX * PORT_LWIP_STREAM_PIECES +
                                    (FRAME_BYTES + PBUF_POOL_BUFSIZE - 1) / PBUF_POOL_BUFSIZE);
STATIC_ASSERT((unsigned long)MEM_SIZE >=
              (unsigned long)PORT_LWIP_STREAMS_MAX * TCP_SND_BUF + 4096);
STATIC_ASSERT(MEMP_NUM_TCP_SEG >= PORT_LWIP_STREAMS_MAX * TCP_SND_QUEUELEN);
STATIC_ASSERT(MEMP_NUM_TCP_PCB >= PORT_LWIP_STREAMS_MAX + PORT_LWIP_BACKLOG);
STATIC_ASSERT(MEMP_NUM_TCP_PCB_LISTEN >= PORT_LWIP_LISTENERS_MAX);
STATIC_ASSERT(MEMP_NUM_UDP_PCB >= PORT_LWIP_DATAGRAM_SOCKETS_MAX);
#endif

static struct {
    unsigned stops;   /* PORT_REQUEST_STOP, PORT_REQUEST_STOP_NOW: not told yet */
    unsigned reports; /* how many were asked for and not told yet */
    bool stop_asked;
    bool started; /* lwIP can be started once only, and stays when the port has ended */
} state;

int port_start(void)
{
    state.stops = 0;
    state.reports = 0;
    state.stop_asked = false;
    if (state.started) {
        return PORT_OK;
    }
    stack_random_start();
    lwip_init();
    if (!board_start()) {
        return PORT_IO;
    }
    state.started = true;
    stack_wait_start();
    return PORT_OK;
}

static void socket_close(struct stack_socket *socket)
{
    if (socket->kind != STACK_FREE && !stack_has(socket, STACK_WAITING)) {
        port_close(stack_socket_handle(socket));
    }
}

void port_end(void)
{
    if (state.started) {
        stack_sockets_visit(socket_close); /* those that wait go with their listeners */
        stack_file_forget();
    }
}

size_t port_static_bytes(void)
{
    return sizeof state + stack_handle_static_bytes() + stack_datagram_static_bytes() +
           stack_wait_static_bytes() + stack_file_static_bytes() + stack_console_static_bytes() +
           stack_random_static_bytes() + stack_pools_static_bytes();
}

/* ---- Requests -------------------------------------------------------------------------------- */

void lwip_port_request(unsigned requests)
{
    if ((requests & PORT_REQUEST_STOP) != 0) {
        state.stops |= state.stop_asked ? PORT_REQUEST_STOP_NOW : PORT_REQUEST_STOP;
        state.stop_asked = true;
    }
    state.reports += (requests & PORT_REQUEST_REPORT) != 0 ? 1u : 0u;
}

bool stack_request_waits(void)
{
    return state.stops != 0 || state.reports != 0;
}

unsigned port_requests(void)
{
    unsigned requests = state.stops;
    state.stops = 0;
    if (state.reports > 0) {
        state.reports--;
        requests |= PORT_REQUEST_REPORT;
        stack_report();
    }
    return requests;
}
