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
    {"tree", SIM_FOLDER, 0, true, NULL},
    {"tree/sub", SIM_FOLDER, 0, true, NULL},
    {"tree/leaf.txt", SIM_FILE, 15, true, NULL},
    {"gone.txt", SIM_FILE, 80, true, NULL},
    {"group.txt", SIM_FILE, 90, false, NULL},
    {"others.txt", SIM_FILE, 91, false, NULL},
    {"owner.txt", SIM_FILE, 92, false, NULL},
    {"link_closed", SIM_LINK, 0, true, "secret.txt"},
};

enum {
    BIG = 1,
    SHRINKS = 18,
    GROWS = 19,
    HUGE_FILE = 22,
    SECRET = 3,
    IN_CLOSED = 21,
    MOOD = 26,
    DOOR = 27,
    BEHIND = 28,
    GBK = 29,
    GONE = 33,
    GROUP = 34,
    OTHERS = 35,
    OWNER = 36
};

/* Since when one of these is as it is. */
struct change {
    bool closed;
    uint64_t since_ms;
};

enum { WISHES_MAX = 64, MOODY_MS = 200, CHANGING = 3 };

static struct {
    struct change mood; /* its rights */
    struct change door; /* the same */
    struct change gone; /* its name */
    bool any_mode;
    bool converted;
    uint64_t grown_bytes;
    struct wish wishes[WISHES_MAX];
} state;

/* As they are asked for. `file` is what comes, or one of the kinds below zero. */
static const struct wish wishes[] = {
    {"hello.txt", 0, true, WHEN_ALWAYS},
    {"big.bin", BIG, true, WHEN_ALWAYS},
    {"empty", 2, true, WHEN_ALWAYS},
    {"dir/inner.txt", 6, true, WHEN_ALWAYS},
    {"link_in", 0, true, WHEN_ALWAYS},
    {"caf\xc3\xa9.txt", 16, true, WHEN_ALWAYS},
    {"link_dir/inner.txt", 6, true, WHEN_ALWAYS},
    {"grows", GROWS, true, WHEN_ALWAYS},
    {"shrinks", SHRINKS, true, WHEN_ALWAYS},
    {"dir/index.html", 5, true, WHEN_ALWAYS},
    {"hell%6F.txt", 0, false, WHEN_ALWAYS},
    {"list/b%20%3C%26%3E.txt", 9, false, WHEN_ALWAYS},
    {"hello.txt?query=1", 0, false, WHEN_ALWAYS},
    {"dir/", 5, false, WHEN_ALWAYS},
    {"dir", WISH_MOVED, false, WHEN_ALWAYS},
    {"list/", WISH_LISTING, false, WHEN_ALWAYS},
    {"", WISH_LISTING, false, WHEN_ALWAYS},
    {"absent", WISH_NONE, true, WHEN_ALWAYS},
    {"secret.txt", SECRET, true, WHEN_ANY_MODE},
    {"group.txt", GROUP, true, WHEN_ANY_MODE},
    {"others.txt", OTHERS, true, WHEN_ANY_MODE},
    {"owner.txt", OWNER, true, WHEN_ANY_MODE},
    {"link_closed", SECRET, true, WHEN_ANY_MODE},
    {"link_out", WISH_NONE, true, WHEN_ALWAYS},
    {"link_up", WISH_NONE, true, WHEN_ALWAYS},
    {"link_loop", WISH_NONE, true, WHEN_ALWAYS},
    {"device", WISH_NONE, true, WHEN_ALWAYS},
    {".hidden", WISH_NONE, true, WHEN_ALWAYS},
    {"closed/in.txt", IN_CLOSED, true, WHEN_ANY_MODE},
    {"hello.txt/x", WISH_NONE, true, WHEN_ALWAYS},
    {"../outside", WISH_BAD, true, WHEN_ALWAYS},
    {"dir/../../outside", WISH_BAD, true, WHEN_ALWAYS},
    {"%2e%2e/outside", WISH_BAD, false, WHEN_ALWAYS},
    {"dir/%2e%2e/%2E%2E/etc/passwd", WISH_BAD, false, WHEN_ALWAYS},
    {"..\\outside", WISH_BAD, true, WHEN_ALWAYS},
    {"hello.txt%00", WISH_BAD, false, WHEN_ALWAYS},
    {"dir%5C..%5C..%5Coutside", WISH_BAD, false, WHEN_ALWAYS},
    {"/etc/passwd", WISH_NONE, true, WHEN_ALWAYS},
    {"./../outside", WISH_BAD, true, WHEN_ALWAYS},
    {"back\\slash", WISH_BAD, true, WHEN_ALWAYS},
    {"list/.also", WISH_NONE, true, WHEN_ALWAYS},
    {"\xe4\xb8\xad.txt", GBK, true, WHEN_ALWAYS},
    {"\xd6\xd0.txt", GBK, true, WHEN_CONVERTED}, /* the same name in GBK */
    {"%D6%D0.txt", GBK, false, WHEN_CONVERTED},
    {"\xff.txt", WISH_NONE, true, WHEN_ALWAYS}, /* in neither */
    {"tree/", WISH_LISTING, false, WHEN_ALWAYS},
    {"door/in.txt", BEHIND, true, WHEN_ALWAYS}, /* CHANGING ones from here */
    {"mood.txt", MOOD, true, WHEN_ALWAYS},
    {"gone.txt", GONE, true, WHEN_ALWAYS},
};

const struct wish *files_wish(unsigned i)
{
    return &state.wishes[i % COUNT_OF(wishes)];
}

unsigned files_wishes(void)
{
    return COUNT_OF(wishes);
}

unsigned files_pick(uint64_t hash)
{
    bool moody = sim_mix(world.scenario.seed, 0x6664, 1) % 6 == 0;
    if (moody && (hash >> 50) % 4 != 0) {
        return COUNT_OF(wishes) - 1 - (unsigned)(hash % CHANGING);
    }
    return (unsigned)(hash % COUNT_OF(wishes));
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
    const struct change *change = file == BEHIND ? &state.door
                                  : file == MOOD ? &state.mood
                                  : file == GONE ? &state.gone : NULL;
    if (change == NULL || (state.any_mode && file != GONE)) {
        return FILES_OPEN;
    }
    if (change->since_ms + (file == BEHIND ? CFG_FILEGET_CACHE_MS : 0) >= since_ms) {
        return FILES_EITHER;
    }
    return change->closed ? FILES_CLOSED : FILES_OPEN;
}

bool files_any_mode(void)
{
    return state.any_mode;
}

bool files_converted(void)
{
    return state.converted;
}

uint64_t files_grown(void)
{
    return state.grown_bytes;
}

void files_begin(void)
{
    memset(&state, 0, sizeof state);
    state.grown_bytes = entries[GROWS].size_bytes;
    state.any_mode = sim_mix(world.scenario.seed, 0x616e, 1) % 8 == 0;
    state.converted = sim_mix(world.scenario.seed, 0x6762, 1) % 4 != 0;
    for (size_t i = 0; i < COUNT_OF(wishes); i++) {
        state.wishes[i] = wishes[i];
        if ((wishes[i].when == WHEN_ANY_MODE && !state.any_mode) ||
            (wishes[i].when == WHEN_CONVERTED && !state.converted)) {
            state.wishes[i].file = WISH_NONE;
        }
    }
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
    sim_file_mode(GROUP, SIM_OWNER | SIM_GROUP);
    sim_file_mode(OTHERS, SIM_OWNER | SIM_OTHERS);
}

static void rights_change(unsigned file, bool closed, struct change *change)
{
    if (change->closed != closed) {
        change->closed = closed;
        change->since_ms = sim_now();
        sim_file_rights(file, !closed);
    }
}

static void name_change(unsigned file, bool closed, struct change *change)
{
    if (change->closed != closed) {
        change->closed = closed;
        change->since_ms = sim_now();
        (closed ? sim_file_remove : sim_file_return)(file);
    }
}

/* Now and then one shrinks while it is sent, and comes back; another grows; one becomes private, a
 * folder's door is closed, and one is removed, and there again. */
void files_step(uint64_t now)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x6673, now / 3000);
    uint64_t often = sim_mix(world.scenario.seed, 0x666f, now / MOODY_MS);
    bool moody = world.scenario.app == WORLD_FILE && now < world.heal_ms &&
                 !world.scenario.isolated;
    rights_change(MOOD, moody && often % 3 == 0, &state.mood);
    rights_change(DOOR, moody && (hash >> 40) % 2 == 0, &state.door);
    name_change(GONE, moody && (often >> 8) % 3 == 0, &state.gone);
    if (moody) {
        sim_file_resize(SHRINKS, hash % 4 == 0 ? hash % 20000 : files_size(SHRINKS));
        state.grown_bytes = files_size(GROWS) + (now < 20000 ? now : 20000);
        sim_file_resize(GROWS, state.grown_bytes);
    } else {
        sim_file_resize(SHRINKS, files_size(SHRINKS));
    }
}
