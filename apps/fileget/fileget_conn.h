/* SPDX-License-Identifier: MIT */
/* What file-get keeps for a connection, and how its files divide the work. Private to them. */
#ifndef APPS_FILEGET_FILEGET_CONN_H
#define APPS_FILEGET_FILEGET_CONN_H

#include "apps/fileget/fileget.h"
#include "apps/fileget/http_answer.h"
#include "apps/fileget/http_head.h"
#include "apps/fileget/http_sniff.h"
#include "core/line.h"

/*
 *            raw name -> (FILEGET_WAIT) -> FILEGET_ANSWER -> FILEGET_OVER
 * FILEGET_FIRST
 *            HTTP -> FILEGET_HEAD -> (FILEGET_BODY) -> FILEGET_ANSWER -> FILEGET_OVER
 *                         \____________________________/
 */
enum fileget_phase {
    FILEGET_FIRST,  /* the first line, raw or HTTP */
    FILEGET_HEAD,   /* an HTTP request, from its first byte; before it: idle */
    FILEGET_BODY,   /* its body is read past */
    FILEGET_WAIT,   /* a raw name waits for a handle */
    FILEGET_ANSWER,
    FILEGET_OVER    /* conn_finish or conn_abort was called */
};

/* The piece of an answer that is being sent. */
enum fileget_part {
    FILEGET_PART_HEAD, /* the head, and a short body */
    FILEGET_PART_FILE,
    FILEGET_PART_ROWS, /* of a listing */
    FILEGET_PART_TAIL
};

enum {
    FILEGET_RAW = 1,       /* no head, and the end of the file is the end of the connection */
    FILEGET_CLOSE = 2,     /* this answer is the last */
    FILEGET_ENDED = 4,     /* the peer will send no more */
    FILEGET_QUIET = 8,     /* the gap passed, but did not end the first line */
    FILEGET_COPIES = 16,   /* the system cannot send this file itself */
    FILEGET_FOUND = 32,    /* `found` and the file are set */
    FILEGET_PROMISED = 64  /* by the peer: to send nothing after this request */
};

struct fileget_conn {
    union {
        struct {
            struct line line;
            struct http_sniff sniff;
        } first;                /* FILEGET_FIRST */
        struct http_head head;  /* later; of a raw name only `held`. While a file is sent,
                                 * range_first to range_end are its bytes still to go */
    } in;
    union {
        struct http_version version; /* of the file */
        struct {
            uint64_t position;  /* where this piece of the listing begins */
            uint32_t digest;    /* of the piece, once a part of it is sent */
        } listing;
    } of;
    uint64_t from;              /* offset of the first byte of the file that was asked for */
    int64_t date_s;             /* Date of the answer */
    port_handle file;           /* or PORT_NONE; see fileget_close */
    uint16_t sent;              /* bytes of the piece that were sent */
    uint16_t status;            /* enum http_status of the answer, once decided */
    uint8_t phase;              /* enum fileget_phase */
    uint8_t part;               /* enum fileget_part */
    uint8_t body;               /* enum http_body */
    uint8_t type;               /* see fileget_type_of */
    uint8_t tries;              /* for a handle */
    uint8_t flags;              /* FILEGET_... */
    uint8_t lent;               /* the file belongs to the cache; see fileget_cache.c */
};
STATIC_ASSERT(sizeof(struct fileget_conn) <= CFG_CONN_APP_BYTES);

struct fileget_state {
    unsigned head_kind;
    unsigned idle_kind;
    unsigned gap_kind;
    unsigned retry_kind;
    uint64_t raw;      /* answers that went out whole, by way */
    uint64_t http;
    uint64_t refused;  /* those that were errors; raw names without a file */
    uint64_t broken;   /* answers that a file's failure cut short */
    struct http_answer answer; /* of the head being rendered; here to spare the stack */
    struct port_entry entry;
    char block[CFG_FILEGET_BLOCK_BYTES];
};
extern struct fileget_state fileget_state;

static inline bool fileget_has(const struct fileget_conn *fileget, unsigned flags)
{
    return (fileget->flags & flags) != 0;
}

static inline void fileget_put(struct fileget_conn *fileget, unsigned flags)
{
    fileget->flags = (uint8_t)(fileget->flags | flags);
}

/* ---- fileget_find.c ------------------------------------------------------------------------ */

/* Opens what the head's name, at the front of `buffer`, stands for: a file, a directory's index,
 * or the directory for a listing (`body` says which). Returns HTTP_OK, HTTP_MOVED (a directory
 * without its slash), HTTP_NOT_FOUND, HTTP_BUSY or HTTP_FILE_FAILED. */
enum http_status fileget_find(struct fileget_conn *fileget, const uint8_t *buffer);

/* Opens the file of a raw name, `n` bytes in the form of port_file_open, as fileget_find does. */
enum http_status fileget_find_raw(struct fileget_conn *fileget, const char *name, size_t n);

/* What a name that is no UTF-8 is in UTF-8, if it is GBK: its length, and in *converted where it
 * lies in the block's second half, in the form of port_file_open. 0: it is not to be had. Both
 * above look for that name when there is none of the bytes as they stand. */
size_t fileget_convert(const char *name, size_t n, const char **converted);

void fileget_close(struct fileget_conn *fileget);

/* ---- fileget_answer.c ---------------------------------------------------------------------- */

/* Decides the answer to a whole head, or gives `status` where that is not HTTP_NONE, and begins to
 * send it. */
void fileget_answer(struct conn *conn, enum http_status status);

/* The date, or HTTP_DATE_UNKNOWN. */
int64_t fileget_date(void);

/* Sends the file that fileget_find_raw opened. */
void fileget_answer_raw(struct conn *conn);

/* The app's hook. */
bool fileget_produce(struct conn *conn, size_t room);

/* ---- fileget_listing.c --------------------------------------------------------------------- */

/* The page's beginning, one of its pieces and its end, as HTTP chunks if `chunked`. A piece begins
 * at `position` and moves it on; it may be empty. Returns PORT_OK, PORT_EOF (it was the last) or
 * PORT_IO. The rows are in order if the connection has one of fileget_sort.h's windows. */
void fileget_listing_begin(struct text *text, const char *name, size_t n, bool chunked);
int fileget_listing_rows(struct text *text, const struct fileget_conn *fileget, uint64_t *position,
                         bool chunked);
void fileget_listing_end(struct text *text, bool chunked);

/* ---- fileget_log.c ------------------------------------------------------------------------- */

/* Writes a line of the access log, if there is one: who asked for what, and what came of it. */
void fileget_log(struct conn *conn);

/* ---- fileget.c ----------------------------------------------------------------------------- */

/* An answer was sent whole: the next request, or the end. */
void fileget_next(struct conn *conn);

#endif
