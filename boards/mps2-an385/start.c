/* SPDX-License-Identifier: MIT */
/* From reset to main, interrupts, and the end. */
#include <string.h>

#include "boards/lwip/entry.h"
#include "boards/mps2-an385/board_registers.h"
#include "port/lwip/board.h"

extern uint8_t stack_bottom[];
extern uint8_t stack_top[];
extern uint8_t data_start[];
extern uint8_t data_end[];
extern const uint8_t data_load[];
extern uint8_t bss_start[];
extern uint8_t bss_end[];

PORT_NORETURN void reset(void);
PORT_NORETURN void board_end(int status);

enum { STACK_PAINT = 0xa5 };

#if BOARD_SEMIHOSTING
enum { SYS_TIME = 0x11, SYS_EXIT_EXTENDED = 0x20, ADP_STOPPED_APPLICATION_EXIT = 0x20026 };

static uint32_t host_call(uint32_t operation, const uint32_t *argument)
{
    uint32_t result;
    __asm volatile("mov r0, %1\n\tmov r1, %2\n\tbkpt 0xab\n\tmov %0, r0"
                   : "=r"(result)
                   : "r"(operation), "r"(argument)
                   : "r0", "r1", "memory");
    return result;
}

uint32_t host_date(void)
{
    return host_call(SYS_TIME, NULL);
}
#endif

/* With a debugger or qemu listening, ends the program there; else restarts the board. */
PORT_NORETURN void board_end(int status)
{
#if BOARD_SEMIHOSTING
    const uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status};
    (void)host_call(SYS_EXIT_EXTENDED, block);
#endif
    (void)status;
    SCB_AIRCR = SCB_AIRCR_RESET;
    for (;;) {
    }
}

PORT_NORETURN void board_fail(const char *text, size_t n)
{
    interrupts_off();
    uart_write_now(text, n);
    board_end(1);
}

static void fault(void)
{
    static const char text[] = "linnet: processor fault\n";
    board_fail(text, sizeof text - 1);
}

size_t board_stack_bytes(void)
{
    const uint8_t *at = stack_bottom;
    while (at < stack_top && *at == STACK_PAINT) {
        at++;
    }
    return (size_t)(stack_top - at);
}

PORT_NORETURN void reset(void)
{
    memcpy(data_start, data_load, (size_t)(data_end - data_start));
    memset(bss_start, 0, (size_t)(bss_end - bss_start));
    /* Below this function's own frame. */
    uint8_t *here = __builtin_frame_address(0);
    memset(stack_bottom, STACK_PAINT, (size_t)(here - stack_bottom) - 64);
    board_end(entry_serve());
}

/* A vector is the stack's top or a function. */
union vector {
    const void *stack;
    void (*handler)(void);
};

__attribute__((section(".vectors"), used)) static const union vector vectors[16 + IRQS] = {
    [0] = {.stack = stack_top},
    [1] = {.handler = reset},
    [2] = {.handler = fault}, /* non-maskable */
    [3] = {.handler = fault}, /* hard fault; all others end here too */
    [15] = {.handler = clock_interrupt},
    [16 + IRQ_UART0_RX] = {.handler = uart_rx_interrupt},
    [16 + IRQ_UART0_TX] = {.handler = uart_tx_interrupt},
    [16 + IRQ_ETHERNET] = {.handler = ethernet_interrupt},
};
