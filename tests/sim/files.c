/* SPDX-License-Identifier: MIT */
/* The tree that the simulated server serves, and what a name in it should lead to. */
#include "tests/sim/files.h"

#include <string.h>

#include "apps/fileget/fileget.h"

struct entry {
    const char *path;
    enum sim_file_kind kind;
    uint64_t size_bytes;
    bool readable;
    const char *target;
};

static const struct entry entries[] = {
    {"hello.txt", SIM_FILE, 12, true, NULL},
    {"big.bin", SIM_FILE, 30000, true, NULL},
    {"empty", SIM_FILE, 0, true, NULL},
    {"secret.txt", SIM_FILE, 40, false, NULL},
    {"dir", SIM_FOLDER, 0, true, NULL},
    {"dir/index.html", SIM_FILE, 700, true, NULL},
    {"dir/inner.txt", SIM_FILE, 300, true, NULL},
    {"list", SIM_FOLDER, 0, true, NULL},
    {"list/a.txt", SIM_FILE, 10, true, NULL},
    {"list/b <&>.txt", SIM_FILE, 11, true, NULL},
    {"list/sub", SIM_FOLDER, 0, true, NULL},
    {"link_in", SIM_LINK, 0, true, "hello.txt"},
    {"link_out", SIM_LINK, 0, true, "/etc/passwd"},
    {"link_up", SIM_LINK, 0, true, "../outside"},
    {"link_loop", SIM_LINK, 0, true, "link_loop"},
    {"device", SIM_DEVICE, 0, true, NULL},
    {"caf\xc3\xa9.txt", SIM_FILE, 20, true, NULL},
    {".hidden", SIM_FILE, 10, true, NULL},
    {"shrinks", SIM_FILE, 20000, true, NULL},
    {"grows", SIM_FILE, 9000, true, NULL},
    {"closed", SIM_FOLDER, 0, false, NULL},
    {"closed/in.txt", SIM_FILE, 30, true, NULL},
    {"huge", SIM_FILE, UINT64_C(6000000000), true, NULL},
    {"link_dir", SIM_LINK, 0, true, "dir"},
    {"back\\slash", SIM_FILE, 10, true, NULL},
    {"list/.also", SIM_FILE, 10, true, NULL},
    {"mood.txt", SIM_FILE, 50, true, NULL},
    {"door", SIM_FOLDER, 0, true, NULL},
    {"door/in.txt", SIM_FILE, 60, true, NULL},
    {"\xe4\xb8\xad.txt", SIM_FILE, 70, true, NULL},
};

enum {
    BIG = 1,
    SHRINKS = 18,
    GROWS = 19,
    HUGE_FILE = 22,
    MOOD = 26,
    DOOR = 27,
    BEHIND = 28,
    GBK = 29
};

/* Since when the rights of these two are as they are. */
static struct {
    uint64_t mood_ms;
    uint64_t door_ms;
    bool mood_closed;
    bool door_closed;
    uint64_t grown_bytes;
} state;

/* As they are asked for. `file` is what comes, or one of the kinds below zero. */
static const struct wish wishes[] = {
    {"hello.txt", 0, true},
    {"big.bin", BIG, true},
    {"empty", 2, true},
    {"dir/inner.txt", 6, true},
    {"link_in", 0, true},
    {"caf\xc3\xa9.txt", 16, true},
    {"link_dir/inner.txt", 6, true},
    {"grows", GROWS, true},
    {"shrinks", SHRINKS, true},
    {"dir/index.html", 5, true},
    {"hell%6F.txt", 0, false},
    {"list/b%20%3C%26%3E.txt", 9, false},
    {"hello.txt?query=1", 0, false},
    {"dir/", 5, false},
    {"dir", WISH_MOVED, false},
    {"list/", WISH_LISTING, false},
    {"", WISH_LISTING, false},
    {"absent", WISH_NONE, true},
    {"secret.txt", WISH_NONE, true},
    {"link_out", WISH_NONE, true},
    {"link_up", WISH_NONE, true},
    {"link_loop", WISH_NONE, true},
    {"device", WISH_NONE, true},
    {".hidden", WISH_NONE, true},
    {"closed/in.txt", WISH_NONE, true},
    {"hello.txt/x", WISH_NONE, true},
    {"../outside", WISH_BAD, true},
    {"dir/../../outside", WISH_BAD, true},
    {"%2e%2e/outside", WISH_BAD, false},
    {"dir/%2e%2e/%2E%2E/etc/passwd", WISH_BAD, false},
    {"..\\outside", WISH_BAD, true},
    {"hello.txt%00", WISH_BAD, false},
    {"dir%5C..%5C..%5Coutside", WISH_BAD, false},
    {"/etc/passwd", WISH_NONE, true},
    {"./../outside", WISH_BAD, true},
    {"back\\slash", WISH_BAD, true},
    {"list/.also", WISH_NONE, true},
    {"\xe4\xb8\xad.txt", GBK, true},
    {"\xd6\xd0.txt", GBK, true}, /* the same name in GBK */
    {"%D6%D0.txt", GBK, false},
    {"mood.txt", MOOD, true},
    {"door/in.txt", BEHIND, true},
};

const struct wish *files_wish(unsigned i)
{
    return &wishes[i % COUNT_OF(wishes)];
}

unsigned files_wishes(void)
{
    return COUNT_OF(wishes);
}

uint64_t files_size(int file)
{
    return entries[file].size_bytes;
}

bool files_steady(int file)
{
    return file != SHRINKS;
}

int files_huge(void)
{
    return HUGE_FILE;
}

/* What happened to a file shows at once, what happened above it when its cache is over. */
enum files_access files_access(int file, uint64_t since_ms)
{
    bool behind = file == BEHIND;
    uint64_t changed_ms = behind ? state.door_ms + CFG_FILEGET_CACHE_MS : state.mood_ms;
    if (file != MOOD && !behind) {
        return FILES_OPEN;
    }
    if (changed_ms >= since_ms) {
        return FILES_EITHER;
    }
    return (behind ? state.door_closed : state.mood_closed) ? FILES_CLOSED : FILES_OPEN;
}

uint64_t files_grown(void)
{
    return state.grown_bytes;
}

void files_begin(void)
{
    memset(&state, 0, sizeof state);
    state.grown_bytes = entries[GROWS].size_bytes;
    fileget_settings.access_log = sim_mix(world.scenario.seed, 0x6c6f, 1) % 4 == 0;
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        const struct entry *entry = &entries[i];
        unsigned file = sim_file_add(entry->path, entry->kind, entry->size_bytes,
                                     1600000000 + (int64_t)i, entry->readable);
        CHECK(file == i);
        if (entry->target != NULL) {
            sim_file_link(file, entry->target);
        }
    }
}

static void set_closed(unsigned file, bool closed, bool *was, uint64_t *since_ms)
{
    if (*was != closed) {
        *was = closed;
        *since_ms = sim_now();
        sim_file_rights(file, !closed);
    }
}

/* Now and then one shrinks while it is sent, and comes back; another grows; one becomes private,
 * and a folder's door is closed. */
void files_step(uint64_t now)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x6673, now / 3000);
    bool moody = world.scenario.app == WORLD_FILE && now < world.heal_ms &&
                 !world.scenario.isolated;
    set_closed(MOOD, moody && (hash >> 32) % 3 == 0, &state.mood_closed, &state.mood_ms);
    set_closed(DOOR, moody && (hash >> 40) % 2 == 0, &state.door_closed, &state.door_ms);
    if (moody) {
        sim_file_resize(SHRINKS, hash % 4 == 0 ? hash % 20000 : files_size(SHRINKS));
        state.grown_bytes = files_size(GROWS) + (now < 20000 ? now : 20000);
        sim_file_resize(GROWS, state.grown_bytes);
    } else {
        sim_file_resize(SHRINKS, files_size(SHRINKS));
    }
}
