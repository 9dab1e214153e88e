/* SPDX-License-Identifier: MIT */
/* Files in memory: a table of paths; what they hold is a function of file and offset. */
#include <string.h>

#include "port/sim/state.h"

enum {
    SIM_LINKS_FOLLOWED = 8,
    SIM_ENTRIES_PER_CALL = 4
};

/* ---- The tree ------------------------------------------------------------------------------ */

unsigned sim_file_add(const char *path, enum sim_file_kind kind, uint64_t size_bytes,
                      int64_t modified_s, bool readable)
{
    struct sim_file *file = &sim_store.files[sim.files_count];
    size_t n = strlen(path);

    CHECK(sim.files_count < SIM_FILES && n <= SIM_PATH_BYTES);
    memset(file, 0, sizeof *file);
    memcpy(file->path, path, n);
    file->path_bytes = (uint16_t)n;
    file->kind = (uint8_t)kind;
    file->there = true;
    file->rights = readable ? SIM_ALL : SIM_OWNER;
    file->size_bytes = size_bytes;
    file->modified_s = modified_s;
    file->modified_ns = sim.files_count * 1000u;
    sim.files_count++;
    return sim.files_count - 1;
}

void sim_file_link(unsigned file, const char *target)
{
    size_t n = strlen(target);

    CHECK(file < sim.files_count && n <= SIM_PATH_BYTES);
    memcpy(sim_store.files[file].target, target, n);
    sim_store.files[file].target_bytes = (uint16_t)n;
}

void sim_file_text(unsigned file, const void *bytes, size_t n)
{
    CHECK(file < sim.files_count);
    sim_store.files[file].text = bytes;
    sim_store.files[file].size_bytes = n;
    sim_store.files[file].revision++;
}

void sim_file_date(unsigned file, int64_t modified_s, uint32_t modified_ns)
{
    CHECK(file < sim.files_count);
    sim_store.files[file].modified_s = modified_s;
    sim_store.files[file].modified_ns = modified_ns;
    sim_store.files[file].revision++;
}

void sim_file_resize(unsigned file, uint64_t size_bytes)
{
    CHECK(file < sim.files_count);
    if (sim_store.files[file].size_bytes != size_bytes) {
        sim_store.files[file].size_bytes = size_bytes;
        sim_store.files[file].revision++;
    }
}

void sim_file_remove(unsigned file)
{
    CHECK(file < sim.files_count);
    sim_store.files[file].there = false;
    sim_store.files[file].revision++;
}

void sim_file_return(unsigned file)
{
    CHECK(file < sim.files_count);
    sim_store.files[file].there = true;
    sim_store.files[file].revision++;
}

void sim_file_mode(unsigned file, unsigned rights)
{
    CHECK(file < sim.files_count);
    if (sim_store.files[file].rights != rights) {
        sim_store.files[file].rights = (uint16_t)rights;
        sim_store.files[file].revision++;
    }
}

void sim_file_rights(unsigned file, bool readable)
{
    sim_file_mode(file, readable ? SIM_ALL : SIM_OWNER);
}

bool sim_file_public(unsigned file)
{
    CHECK(file < sim.files_count);
    return sim.root_any || (sim_store.files[file].rights & SIM_ALL) == SIM_ALL;
}

uint8_t sim_file_byte(unsigned file, uint64_t offset)
{
    if (file < sim.files_count && sim_store.files[file].text != NULL) {
        return sim_store.files[file].text[offset];
    }
    return (uint8_t)((offset * 131 + (offset >> 8) * 31 + (uint64_t)file * 17) ^ (offset >> 5));
}

unsigned sim_files_open(void)
{
    unsigned open = 0;

    for (uint32_t i = 0; i < sim.handles_used; i++) {
        open += sim.handles[i].kind == SIM_HANDLE_FILE ? 1u : 0u;
    }
    return open;
}

unsigned sim_files_advised(uint64_t *end)
{
    *end = sim.files_advised_end;
    return sim.files_advised;
}

static int find(const char *path, size_t n)
{
    for (uint32_t i = 0; i < sim.files_count && !sim.root_scratch; i++) {
        const struct sim_file *file = &sim_store.files[i];

        if (file->there && file->path_bytes == n && memcmp(file->path, path, n) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* The end of the component that begins at `at`. */
static size_t component_end(const char *path, size_t n, size_t at)
{
    while (at < n && path[at] != '/') {
        at++;
    }
    return at;
}

/* Puts a link's target in place of the first `used` bytes of the path. */
static int follow(const struct sim_file *link, char *path, size_t *n, size_t used)
{
    size_t rest = *n - used;

    if (link->target_bytes == 0 || link->target[0] == '/' || link->target[0] == '.') {
        return PORT_DENIED;
    }
    if (link->target_bytes + rest > SIM_PATH_BYTES) {
        return PORT_NOENT;
    }
    memmove(path + link->target_bytes, path + used, rest);
    memcpy(path, link->target, link->target_bytes);
    *n = link->target_bytes + rest;
    return PORT_OK;
}

/* Finds what a name means, links followed. An index, PORT_NOENT or PORT_DENIED; -100 is the root,
 * which is always a public folder. */
enum { ROOT = -100 };

static int resolve(const char *name, size_t n)
{
    char path[SIM_PATH_BYTES];
    size_t at = 0;
    unsigned followed = 0;
    int found = ROOT;

    if (n > sizeof path) {
        return PORT_NOENT;
    }
    memcpy(path, name, n);
    while (at < n) {
        size_t end = component_end(path, n, at);

        found = find(path, end);
        if (found < 0) {
            return PORT_NOENT;
        }
        if (sim_store.files[found].kind == SIM_LINK) {
            int result = follow(&sim_store.files[found], path, &n, end);

            followed++;
            if (result != PORT_OK || followed > SIM_LINKS_FOLLOWED) {
                return result != PORT_OK ? result : PORT_DENIED;
            }
            at = 0;
            continue;
        }
        if (end < n && sim_store.files[found].kind != SIM_FOLDER) {
            return PORT_NOENT;
        }
        if (!sim_file_public((unsigned)found)) {
            return PORT_DENIED;
        }
        at = end < n ? end + 1 : end;
    }
    return found;
}

/* ---- Calls --------------------------------------------------------------------------------- */

/* Whether a name can be one. What lacks the contract's form is a defect of the caller. */
static bool name_is_good(const char *name, size_t n)
{
    size_t at = 0;

    while (at < n) {
        size_t end = component_end(name, n, at);
        size_t bytes = end - at;

        if (bytes == 0 || (bytes == 1 && name[at] == '.') || end + 1 == n ||
            (bytes == 2 && name[at] == '.' && name[at + 1] == '.') || name[0] == '/') {
            sim_fail("F4", SIM_NOBODY, "a name that is not in the form of port_file_open");
        }
        at = end + 1;
    }
    return n == 0 || memchr(name, 0, n) == NULL;
}

static void info_of(int found, struct port_file_info *info)
{
    memset(info, 0, sizeof *info);
    info->kind = PORT_FILE_DIRECTORY;
    if (found != ROOT) {
        const struct sim_file *file = &sim_store.files[found];

        info->kind = file->kind == SIM_FILE ? PORT_FILE_REGULAR : PORT_FILE_DIRECTORY;
        info->size_bytes = file->kind == SIM_FILE ? file->size_bytes : 0;
        info->modified_s = file->modified_s;
        info->modified_ns = file->modified_ns;
        info->revision = file->revision;
    }
}

int port_file_open(const char *name, size_t n, port_handle *file, struct port_file_info *info)
{
    int found;
    bool good = name_is_good(name, n);

    if (!good && sim.plan.strict) {
        sim_fail("F4", SIM_NOBODY, "a name with a NUL in it");
    }
    sim_hash_bytes(name, n);
    found = sim.root_open && good ? resolve(name, n) : PORT_NOENT;
    if (found >= 0 && sim_store.files[found].kind == SIM_DEVICE) {
        found = PORT_DENIED;
    }
    if (sim_fault(SIM_FILE_OPEN_FULL, SIM_NOBODY) || !sim_handles_left()) {
        found = PORT_FULL;
    } else if (sim_fault(SIM_FILE_OPEN_NOENT, SIM_NOBODY)) {
        found = PORT_NOENT;
    } else if (sim_fault(SIM_FILE_OPEN_DENIED, SIM_NOBODY)) {
        found = PORT_DENIED;
    } else if (sim_fault(SIM_FILE_OPEN_IO, SIM_NOBODY)) {
        found = PORT_IO;
    }
    if (found < 0 && found != ROOT) {
        return sim_result("Open_file", SIM_NOBODY, found);
    }
    info_of(found, info);
    *file = sim_handle_take(SIM_HANDLE_FILE, (uint32_t)(found == ROOT ? SIM_FILES : found), 0);
    sim.handles[(uint32_t)*file % SIM_GENERATION].size_bytes = info->size_bytes;
    return sim_result("Open_file", SIM_NOBODY, PORT_OK);
}

int port_file_look(port_handle file, struct port_file_info *info)
{
    const struct sim_handle *handle = sim_handle_get(file, SIM_HANDLE_FILE, "file_look");
    int found = handle->object == SIM_FILES ? ROOT : (int)handle->object;

    if (sim_fault(SIM_FILE_LOOK_IO, SIM_NOBODY)) {
        return sim_result("Look_at_file", SIM_NOBODY, PORT_IO);
    }
    if (found != ROOT && !sim_store.files[found].there) {
        return sim_result("Look_at_file", SIM_NOBODY, PORT_NOENT);
    }
    if (found != ROOT && !sim_file_public((unsigned)found)) {
        return sim_result("Look_at_file", SIM_NOBODY, PORT_DENIED);
    }
    info_of(found, info);
    return sim_result("Look_at_file", SIM_NOBODY, PORT_OK);
}

int sim_file_of(port_handle file, const char *call)
{
    const struct sim_handle *handle = sim_handle_get(file, SIM_HANDLE_FILE, call);

    if (handle->object == SIM_FILES || sim_store.files[handle->object].kind != SIM_FILE) {
        sim_fail("C5", SIM_NOBODY, call);
    }
    return (int)handle->object;
}

/* What can be read of it now: it may have shrunk or grown since. */
uint64_t sim_file_now(port_handle file)
{
    return sim_store.files[sim_file_of(file, "file")].size_bytes;
}

int port_file_read(port_handle file, uint64_t offset, void *bytes, size_t n)
{
    int index = sim_file_of(file, "file_read");
    uint64_t size = sim_store.files[index].size_bytes;
    uint8_t *at = bytes;

    if (n == 0) {
        sim_fail("C9", SIM_NOBODY, "a read of no bytes");
    }
    if (sim_fault(SIM_FILE_READ_IO, SIM_NOBODY)) {
        return sim_result("Read_file", SIM_NOBODY, PORT_IO);
    }
    if (offset >= size || sim_fault(SIM_FILE_READ_EOF, SIM_NOBODY)) {
        return sim_result("Read_file", SIM_NOBODY, PORT_EOF);
    }
    n = n < size - offset ? n : (size_t)(size - offset);
    if (n > 1 && sim_fault(SIM_FILE_READ_SHORT, SIM_NOBODY)) {
        n = 1 + sim_fault_amount(SIM_FILE_READ_SHORT, SIM_NOBODY, (uint32_t)n - 1);
    }
    for (size_t i = 0; i < n; i++) {
        at[i] = sim_file_byte((unsigned)index, offset + i);
    }
    return sim_result("Read_file", SIM_NOBODY, (int)n);
}

void port_file_advise(port_handle file, uint64_t offset, uint64_t n)
{
    (void)sim_file_of(file, "file_advise");
    sim.files_advised++;
    sim.files_advised_end = offset + n;
    sim_hash_add(offset ^ n);
}

/* Whether an entry lies right in a folder, and where its name begins. */
static bool lies_in(const struct sim_file *file, uint32_t folder, size_t *name_at)
{
    size_t n = folder == SIM_FILES ? 0 : sim_store.files[folder].path_bytes;

    *name_at = n == 0 ? 0 : n + 1;
    if (file->path_bytes <= *name_at ||
        (n > 0 && (memcmp(file->path, sim_store.files[folder].path, n) != 0 ||
                   file->path[n] != '/'))) {
        return false;
    }
    return component_end(file->path, file->path_bytes, *name_at) == file->path_bytes;
}

int port_directory_read(port_handle directory, uint64_t *position, struct port_entry *entry)
{
    const struct sim_handle *handle = sim_handle_get(directory, SIM_HANDLE_FILE, "directory_read");

    if (handle->object != SIM_FILES && sim_store.files[handle->object].kind != SIM_FOLDER) {
        sim_fail("C5", SIM_NOBODY, "a file is read as a folder");
    }

    if (sim_fault(SIM_DIRECTORY_IO, SIM_NOBODY)) {
        return sim_result("Read_folder", SIM_NOBODY, PORT_IO);
    }
    if (sim_fault(SIM_DIRECTORY_EOF, SIM_NOBODY)) {
        return sim_result("Read_folder", SIM_NOBODY, PORT_EOF);
    }
    /* Positions count half entries, so that each can be waited for once. */
    if (*position % 2 == 0 && sim_fault(SIM_DIRECTORY_AGAIN, SIM_NOBODY)) {
        (*position)++;
        return sim_result("Read_folder", SIM_NOBODY, PORT_AGAIN);
    }
    for (unsigned looked = 0; looked < SIM_ENTRIES_PER_CALL;) {
        const struct sim_file *file = &sim_store.files[*position / 2];
        size_t name_at;
        int found;

        if (*position / 2 >= sim.files_count) {
            return sim_result("Read_folder", SIM_NOBODY, PORT_EOF);
        }
        *position += 2 - *position % 2;
        if (!file->there || !lies_in(file, handle->object, &name_at)) {
            continue; /* is in another folder, and costs nothing */
        }
        looked++;
        found = resolve(file->path, file->path_bytes);
        if (found >= 0 && sim_store.files[found].kind != SIM_DEVICE) {
            info_of(found, &entry->info);
            entry->name_bytes = (uint16_t)(file->path_bytes - name_at);
            memcpy(entry->name, file->path + name_at, entry->name_bytes);
            return sim_result("Read_folder", SIM_NOBODY, PORT_OK);
        }
    }
    return sim_result("Read_folder", SIM_NOBODY, PORT_AGAIN);
}
