/* SPDX-License-Identifier: MIT */
/* The console: UART0 at 115,200 bits a second, with a ring for each direction, so that nobody waits
 * for the line. A line end goes out as carriage return and line feed. */
#include "boards/mps2-an385/board_registers.h"
#include "port/lwip/board.h"

enum { OUT_BYTES = 224, IN_BYTES = 32, BAUD = 115200 };

static struct {
    volatile uint16_t out_head; /* the next to send; moved by the interrupt */
    volatile uint16_t out_tail;
    volatile uint8_t in_head;
    volatile uint8_t in_tail;   /* moved by the interrupt */
    char out[OUT_BYTES];
    bool returned; /* the line end at out_head has had its carriage return */
    uint8_t in[IN_BYTES];
} state;

void uart_start(void)
{
    UART_BAUDDIV = CPU_HZ / BAUD;
    UART_CTRL = 0xf;
    NVIC_ISER0 = 1u << IRQ_UART0_RX | 1u << IRQ_UART0_TX;
}

/* Interrupts are off, or this is one. */
static void out_pump(void)
{
    while (state.out_head != state.out_tail && (UART_STATE & 1u) == 0) {
        char byte = state.out[state.out_head];
        if (byte == '\n' && !state.returned) {
            state.returned = true;
            UART_DATA = '\r';
            continue;
        }
        state.returned = false;
        UART_DATA = (uint8_t)byte;
        state.out_head = (uint16_t)((state.out_head + 1u) % OUT_BYTES);
    }
}

void uart_tx_interrupt(void)
{
    UART_INTCLEAR = 1;
    out_pump();
}

void uart_rx_interrupt(void)
{
    UART_INTCLEAR = 2;
    while ((UART_STATE & 2u) != 0) {
        uint8_t byte = (uint8_t)UART_DATA;
        uint8_t next = (uint8_t)((state.in_tail + 1u) % IN_BYTES);
        if (next != state.in_head) { /* else nobody reads, and it is lost */
            state.in[state.in_tail] = byte;
            state.in_tail = next;
        }
    }
}

bool uart_has_input(void)
{
    return state.in_head != state.in_tail;
}

size_t board_console_room(void)
{
    size_t used = (OUT_BYTES + (size_t)state.out_tail - state.out_head) % OUT_BYTES;
    return OUT_BYTES - 1 - used;
}

void board_console_write(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        state.out[state.out_tail] = bytes[i];
        state.out_tail = (uint16_t)((state.out_tail + 1u) % OUT_BYTES);
    }
    interrupts_off();
    out_pump();
    interrupts_on();
}

int board_console_read(void *bytes, size_t n)
{
    uint8_t *to = bytes;
    int count = 0;
    while ((size_t)count < n && uart_has_input()) {
        to[count++] = state.in[state.in_head];
        state.in_head = (uint8_t)((state.in_head + 1u) % IN_BYTES);
    }
    return count;
}

void uart_write_now(const char *bytes, size_t n)
{
    enum { PATIENCE = 1000000 };
    for (unsigned left = PATIENCE; left > 0 && state.out_head != state.out_tail; left--) {
        out_pump();
    }
    for (size_t i = 0; i < n; i++) {
        for (unsigned left = PATIENCE; left > 0 && (UART_STATE & 1u) != 0; left--) {
        }
        UART_DATA = (uint8_t)bytes[i];
    }
}
