/* SPDX-License-Identifier: MIT */
/* The server apps of this build: one entry for each name in APPS. */
#include "apps/table.h"

#if APP_ECHO
#include "apps/echo/echo.h"
#endif
#if APP_CHAT
#include "apps/chat/chat.h"
#endif
#if APP_FILEGET
#include "apps/fileget/fileget.h"
#endif

#if TOOL_GET
#include "apps/get/get_app.h"
#endif
#if TOOL_PING
#include "apps/ping/ping_app.h"
#endif
#if TOOL_TALK
#include "apps/talk/talk_app.h"
#endif

const struct serving serving_table[] = {
#if APP_ECHO
    {.app = &echo_app, .port = SERVE_ECHO_PORT, .datagrams = true},
#endif
#if APP_CHAT
    {.app = &chat_app, .port = SERVE_CHAT_PORT, .console = true},
#endif
#if APP_FILEGET
    {.app = &fileget_app, .port = SERVE_FILE_PORT, .files = true},
#endif
};

const struct app *const serving_apps[] = {
#if APP_ECHO
    &echo_app,
#endif
#if APP_CHAT
    &chat_app,
#endif
#if APP_FILEGET
    &fileget_app,
#endif
};

const size_t serving_count = COUNT_OF(serving_table);

const struct app *const tool_apps[] = {
#if TOOL_GET
    &get_app,
#endif
#if TOOL_PING
    &ping_app,
#endif
#if TOOL_TALK
    &talk_app,
#endif
    NULL, /* C99 has no empty arrays */
};

const size_t tool_count = COUNT_OF(tool_apps) - 1;

STATIC_ASSERT(COUNT_OF(serving_table) == COUNT_OF(serving_apps));
STATIC_ASSERT(COUNT_OF(serving_table) <= CFG_APPS_MAX);
