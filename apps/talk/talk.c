/* SPDX-License-Identifier: MIT */
/* `linnet talk`: the command line, names, the terminal, and the loop's turns. */
#include "apps/talk/talk.h"

#include <string.h>

#include "apps/client.h"
#include "apps/talk/talk_app.h"
#include "apps/terminal.h"
#include "core/loop.h"

enum { DEFAULT_PORT = 6667 };

static const char usage[] =
    "usage: linnet talk [options] HOST[:PORT]\n"
    "\n"
    "Lines go to a server, and lines come back: for a chat, or any service that\n"
    "speaks in lines. PORT is 6667 unless given; IPv6 with a port is\n"
    "[2001:db8::1]:6667, link-local [fe80::1%eth0]:6667.\n"
    "On a terminal the line being typed stays below what comes in, the up key brings\n"
    "back earlier ones, and nothing the server sends can move the cursor. Ctrl-D\n"
    "leaves.\n"
    "On pipes every byte goes through as it is; the end of the input is passed on,\n"
    "and the server's end waited for.\n"
    "Exit status: 0 done, 1 nobody reads the output, 2 wrong command line, 6 no such\n"
    "host, 7 could not connect, 18 the connection broke, or ended before all was\n"
    "said.\n";

/* ---- Options ------------------------------------------------------------------------------- */

static const char *set_raw(const char *value)
{
    (void)value;
    talk_settings.raw = true;
    return NULL;
}

static const char *set_timestamps(const char *value)
{
    (void)value;
    talk_settings.timestamps = true;
    return NULL;
}

static const char *set_reconnect(const char *value)
{
    (void)value;
    bool right = talk_settings.reconnect != TALK_RECONNECT_NO;
    talk_settings.reconnect = TALK_RECONNECT_YES;
    return right ? NULL : "no --no-reconnect beside it";
}

static const char *set_no_reconnect(const char *value)
{
    (void)value;
    bool right = talk_settings.reconnect != TALK_RECONNECT_YES;
    talk_settings.reconnect = TALK_RECONNECT_NO;
    return right ? NULL : "no --reconnect beside it";
}

static const char *set_quiet(const char *value)
{
    (void)value;
    talk_settings.quiet = true;
    return NULL;
}

static const char *set_ipv4(const char *value)
{
    (void)value;
    return client_family_set(&talk_settings.family, PORT_NAME_IPV4);
}

static const char *set_ipv6(const char *value)
{
    (void)value;
    return client_family_set(&talk_settings.family, PORT_NAME_IPV6);
}

static const struct option rows[] = {
    OPTION("--raw", NULL, "messages have no line ends; on pipes each waits for its answer",
           set_raw),
    OPTION("--timestamps", NULL, "the time of day (UTC) before each line", set_timestamps),
    OPTION("--reconnect", NULL, "when the connection is lost, connect again (so on a terminal)",
           set_reconnect),
    OPTION("--no-reconnect", NULL, "when the connection is lost, end (so on pipes)",
           set_no_reconnect),
    OPTION("-4", NULL, "IPv4 alone", set_ipv4),
    OPTION("-6", NULL, "IPv6 alone", set_ipv6),
    OPTION("-q", NULL, "no notices about the connection", set_quiet),
};

static const struct option_table table = {rows, COUNT_OF(rows), "options"};

static const struct talk_settings defaults = {
    .target = {"", DEFAULT_PORT},
    .family = PORT_NAME_ANY,
};

/* ---- Running ------------------------------------------------------------------------------- */

static void input_open(void)
{
    bool console = loop_console(0);
    talk_input(console, console && terminal_take() > 0);
}

/* One pass; false: it was the last. */
static bool turn(void)
{
    bool alive = loop_turn();
    if (alive && loop_terminal_changed()) {
        talk_repaint(talk_typed() && terminal_take() > 0);
    }
    return alive;
}

int talk_main(int argc, char **argv, int first)
{
    static const struct app *const apps[] = {&talk_app};
    struct client_route route;
    char why[CLIENT_WHY_BYTES];
    bool alive = true;
    talk_settings = defaults;
    int status = client_options_parse(argc, argv, first, usage, &table, &talk_settings.target);
    if (status != 0) {
        return status == OPTIONS_HELP ? 0 : status;
    }
    if (client_find(&route, &talk_settings.target, talk_settings.family, why) != PORT_OK) {
        option_complain(why, NULL);
        return TALK_NO_HOST;
    }
    if (!client_start(apps)) {
        return TALK_NO_CONNECTION;
    }
    talk_begin(&route);
    while (alive && !talk_ended() && !talk_connected()) {
        alive = turn();
    }
    if (alive && !talk_ended()) {
        input_open();
    }
    while (alive && !talk_ended()) {
        alive = turn();
    }
    talk_end();
    if (alive) {
        client_end(talk_status() != TALK_DONE, true); /* in order after a goodbye */
    }
    return (int)talk_status();
}
