/* SPDX-License-Identifier: MIT */
/* Names in order, in bounded memory. Records lie side by side in the order of their names: a new
 * one pushes those behind it back, and the last ones out. */
#include "apps/fileget/fileget_sort.h"

#include <string.h>

#if CFG_FILEGET_SORTS > 0

/* A record: the length of the name, what it is, size, date, the name, and its length once more, so
 * that the record before the last is found when the last is pushed out. */
enum {
    KIND_AT = 1,
    SIZE_AT = 2,
    DATE_AT = 10,
    NAME_AT = 18,
    RECORD_BYTES = NAME_AT + 1 /* and the name */
};
STATIC_ASSERT(CFG_FILEGET_SORT_BYTES >= 4 * (RECORD_BYTES + PORT_NAME_BYTES_MAX));

static struct fileget_sorts state;

void fileget_sort_start(void)
{
    for (size_t i = 0; i < CFG_FILEGET_SORTS; i++) {
        state.windows[i].owner = NULL;
    }
}

static void pass_begin(struct fileget_sort *sort)
{
    sort->position = 0;
    sort->names_bytes = 0;
    sort->used = 0;
    sort->whole = false;
    sort->more = false;
}

struct fileget_sort *fileget_sort_of(const void *owner, bool take)
{
    struct fileget_sort *vacant = NULL;

    CHECK(owner != NULL);
    for (size_t i = 0; i < CFG_FILEGET_SORTS; i++) {
        if (state.windows[i].owner == owner) {
            return &state.windows[i];
        }
        if (state.windows[i].owner == NULL) {
            vacant = &state.windows[i];
        }
    }
    if (!take || vacant == NULL) {
        return NULL;
    }
    vacant->owner = owner;
    vacant->again = false;
    pass_begin(vacant);
    return vacant;
}

void fileget_sort_release(const void *owner)
{
    struct fileget_sort *sort = fileget_sort_of(owner, false);

    if (sort != NULL) {
        sort->owner = NULL;
    }
}

/* ---- Records ------------------------------------------------------------------------------- */

static size_t name_bytes(const struct fileget_sort *sort, size_t at)
{
    return (uint8_t)sort->records[at];
}

/* The order of two names: below 0, 0, above 0. */
static int compare(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    int order = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);

    return order != 0 ? order : (int)a_bytes - (int)b_bytes;
}

static int compare_record(const struct fileget_sort *sort, const struct port_entry *entry,
                          size_t at)
{
    return compare(entry->name, entry->name_bytes, sort->records + at + NAME_AT,
                   name_bytes(sort, at));
}

static void record_write(char *record, const struct port_entry *entry)
{
    record[0] = (char)(uint8_t)entry->name_bytes;
    record[KIND_AT] = (char)entry->info.kind;
    memcpy(record + SIZE_AT, &entry->info.size_bytes, sizeof entry->info.size_bytes);
    memcpy(record + DATE_AT, &entry->info.modified_s, sizeof entry->info.modified_s);
    memcpy(record + NAME_AT, entry->name, entry->name_bytes);
    record[NAME_AT + entry->name_bytes] = record[0];
}

/* Finds where the entry belongs. False: there is a record of its name. */
static bool place_find(const struct fileget_sort *sort, const struct port_entry *entry, size_t *at)
{
    int order = sort->used > 0 ? compare_record(sort, entry, sort->last) : 1;

    *at = order > 0 ? sort->used : 0;
    while (*at < sort->used) {
        order = compare_record(sort, entry, *at);
        if (order <= 0) {
            break;
        }
        *at += RECORD_BYTES + name_bytes(sort, *at);
    }
    return *at == sort->used || order != 0;
}

static void push_out_last(struct fileget_sort *sort)
{
    CHECK(sort->used > 0);
    sort->more = true;
    sort->used = sort->last;
    if (sort->used > 0) {
        size_t n = (uint8_t)sort->records[sort->used - 1u];

        CHECK(sort->used >= RECORD_BYTES + n);
        sort->last = (uint16_t)(sort->used - RECORD_BYTES - n);
    }
}

void fileget_sort_offer(struct fileget_sort *sort, const struct port_entry *entry)
{
    size_t n = RECORD_BYTES + (size_t)entry->name_bytes;
    size_t at;

    CHECK(!sort->whole && entry->name_bytes > 0 && entry->name_bytes <= PORT_NAME_BYTES_MAX);
    if (sort->again
        && compare(entry->name, entry->name_bytes, sort->bound, sort->bound_bytes) <= 0) {
        return;
    }
    sort->names_bytes += n;
    /* What is beyond the last record, when something has been left out there, is left out too. */
    if (!place_find(sort, entry, &at) || (at == sort->used && sort->more)) {
        return;
    }
    while (sort->used + n > CFG_FILEGET_SORT_BYTES) {
        if (at == sort->used) {
            sort->more = true;
            return;
        }
        push_out_last(sort);
    }
    memmove(sort->records + at + n, sort->records + at, sort->used - at);
    record_write(sort->records + at, entry);
    sort->last = (uint16_t)(at == sort->used ? at : sort->last + n);
    sort->used = (uint16_t)(sort->used + n);
}

bool fileget_sort_whole(struct fileget_sort *sort)
{
    sort->whole = true;
    return sort->again
           || sort->names_bytes <= (uint64_t)CFG_FILEGET_SORT_PASSES * CFG_FILEGET_SORT_BYTES;
}

size_t fileget_sort_read(const struct fileget_sort *sort, size_t at, struct port_entry *entry)
{
    const char *record = sort->records + at;
    size_t n;

    CHECK(at <= sort->used);
    if (at == sort->used) {
        return 0;
    }
    n = name_bytes(sort, at);
    entry->name_bytes = (uint16_t)n;
    entry->info.kind = (enum port_file_kind)record[KIND_AT];
    memcpy(&entry->info.size_bytes, record + SIZE_AT, sizeof entry->info.size_bytes);
    memcpy(&entry->info.modified_s, record + DATE_AT, sizeof entry->info.modified_s);
    entry->info.modified_ns = 0;
    memcpy(entry->name, record + NAME_AT, n);
    return at + RECORD_BYTES + n;
}

bool fileget_sort_again(struct fileget_sort *sort)
{
    CHECK(sort->whole);
    if (!sort->more || sort->used == 0) {
        return false;
    }
    sort->bound_bytes = (uint8_t)name_bytes(sort, sort->last);
    memcpy(sort->bound, sort->records + sort->last + NAME_AT, sort->bound_bytes);
    sort->again = true;
    pass_begin(sort);
    return true;
}

#endif
