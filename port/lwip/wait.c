/* SPDX-License-Identifier: MIT */
/* Waiting: the network's frames, lwIP's timers, and what has become ready by them. */
#include "lwip/sys.h"
#include "lwip/timeouts.h"

#include "port/lwip/board.h"
#include "port/lwip/stack.h"

static struct {
    uint64_t now_ms;
    int64_t date_s;     /* of the moment the clock showed date_at_ms */
    uint64_t date_at_ms;
    bool date_known;
} state;

size_t stack_wait_static_bytes(void)
{
    return sizeof state;
}

/* lwIP's clock; it is 32 bits wide and wraps. */
u32_t sys_now(void)
{
    return (u32_t)board_now_ms();
}

void stack_wait_start(void)
{
    state.now_ms = board_now_ms();
}

static unsigned handle_ready(port_handle handle)
{
    CHECK(handle >= 0 && handle < STACK_HANDLES);
    if (handle >= STACK_HANDLE_CONSOLE) {
        return stack_console_ready() ? PORT_READ : 0;
    }
    CHECK(handle < STACK_HANDLE_FILE); /* files are always ready, and not waited for */
    const struct stack_socket *socket = stack_socket_number((unsigned)handle);
    switch ((enum stack_kind)socket->kind) {
    case STACK_FREE:
        CHECK(socket->kind != STACK_FREE);
        return 0;
    case STACK_LISTENER:
        return stack_listener_ready(socket);
    case STACK_STREAM:
        return stack_stream_ready(socket);
    case STACK_DATAGRAMS:
        return (stack_datagrams_ready(socket) ? PORT_READ : 0u) | PORT_WRITE;
    }
    return 0;
}

static int events_look(struct port_event *events, size_t n)
{
    int ready = 0;
    for (size_t i = 0; i < n; i++) {
        events[i].got = 0;
        if (events[i].wanted != 0) {
            events[i].got = (uint8_t)(handle_ready(events[i].handle) & events[i].wanted);
            ready += events[i].got != 0;
        }
    }
    return ready;
}

static void network_turn(void)
{
    board_poll();
    sys_check_timeouts();
}

int port_wait(struct port_event *events, size_t n, int32_t timeout_ms)
{
    const uint64_t began_ms = board_now_ms();
    stack_sockets_visit(stack_stream_flush);
    network_turn();
    int ready = events_look(events, n);
    while (ready == 0 && timeout_ms != 0 && !stack_request_waits()) {
        uint64_t passed_ms = board_now_ms() - began_ms;
        if (timeout_ms > 0 && passed_ms >= (uint64_t)timeout_ms) {
            break;
        }
        uint32_t sleep_ms = sys_timeouts_sleeptime();
        if (timeout_ms > 0 && sleep_ms > (uint64_t)timeout_ms - passed_ms) {
            sleep_ms = (uint32_t)((uint64_t)timeout_ms - passed_ms);
        }
        if (sleep_ms > 0) {
            board_sleep(sleep_ms);
            lwip_port_stir(board_noise());
        }
        network_turn();
        ready = events_look(events, n);
    }
    state.now_ms = board_now_ms();
    return ready;
}

uint32_t port_wait_cost_us(void)
{
    return 0; /* a look costs some instructions for each handle, and there are few */
}

uint64_t port_now_ms(void)
{
    return state.now_ms;
}

void lwip_port_set_date(int64_t unix_seconds)
{
    state.date_s = unix_seconds;
    state.date_at_ms = board_now_ms();
    state.date_known = true;
}

bool port_wall_time(int64_t *unix_seconds, uint32_t *nanoseconds)
{
    if (!state.date_known) {
        return false;
    }
    uint64_t passed_ms = board_now_ms() - state.date_at_ms;
    *unix_seconds = state.date_s + (int64_t)(passed_ms / 1000);
    *nanoseconds = (uint32_t)(passed_ms % 1000) * 1000000u;
    return true;
}
