/* SPDX-License-Identifier: MIT */
/* The tree that is served, and the names that clients ask for. */
#ifndef TESTS_SIM_FILES_H
#define TESTS_SIM_FILES_H

#include "tests/sim/world.h"

enum {
    WISH_NONE = -1,    /* 404, or no bytes: absent or forbidden, nobody can tell which */
    WISH_BAD = -2,     /* the same, or 400 */
    WISH_MOVED = -3,   /* 301 to the slash */
    WISH_LISTING = -4  /* 200 with a page of names */
};

enum wish_when { WHEN_ALWAYS, WHEN_ANY_MODE /* not public */, WHEN_CONVERTED /* from GBK */ };

struct wish {
    const char *name;
    int file;
    bool raw; /* can be asked for without percent signs */
    uint8_t when; /* enum wish_when: else it is WISH_NONE */
};

const struct wish *files_wish(unsigned i);
unsigned files_wishes(void);
/* Which one a client has; in some worlds most want what changes. */
unsigned files_pick(uint64_t hash);
uint64_t files_size(int file); /* as it was at first */
bool files_steady(int file);
int files_huge(void);
/* The root was opened for files that not everybody may read, too; names may be in GBK. */
bool files_any_mode(void);
bool files_converted(void);
/* What a file has been all the time since then, as far as a server must know; how large the growing
 * one is now. */
enum files_access { FILES_OPEN, FILES_CLOSED, FILES_EITHER };
enum files_access files_access(int file, uint64_t since_ms);
uint64_t files_grown(void);

/* ---- What a client asked and what the server said so far, for file.c and file_check.c ------- */

enum { VISIT_REQUESTS = 6, VISIT_TEXT_BYTES = 1400, VISIT_LINE_BYTES = 256 };

enum visit_phase {
    VISIT_STATUS,   /* a status line is to come */
    VISIT_FIELDS,
    VISIT_BODY,     /* `left` bytes */
    VISIT_CHUNK,    /* a chunk's size line */
    VISIT_CHUNK_END,
    VISIT_TRAILER,
    VISIT_UNTIL_END /* the end of the connection ends the body */
};

struct request {
    uint8_t wish;
    bool head;
    bool old;        /* HTTP/1.0 */
    bool bad;        /* malformed on purpose: 400, then the end */
    bool closes;     /* Connection: close */
    bool ranged;
    uint64_t first;  /* of the range */
    uint64_t last;
    uint16_t ends_at; /* position in the text behind it */
    uint64_t received_ms;  /* when the server had it whole */
    uint64_t grown_bytes;  /* and how large the growing file was then */
};

struct visit {
    bool http;
    bool whole;      /* everything was written that is to be */
    unsigned count;
    struct request requests[VISIT_REQUESTS];
    char text[VISIT_TEXT_BYTES];
    uint16_t text_bytes;
    /* the server's side */
    unsigned answered;
    uint8_t phase; /* enum visit_phase */
    bool length_known;
    bool chunked;
    bool closes;   /* it said so */
    bool other;      /* what comes is not the file: a fault hid it */
    bool over;     /* after this answer no other may come */
    bool early;    /* the answer began before its request was all there */
    int status;
    uint64_t length;
    uint64_t left;
    uint64_t at;   /* in the file */
    uint16_t line_bytes;
    char line[VISIT_LINE_BYTES];
    uint64_t answered_ms;
};

struct visit *file_visit(const struct client *client);
/* Takes what the server sends; fails the run when it is wrong. */
void file_check(struct client *client, struct visit *visit, const uint8_t *bytes, size_t n);
/* Whether a clean end now is one: nothing is half said. */
const char *file_check_end(const struct visit *visit);
/* Whether faults so far can have spoiled the opening or the reading of files. */
bool file_spoiled(void);
bool file_read_spoiled(void);

#endif
