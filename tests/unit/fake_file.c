/* SPDX-License-Identifier: MIT */
/* A small world for tests of file-get. */
#include "tests/unit/fake_file.h"

#include <stdio.h>
#include <string.h>

#include "apps/fileget/fileget.h"
#include "core/loop.h"
#include "port/port_tool.h"

enum { PORT = 8080, CAPACITY = CFG_CONN_MAX < 16 ? CFG_CONN_MAX : 16, PEERS = 4 };

static const struct app *const apps[] = {&fileget_app};

static struct file_peer peers[PEERS];

static uint64_t target_ms;
static unsigned next_id;

static uint64_t world_step(uint64_t now_ms)
{
    if (now_ms < target_ms) {
        return target_ms;
    }
    sim_request(PORT_REQUEST_REPORT); /* ends the wait */
    return UINT64_MAX;
}

void file_read(unsigned id)
{
    struct file_peer *peer = &peers[id % PEERS];

    while (!peer->stalled && sim_peer_readable(id) > 0) {
        peer->n += sim_peer_read(id, peer->out + peer->n, FILE_OUT_BYTES - peer->n);
    }
    if (sim_peer_state(id) != SIM_PEER_OPEN && peer->end_ms == 0) {
        peer->end_ms = sim_now();
    }
}

static char logged[512];
static unsigned logged_count;

static void world_log(const char *line, size_t n)
{
    if (n < sizeof logged && (n < 8 || memcmp(line, "linnet: ", 8) != 0)) {
        memcpy(logged, line, n);
        logged[n] = '\0';
        logged_count++;
    }
}

const char *file_logged(void)
{
    return logged;
}

unsigned file_logged_count(void)
{
    return logged_count;
}

static const struct sim_hooks hooks = {
    .step = world_step, .arrived = file_read, .log = world_log};

void file_run(uint64_t ms)
{
    target_ms = sim_now() + ms;
    sim_step_at(target_ms);
    for (unsigned left = 1000000; left > 0 && sim_now() < target_ms; left--) {
        if (!loop_turn()) {
            break;
        }
    }
}

static void tree(void)
{
    (void)sim_file_add("a.txt", SIM_FILE, FILE_A_BYTES, 1000000000, true);
    (void)sim_file_add("empty", SIM_FILE, 0, 1000000000, true);
    (void)sim_file_add("private", SIM_FILE, 6, 1000000000, false);
    (void)sim_file_add(".hidden", SIM_FILE, 6, 1000000000, true);
    (void)sim_file_add("device", SIM_DEVICE, 0, 0, true);
    (void)sim_file_add("d", SIM_FOLDER, 0, 1000000000, true);
    (void)sim_file_add("d/x y.html", SIM_FILE, 10, 1000000000, true);
    (void)sim_file_add("d/<&>\"'", SIM_FILE, 10, 1000000000, true);
    (void)sim_file_add("d/.x", SIM_FILE, 10, 1000000000, true);
    (void)sim_file_add("i", SIM_FOLDER, 0, 1000000000, true);
    (void)sim_file_add("i/index.html", SIM_FILE, 12, 1000000000, true);
    (void)sim_file_add("j", SIM_FOLDER, 0, 1000000000, true);
    (void)sim_file_add("j/index.html", SIM_FOLDER, 0, 1000000000, true);
    (void)sim_file_add("a.txt2", SIM_FILE, 6, -5, true);
    (void)sim_file_add("GET", SIM_FILE, 6, 1000000000, true);
    (void)sim_file_add("z", SIM_FILE, 6, 1000000000, true);
    (void)sim_file_add("big", SIM_FILE, FILE_BIG_BYTES, 1000000000, true);
    (void)sim_file_add("long", SIM_FOLDER, 0, 1000000000, true);
    for (unsigned i = 0; i < FILE_LONG_COUNT; i++) {
        char name[64];

        (void)snprintf(name, sizeof name, "long/a rather long name, %u", i);
        (void)sim_file_add(name, SIM_FILE, i, 1000000000, true);
    }
}

void file_begin_with(struct sim_plan plan)
{
    struct port_address at;

    memset(&at, 0, sizeof at);
    memset(peers, 0, sizeof peers);
    at.port = PORT;
    next_id = 0;
    logged_count = 0;
    sim_begin(&plan, &hooks);
    tree();
    CHECK(port_start() == PORT_OK);
    CHECK(port_root_open(".", 0) == PORT_OK);
    CHECK(loop_start(apps, 1, CAPACITY));
    CHECK(loop_listen(0, &at, PORT_DUAL) >= 0);
    sim_wall_set(false, 0);
}

void file_begin(void)
{
    file_begin_with(sim_plan_quiet(1));
}

bool file_end(void)
{
    bool closed;

    loop_stop(true);
    for (unsigned left = 1000; left > 0 && loop_turn(); left--) {
    }
    closed = sim_files_open() == 0 && sim_handles_open() == 0;
    port_end();
    return closed;
}

unsigned file_dial_with(uint32_t window)
{
    struct port_address from;
    struct port_address to;
    unsigned id = next_id;

    next_id++;
    memset(&peers[id % PEERS], 0, sizeof peers[0]);
    memset(&from, 0, sizeof from);
    memcpy(from.ip, "\0\0\0\0\0\0\0\0\0\0\377\377\177\0\0\1", 16);
    to = from;
    from.port = (uint16_t)(30000 + id % 30000);
    to.port = PORT;
    CHECK(sim_peer_connect(id, &from, &to, window < 4096 ? 1 : 0, window) == PORT_OK);
    file_run(window < 4096 ? 3 : 1);
    return id;
}

unsigned file_dial(void)
{
    return file_dial_with(4096);
}

void file_say_bytes(unsigned id, const char *bytes, size_t n)
{
    for (unsigned left = 10000; left > 0 && n > 0; left--) {
        size_t sent = sim_peer_send(id, bytes, n);

        bytes += sent;
        n -= sent;
        if (n > 0) {
            file_run(1);
        }
    }
}

void file_say(unsigned id, const char *bytes)
{
    file_say_bytes(id, bytes, strlen(bytes));
}

struct file_peer *file_peer(unsigned id)
{
    return &peers[id % PEERS];
}

bool file_got_end(unsigned id)
{
    return sim_peer_state(id) == SIM_PEER_ENDED;
}

bool file_got_reset(unsigned id)
{
    return sim_peer_state(id) == SIM_PEER_RESET;
}

bool file_got_text(unsigned id, const char *text)
{
    struct file_peer *peer = file_peer(id);
    bool right = peer->n >= strlen(text) && memcmp(peer->out, text, strlen(text)) == 0;

    if (!right) {
        printf("# %.*s\n", (int)(peer->n < 400 ? peer->n : 400), peer->out);
    }
    return right;
}

bool file_holds(unsigned id, const char *text)
{
    return memmem(file_peer(id)->out, file_peer(id)->n, text, strlen(text)) != NULL;
}

bool file_got_bytes(unsigned id, size_t at, unsigned file, uint64_t first, uint64_t last)
{
    struct file_peer *peer = file_peer(id);

    if (peer->n != at + (last - first)) {
        return false;
    }
    for (uint64_t i = first; i < last; i++) {
        if ((uint8_t)peer->out[at + (i - first)] != sim_file_byte(file, i)) {
            return false;
        }
    }
    return true;
}

size_t file_head_bytes(unsigned id)
{
    const char *blank;

    file_peer(id)->out[file_peer(id)->n] = '\0';
    blank = strstr(file_peer(id)->out, "\r\n\r\n");
    return blank == NULL ? 0 : (size_t)(blank + 4 - file_peer(id)->out);
}

bool file_leave(unsigned id)
{
    sim_peer_close(id);
    file_run(5000);
    return !sim_held(id) && sim_files_open() == 0;
}
