/* SPDX-License-Identifier: MIT */
/* apps/fileget/fileget_sort against qsort: whatever the order in which a folder is read, every name
 * comes once, in byte order, with its own size and date, in as many passes as the window needs. */
#include "apps/fileget/fileget_sort.h"

#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

#if CFG_FILEGET_SORTS > 0

enum { NAMES_MAX = 20000, OVERHEAD = 19 };

static struct port_entry names[NAMES_MAX];
static size_t names_count;
static size_t order[NAMES_MAX];
static uint32_t seed;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static int compare(const void *a, const void *b)
{
    const struct port_entry *left = a;
    const struct port_entry *right = b;
    size_t n = left->name_bytes < right->name_bytes ? left->name_bytes : right->name_bytes;
    int result = memcmp(left->name, right->name, n);

    return result != 0 ? result : (int)left->name_bytes - (int)right->name_bytes;
}

/* Makes distinct names of up to `longest` bytes, in byte order. */
static void names_make(size_t count, size_t longest)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct port_entry *entry = &names[i];
        size_t n = 1 + next_random() % longest;

        memset(entry, 0, sizeof *entry);
        entry->name_bytes = (uint16_t)n;
        for (size_t k = 0; k < n; k++) {
            uint32_t any = next_random();

            entry->name[k] = k < 3 ? "\x01" "ab\xff"[any % 4] : (char)(uint8_t)any;
        }
    }
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || compare(&names[kept - 1], &names[i]) != 0) {
            names[kept] = names[i];
            names[kept].info.kind = i % 3 == 0 ? PORT_FILE_DIRECTORY : PORT_FILE_REGULAR;
            names[kept].info.size_bytes = (uint64_t)kept << 33;
            names[kept].info.modified_s = -(int64_t)kept;
            kept++;
        }
    }
    names_count = kept;
}

enum folder_order { RISING, FALLING, SHUFFLED, TWICE };

static void folder_order(enum folder_order how)
{
    for (size_t i = 0; i < names_count; i++) {
        order[i] = how == FALLING ? names_count - 1 - i : i;
    }
    for (size_t i = names_count; i > 1 && how >= SHUFFLED; i--) {
        size_t other = next_random() % i;
        size_t kept = order[i - 1];

        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static bool same(const struct port_entry *a, const struct port_entry *b)
{
    return compare(a, b) == 0 && a->info.kind == b->info.kind
           && a->info.size_bytes == b->info.size_bytes && a->info.modified_s == b->info.modified_s
           && a->info.modified_ns == b->info.modified_ns;
}

/* One pass over the folder. False: there are too many names. */
static bool pass(struct fileget_sort *sort, enum folder_order how)
{
    for (size_t i = 0; i < names_count; i++) {
        fileget_sort_offer(sort, &names[order[i]]);
        if (how == TWICE && i > 0) {
            fileget_sort_offer(sort, &names[order[i / 2]]);
        }
    }
    return fileget_sort_whole(sort);
}

/* Reads it all; returns the number of passes, 0: it was not sorted. */
static unsigned passes(enum folder_order how)
{
    int owner = 0;
    struct fileget_sort *sort = fileget_sort_of(&owner, true);
    unsigned count = 0;
    size_t seen = 0;
    bool right = true;

    EXPECT(sort != NULL);
    do {
        static struct port_entry entry;
        size_t at = 0;

        if (!pass(sort, how)) {
            fileget_sort_release(&owner);
            return 0;
        }
        count++;
        entry.info.modified_ns = 7; /* it keeps seconds alone */
        while ((at = fileget_sort_read(sort, at, &entry)) != 0) {
            right = right && seen < names_count && same(&entry, &names[seen]);
            seen++;
        }
    } while (fileget_sort_again(sort));
    EXPECT(right && seen == names_count);
    fileget_sort_release(&owner);
    return count;
}

static void test_orders(void)
{
    static const struct {
        size_t count;
        size_t longest;
    } folders[] = {{0, 1}, {1, 255}, {100, 3}, {300, 255}, {2000, 40}, {1000, 255}};

    for (unsigned i = 0; i < COUNT_OF(folders); i++) {
        for (int how = RISING; how <= TWICE; how++) {
            size_t bytes = 0;
            unsigned count;

            seed = i;
            names_make(folders[i].count, folders[i].longest);
            folder_order((enum folder_order)how);
            for (size_t k = 0; k < names_count; k++) {
                bytes += names[k].name_bytes + (size_t)OVERHEAD;
            }
            count = passes((enum folder_order)how);
            if (bytes <= CFG_FILEGET_SORT_BYTES) {
                EXPECT(count == 1);
            } else if (bytes <= (size_t)CFG_FILEGET_SORT_BYTES * CFG_FILEGET_SORT_PASSES / 2) {
                EXPECT(count >= bytes / CFG_FILEGET_SORT_BYTES);
                EXPECT(count <= bytes / (CFG_FILEGET_SORT_BYTES - 2 * 274) + 1);
            }
        }
    }
}

/* A folder that would be read too often is not sorted at all. */
static void test_too_many(void)
{
    seed = 1;
    names_make(NAMES_MAX, 255);
    folder_order(SHUFFLED);
    EXPECT(passes(SHUFFLED) == 0);
}

static void test_owners(void)
{
    static const char owners[CFG_FILEGET_SORTS + 1];

    fileget_sort_start();
    for (size_t i = 0; i < CFG_FILEGET_SORTS; i++) {
        EXPECT(fileget_sort_of(&owners[i], false) == NULL);
        EXPECT(fileget_sort_of(&owners[i], true) != NULL);
        EXPECT(fileget_sort_of(&owners[i], true) == fileget_sort_of(&owners[i], false));
    }
    EXPECT(fileget_sort_of(&owners[CFG_FILEGET_SORTS], true) == NULL);
    fileget_sort_release(&owners[CFG_FILEGET_SORTS]);
    fileget_sort_release(&owners[0]);
    EXPECT(fileget_sort_of(&owners[0], false) == NULL);
    EXPECT(fileget_sort_of(&owners[CFG_FILEGET_SORTS], true) != NULL);
    fileget_sort_start();
    EXPECT(fileget_sort_of(&owners[CFG_FILEGET_SORTS], false) == NULL);
}

int main(void)
{
    test_orders();
    test_too_many();
    test_owners();
    return check_report("fileget_sort");
}

#else

int main(void)
{
    check_skip("listings in order: CFG_FILEGET_SORTS is 0");
    return check_report("fileget_sort");
}

#endif
