/* SPDX-License-Identifier: MIT */
/* What this build carries: the server apps chosen by `make APPS=`. For the composition root, of a
 * host or of a board. */
#ifndef APPS_TABLE_H
#define APPS_TABLE_H

#include "core/app.h"

/* Where they listen by default; 0: on any free port. A board_config.h may say others. */
#ifndef SERVE_ECHO_PORT
#define SERVE_ECHO_PORT 7007
#endif
#ifndef SERVE_CHAT_PORT
#define SERVE_CHAT_PORT 6667
#endif
#ifndef SERVE_FILE_PORT
#define SERVE_FILE_PORT 8080
#endif

struct serving {
    const struct app *app;
    uint16_t port;      /* by default */
    bool datagrams;     /* on UDP as well */
    bool files;         /* opens a file for each connection */
    bool console;       /* the operator's console belongs to it */
};

/* In the order of the loop's app numbers. */
extern const struct serving serving_table[];
extern const struct app *const serving_apps[];
extern const size_t serving_count;

/* The tools that run as an app of the loop, for --limits. */
extern const struct app *const tool_apps[];
extern const size_t tool_count;

#endif
