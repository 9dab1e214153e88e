/* SPDX-License-Identifier: MIT */
/* The program of a board without an operating system. */
#ifndef BOARDS_LWIP_ENTRY_H
#define BOARDS_LWIP_ENTRY_H

/* Serves the apps of this build at their own ports until a stop is asked for, if ever. Returns 0,
 * or 1 when it cannot work; the console says why. */
int entry_serve(void);

#endif
