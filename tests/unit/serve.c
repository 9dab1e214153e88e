/* SPDX-License-Identifier: MIT */
/* `linnet serve` over the simulated port: what it opens and says, what it refuses and how, and what
 * a shortage of handles leaves of it.
 * uses port/sim */
#include "apps/serve.h"

#include <string.h>

#include "apps/chat/chat.h"
#include "apps/echo/echo.h"
#include "apps/fileget/fileget.h"
#include "apps/serve_options.h"
#include "apps/table.h"
#include "core/config.h"
#include "core/loop.h"
#include "port/sim/state.h"
#include "tests/check.h"
#include "tests/unit/command_line.h"

enum { LOG_BYTES = 4096, FAULTS_MAX = 40, STOP_MS = 1000, MANY_HANDLES = 65535 };
enum { NO_TERMINAL = 0 };

static struct {
    char log[LOG_BYTES]; /* lines on standard error, behind the program's name */
    size_t log_bytes;
    char out[LOG_BYTES];
    size_t out_bytes;
    struct sim_fault faults[FAULTS_MAX];
    size_t faults_count;
    unsigned became;     /* how often another user */
    unsigned raw;        /* how often the terminal was made raw */
    unsigned consoles;   /* how often the console was opened */
    unsigned columns;
    uint16_t handles;
    bool no_console;
    bool ended;          /* the stop came while serving */
} world;

static void put(char *to, size_t *n, const void *bytes, size_t count, char end)
{
    if (*n + count + 2 > LOG_BYTES) {
        return;
    }
    memcpy(to + *n, bytes, count);
    *n += count;
    if (end != '\0') {
        to[(*n)++] = end;
    }
    to[*n] = '\0';
}

static void world_log(const char *line, size_t n)
{
    static const char name[] = "linnet: ";
    size_t before = sizeof name - 1;
    EXPECT(n > before && memcmp(line, name, before) == 0);
    put(world.log, &world.log_bytes, line + before, n - before, '\n');
}

static void world_console(const uint8_t *bytes, size_t n)
{
    put(world.out, &world.out_bytes, bytes, n, '\0');
}

static void world_trace(const char *call, int32_t connection, int64_t result)
{
    (void)connection;
    (void)result;
    world.became += strcmp(call, "user_become") == 0 ? 1 : 0;
    world.raw += strcmp(call, "console_raw") == 0 ? 1 : 0;
    world.consoles += strcmp(call, "Console_open") == 0 ? 1 : 0;
}

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms >= STOP_MS) {
        world.ended = true;
        sim_request(PORT_REQUEST_STOP);
        return UINT64_MAX;
    }
    if (now_ms >= STOP_MS / 2) {
        sim_request(PORT_REQUEST_REDRAW);
        return STOP_MS;
    }
    return STOP_MS / 2;
}

static const struct sim_hooks hooks = {.step = world_step, .log = world_log,
                                       .console = world_console, .trace = world_trace};

static void fault_add(enum sim_fault_kind kind, uint32_t nth)
{
    EXPECT(world.faults_count < FAULTS_MAX);
    world.faults[world.faults_count++] = (struct sim_fault){(uint8_t)kind, SIM_NOBODY, nth, 0};
}

/* The next run is one like others. */
static void world_clear(void)
{
    memset(&world, 0, sizeof world);
    world.handles = MANY_HANDLES;
}

/* Serves until it is told to stop, or refuses. What comes before is kept for the next run. */
static int serve(const char *words)
{
    static struct command_line line;
    struct sim_plan plan = sim_plan_quiet(1);
    plan.handles = world.handles;
    plan.console = !world.no_console;
    plan.listed = true;
    plan.list = world.faults;
    plan.list_count = world.faults_count;
    command_line_set(&line, "serve", words);
    world.log_bytes = 0;
    world.log[0] = '\0';
    world.out_bytes = 0;
    world.out[0] = '\0';
    world.became = 0;
    world.raw = 0;
    world.consoles = 0;
    world.ended = false;
    sim_begin(&plan, &hooks);
    sim_terminal_set(world.columns);
    sim_environment_set("TERM", "vt100");
    sim_step_at(0);
    (void)sim_file_add("scratch", SIM_FILE, 10, 0, true);
    EXPECT(port_start() == PORT_OK);
    memset(&loop_settings, 0, sizeof loop_settings);
    fileget_settings.only = NULL;
    int status = serve_main(line.argc, line.argv, 2);
    port_end();
    EXPECT(status != 0 || world.ended || world.out_bytes > 0);
    return status;
}

/* Whether that is all it says. */
static bool said(const char *wanted)
{
    if (strcmp(world.log, wanted) != 0) {
        printf("wanted: %s   got: %s", wanted, world.log);
    }
    return strcmp(world.log, wanted) == 0;
}

static bool ends(const char *words, int status, const char *wanted)
{
    int got = serve(words);
    if (got != status) {
        printf("serve %s: %d\n", words, got);
    }
    return got == status && said(wanted);
}

/* ---- Where it listens ---------------------------------------------------------------------- */

static void test_places(void)
{
    world_clear();
    EXPECT(ends("-r .", 0, "echo listening on [::]:7007\necho listening on [::]:7007 (UDP)\n"
                           "chat listening on [::]:6667\nfile listening on [::]:8080\n"));
    EXPECT(sim_handles_open() == 0 && world.became == 0 && world.raw == 0);
    EXPECT(ends("-r . --echo off --chat 0 --file 65535", 0,
                "chat listening on [::]:49153\nfile listening on [::]:65535\n"));
    EXPECT(ends("-4 -r . --echo 1024 --chat 1025 --file off", 0,
                "echo listening on 0.0.0.0:1024\necho listening on 0.0.0.0:1024 (UDP)\n"
                "chat listening on 0.0.0.0:1025\n"));
    EXPECT(ends("-6 -r . --echo off --chat off --file 2000", 0,
                "file listening on [::]:2000\n"));
    EXPECT(ends("-l 127.0.0.1 --echo off --chat 2000 --file off", 0,
                "chat listening on 127.0.0.1:2000\n"));
    EXPECT(ends("-l 127.0.0.1 -l ::1 --echo 0 --chat off --file off", 0,
                "echo listening on 127.0.0.1:49152\necho listening on 127.0.0.1:49152 (UDP)\n"
                "echo listening on [::1]:49152\necho listening on [::1]:49152 (UDP)\n"));
    EXPECT(ends("-6 -l ::1 -l fd00::1 -l fe80::1%eth0 --echo off --chat 2000 --file off", 0,
                "chat listening on [::1]:2000\nchat listening on [fd00::1]:2000\n"
                "chat listening on [fe80::1%2]:2000\n"));
    EXPECT(ends("-4 -l 127.0.0.1 -l 127.0.0.2 -l 127.0.0.3 -l 198.51.100.1 --chat 2000 --echo off "
                "--file off", 0,
                "chat listening on 127.0.0.1:2000\nchat listening on 127.0.0.2:2000\n"
                "chat listening on 127.0.0.3:2000\nchat listening on 198.51.100.1:2000\n"));
    EXPECT(ends("-q -r .", 0, ""));
    EXPECT(sim_handles_open() == 0);
}

/* Where one socket cannot do both families, and where there is one family alone. */
static void test_families(void)
{
    world_clear();
    fault_add(SIM_LISTEN_INUSE, 0); /* the one that shows whether it can */
    EXPECT(ends("--echo 0 --chat off --file off", 0,
                "echo listening on 0.0.0.0:49152\necho listening on 0.0.0.0:49152 (UDP)\n"
                "echo listening on [::]:49152\necho listening on [::]:49152 (UDP)\n"));
    fault_add(SIM_LISTEN_UNREACHABLE, 2);
    fault_add(SIM_LISTEN_UNREACHABLE, 3);
    EXPECT(ends("--echo 0 --chat off --file off", 0,
                "echo listening on 0.0.0.0:49152\necho listening on 0.0.0.0:49152 (UDP)\n"));
    world_clear();
    fault_add(SIM_LISTEN_INUSE, 0);
    fault_add(SIM_LISTEN_UNREACHABLE, 0);
    EXPECT(ends("--echo 0 --chat off --file off", 1,
                "echo: 0.0.0.0:0 is not an address of this machine\n"));
    world_clear();
    fault_add(SIM_LISTEN_UNREACHABLE, 1);
    EXPECT(ends("--echo 0 --chat off --file off", 1,
                "echo: [::]:0 is not an address of this machine\n"));
    world_clear();
    fault_add(SIM_LISTEN_UNREACHABLE, 0);
    EXPECT(ends("-6 --echo 0 --chat off --file off", 1,
                "echo: [::]:0 is not an address of this machine\n"));
    EXPECT(ends("-4 -l ::1 -r .", 2,
                "an address given with -l is not of the family that -4 allows\n"));
    EXPECT(ends("-6 -l 127.0.0.1 -r .", 2,
                "an address given with -l is not of the family that -6 allows\n"));
    EXPECT(ends("-4 -6 -r .", 2,
                "-4 and -6 exclude each other; for both families give neither\n"));
}

/* Any free number must be free for UDP and all addresses too: 32 are tried, a given one once. */
static void test_numbers(void)
{
    enum { TRIES = 32 };
    world_clear();
    fault_add(SIM_LISTEN_INUSE, 2);
    EXPECT(ends("--echo 0 --chat off --file off", 0,
                "echo listening on [::]:49154\necho listening on [::]:49154 (UDP)\n"));
    EXPECT(ends("--echo 7007 --chat off --file off", 1,
                "echo: [::]:7007 is in use by another program; choose another port\n"));
    EXPECT(ends("--echo 0 --chat off --file off -4", 0, /* no place is looked for: not the third */
                "echo listening on 0.0.0.0:49152\necho listening on 0.0.0.0:49152 (UDP)\n"));
    for (uint32_t i = 1; i < TRIES - 1; i++) {
        fault_add(SIM_LISTEN_INUSE, 2 + 2 * i);
    }
    EXPECT(ends("--echo 0 --chat off --file off", 0,
                "echo listening on [::]:49184\necho listening on [::]:49184 (UDP)\n"));
    fault_add(SIM_LISTEN_INUSE, 2 * TRIES);
    EXPECT(ends("--echo 0 --chat off --file off", 1,
                "echo: [::]:0 is in use by another program; choose another port\n"));
    EXPECT(sim_handles_open() == 0);
}

static void test_listen_refusals(void)
{
    static const struct {
        enum sim_fault_kind kind;
        const char *why;
    } rows[] = {
        {SIM_LISTEN_INUSE, "is in use by another program; choose another port"},
        {SIM_LISTEN_DENIED, "is for the privileged; choose a port above 1023"},
        {SIM_LISTEN_UNREACHABLE, "is not an address of this machine"},
        {SIM_LISTEN_FULL, "cannot be opened: out of descriptors (ulimit -n) or of CFG_SOCKETS_MAX"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char wanted[200];
        snprintf(wanted, sizeof wanted, "chat: 127.0.0.2:6667 %s\n", rows[i].why);
        world_clear();
        fault_add(rows[i].kind, 5); /* behind two of echo's for each address, and one of chat's */
        EXPECT(ends("-l 127.0.0.1 -l 127.0.0.2 --file off", 1, wanted));
        EXPECT(sim_handles_open() == 4); /* echo's; the program ends here */
    }
    world_clear();
    EXPECT(ends("--echo off --chat off --file off", 1,
                "every app is off: nothing to serve\n"));
}

/* ---- What a shortage of handles leaves ----------------------------------------------------- */

enum { SPARE = 4 };

static void room_line(char line[100], size_t capacity)
{
    snprintf(line, 100, "room for %lu connections instead of %lu: the limit on open files is low "
             "(ulimit -n)\n", (unsigned long)capacity, (unsigned long)CFG_CONN_MAX);
}

static void handles_set(size_t n)
{
    world_clear();
    world.handles = (uint16_t)n;
}

static void test_capacity(void)
{
    static const char none[] =
        "the limit on open files leaves no room for connections; raise it with ulimit -n\n";
    size_t reserved = 0;
    char line[100];
    for (size_t i = 0; i < serving_count; i++) {
        reserved += serving_apps[i]->reserved;
    }
    handles_set(SPARE + 1 + reserved + 1); /* chat alone: one socket */
    EXPECT(ends("-q --echo off --file off", 1, none));
    handles_set(SPARE + 1 + reserved + 2);
    room_line(line, reserved + 2);
    EXPECT(ends("-q --echo off --file off", 0, line));
    EXPECT(ends("-q --chat off --file off", 1, none)); /* echo has two sockets, */
    EXPECT(ends("-q --echo off --file off -l 127.0.0.1 -l ::1", 1, none)); /* as chat on two */
    handles_set(3);
    EXPECT(ends("-q --echo off --file off", 1, none));
    if (CFG_CONN_MAX > 40) { /* a quarter is for files */
        handles_set(SPARE + 4 + 40);
        room_line(line, 30);
        EXPECT(ends("-q -r .", 0, line));
    }
    handles_set(CFG_CONN_MAX + SPARE + 1 - 1);
    room_line(line, CFG_CONN_MAX - 1);
    EXPECT(ends("-q --echo off --file off", 0, line));
    handles_set(CFG_CONN_MAX + SPARE + 1);
    EXPECT(ends("-q --echo off --file off", 0, ""));
    handles_set(2 * CFG_CONN_MAX + SPARE + 4);
    EXPECT(ends("-q -r .", 0, ""));
    handles_set(2 * CFG_CONN_MAX + SPARE + 4 - 1); /* three quarters of nearly twice are enough */
    EXPECT(ends("-q -r .", 0, ""));
}

/* ---- What it serves ------------------------------------------------------------------------ */

static void test_root(void)
{
    static const struct {
        enum sim_fault_kind kind;
        const char *root;
        const char *wanted;
    } rows[] = {
        {SIM_TOOL_NOENT, ".", "the folder '.' does not exist\n"},
        {SIM_TOOL_DENIED, ".", "the folder '.' may not be opened by this user\n"},
        {SIM_TOOL_IO, ".", "the folder '.' cannot be read\n"},
        {SIM_TOOL_SKIP, ".", "the file '.' is neither a folder nor a file\n"},
        {SIM_TOOL_SKIP, "/", "the file '/' is neither a folder nor a file\n"},
    };
    char words[64];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_clear();
        fault_add(rows[i].kind, 0);
        snprintf(words, sizeof words, "--chat off -r %s", rows[i].root);
        EXPECT(ends(words, 1, rows[i].wanted));
    }
    world_clear();
    EXPECT(ends("-r nowhere", 1, "the folder 'nowhere' does not exist\n"));
    EXPECT(ends("-r nowhere --file off", 1, "the folder 'nowhere' does not exist\n"));
    EXPECT(ends("", 2, "say which folder to serve with -r FOLDER, or --file off\n"));
    EXPECT(ends("--file off -q", 0, "") && !sim.root_open);
    EXPECT(ends("--file off --chroot", 2, "--chroot needs a folder: give one with -r\n"));
    EXPECT(ends("--file off --chroot -q -r .", 0, "") && sim.root_open && world.became == 1);
    EXPECT(ends("-q -r .", 0, "") && sim.root_open && !sim.root_any);
    EXPECT(ends("-q -r . --any-mode", 0, "") && sim.root_any);
    world.columns = 80;
    EXPECT(ends("-q", 0, "file serves the current folder; -r FOLDER serves another\n"));
    EXPECT(ends("--file off -q", 0, "") && !sim.root_open);
}

/* One file alone, which has to be one. */
static void test_root_file(void)
{
    static const struct {
        int kind; /* of a fault; -1: none */
        const char *wanted;
    } rows[] = {
        {SIM_FILE_OPEN_NOENT, "the file 'scratch' does not exist\n"},
        {SIM_FILE_OPEN_DENIED,
         "the file 'scratch' is no regular file that everybody may read\n"},
        {SIM_FILE_OPEN_IO, "the file 'scratch' cannot be read\n"},
        {SIM_TOOL_DENIED, "the file 'scratch' is no regular file that everybody may read\n"},
    };
    world_clear();
    fault_add(SIM_TOOL_SKIP, 0);
    EXPECT(ends("-q -r scratch", 0, "") && sim_handles_open() == 0 && sim.root_open);
    EXPECT(fileget_settings.only != NULL && strcmp(fileget_settings.only, "scratch") == 0);
    EXPECT(!sim.root_any && !sim.root_scratch);
    EXPECT(ends("-q -r scratch --any-mode", 0, "") && sim.root_any);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_clear();
        fault_add(SIM_TOOL_SKIP, 0);
        fault_add((enum sim_fault_kind)rows[i].kind, rows[i].kind == SIM_TOOL_DENIED ? 1 : 0);
        EXPECT(ends("-q -r scratch", 1, rows[i].wanted));
        EXPECT(sim_handles_open() == 0);
    }
}

/* ---- Who serves, and how ------------------------------------------------------------------- */

static void test_user(void)
{
    static const struct {
        int kind;
        const char *wanted;
    } rows[] = {
        {SIM_TOOL_NOENT, "there is no user 'nobody'; give a name or UID:GID\n"},
        {SIM_TOOL_DENIED, "-u and --chroot need to be started as root\n"},
        {SIM_TOOL_IO, "privileges could not be given up for good; not serving\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world_clear();
        fault_add((enum sim_fault_kind)rows[i].kind, 0);
        EXPECT(ends("-u nobody --file off", 1, rows[i].wanted) && world.became == 1);
    }
    world_clear();
    EXPECT(ends("-q -u nobody --file off", 0, "") && world.became == 1);
    EXPECT(ends("-q --file off", 0, "") && world.became == 0);
}

static void test_manner(void)
{
    world_clear();
    EXPECT(ends("-q --chat off --file off", 0, "") && sim.no_converters);
    EXPECT(ends("-q --echo off --file off", 0, "") && !sim.no_converters);
    EXPECT(ends("-q --echo off --chat off -r .", 0, "") && !sim.no_converters);
    EXPECT(ends("-q --file off --console", 0, "") && world.consoles == 1 && world.raw == 0);
    EXPECT(ends("-q --file off", 0, "") && world.consoles == 0);
    world.columns = 80; /* lines are edited, and again when the terminal was away */
    EXPECT(serve("-q --file off --console") == 0 && world.consoles == 1);
    EXPECT(world.raw == (CFG_CONSOLE_EDITOR ? 2 : 0));
    EXPECT(ends("-q --file off", 0, "") && world.raw == 0);
    world.columns = NO_TERMINAL;
    if (PORT_GBK) {
        EXPECT(ends("-q -r . --no-gbk", 0, "") && sim.no_converters);
    }
    world.no_console = true;
    EXPECT(ends("-q --file off --console", 1, "--console needs an open standard input\n"));
    world_clear();
    EXPECT(serve("--help") == 0 && strncmp(world.out, "usage: linnet serve ", 20) == 0);
    EXPECT(ends("--limits", 0, "") && strstr(world.out, "CFG_CONN_MAX ") != NULL);
    EXPECT(ends("--file off x", 2,
                "serve takes options only, not 'x'; see linnet serve --help\n"));
    EXPECT(ends("x y", 2, "\"y\" is one argument too many; see \"linnet serve --help\"\n"));
    EXPECT(ends("--echo 65536", 2, "--echo wants a port from 1 to 65535, 0 (any free one) "
                                   "or off, not \"65536\"\n"));
}

/* ---- Options that change settings ---------------------------------------------------------- */

static bool set_by(const char *option, const char *value)
{
    static char program[] = "linnet";
    static char verb[] = "serve";
    char name[32];
    char text[32];
    char *argv[] = {program, verb, name, text, NULL};
    snprintf(name, sizeof name, "%s", option);
    snprintf(text, sizeof text, "%s", value != NULL ? value : "");
    memset(&loop_settings, 0, sizeof loop_settings);
    sim_begin(&(struct sim_plan){.seed = 1, .handles = 9}, &(struct sim_hooks){.step = NULL});
    return serve_options_parse(value != NULL ? 4 : 3, argv, 2) == 0;
}

static void test_settings(void)
{
    char number[16];
    snprintf(number, sizeof number, "%d", CFG_CONN_MAX);
    EXPECT(set_by("--peer-limit", number) && loop_settings.peer_limit == CFG_CONN_MAX);
    EXPECT(set_by("--peer-limit", "0") && loop_settings.peer_limit == 0 &&
           loop_settings.peer_limit_given);
    EXPECT(set_by("-v", NULL) && loop_settings.verbose && !loop_settings.peer_limit_given);
    EXPECT(set_by("-q", NULL) && !loop_settings.verbose);
    snprintf(number, sizeof number, "%d", CFG_CONN_MAX + 1);
    EXPECT(!set_by("--peer-limit", number));
    EXPECT(!set_by("-l", "fe80::1%nosuch0") && !set_by("-l", "localhost"));
    EXPECT(set_by("-l", "fe80::1%lo") && serve_options.addresses_count == 1);
    EXPECT(serve_options.addresses[0].zone == 1);
    EXPECT(set_by("--udp-rate", "5") && set_by("--chat-rate", "5") && set_by("--file-gap", "5"));
    EXPECT(!CHAT_BOT || set_by("--bot-model", "x"));
    EXPECT(set_by("-l", "::1") && serve_options.addresses[0].zone == 0);
}

int main(void)
{
    if (CFG_SOCKETS_MAX < 8 || serving_count != 3) {
        check_skip("fewer sockets, or apps, than this opens");
        return check_report("serve");
    }
    test_places();
    test_families();
    test_numbers();
    test_listen_refusals();
    test_capacity();
    test_root();
    test_root_file();
    test_user();
    test_manner();
    test_settings();
    return check_report("serve");
}
