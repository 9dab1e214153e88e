/* SPDX-License-Identifier: MIT */
/* The terminal that a line editor needs. For `linnet serve --console` and `linnet talk`. */
#ifndef APPS_TERMINAL_H
#define APPS_TERMINAL_H

#include "port/port.h"

/* Takes the console's terminal: raw, if it can at least go back to the beginning of a row and erase
 * the rest of it (TERM is given, and not "dumb"). Returns its columns; 0: there is none, or it is
 * not ours now. Again after PORT_REQUEST_REDRAW. */
unsigned terminal_take(void);

#endif
