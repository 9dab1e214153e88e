/* SPDX-License-Identifier: MIT */
/*
 * The operator's console where it is a terminal in raw mode: the line being typed is edited here
 * (core/editor.h) and stays below what is written. For the loop, the connections and the log; built
 * with CFG_CONSOLE_EDITOR.
 *
 * Nothing waits here. What the terminal does not take is kept and goes out first the next time; of
 * what was typed while there is no room to keep it, the echo is lost.
 */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include "core/config.h"
#include "port/port.h"

void console_start(void);

/* Edits from now on, on a terminal of so many columns, or of another width than before; 0: not now,
 * it is in others' hands. `log`: the log goes to the same terminal. */
void console_edit(unsigned columns, bool log);
bool console_edits(void);

/* The terminal is in others' hands, and so is what is typed: nothing is to be read. */
bool console_is_away(void);

/* As port_console_read, but a whole line with its end, once it was typed, or PORT_AGAIN. PORT_EOF:
 * Ctrl-D, or nobody types any more. n is more than CFG_EDITOR_LINE_BYTES. */
int console_read(port_handle input, uint8_t *bytes, size_t n);

/* As port_console_write; the line being typed makes way. */
int console_write(const void *bytes, size_t n);

/* The log writes to the terminal now: the line being typed makes way. */
void console_make_way(void);

/* Shows the line being typed, if it is not shown as it is, below whole lines. False: the terminal
 * takes nothing; call again in a while. */
bool console_paint(void);

/* Takes the line being typed away, last of all. */
void console_end(void);

extern const size_t console_static_bytes;

#endif
