/* SPDX-License-Identifier: MIT */
/* Conformance: directories. */
#define CHECK_PART
#include "tests/check.h"

#include <string.h>

#include "tests/port/conform.h"

enum { ENTRIES_MAX = 400, CALLS_MAX = 10000 };

struct listing {
    struct port_entry entries[ENTRIES_MAX];
    size_t count;
    int last; /* the result that ended it */
};

static port_handle folder_open(const char *name)
{
    struct port_file_info info;
    port_handle folder = PORT_NONE;

    EXPECT(port_file_open(name, strlen(name), &folder, &info) == PORT_OK);
    EXPECT(info.kind == PORT_FILE_DIRECTORY);
    return folder;
}

/* Reads one more entry. False when there is none. */
static bool listing_go_on(struct listing *listing, port_handle folder, uint64_t *position)
{
    struct port_entry *entry = &listing->entries[listing->count];
    int calls;

    for (calls = 0; calls < CALLS_MAX; calls++) {
        const uint64_t before = *position;

        listing->last = port_directory_read(folder, position, entry);
        if (listing->last != PORT_AGAIN) {
            break;
        }
        EXPECT(*position != before);
    }
    if (listing->last != PORT_OK || listing->count + 1 == ENTRIES_MAX) {
        return false;
    }
    EXPECT(entry->name_bytes > 0 && entry->name_bytes <= PORT_NAME_BYTES_MAX);
    listing->count++;
    return true;
}

static void listing_read(struct listing *listing, const char *name)
{
    const port_handle folder = folder_open(name);
    uint64_t position = 0;
    struct port_entry entry;

    listing->count = 0;
    while (listing_go_on(listing, folder, &position)) {
    }
    EXPECT(listing->last == PORT_EOF);
    EXPECT(port_directory_read(folder, &position, &entry) == PORT_EOF);
    port_close(folder);
}

static const struct port_entry *listing_find(const struct listing *listing, const char *name)
{
    const size_t n = strlen(name);
    const struct port_entry *found = NULL;
    size_t i;

    for (i = 0; i < listing->count; i++) {
        const struct port_entry *entry = &listing->entries[i];

        if (entry->name_bytes == n && memcmp(entry->name, name, n) == 0) {
            EXPECT(found == NULL); /* once only */
            found = entry;
        }
    }
    return found;
}

/* Whatever is listed can be opened, and is what the list said. */
static void entries_open(const struct listing *listing)
{
    size_t i;

    for (i = 0; i < listing->count; i++) {
        const struct port_entry *entry = &listing->entries[i];
        struct port_file_info info;
        port_handle file;

        EXPECT(port_file_open(entry->name, entry->name_bytes, &file, &info) == PORT_OK);
        EXPECT(info.kind == entry->info.kind);
        EXPECT(info.size_bytes == entry->info.size_bytes);
        EXPECT(info.modified_s == entry->info.modified_s);
        EXPECT(info.modified_ns == entry->info.modified_ns);
        port_close(file);
    }
}

static void root_listed(void)
{
    static struct listing listing;
    const struct port_entry *entry;

    listing_read(&listing, "");
    entry = listing_find(&listing, "hello.txt");
    EXPECT(entry != NULL && entry->info.kind == PORT_FILE_REGULAR && entry->info.size_bytes == 6);
    entry = listing_find(&listing, "sub");
    EXPECT(entry != NULL && entry->info.kind == PORT_FILE_DIRECTORY);
    EXPECT(listing_find(&listing, "empty.txt") != NULL);
    EXPECT(listing_find(&listing, "big.bin") != NULL);
    EXPECT(listing_find(&listing, ".") == NULL);
    EXPECT(listing_find(&listing, "..") == NULL);
    EXPECT(listing_find(&listing, "private.txt") == NULL);
    EXPECT(listing_find(&listing, "private") == NULL);
    EXPECT(listing_find(&listing, "to_nothing") == NULL);
    EXPECT(listing_find(&listing, "to_itself") == NULL);
    EXPECT(listing_find(&listing, "to_outside") == NULL);
    EXPECT(listing_find(&listing, "to_absolute") == NULL);
    entries_open(&listing);
}

static unsigned entry_number(const struct port_entry *entry)
{
    return (unsigned)(entry->name[0] - '0') * 100u + (unsigned)(entry->name[1] - '0') * 10u +
           (unsigned)(entry->name[2] - '0');
}

static void all_seen_once(const struct listing *listing)
{
    unsigned char seen[300];
    size_t i;

    memset(seen, 0, sizeof(seen));
    EXPECT(listing->count == 300);
    for (i = 0; i < listing->count; i++) {
        const unsigned number = entry_number(&listing->entries[i]);

        EXPECT(listing->entries[i].name_bytes == 3 && number < 300);
        if (number < 300) {
            EXPECT(seen[number] == 0);
            seen[number] = 1;
        }
    }
}

/* Two readers of one folder and one of another, in turns, do not disturb each other. */
static void readers_interleaved(void)
{
    static struct listing first;
    static struct listing second;
    static struct listing other;
    const port_handle folder = folder_open("many");
    const port_handle again = folder_open("many");
    const port_handle root = folder_open("");
    uint64_t position = 0;
    uint64_t position_again = 0;
    uint64_t position_root = 0;
    bool going = true;

    first.count = 0;
    second.count = 0;
    other.count = 0;
    while (going) {
        going = listing_go_on(&first, folder, &position);
        going = listing_go_on(&second, again, &position_again) || going;
        going = listing_go_on(&second, again, &position_again) || going;
        going = listing_go_on(&other, root, &position_root) || going;
    }
    all_seen_once(&first);
    all_seen_once(&second);
    EXPECT(other.count > 4);
    port_close(folder);
    port_close(again);
    port_close(root);
}

/* Two positions in one open folder; a folder with the number of a closed one; from 0 again. */
static void positions_kept(void)
{
    static struct listing first;
    static struct listing second;
    port_handle folder = folder_open("many");
    uint64_t position = 0;
    uint64_t position_second = 0;
    bool going = true;

    first.count = 0;
    second.count = 0;
    while (going) {
        going = listing_go_on(&first, folder, &position);
        going = listing_go_on(&second, folder, &position_second) || going;
    }
    all_seen_once(&first);
    all_seen_once(&second);
    position = 0;
    first.count = 0;
    EXPECT(listing_go_on(&first, folder, &position));
    port_close(folder);
    folder = folder_open("sub");
    /* A place of the other folder: nothing of that one is here. */
    first.count = 0;
    if (listing_go_on(&first, folder, &position)) {
        EXPECT(first.entries[0].name_bytes > 3);
    }
    position = 0;
    first.count = 0;
    while (listing_go_on(&first, folder, &position)) {
    }
    EXPECT(listing_find(&first, "inner.txt") != NULL);
    EXPECT(first.count <= 3);
    port_close(folder);
}

static void read_file(void)
{
    struct port_file_info info;
    struct port_entry entry;
    uint64_t position = 0;
    port_handle file;

    if (port_file_open("hello.txt", 9, &file, &info) == PORT_OK) {
        (void)port_directory_read(file, &position, &entry);
    }
}

void test_directory(void)
{
    static struct listing many;

    if (!fixture_can(FIXTURE_FILES)) {
        check_skip("directories");
        return;
    }
    EXPECT(fixture_root_open(false) == PORT_OK);
    root_listed();
    listing_read(&many, "many");
    all_seen_once(&many);
    readers_interleaved();
    positions_kept();
    EXPECT(fixture_fails(read_file));
}
