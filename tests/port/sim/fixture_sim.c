/* SPDX-License-Identifier: MIT */
/* The outside of the simulated port: its tree, its console, its operator, its log. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "port/port_tool.h"
#include "port/sim/sim.h"
#include "tests/port/fixture.h"

enum { KEPT_BYTES = 65536, MANY = 300 };

struct kept {
    char bytes[KEPT_BYTES];
    size_t n;
};

static struct {
    unsigned char big[FIXTURE_BIG_BYTES];
    struct kept console;
    struct kept log;
    unsigned stops;
} state;

bool fixture_can(enum fixture_ability ability)
{
    (void)ability;
    return true;
}

/* ---- What comes out ------------------------------------------------------------------------ */

static void keep(struct kept *kept, const void *bytes, size_t n)
{
    size_t room = KEPT_BYTES - kept->n;
    n = n < room ? n : room;
    memcpy(kept->bytes + kept->n, bytes, n);
    kept->n += n;
}

static size_t take(struct kept *kept, char *bytes, size_t n)
{
    n = n < kept->n ? n : kept->n;
    memcpy(bytes, kept->bytes, n);
    memmove(kept->bytes, kept->bytes + n, kept->n - n);
    kept->n -= n;
    return n;
}

static void hear_console(const uint8_t *bytes, size_t n)
{
    keep(&state.console, bytes, n);
    sim_console_stall(state.console.n >= KEPT_BYTES - 1024);
}

static void hear_log(const char *line, size_t n)
{
    keep(&state.log, line, n);
    keep(&state.log, "\n", 1);
    sim_log_stall(state.log.n >= KEPT_BYTES - 1024);
}

size_t fixture_console_printed(char *bytes, size_t n)
{
    n = take(&state.console, bytes, n);
    sim_console_stall(false);
    return n;
}

size_t fixture_log_read(char *bytes, size_t n)
{
    n = take(&state.log, bytes, n);
    sim_log_stall(state.log.n >= KEPT_BYTES - 1024);
    return n;
}

void fixture_flush(void)
{
    (void)fflush(stdout);
}

/* ---- The tree ------------------------------------------------------------------------------ */

unsigned char fixture_big_byte(size_t i)
{
    return (unsigned char)(i % 251 + i / 1000);
}

static unsigned add_text(const char *path, const char *text, bool readable)
{
    unsigned file = sim_file_add(path, SIM_FILE, 0, 1500000000, readable);
    sim_file_text(file, text, strlen(text));
    return file;
}

static void add_folder(const char *path, bool readable)
{
    (void)sim_file_add(path, SIM_FOLDER, 0, 1500000000, readable);
}

static void add_link(const char *path, const char *target)
{
    sim_file_link(sim_file_add(path, SIM_LINK, 0, 1500000000, true), target);
}

static void tree_make(void)
{
    char name[] = "many/000";
    sim_file_date(add_text("hello.txt", "hello\n", true), 1000000000, 500);
    add_text("empty.txt", "", true);
    sim_file_date(add_text("old.txt", "old\n", true), -86400, 0);
    sim_file_date(add_text("far.txt", "far\n", true), INT64_C(4294967296) + 1000, 0);
    sim_file_text(sim_file_add("big.bin", SIM_FILE, 0, 1500000000, true), state.big,
                  sizeof state.big);
    add_folder("sub", true);
    add_text("sub/inner.txt", "inner\n", true);
    add_folder("sub/deep", true);
    add_text("sub/deep/leaf.txt", "leaf\n", true);
    add_folder("many", true);
    for (int i = 0; i < MANY; i++) {
        name[5] = (char)('0' + i / 100);
        name[6] = (char)('0' + i / 10 % 10);
        name[7] = (char)('0' + i % 10);
        add_text(name, "", true);
    }
    add_text("private.txt", "private\n", false);
    add_folder("private", false);
    add_text("private/open.txt", "open\n", true);
    add_link("to_file", "hello.txt");
    add_link("to_folder", "sub");
    add_link("to_nothing", "nothing");
    add_link("to_itself", "to_itself");
    add_link("to_outside", "../outside.txt");
    add_link("to_absolute", "/etc/passwd");
    add_link("sub/to_up", "hello.txt"); /* targets are paths from the root here */
}

const char *fixture_root(void)
{
    return "/";
}

int fixture_root_open(bool any_mode)
{
    return port_root_open("/", any_mode ? PORT_ROOT_ANY_MODE : 0);
}

const char *fixture_scratch(void)
{
    return "scratch";
}

/* ---- The world ----------------------------------------------------------------------------- */

void fixture_begin(void)
{
    static const struct sim_hooks hooks = {.console = hear_console, .log = hear_log};
    struct sim_plan plan = sim_plan_quiet(1);
    state.console.n = 0;
    state.log.n = 0;
    state.stops = 0;
    for (size_t i = 0; i < sizeof state.big; i++) {
        state.big[i] = fixture_big_byte(i);
    }
    sim_begin(&plan, &hooks);
    tree_make();
}

void fixture_end(void)
{
}

bool fixture_fails(void (*defect)(void))
{
    bool fails = setjmp(*sim_failure_jump()) != 0;
    if (!fails) {
        defect();
    }
    sim_failure_end();
    return fails;
}

bool fixture_unreachable(struct port_address *address)
{
    (void)address;
    return false;
}

void fixture_console_type(const char *bytes, size_t n)
{
    sim_console_type(bytes, n);
}

void fixture_console_hang_up(void)
{
    sim_console_end();
}

void fixture_request(unsigned request)
{
    if (request == PORT_REQUEST_STOP) {
        state.stops++;
        request = state.stops > 1 ? PORT_REQUEST_STOP_NOW : PORT_REQUEST_STOP;
    }
    sim_request(request);
}

void fixture_pause_ms(unsigned ms)
{
    sim_pass(ms);
}
