/* SPDX-License-Identifier: MIT */
/* The composition root of boards without an operating system: every app of the table, dual stack,
 * at its own port. */
#include "boards/lwip/entry.h"

#include "apps/table.h"
#include "core/address.h"
#include "core/log.h"
#include "core/loop.h"
#include "port/lwip/lwip_config.h"
#include "port/lwip/rom.h"
#include "port/port.h"

/* What the core may open, lwIP must have the memory for. The console needs none of it. */
STATIC_ASSERT(PORT_LWIP_STREAMS_MAX + 1 >= CFG_CONN_MAX);

static unsigned capacity(void)
{
    unsigned most = PORT_LWIP_STREAMS_MAX;
    for (size_t i = 0; i < serving_count; i++) {
        most += serving_table[i].console ? 1u : 0u;
    }
    return most < CFG_CONN_MAX ? most : CFG_CONN_MAX;
}

static void announce(size_t number, const struct port_address *at, bool datagrams)
{
    struct text *line = log_begin();
    text_put(line, serving_apps[number]->name);
    text_put(line, " listening on ");
    text_put_address(line, at);
    text_put(line, datagrams ? " (UDP)" : "");
    log_end();
}

static bool serve_one(size_t number)
{
    struct port_address at = address_any(PORT_DUAL, serving_table[number].port);
    if (loop_listen((unsigned)number, &at, PORT_DUAL) < 0) {
        return false;
    }
    announce(number, &at, false);
    if (serving_table[number].datagrams) {
        if (loop_datagrams((unsigned)number, &at, PORT_DUAL) < 0) {
            return false;
        }
        announce(number, &at, true);
    }
    return true;
}

int entry_serve(void)
{
    if (port_start() != PORT_OK || !loop_start(serving_apps, serving_count, capacity())) {
        return 1;
    }
    lwip_port_set_files(rom_files, rom_files_count);
    for (size_t i = 0; i < serving_count; i++) {
        if (!serve_one(i) || (serving_table[i].console && !loop_console((unsigned)i))) {
            log_line("cannot listen: PORT_LWIP_LISTENERS_MAX or _DATAGRAM_SOCKETS_MAX is too low");
            return 1;
        }
    }
    while (loop_turn()) {
    }
    port_end();
    return 0;
}
