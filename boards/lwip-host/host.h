/* SPDX-License-Identifier: MIT */
/* The wires of lwip-host, and how a program chooses one before port_start. */
#ifndef BOARDS_LWIP_HOST_HOST_H
#define BOARDS_LWIP_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum host_wire {
    HOST_MEMORY, /* all addresses are ours, and the clock moves only while everybody waits */
    HOST_UDP,    /* Ethernet frames in datagrams between two ports of 127.0.0.1 */
    HOST_TAP     /* a tap interface of this machine, which exists already */
};

struct host_settings {
    enum host_wire wire;
    const char *tap;         /* its name */
    uint16_t here;           /* UDP: our port */
    uint16_t there;          /* UDP: the other end's */
    const char *ipv4;        /* our address, "10.77.0.2"; the network is /24 */
    const char *ipv6;        /* "fd77::2", /64, besides the link-local one; NULL: none */
    uint8_t hardware;        /* last byte of the Ethernet address */
    uint32_t lost_permille;  /* of all frames we send */
    uint32_t seed;           /* which frames */
};
extern struct host_settings host_settings;

/* HOST_MEMORY: lets time pass, as if everybody slept. */
void host_clock_advance(uint64_t ms);

/* ---- Between the files of this folder ------------------------------------------------------- */

enum { HOST_FRAME_BYTES = 1600 };

/* Whether this frame is to be lost. */
bool host_frame_lost(void);

/* memory.c and link.c: frames on their way. False: it could not be sent, or opened. */
bool host_memory_put(unsigned interface, const uint8_t *frame, size_t n);
size_t host_memory_take(unsigned *interface, uint8_t *frame);
bool host_memory_waits(void);
bool host_link_open(void);
bool host_link_put(const uint8_t *frame, size_t n);
size_t host_link_take(uint8_t *frame); /* 0: none */

/* Sleeps until a frame has come or ms have passed. */
void host_link_sleep(uint32_t ms);
uint64_t host_clock_ms(void);
uint32_t host_noise(void);

#endif
