/* SPDX-License-Identifier: MIT */
/* Files in program memory. A folder is the run of names in the table that begin with its own. */
#include <string.h>

#include "port/lwip/rom.h"
#include "port/lwip/stack.h"

/* Entries that one port_directory_read looks at, to pass over a folder's own files. */
enum { LOOKS_MAX = 32 };

STATIC_ASSERT(PORT_LWIP_FILES_MAX >= 1 && PORT_LWIP_FILES_MAX <= 250);

struct file {
    uint16_t number;       /* of the file in the table; of a folder's first */
    uint16_t prefix_bytes; /* folder: of its name and the slash, in the names in it */
    bool open;
    bool folder;
};

static struct {
    struct file files[PORT_LWIP_FILES_MAX];
    const struct rom_file *rom;
    size_t rom_count;
} state;

void lwip_port_set_files(const struct rom_file *files, size_t count)
{
    CHECK(count <= UINT16_MAX);
    state.rom = files;
    state.rom_count = count;
}

size_t stack_file_static_bytes(void)
{
    return sizeof state;
}

void stack_file_forget(void)
{
    memset(state.files, 0, sizeof state.files);
}

static struct file *file_at(port_handle handle)
{
    CHECK(handle >= STACK_HANDLE_FILE && handle < STACK_HANDLE_CONSOLE);
    struct file *file = &state.files[handle - STACK_HANDLE_FILE];
    CHECK(file->open);
    return file;
}

static const struct rom_file *rom_of(const struct file *file)
{
    CHECK(!file->folder && file->number < state.rom_count);
    return &state.rom[file->number];
}

static void info_file(const struct rom_file *rom, struct port_file_info *info)
{
    memset(info, 0, sizeof *info);
    info->kind = PORT_FILE_REGULAR;
    info->size_bytes = rom->size_bytes;
    info->modified_s = rom->modified_s;
    info->modified_ns = rom->modified_ns;
}

/* A folder has no date of its own: that of its first file will do. */
static void info_folder(const struct rom_file *first, struct port_file_info *info)
{
    memset(info, 0, sizeof *info);
    info->kind = PORT_FILE_DIRECTORY;
    if (first != NULL) {
        info->modified_s = first->modified_s;
        info->modified_ns = first->modified_ns;
    }
}

/* No "", "." or ".." between slashes: the core makes sure of it, for every port. */
static bool name_is_proper(const char *name, size_t n)
{
    size_t begin = 0;
    for (size_t i = 0; i <= n && n > 0; i++) {
        if (i < n && name[i] != '/') {
            continue;
        }
        size_t bytes = i - begin;
        bool dots = bytes <= 2 && memcmp(name + begin, "..", bytes) == 0;
        if (bytes == 0 || dots) {
            return false;
        }
        begin = i + 1;
    }
    return true;
}

/* Finds what `name` is. Costs one comparison for each file of the table. */
static bool name_find(const char *name, size_t n, struct file *found, struct port_file_info *info)
{
    memset(found, 0, sizeof *found);
    if (n == 0) {
        found->folder = true;
        info_folder(state.rom_count > 0 ? &state.rom[0] : NULL, info);
        return true;
    }
    for (size_t i = 0; i < state.rom_count; i++) {
        const char *other = state.rom[i].name;
        if (strncmp(other, name, n) != 0 || (other[n] != '\0' && other[n] != '/')) {
            continue;
        }
        found->number = (uint16_t)i;
        found->folder = other[n] == '/';
        found->prefix_bytes = found->folder ? (uint16_t)(n + 1) : 0;
        if (found->folder) {
            info_folder(&state.rom[i], info);
        } else {
            info_file(&state.rom[i], info);
        }
        return true;
    }
    return false;
}

int port_file_open(const char *name, size_t n, port_handle *file, struct port_file_info *info)
{
    struct file found;
    CHECK(name_is_proper(name, n));
    if (memchr(name, '\0', n) != NULL || !name_find(name, n, &found, info)) {
        return PORT_NOENT;
    }
    for (size_t i = 0; i < PORT_LWIP_FILES_MAX; i++) {
        if (!state.files[i].open) {
            state.files[i] = found;
            state.files[i].open = true;
            *file = (port_handle)(STACK_HANDLE_FILE + i);
            return PORT_OK;
        }
    }
    return PORT_FULL;
}

int port_file_look(port_handle file, struct port_file_info *info)
{
    const struct file *open = file_at(file);
    if (!open->folder) {
        info_file(rom_of(open), info);
    } else {
        info_folder(open->number < state.rom_count ? &state.rom[open->number] : NULL, info);
    }
    return PORT_OK;
}

void stack_file_close(port_handle handle)
{
    file_at(handle)->open = false;
}

int port_file_read(port_handle file, uint64_t offset, void *bytes, size_t n)
{
    const struct rom_file *rom = rom_of(file_at(file));
    CHECK(n > 0);
    if (offset >= rom->size_bytes) {
        return PORT_EOF;
    }
    size_t left = (size_t)(rom->size_bytes - offset);
    size_t count = n < left ? n : left;
    memcpy(bytes, rom->bytes + (size_t)offset, count);
    return (int)count;
}

int port_send_file(port_handle connection, port_handle file, uint64_t offset, size_t n)
{
    struct stack_socket *socket = stack_socket_at(connection, STACK_STREAM);
    const struct rom_file *rom = rom_of(file_at(file));
    CHECK(n > 0);
    if (offset >= rom->size_bytes) {
        return PORT_EOF;
    }
    size_t left = (size_t)(rom->size_bytes - offset);
    return stack_send_rom(socket, rom->bytes + (size_t)offset, n < left ? n : left);
}

void port_file_advise(port_handle file, uint64_t offset, uint64_t n)
{
    (void)file;
    (void)offset;
    (void)n;
}

/* ---- Folders --------------------------------------------------------------------------------- */

/* How long the next component is in a name of this folder. */
static size_t component_bytes(const struct file *folder, const char *name)
{
    const char *component = name + folder->prefix_bytes;
    const char *slash = strchr(component, '/');
    return slash != NULL ? (size_t)(slash - component) : strlen(component);
}

/* Whether name `i` of the table was told already: as the folder that the one before it is in. */
static bool entry_told(const struct file *folder, size_t i)
{
    if (i == folder->number) {
        return false;
    }
    const char *name = state.rom[i].name;
    size_t n = folder->prefix_bytes + component_bytes(folder, name);
    return name[n] == '/' && strncmp(state.rom[i - 1].name, name, n + 1) == 0;
}

static void entry_tell(const struct file *folder, size_t i, struct port_entry *entry)
{
    const char *component = state.rom[i].name + folder->prefix_bytes;
    size_t n = component_bytes(folder, state.rom[i].name);
    CHECK(n >= 1 && n <= PORT_NAME_BYTES_MAX);
    if (component[n] == '/') {
        info_folder(&state.rom[i], &entry->info);
    } else {
        info_file(&state.rom[i], &entry->info);
    }
    entry->name_bytes = (uint16_t)n;
    memcpy(entry->name, component, n);
}

int port_directory_read(port_handle directory, uint64_t *position, struct port_entry *entry)
{
    const struct file *folder = file_at(directory);
    CHECK(folder->folder);
    const char *first = folder->prefix_bytes > 0 ? state.rom[folder->number].name : "";
    for (unsigned left = LOOKS_MAX; left > 0; left--) {
        uint64_t i = folder->number + *position;
        if (i >= state.rom_count || strncmp(state.rom[i].name, first, folder->prefix_bytes) != 0) {
            return PORT_EOF;
        }
        (*position)++;
        if (!entry_told(folder, (size_t)i)) {
            entry_tell(folder, (size_t)i, entry);
            return PORT_OK;
        }
    }
    return PORT_AGAIN;
}
