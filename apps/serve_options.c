/* SPDX-License-Identifier: MIT */
/* The options of `linnet serve`. */
#include "apps/serve_options.h"

#include <string.h>

#include "apps/options.h"
#include "apps/table.h"
#include "core/address.h"
#include "core/loop.h"
#include "port/port_tool.h"

#if APP_ECHO
#include "apps/echo/echo_options.h"
#endif
#if APP_CHAT
#include "apps/chat/chat_options.h"
#endif
#if APP_CHAT && CHAT_BOT
#include "apps/chat/bot_options.h"
#endif
#if APP_FILEGET
#include "apps/fileget/fileget_options.h"
#endif

struct serve_options serve_options;

const size_t serve_options_static_bytes = sizeof serve_options;

static const char usage[] =
    "usage: linnet serve [options]\n"
#if PORT_TEXTS
    "\n"
    "Serves echo, chat and files to many peers at once, over IPv4 and IPv6. Ctrl-C\n"
    "or SIGTERM stops it in order, a second one at once; SIGUSR1 logs the counters.\n"
    "Exit status: 0 stopped in order, 1 it could not work, 2 wrong command line.\n"
    "Values in parentheses are the defaults.\n"
#endif
    ;

static const char *set_port(const char *name, const char *value)
{
    uint64_t port = 0;
    for (size_t i = 0; i < serving_count; i++) {
        if (strcmp(serving_apps[i]->name, name) != 0) {
            continue;
        }
        if (strcmp(value, "off") == 0) {
            serve_options.ports[i] = SERVE_PORT_OFF;
        } else if (option_number(value, 0, 65535, &port)) {
            serve_options.ports[i] = port == 0 ? SERVE_PORT_ANY : (int32_t)port;
        } else {
            return "a port from 1 to 65535, 0 (any free one) or off";
        }
    }
    return NULL;
}

#if APP_ECHO
static const char *set_echo(const char *value)
{
    return set_port("echo", value);
}
#endif

#if APP_CHAT
static const char *set_chat(const char *value)
{
    return set_port("chat", value);
}

static const char *set_console(const char *value)
{
    (void)value;
    serve_options.console = true;
    return NULL;
}
#endif

#if APP_FILEGET
static const char *set_file(const char *value)
{
    return set_port("file", value);
}

static const char *set_root(const char *value)
{
    serve_options.root = value;
    return NULL;
}

static const char *set_any_mode(const char *value)
{
    (void)value;
    serve_options.any_mode = true;
    return NULL;
}
#endif

static const char *set_address(const char *value)
{
    static const char wanted[] = "an address of this machine in numbers, like 192.0.2.1, ::1 or "
                                 "fe80::1%eth0, at most 4 times";
    size_t n = strlen(value);
    size_t zone_at = 0;
    struct port_address address;
    if (serve_options.addresses_count == SERVE_ADDRESSES_MAX ||
        !address_parse(value, n, &address, &zone_at)) {
        return wanted;
    }
    if (zone_at != 0) {
        address.zone = port_interface_number(value + zone_at);
        if (address.zone == 0) {
            return "an address whose zone is an interface of this machine";
        }
    }
    serve_options.addresses[serve_options.addresses_count++] = address;
    return NULL;
}

static const char *set_ipv4(const char *value)
{
    (void)value;
    serve_options.only_ipv4 = true;
    return NULL;
}

static const char *set_ipv6(const char *value)
{
    (void)value;
    serve_options.only_ipv6 = true;
    return NULL;
}

static const char *set_user(const char *value)
{
    serve_options.user = value;
    return NULL;
}

static const char *set_chroot(const char *value)
{
    (void)value;
    serve_options.confine = true;
    return NULL;
}

static const char *set_peer_limit(const char *value)
{
    uint64_t limit = 0;
    if (!option_number(value, 0, CFG_CONN_MAX, &limit)) {
        return "a number of connections up to CFG_CONN_MAX of --limits, 0: no limit";
    }
    loop_settings.peer_limit = (uint16_t)limit;
    loop_settings.peer_limit_given = true;
    return NULL;
}

#if PORT_GBK
static const char *set_no_gbk(const char *value)
{
    (void)value;
    serve_options.no_gbk = true;
    return NULL;
}
#endif

static const char *set_quiet(const char *value)
{
    (void)value;
    serve_options.quiet = true;
    return NULL;
}

static const char *set_verbose(const char *value)
{
    (void)value;
    loop_settings.verbose = true;
    return NULL;
}

static const char *set_limits(const char *value)
{
    (void)value;
    serve_options.limits = true;
    return NULL;
}

static const struct option port_rows[] = {
#if APP_ECHO
    OPTION("--echo", "PORT", "echo on TCP and UDP (" TEXT_OF(SERVE_ECHO_PORT)
           "; 0: any free port, off: not at all)", set_echo),
#endif
#if APP_CHAT
    OPTION("--chat", "PORT", "chat (" TEXT_OF(SERVE_CHAT_PORT) ")", set_chat),
#endif
#if APP_FILEGET
    OPTION("--file", "PORT", "files, raw and by HTTP (" TEXT_OF(SERVE_FILE_PORT) ")", set_file),
#endif
    OPTION("-l", "ADDR", "listen on this address only; up to 4 times", set_address),
    OPTION("-4", NULL, "IPv4 alone", set_ipv4),
    OPTION("-6", NULL, "IPv6 alone", set_ipv6),
};

static const struct option server_rows[] = {
#if APP_FILEGET
    OPTION("-r", "FOLDER",
           "serve the files in FOLDER (at a terminal: the current one), or one FILE",
           set_root),
    OPTION("--any-mode", NULL, "also files that not everybody here may read", set_any_mode),
#endif
    OPTION("-u", "USER", "become USER (a name or UID:GID) before the first byte is read", set_user),
    OPTION("--chroot", NULL, "confine the process to FOLDER", set_chroot),
#if APP_CHAT
    OPTION("--console", NULL, "this terminal joins the chat as its operator", set_console),
#endif
    OPTION("--peer-limit", "N", "connections per address (a quarter of all; 0: no limit)",
           set_peer_limit),
#if PORT_GBK
    OPTION("--no-gbk", NULL,
           "do not take names and texts that are not UTF-8 for GBK",
           set_no_gbk),
#endif
    OPTION("-q", NULL, "say only what is wrong", set_quiet),
    OPTION("-v", NULL, "log every connection", set_verbose),
    OPTION("--limits", NULL, "print what this build is limited to, and its memory", set_limits),
};

static const struct option_table tables[] = {
    {port_rows, COUNT_OF(port_rows), "where to listen"},
    {server_rows, COUNT_OF(server_rows), "how to serve"},
};

int serve_options_parse(int argc, char **argv, int first)
{
    struct option_table all[COUNT_OF(tables) + CFG_APPS_MAX + 1];
    size_t count = COUNT_OF(tables);
    memcpy(all, tables, sizeof tables);
#if APP_ECHO
    all[count++] = (struct option_table){echo_options, echo_options_count, "echo"};
#endif
#if APP_CHAT
    all[count++] = (struct option_table){chat_options, chat_options_count, "chat"};
#endif
#if APP_CHAT && CHAT_BOT
    all[count++] = (struct option_table){bot_options, bot_options_count, "bot"};
#endif
#if APP_FILEGET
    all[count++] = (struct option_table){fileget_options, fileget_options_count, "files"};
#endif
    memset(&serve_options, 0, sizeof serve_options);
    const char *operand = NULL;
    size_t operands = 0;
    int result = options_parse(argc, argv, first, usage, all, count, &operand, 1, &operands);
    if (result == 0 && operands > 0) {
        option_complain("serve takes options only, not '", operand, "'; see linnet serve --help",
                        NULL);
        return 2;
    }
    if (result == 0 && serve_options.only_ipv4 && serve_options.only_ipv6) {
        option_complain("-4 and -6 exclude each other; for both families give neither", NULL);
        return 2;
    }
    return result;
}
