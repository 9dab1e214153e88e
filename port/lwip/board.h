/* SPDX-License-Identifier: MIT */
/*
 * What a board must supply for port/lwip: the network interface, a clock, a console. README.md
 * beside this file says how. Nothing here is called from an interrupt, nor may a board call lwIP
 * from one: interrupts only note that there is work for board_poll, and wake board_sleep.
 */
#ifndef PORT_LWIP_BOARD_H
#define PORT_LWIP_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port/compiler.h"

/* ---- The board supplies -------------------------------------------------------------------- */

/* Starts clock, console and network: adds its interfaces to lwIP (netif_add, netif_set_default,
 * netif_set_up), with their addresses. Called once, after lwip_init. False: the board cannot work,
 * and its console says why. */
bool board_start(void);

/* Gives the frames that have arrived to lwIP (netif->input), at most PORT_LWIP_DATAGRAMS_MAX of
 * them: with more, datagrams are lost for want of a place to wait. */
void board_poll(void);

/* Sleeps until a frame or a byte of the console has come, or `ms` have passed; returns at once if
 * one has come since the last board_poll, which is what makes no wake-up get lost. May return
 * early. ms > 0. */
void board_sleep(uint32_t ms);

/* Milliseconds since some moment before board_start; never goes back, never wraps. */
uint64_t board_now_ms(void);

/* Something that others cannot foresee: a hardware generator, or a cycle counter at moments that
 * the network decides. Asked at start, after every sleep and for every request. */
uint32_t board_noise(void);

/* How many bytes board_console_write takes now, without waiting; writes so many or fewer. */
size_t board_console_room(void);
void board_console_write(const char *bytes, size_t n);

/* Takes up to n bytes that were typed; returns how many, 0: none now, -1: nobody will ever type
 * again (a serial line never says so). */
int board_console_read(void *bytes, size_t n);

/* How deep the stack has been, for the report; 0: not known. */
size_t board_stack_bytes(void);

/* Says `text` on the console, whatever it takes, and stops or restarts the board. */
PORT_NORETURN void board_fail(const char *text, size_t n);

/* ---- The port offers to the board ---------------------------------------------------------- */

/* Asks for what port_requests tells: PORT_REQUEST_STOP, PORT_REQUEST_REPORT. Not from an interrupt.
 * On the console, the byte ^T asks for a report. */
void lwip_port_request(unsigned requests);

/* Sets the date, from a clock chip or the network. Until then it is unknown. */
void lwip_port_set_date(int64_t unix_seconds);

/* Adds a piece of noise; a board may feed what it has. */
void lwip_port_stir(uint32_t noise);

#endif
