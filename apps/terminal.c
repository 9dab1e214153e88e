/* SPDX-License-Identifier: MIT */
/* The terminal that a line editor needs. */
#include "apps/terminal.h"

#include <string.h>

#include "port/port_tool.h"

unsigned terminal_take(void)
{
    const char *kind = port_environment("TERM");
    unsigned columns = port_terminal_columns(PORT_STDOUT);
    bool fit = kind != NULL && strcmp(kind, "dumb") != 0 && columns > 0;
    return fit && port_console_raw(true) == PORT_OK ? columns : 0;
}
