/* SPDX-License-Identifier: MIT */
/* Directories, entry by entry: with getdents64, since opendir would take memory from the heap. */
#include "port/posix/posix.h"

#include <string.h>

#if PORT_POSIX_GETDENTS

#include <sys/syscall.h>

STATIC_ASSERT(PORT_POSIX_DIRECTORY_BYTES >= 512 && PORT_POSIX_DIRECTORY_BYTES <= 65536);

/* What the kernel writes, entry after entry; the name follows and ends with a NUL. */
struct kernel_entry {
    uint64_t inode;
    int64_t next; /* a place to go on from; its meaning is the file system's */
    uint16_t bytes;
    uint8_t kind;
    char name[1];
};

enum { NAME_OFFSET = 19 };
STATIC_ASSERT(offsetof(struct kernel_entry, name) == NAME_OFFSET);

/* One block for all open directories: it remembers whose it is and where in it that reader stands.
 * Another reader, or the same at another place, seeks and fills it anew. */
static struct {
    uint64_t position; /* of the entry at `at`; if at == end, of the next block */
    size_t at;
    size_t end;
    bool owned;
    port_handle owner;
    uint64_t block[PORT_POSIX_DIRECTORY_BYTES / 8];
} state;

void posix_directory_forget(port_handle handle)
{
    if (state.owned && state.owner == handle) {
        state.owned = false;
    }
}

/* Makes the block hold the entry at `position`. PORT_OK, PORT_EOF or PORT_IO. */
static int block_fill(port_handle directory, uint64_t position)
{
    const bool here = state.owned && state.owner == directory && state.position == position;
    long got;

    if (here && state.at < state.end) {
        return PORT_OK;
    }
    if (!here && posix_seek(directory, (off_t)position, SEEK_SET) < 0) {
        return PORT_IO;
    }
    got = syscall(SYS_getdents64, directory, state.block, sizeof(state.block));
    state.owned = got >= 0;
    state.owner = directory;
    state.position = position;
    state.at = 0;
    state.end = got > 0 ? (size_t)got : 0;
    if (got > 0) {
        return PORT_OK;
    }
    return got == 0 || errno == ENOENT ? PORT_EOF : PORT_IO; /* ENOENT: it was removed */
}

/* Takes the next entry out of the block; its name stays there. */
static const char *block_take(void)
{
    const char *bytes = (const char *)state.block + state.at;
    struct kernel_entry head;

    CHECK(state.at + NAME_OFFSET < state.end);
    memcpy(&head, bytes, NAME_OFFSET);
    CHECK(head.bytes > NAME_OFFSET && head.bytes <= state.end - state.at);
    state.at += head.bytes;
    state.position = (uint64_t)head.next;
    return bytes + NAME_OFFSET;
}

static bool entry_fill(port_handle directory, const char *name, struct port_entry *entry)
{
    const size_t n = strlen(name);

    if (n > PORT_NAME_BYTES_MAX || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        posix_file_look(directory, name, &entry->info) != PORT_OK) {
        return false;
    }
    entry->name_bytes = (uint16_t)n;
    memcpy(entry->name, name, n);
    return true;
}

int port_directory_read(port_handle directory, uint64_t *position, struct port_entry *entry)
{
    int looks;

    CHECK(posix_handle_kind(directory) == POSIX_DIRECTORY);
    for (looks = 0; looks < PORT_POSIX_DIRECTORY_LOOKS; looks++) {
        const int result = block_fill(directory, *position);
        const char *name;

        if (result != PORT_OK) {
            return result;
        }
        name = block_take();
        *position = state.position;
        if (entry_fill(directory, name, entry)) {
            return PORT_OK;
        }
    }
    return PORT_AGAIN;
}

size_t posix_directory_static_bytes(void)
{
    return sizeof(state);
}

#else

#include <dirent.h>

/* The portable way: the position is the count of entries passed, and every call passes them again.
 * It takes memory from the heap, and time by the square of the size. */

void posix_directory_forget(port_handle handle)
{
    (void)handle;
}

static bool entry_fill(port_handle directory, const char *name, struct port_entry *entry)
{
    const size_t n = strlen(name);

    if (n > PORT_NAME_BYTES_MAX || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        posix_file_look(directory, name, &entry->info) != PORT_OK) {
        return false;
    }
    entry->name_bytes = (uint16_t)n;
    memcpy(entry->name, name, n);
    return true;
}

static int stream_read(DIR *stream, port_handle directory, uint64_t *position,
                       struct port_entry *entry)
{
    const struct dirent *found;
    uint64_t passed = 0;
    int looks = 0;

    while (looks < PORT_POSIX_DIRECTORY_LOOKS) {
        errno = 0;
        found = readdir(stream);
        if (found == NULL) {
            return errno == 0 ? PORT_EOF : PORT_IO;
        }
        passed++;
        if (passed <= *position) {
            continue;
        }
        *position = passed;
        looks++;
        if (entry_fill(directory, found->d_name, entry)) {
            return PORT_OK;
        }
    }
    return PORT_AGAIN;
}

int port_directory_read(port_handle directory, uint64_t *position, struct port_entry *entry)
{
    const int fd = posix_open_at(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream;
    int result;

    CHECK(posix_handle_kind(directory) == POSIX_DIRECTORY);
    if (fd < 0) {
        return PORT_IO;
    }
    stream = fdopendir(fd);
    if (stream == NULL) {
        (void)close(fd);
        return PORT_IO;
    }
    result = stream_read(stream, directory, position, entry);
    (void)closedir(stream);
    return result;
}

size_t posix_directory_static_bytes(void)
{
    return 0;
}

#endif
