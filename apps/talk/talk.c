/* SPDX-License-Identifier: MIT */
/* `linnet talk`: the command line, names, the terminal, and the loop's turns. */
#include "apps/talk/talk.h"

#include <string.h>

#include "apps/options.h"
#include "apps/talk/talk_app.h"
#include "core/loop.h"
#include "port/port_tool.h"

enum {
    DEFAULT_PORT = 6667,
    CONNECTIONS = 4, /* the server's, the console's, and one that still closes */
    HANDLES = CONNECTIONS + 4
};

static const char usage[] =
    "usage: linnet talk [options] HOST[:PORT]\n"
    "\n"
    "Lines go to a server, and lines come back: for a chat, or any service that speaks in lines.\n"
    "PORT is 6667 unless given; IPv6 with a port is [2001:db8::1]:6667, and link-local\n"
    "[fe80::1%eth0]:6667. On a terminal the line being typed stays below what comes in, the up\n"
    "key brings back earlier ones, and nothing the server sends can move the cursor. Ctrl-D\n"
    "leaves. On pipes every byte goes through as it is; the end of the input is passed on, and\n"
    "the rest waited for. Exit status: 0, 1 nobody reads the output, 2 wrong command line, 6 no\n"
    "such host, 7 could not connect, 18 it ended before all was said or heard.\n";

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
    bool right = talk_settings.family != PORT_NAME_IPV6;
    talk_settings.family = PORT_NAME_IPV4;
    return right ? NULL : "no -6 beside it";
}

static const char *set_ipv6(const char *value)
{
    (void)value;
    bool right = talk_settings.family != PORT_NAME_IPV4;
    talk_settings.family = PORT_NAME_IPV6;
    return right ? NULL : "no -4 beside it";
}

static const struct option rows[] = {
    {"--raw", NULL, "messages have no line ends; on pipes each waits for its answer", set_raw},
    {"--timestamps", NULL, "the time of day (UTC) before each line", set_timestamps},
    {"--reconnect", NULL, "when the connection is lost, connect again (so on a terminal)",
     set_reconnect},
    {"--no-reconnect", NULL, "when the connection is lost, end (so on pipes)", set_no_reconnect},
    {"-4", NULL, "IPv4 alone", set_ipv4},
    {"-6", NULL, "IPv6 alone", set_ipv6},
    {"-q", NULL, "no notices about the connection", set_quiet},
};

static const struct option_table table = {rows, COUNT_OF(rows), "Options"};

static const struct talk_settings defaults = {
    .target = {"", DEFAULT_PORT},
    .family = PORT_NAME_ANY,
};

static int usage_error(const char *what, const char *subject)
{
    option_complain(what, subject, "; see \"linnet talk --help\"", NULL);
    return TALK_USAGE;
}

static int settings_read(int argc, char **argv, int first)
{
    const char *operand = NULL;
    size_t count = 0;
    int status = options_parse(argc, argv, first, usage, &table, 1, &operand, 1, &count);
    if (status != 0) {
        return status;
    }
    if (count == 0) {
        return usage_error("talk wants a HOST", "");
    }
    if (!target_read(operand, &talk_settings.target)) {
        return usage_error("talk wants HOST or HOST:PORT, not ", operand);
    }
    return 0;
}

/* ---- Running ------------------------------------------------------------------------------- */

static const char *kind_of(enum port_name_family family)
{
    switch (family) {
    case PORT_NAME_ANY:
        return "";
    case PORT_NAME_IPV4:
        return " with an IPv4 address";
    case PORT_NAME_IPV6:
        return " with an IPv6 address";
    }
    return "";
}

/* The addresses of the host; 0 after a complaint. */
static size_t find_addresses(struct port_address *list, size_t max)
{
    const struct target *target = &talk_settings.target;
    int found = port_resolve(target->host, talk_settings.family, target->port, list, max);
    if (found == PORT_AGAIN) {
        option_complain("the name service does not answer for ", target->host, NULL);
    } else if (found < 1) {
        option_complain("there is no host ", target->host, kind_of(talk_settings.family), NULL);
    }
    return found > 0 ? (size_t)found : 0;
}

/* A terminal that can at least go back to the beginning of a line and erase the rest. */
static bool has_terminal(void)
{
    const char *kind = port_environment("TERM");
    bool dumb = kind == NULL || strcmp(kind, "dumb") == 0;
    return !dumb && port_terminal_columns(PORT_STDOUT) > 0;
}

static void input_open(void)
{
    bool console = loop_console(0);
    talk_input(console, console && has_terminal() && port_console_raw(true) == PORT_OK);
}

/* Ends what is still open: after a goodbye in order, else without waiting for anybody. */
static void close_down(bool alive)
{
    if (alive) {
        loop_stop(talk_status() != TALK_DONE);
        while (loop_turn()) {
        }
    }
}

int talk_main(int argc, char **argv, int first)
{
    static const struct app *const apps[] = {&talk_app};
    struct port_address addresses[CFG_TALK_ADDRESSES];
    bool alive = true;
    talk_settings = defaults;
    int status = settings_read(argc, argv, first);
    if (status != 0) {
        return status == OPTIONS_HELP ? 0 : status;
    }
    size_t count = find_addresses(addresses, COUNT_OF(addresses));
    if (count == 0) {
        return TALK_NO_HOST;
    }
    (void)port_handles(HANDLES);
    if (!loop_start(apps, COUNT_OF(apps), CONNECTIONS)) {
        return TALK_NO_CONNECTION;
    }
    talk_begin(addresses, count);
    while (alive && !talk_ended() && !talk_connected()) {
        alive = loop_turn();
    }
    if (alive && !talk_ended()) {
        input_open();
    }
    while (alive && !talk_ended()) {
        alive = loop_turn();
    }
    talk_end();
    close_down(alive);
    return (int)talk_status();
}
