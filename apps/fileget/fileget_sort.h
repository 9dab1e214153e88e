/* SPDX-License-Identifier: MIT */
/*
 * Names in order, in bounded memory, for listings: a window keeps the smallest names of a folder
 * that fit, in byte order. When they are sent, it goes through the folder once more for those
 * beyond the last of them, and so on. A folder of N names of which K fit is read N / K times; one
 * that would be read more than CFG_FILEGET_SORT_PASSES times is not sorted.
 *
 * There are a few windows; a listing that finds none free is not sorted either. Nothing here knows
 * of connections or files: an owner is any pointer.
 */
#ifndef APPS_FILEGET_FILEGET_SORT_H
#define APPS_FILEGET_FILEGET_SORT_H

#include "apps/fileget/fileget_config.h"
#include "port/port.h"

#if CFG_FILEGET_SORTS > 0

struct fileget_sort {
    const void *owner;    /* NULL: free */
    uint64_t position;    /* in the folder, for port_directory_read */
    uint64_t names_bytes; /* what all names offered in this pass would take */
    uint16_t used;        /* bytes of the records */
    uint16_t last;        /* where the last record begins; of no meaning without one */
    bool whole;           /* the pass is at its end: the records stay */
    bool more;            /* there are names beyond the last record */
    bool again;           /* not the first pass: names up to `bound` are done */
    uint8_t bound_bytes;
    char bound[PORT_NAME_BYTES_MAX];
    char records[CFG_FILEGET_SORT_BYTES];
};

struct fileget_sorts {
    struct fileget_sort windows[CFG_FILEGET_SORTS];
};
enum { FILEGET_SORT_STATIC_BYTES = sizeof(struct fileget_sorts) };

/* Frees all windows. */
void fileget_sort_start(void);

/* The owner's window; a free one becomes it (`take`), at the beginning of its first pass. NULL:
 * there is none. */
struct fileget_sort *fileget_sort_of(const void *owner, bool take);
void fileget_sort_release(const void *owner);

/* Offers an entry of the folder; in any order, and more than once. */
void fileget_sort_offer(struct fileget_sort *sort, const struct port_entry *entry);

/* The folder has been read to its end. False: there are too many names. */
bool fileget_sort_whole(struct fileget_sort *sort);

/* Reads the record at `at`, 0 for the first, into *entry. Returns where the next one is, or 0:
 * there is none at `at`. */
size_t fileget_sort_read(const struct fileget_sort *sort, size_t at, struct port_entry *entry);

/* Forgets the records and begins the next pass, beyond them. False: there is nothing beyond. */
bool fileget_sort_again(struct fileget_sort *sort);

#else

enum { FILEGET_SORT_STATIC_BYTES = 0 };
struct fileget_sort {
    uint64_t position;
    bool whole;
};

static inline void fileget_sort_start(void)
{
}

static inline struct fileget_sort *fileget_sort_of(const void *owner, bool take)
{
    (void)owner;
    (void)take;
    return NULL;
}

static inline void fileget_sort_release(const void *owner)
{
    (void)owner;
}

static inline void fileget_sort_offer(struct fileget_sort *sort, const struct port_entry *entry)
{
    (void)sort;
    (void)entry;
}

static inline bool fileget_sort_whole(struct fileget_sort *sort)
{
    (void)sort;
    return false;
}

static inline size_t fileget_sort_read(const struct fileget_sort *sort, size_t at,
                                       struct port_entry *entry)
{
    (void)sort;
    (void)at;
    (void)entry;
    return 0;
}

static inline bool fileget_sort_again(struct fileget_sort *sort)
{
    (void)sort;
    return false;
}

#endif

#endif
