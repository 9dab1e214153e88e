/* SPDX-License-Identifier: MIT */
/*
 * Files kept open for a moment after they were sent, so that the next request for the same name
 * costs one call instead of three for the file and three for each folder on the way. What was
 * rendered of its head is kept as well.
 *
 * What is kept is looked at again for every request: a file that was written, replaced, renamed,
 * removed or made private since is opened anew, so that is seen at once. Only what happened to the
 * folders and links on the way to it is not: that is seen after CFG_FILEGET_CACHE_MS at the latest,
 * because a file is found by its name at least so often. The bytes of a small file are kept too,
 * once it has been left alone for two seconds: from then on its date tells of every write.
 *
 * A file is lent to any number of connections. What nobody uses is closed after twice that time at
 * the latest, at once when the system has no more handles, and when the server stops.
 */
#ifndef APPS_FILEGET_FILEGET_CACHE_H
#define APPS_FILEGET_FILEGET_CACHE_H

#include "apps/fileget/fileget_conn.h"
#include "apps/fileget/http_date.h"

#if CFG_FILEGET_CACHE_FILES > 0

/* Bytes of a head's fields that tell of a file; what is longer is rendered each time. */
enum { FILEGET_CACHE_FIELDS_BYTES = 288 };

struct fileget_place {
    port_handle file;    /* PORT_NONE: free */
    uint32_t since_ms;   /* low half of the clock when it was opened */
    uint64_t revision;
    struct http_version version;
    uint16_t name_bytes;
    uint16_t body_bytes; /* 0: not here */
    uint16_t users;      /* connections it is lent to */
    uint8_t type;
    bool over;           /* lent to nobody else, and closed when it comes back */
    char name[CFG_FILEGET_CACHE_NAME_BYTES];
    uint16_t fields_bytes; /* 0: not rendered yet */
    char fields[FILEGET_CACHE_FIELDS_BYTES];
    char body[CFG_FILEGET_CACHE_BODY_BYTES];
};

struct fileget_cache {
    struct fileget_place places[CFG_FILEGET_CACHE_FILES];
    unsigned used; /* places from here on were never used, nor touched */
    unsigned kind;
    bool ticking;  /* the app's deadline runs */
    bool stopped;
    int64_t date_s; /* what `date` says; 0: nothing yet */
    char date[HTTP_DATE_BYTES];
};
enum { FILEGET_CACHE_STATIC_BYTES = sizeof(struct fileget_cache) };

/* Forgets everything; what was kept is closed already. Only while starting. */
void fileget_cache_start(void);

/* Lends the file of this name, n bytes in the form of port_file_open: sets the connection's file,
 * version and type. False: it is not here. */
bool fileget_cache_take(struct fileget_conn *fileget, const char *name, size_t n);

/* Keeps the regular file that the connection has just opened by this name, as lent to it, if there
 * is a place; sets its type then. */
void fileget_cache_keep(struct fileget_conn *fileget, const char *name, size_t n,
                        const struct port_file_info *info);

/* All bytes of the file lent to this connection; NULL: read them from the file. */
const char *fileget_cache_body(const struct fileget_conn *fileget);

/* Gives an answer what of its head was rendered before: the date, the fields of its file. */
void fileget_cache_describe(const struct fileget_conn *fileget, struct http_answer *answer);

/* The connection is done with the file that was lent to it. */
void fileget_cache_return(struct fileget_conn *fileget);

/* Closes what is not lent: all of it, or what is too old. Returns how many were closed. */
unsigned fileget_cache_close_idle(bool all);

/* The deadline that fileget_cache_keep set for the app has passed. */
void fileget_cache_due(void);

/* The server stops: nothing is kept any more. */
void fileget_cache_stop(void);

#else

enum { FILEGET_CACHE_STATIC_BYTES = 0 };

static inline void fileget_cache_start(void)
{
}

static inline bool fileget_cache_take(struct fileget_conn *fileget, const char *name, size_t n)
{
    (void)fileget;
    (void)name;
    (void)n;
    return false;
}

static inline void fileget_cache_keep(struct fileget_conn *fileget, const char *name, size_t n,
                                      const struct port_file_info *info)
{
    (void)fileget;
    (void)name;
    (void)n;
    (void)info;
}

static inline const char *fileget_cache_body(const struct fileget_conn *fileget)
{
    (void)fileget;
    return NULL;
}

static inline void fileget_cache_describe(const struct fileget_conn *fileget,
                                          struct http_answer *answer)
{
    (void)fileget;
    (void)answer; /* what it would set is NULL from the start */
}

static inline void fileget_cache_return(struct fileget_conn *fileget)
{
    (void)fileget;
}

static inline unsigned fileget_cache_close_idle(bool all)
{
    (void)all;
    return 0;
}

static inline void fileget_cache_due(void)
{
}

static inline void fileget_cache_stop(void)
{
}

#endif

#endif
