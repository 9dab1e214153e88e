/* SPDX-License-Identifier: MIT */
/* The registers of the processor and of the board that are used, by the names of their manuals. */
#ifndef BOARDS_MPS2_AN385_BOARD_REGISTERS_H
#define BOARDS_MPS2_AN385_BOARD_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

/* ---- Cortex-M3 ----------------------------------------------------------------------------- */

#define SYST_CSR REGISTER(0xe000e010u)  /* enable 1, interrupt 2, processor clock 4 */
#define SYST_RVR REGISTER(0xe000e014u)
#define SYST_CVR REGISTER(0xe000e018u)
#define NVIC_ISER0 REGISTER(0xe000e100u)
#define SCB_AIRCR REGISTER(0xe000ed0cu)
#define SCB_AIRCR_RESET 0x05fa0004u

enum { IRQ_UART0_RX = 0, IRQ_UART0_TX = 1, IRQ_ETHERNET = 13, IRQS = 16 };

enum { CPU_HZ = 25000000 };

static inline void interrupts_off(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

static inline void interrupts_on(void)
{
    __asm volatile("cpsie i" ::: "memory");
}

/* Wakes for an interrupt that is pending, even while interrupts are off. */
static inline void sleep_until_interrupt(void)
{
    __asm volatile("dsb\n\twfi" ::: "memory");
}

/* ---- UART0 (CMSDK APB UART) ------------------------------------------------------------------ */

#define UART_DATA REGISTER(0x40004000u)
#define UART_STATE REGISTER(0x40004004u)      /* transmit full 1, receive full 2 */
#define UART_CTRL REGISTER(0x40004008u)       /* enable TX 1, RX 2; interrupt TX 4, RX 8 */
#define UART_INTCLEAR REGISTER(0x4000400cu)   /* TX 1, RX 2 */
#define UART_BAUDDIV REGISTER(0x40004010u)

/* ---- What the files of this board offer each other ------------------------------------------- */

struct pbuf;

void uart_start(void);
bool uart_has_input(void);
/* Waits for the line; for the last words before a restart. */
void uart_write_now(const char *bytes, size_t n);
void uart_rx_interrupt(void);
void uart_tx_interrupt(void);

/* The Ethernet chip. False: it does not answer. `hardware` is its address. */
bool ethernet_start(uint8_t hardware[6]);
/* The next frame in pieces of the pool, ETH_PAD_SIZE bytes before it, or NULL. *lost: there was
 * one, and no memory for it. */
struct pbuf *ethernet_receive(bool *lost);
/* False: the chip has no room. */
bool ethernet_send(const struct pbuf *p);
bool ethernet_has_frame(void);
/* Lets the next frame interrupt. */
void ethernet_arm(void);
uint32_t ethernet_counter(void);
void ethernet_interrupt(void);

/* Seconds since 1970, of the machine that runs qemu. Only with SEMIHOSTING=1. */
uint32_t host_date(void);

void clock_start(void);
void clock_interrupt(void);

#endif
