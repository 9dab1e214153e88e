/* SPDX-License-Identifier: MIT */
/* Talk as an app of the core's loop: the console is one connection, the server another. For
 * talk.c. */
#ifndef APPS_TALK_TALK_APP_H
#define APPS_TALK_TALK_APP_H

#include "apps/client.h"
#include "apps/talk/talk_config.h"

enum talk_status {
    TALK_DONE = 0,
    TALK_UNREAD = 1,         /* nobody reads standard output */
    TALK_USAGE = CLIENT_EXIT_USAGE,
    TALK_NO_HOST = 6,
    TALK_NO_CONNECTION = 7,
    TALK_BROKEN = 18         /* it ended while something was owed */
};

enum talk_reconnect { TALK_RECONNECT_ON_TERMINAL, TALK_RECONNECT_YES, TALK_RECONNECT_NO };

struct talk_settings {
    struct target target;
    enum port_name_family family;
    enum talk_reconnect reconnect;
    bool raw;        /* messages have no line ends */
    bool timestamps;
    bool quiet;
};
extern struct talk_settings talk_settings;

extern const struct app talk_app;

/* Connects to the first of the addresses that answers. After client_start. */
void talk_begin(const struct client_route *route);

/* The first connection stands: the console can be opened, and talk_input be told. */
bool talk_connected(void);

/* Where lines come from: `console`, the connection was opened (loop_console), else there is none;
 * `typed`: it is a terminal in raw mode, and so is standard output a terminal. */
void talk_input(bool console, bool typed);
bool talk_typed(void);

/* The terminal was away, or has another width; `ours`: lines are edited on it. */
void talk_repaint(bool ours);

/* Whether it is over, and how: after this the loop's connections may still close in order. */
bool talk_ended(void);
enum talk_status talk_status(void);

/* Puts the screen in order, last of all. */
void talk_end(void);

#endif
