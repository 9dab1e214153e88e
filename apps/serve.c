/* SPDX-License-Identifier: MIT */
/* `linnet serve`: from the command line to the loop and out again. */
#include "apps/serve.h"

#include <string.h>

#include "apps/limits.h"
#include "apps/options.h"
#include "apps/serve_options.h"
#include "apps/table.h"
#if APP_FILEGET
#include "apps/fileget/fileget.h"
#endif
#include "apps/target.h"
#include "apps/terminal.h"
#include "core/address.h"
#include "core/log.h"
#include "core/loop.h"
#include "port/port_tool.h"

enum {
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    PORT_TRIES = 32,   /* for one free number that all families and UDP share */
    ROOT_BYTES = 4096, /* of the path of a file that is served alone */
    HANDLES_SPARE = 4  /* beyond connections, their files and the sockets */
};

/* One address to listen on; with no -l there are one or two, for the families. */
struct place {
    struct port_address address;
    enum port_family family;
    bool optional; /* this family may not exist here */
};

/* One open socket, to be announced, or closed again when the next cannot be opened. */
struct opened {
    struct port_address address;
    uint8_t app;
    uint8_t socket;
    bool datagrams;
};

static struct {
    struct place places[SERVE_ADDRESSES_MAX];
    unsigned places_count;
    struct opened opened[CFG_SOCKETS_MAX];
    unsigned opened_count;
} state;

#if SERVE_OPTIONS
const size_t serve_static_bytes = sizeof state + sizeof serve_options;
#else
/* Constant where it is used, so that the compiler leaves out what nobody asks for. */
static const struct serve_options serve_options = {
    .confine = SERVE_CHROOT,
    .root = APP_FILEGET || SERVE_CHROOT ? SERVE_ROOT : NULL,
    .user = SERVE_USER,
};
#endif

static bool serve_app_runs(size_t number)
{
    return serve_options.ports[number] != SERVE_PORT_OFF;
}

/* ---- Places -------------------------------------------------------------------------------- */

static void place_add(struct port_address address, enum port_family family, bool optional)
{
    CHECK(state.places_count < SERVE_ADDRESSES_MAX);
    state.places[state.places_count++] = (struct place){address, family, optional};
}

/* One dual-stack place where the system has such, else one for each family. */
static void places_find_dual(void)
{
    struct port_address any = address_any(PORT_DUAL, 0);
    port_handle probe = PORT_NONE;
    if (port_listen(&any, PORT_DUAL, &probe) == PORT_OK) {
        port_close(probe);
        place_add(address_any(PORT_DUAL, 0), PORT_DUAL, false);
    } else {
        place_add(address_any(PORT_IPV4, 0), PORT_IPV4, false);
        place_add(address_any(PORT_IPV6, 0), PORT_IPV6, true);
    }
}

/* Returns 0, or EXIT_USAGE after a complaint. */
static int places_find(void)
{
    memset(&state, 0, sizeof state);
    for (unsigned i = 0; i < serve_options.addresses_count; i++) {
        struct port_address address = serve_options.addresses[i];
        bool ipv4 = address_is_ipv4(&address);
        if ((ipv4 && serve_options.only_ipv6) || (!ipv4 && serve_options.only_ipv4)) {
            option_complain("an address given with -l is not of the family that ",
                            ipv4 ? "-6" : "-4", " allows", NULL);
            return EXIT_USAGE;
        }
        place_add(address, ipv4 ? PORT_IPV4 : PORT_IPV6, false);
    }
    if (serve_options.addresses_count > 0) {
        return 0;
    }
    if (serve_options.only_ipv4 || serve_options.only_ipv6) {
        enum port_family family = serve_options.only_ipv4 ? PORT_IPV4 : PORT_IPV6;
        place_add(address_any(family, 0), family, false);
    } else {
        places_find_dual();
    }
    return 0;
}

/* ---- Listeners ----------------------------------------------------------------------------- */

/* Closes what was opened since there were `count`. */
static void sockets_close(unsigned count)
{
    while (state.opened_count > count) {
        state.opened_count--;
        loop_close(state.opened[state.opened_count].socket);
    }
}

/* Opens one socket on *port, or on any and stores it. Returns PORT_OK or what the port said. */
static int socket_open(unsigned app, const struct place *place, bool datagrams, uint16_t *port)
{
    struct port_address at = place->address;
    at.port = *port;
    int result = datagrams ? loop_datagrams(app, &at, place->family)
                           : loop_listen(app, &at, place->family);
    if (result < 0) {
        return result == PORT_UNREACHABLE && place->optional ? PORT_OK : result;
    }
    *port = at.port;
    CHECK(state.opened_count < CFG_SOCKETS_MAX);
    state.opened[state.opened_count++] =
        (struct opened){at, (uint8_t)app, (uint8_t)result, datagrams};
    return PORT_OK;
}

/* Opens all places of an app on one port number. On failure none is left open. */
static int sockets_open(unsigned app, bool datagrams, uint16_t port, const struct place **failed)
{
    unsigned before = state.opened_count;
    for (unsigned i = 0; i < state.places_count; i++) {
        const struct place *place = &state.places[i];
        int result = socket_open(app, place, false, &port);
        if (result == PORT_OK && datagrams) {
            result = socket_open(app, place, true, &port);
        }
        if (result != PORT_OK) {
            sockets_close(before);
            *failed = place;
            return result;
        }
    }
    return PORT_OK;
}

static void complain_listen(size_t number, uint16_t port, const struct place *place, int result)
{
    char shown[TARGET_SHOWN_BYTES];
    struct port_address at = place->address;
    at.port = port;
    const char *name = serving_apps[number]->name;
    const char *why = "cannot be opened: the system failed";
    if (result == PORT_INUSE) {
        why = "is in use by another program; choose another port";
    } else if (result == PORT_DENIED) {
        why = "is for the privileged; choose a port above 1023";
    } else if (result == PORT_UNREACHABLE) {
        why = "is not an address of this machine";
    } else if (result == PORT_FULL) {
        why = "cannot be opened: out of descriptors (ulimit -n) or of CFG_SOCKETS_MAX";
    }
    option_complain(name, ": ", target_show(&at, shown), " ", why, NULL);
}

static void announce(void)
{
    for (unsigned i = 0; i < state.opened_count && !serve_options.quiet; i++) {
        const struct opened *opened = &state.opened[i];
        struct text *line = log_begin();
        text_put(line, serving_apps[opened->app]->name);
        text_put(line, " listening on ");
        text_put_address(line, &opened->address);
        text_put(line, opened->datagrams ? " (UDP)" : "");
        log_end();
    }
}

static bool listen_for(size_t number)
{
    int32_t given = serve_options.ports[number];
    const struct serving *serving = &serving_table[number];
    uint16_t port = given == SERVE_PORT_DEFAULT ? serving->port : 0;
    port = given > 0 ? (uint16_t)given : port;
    const struct place *failed = NULL;
    int result = PORT_INUSE;
    /* A number that is free for TCP may be taken for UDP: then another is tried. */
    for (unsigned left = port == 0 ? PORT_TRIES : 1; left > 0 && result == PORT_INUSE; left--) {
        result = sockets_open((unsigned)number, serving->datagrams, port, &failed);
    }
    if (result != PORT_OK) {
        complain_listen(number, port, failed, result);
        return false;
    }
    return true;
}

/* ---- Start --------------------------------------------------------------------------------- */

/* How many connections the system's limit on handles leaves room for; 0 after a complaint. */
static unsigned capacity_find(void)
{
    size_t sockets = HANDLES_SPARE;
    unsigned reserved = 0;
    bool files = false;
    for (size_t i = 0; i < serving_count; i++) {
        reserved += serving_apps[i]->reserved;
        if (serve_app_runs(i)) {
            sockets += (serving_table[i].datagrams ? 2u : 1u) * state.places_count;
            files |= serving_table[i].files;
        }
    }
    size_t wanted = CFG_CONN_MAX * (files ? 2u : 1u) + sockets;
    size_t granted = port_handles(wanted);
    size_t capacity = CFG_CONN_MAX;
    if (granted < wanted) { /* where files are served, a quarter is theirs */
        capacity = granted > sockets ? granted - sockets : 0;
        capacity -= files ? capacity / 4 : 0;
    }
    if (capacity <= reserved + 1) {
        option_complain("the limit on open files leaves no room for connections; raise it with "
                        "ulimit -n", NULL);
        return 0;
    }
    if (capacity >= CFG_CONN_MAX) {
        return CFG_CONN_MAX;
    }
    struct text *line = log_begin();
    text_put(line, "room for ");
    text_put_number(line, capacity);
    text_put(line, " connections instead of ");
    text_put_number(line, CFG_CONN_MAX);
    text_put(line, ": the limit on open files is low (ulimit -n)");
    log_end();
    return (unsigned)capacity;
}

#if APP_FILEGET
/* Opens a file that is served alone: its folder is the root, and nothing else in there has a name.
 * The port's results, PORT_SKIP: it is no regular file. */
static int root_open_file(const char *path, unsigned flags)
{
    char folder[ROOT_BYTES];
    struct port_file_info info;
    port_handle file;
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t folder_bytes = (size_t)(name - path);
    if (folder_bytes + 1 >= sizeof folder || name[0] == '\0' || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0) {
        return PORT_SKIP;
    }
    memcpy(folder, path, folder_bytes);
    folder[folder_bytes] = '.'; /* of "", "/" or "some/where/" */
    folder[folder_bytes + 1] = '\0';
    int result = port_root_open(folder, flags);
    if (result == PORT_OK) {
        result = port_file_open(name, strlen(name), &file, &info);
    }
    if (result != PORT_OK) {
        return result;
    }
    port_close(file);
    fileget_settings.only = name;
    return info.kind == PORT_FILE_REGULAR ? PORT_OK : PORT_SKIP;
}
#else
static int root_open_file(const char *path, unsigned flags)
{
    (void)path;
    (void)flags;
    return PORT_SKIP;
}
#endif

/* Opens the folder or file that is served. Returns 0 or an exit status after a complaint. */
static int root_open(void)
{
    bool files = false;
    for (size_t i = 0; i < serving_count; i++) {
        files |= serving_table[i].files && serve_app_runs(i);
    }
    if (!files && serve_options.root == NULL) {
        if (serve_options.confine) {
            option_complain("--chroot needs a folder: give one with -r", NULL);
        }
        return serve_options.confine ? EXIT_USAGE : 0;
    }
    const char *root = serve_options.root;
    if (root == NULL) {
        /* A service that starts in / must not give it all away for want of an option. */
        if (port_terminal_columns(PORT_STDERR) == 0) {
            option_complain("say which folder to serve with -r FOLDER, or --file off", NULL);
            return EXIT_USAGE;
        }
        root = ".";
        log_line("file serves the current folder; -r FOLDER serves another");
    }
    unsigned flags = serve_options.any_mode ? PORT_ROOT_ANY_MODE : 0;
    int result = port_root_open(root, flags);
    bool folder = result != PORT_SKIP;
    if (!folder) {
        result = root_open_file(root, flags);
    }
    if (result == PORT_OK) {
        return 0;
    }
    const char *why = "cannot be read";
    if (result == PORT_NOENT) {
        why = "does not exist";
    } else if (result == PORT_DENIED) {
        why = folder ? "may not be opened by this user"
                     : "is no regular file that everybody may read";
    } else if (result == PORT_SKIP) {
        why = "is neither a folder nor a file";
    }
    option_complain(folder ? "the folder '" : "the file '", root, "' ", why, NULL);
    return EXIT_FAILED;
}

static bool privileges_drop(void)
{
    if (serve_options.user == NULL && !serve_options.confine) {
        return true;
    }
    int result = port_user_become(serve_options.user, serve_options.confine);
    if (result == PORT_NOENT) {
        option_complain("there is no user '", serve_options.user, "'; give a name or UID:GID",
                        NULL);
    } else if (result == PORT_DENIED) {
        option_complain("-u and --chroot need to be started as root", NULL);
    } else if (result != PORT_OK) {
        option_complain("privileges could not be given up for good; not serving", NULL);
    }
    return result == PORT_OK;
}

/* Returns 0, or an exit status after a complaint. */
static int serve_prepare(void)
{
    int result = places_find();
    if (result == 0) {
        result = root_open();
    }
    if (result != 0) {
        return result;
    }
    unsigned capacity = capacity_find();
    if (capacity == 0 || !loop_start(serving_apps, serving_count, capacity)) {
        return EXIT_FAILED;
    }
    return 0;
}

static bool serve_open(void)
{
    bool any = false;
    for (size_t i = 0; i < serving_count; i++) {
        if (serve_app_runs(i)) {
            if (!listen_for(i)) {
                return false;
            }
            any = true;
        }
    }
    if (!any) {
        option_complain("every app is off: nothing to serve", NULL);
    }
    return any;
}

/* Names of files and lines of chats may be in GBK; echo has neither. */
static bool texts_convert(void)
{
    bool any = false;
    for (size_t i = 0; i < serving_count; i++) {
        any |= serve_app_runs(i) && (serving_table[i].files || serving_table[i].console);
    }
    return any && !serve_options.no_gbk;
}

static bool console_open(void)
{
    for (unsigned i = 0; i < serving_count && serve_options.console; i++) {
        if (serving_table[i].console && !loop_console(i)) {
            option_complain("--console needs an open standard input", NULL);
            return false;
        }
    }
    return true;
}

/* Where the console is a terminal, lines are edited; again when that was away, or has changed. */
static void console_follow(void)
{
    if (CFG_CONSOLE_EDITOR && serve_options.console) {
        loop_console_edit(terminal_take(), port_terminal_columns(PORT_STDERR) > 0);
    }
}

static int serve(void)
{
    int result = serve_prepare();
    if (result != 0) {
        return result;
    }
    if (!serve_open()) {
        return EXIT_FAILED;
    }
    port_serving_begins(texts_convert());
    if (!privileges_drop() || !console_open()) {
        return EXIT_FAILED;
    }
    announce();
    console_follow();
    while (loop_turn()) {
        if (loop_terminal_changed()) {
            console_follow();
        }
    }
    return 0;
}

#if SERVE_OPTIONS

int serve_main(int argc, char **argv, int first)
{
    int result = serve_options_parse(argc, argv, first);
    if (result != 0) {
        return result == OPTIONS_HELP ? 0 : result;
    }
    return serve_options.limits ? limits_print() : serve();
}

#else

int serve_main(int argc, char **argv, int first)
{
    if (first < argc) {
        option_complain("'", argv[first], "' is too much: this program was built to serve, without "
                        "options", NULL);
        return 2;
    }
    return serve();
}

#endif
