/* SPDX-License-Identifier: MIT */
/* The server of a run: its apps, listeners, root, console and record. */
#include <string.h>

#include "apps/echo/echo.h"
#include "core/address.h"
#include "core/config.h"
#include "core/loop.h"
#include "port/port_tool.h"
#include "tests/sim/files.h"
#include "tests/sim/script.h"
#if APP_FILEGET
#include "apps/fileget/fileget.h"
#endif
#if APP_CHAT
#include "apps/chat/chat.h"
#include "tests/sim/screen.h"
#endif

static const struct app *const serving[] = {
    &echo_app,
#if APP_FILEGET
    &fileget_app,
#endif
#if APP_CHAT
    &chat_app,
#endif
};
static const struct app *const serving_canary[] = {&canary_app};

static bool listen_for(unsigned app, uint16_t port, bool datagrams)
{
    for (unsigned tries = 0; tries < 4; tries++) {
        struct port_address at = address_any(PORT_DUAL, port);
        int socket = datagrams ? loop_datagrams(app, &at, PORT_DUAL)
                               : loop_listen(app, &at, PORT_DUAL);
        if (socket >= 0) {
            world.sockets++;
            return true;
        }
    }
    return false;
}

/* Where the console is a terminal, lines are edited. */
void server_follow_console(void)
{
#if APP_CHAT
    if (screen_edits() && sim_console_held()) {
        screen_lost();
        loop_console_edit(screen_columns(), screen_logs());
    }
#endif
}

/* The operator's console belongs to the chat. Not to have one is no failure. */
static void open_console(void)
{
    for (unsigned i = 0; i < COUNT_OF(serving) && world.scenario.app != WORLD_CANARY; i++) {
        if (strcmp(serving[i]->name, "chat") == 0) {
            (void)loop_console(i);
        }
    }
    server_follow_console();
}

bool server_begin(void)
{
    bool canary = world.scenario.app == WORLD_CANARY;
    const struct app *const *apps = canary ? serving_canary : serving;
    size_t count = canary ? COUNT_OF(serving_canary) : COUNT_OF(serving);
    size_t handles = 8;
    if (port_start() != PORT_OK) {
        return false;
    }
    handles = port_handles(2 * CFG_CONN_MAX + handles);
    if (handles < 12) {
        return false; /* too few to serve anybody */
    }
    world.capacity = handles >= 2 * CFG_CONN_MAX + 8 ? CFG_CONN_MAX
                                                     : (unsigned)(handles - 6) * 3 / 4;
    world.capacity = world.capacity > CFG_CONN_MAX ? CFG_CONN_MAX : world.capacity;
    if (port_root_open("/", files_any_mode() ? PORT_ROOT_ANY_MODE : 0) != PORT_OK) {
        return false;
    }
    if (world.scenario.script != NULL && world.scenario.script->capacity > 0) {
        world.capacity = world.scenario.script->capacity;
    }
    CHECK(loop_start(apps, count, world.capacity));
    bool datagrams_first = world.scenario.seed % 2 == 0;
    if (!canary && datagrams_first && !listen_for(0, 7007, true)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        uint16_t port = apps[i] == &echo_app || canary ? 7007 : strcmp(apps[i]->name, "file") == 0
                                                                    ? 8080 : 6667;
        if (!listen_for(i, port, false)) {
            return false;
        }
    }
    if (!canary && !datagrams_first && !listen_for(0, 7007, true)) {
        return false;
    }
    port_serving_begins(files_converted());
#if APP_CHAT
    record_open();
#endif
    open_console();
    return true;
}

/* What was opened before the server began. */
void server_end(void)
{
#if APP_CHAT
    record_finish();
    record_close();
#endif
}
