/* SPDX-License-Identifier: MIT */
/* A small world for tests of file-get: the core and the app over the simulated port, a tree of
 * files, and peers that read what comes. Time passes in file_run alone. */
#ifndef TESTS_UNIT_FAKE_FILE_H
#define TESTS_UNIT_FAKE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "port/sim/sim.h"

#define GET(name) "GET " name " HTTP/1.1\r\nHost: h\r\n\r\n"

/* What a peer got, and how it ended. */
enum { FILE_OUT_BYTES = 300000 };

struct file_peer {
    char out[FILE_OUT_BYTES];
    size_t n;
    bool stalled;    /* reads nothing */
    uint64_t end_ms; /* when its end or reset came */
};

/* The files, in the order of their numbers for sim_file_byte; FILE_BIG is longer than any window.
 * The folder long/ holds FILE_LONG_COUNT more. */
enum { FILE_A, FILE_EMPTY, FILE_A2 = 13, FILE_GET, FILE_Z, FILE_BIG };
enum { FILE_A_BYTES = 6, FILE_BIG_BYTES = 50000, FILE_LONG_COUNT = 40 };

/* Starts a world, quiet or as planned, whose date is not known; ends it and says whether nothing
 * was left open. */
void file_begin(void);
void file_begin_with(struct sim_plan plan);
bool file_end(void);

void file_run(uint64_t ms);

/* The last line of the access log, and how many there were; a fresh world has none. */
const char *file_logged(void);
unsigned file_logged_count(void);

/* A newcomer with a window of 4,096 bytes, or a smaller one a millisecond away; returns its id. */
unsigned file_dial(void);
unsigned file_dial_with(uint32_t window);
struct file_peer *file_peer(unsigned id);
void file_read(unsigned id); /* what is there, once it is no longer stalled */
void file_say(unsigned id, const char *text);
void file_say_bytes(unsigned id, const char *bytes, size_t n);
/* Closes it; true when the server let go of it and of its file. */
bool file_leave(unsigned id);

bool file_got_end(unsigned id);
bool file_got_reset(unsigned id);
/* What came begins with the text (else it is printed); holds it; the bytes first to last of a file
 * are all that came from byte `at` on; how long the first head is. */
bool file_got_text(unsigned id, const char *text);
bool file_holds(unsigned id, const char *text);
bool file_got_bytes(unsigned id, size_t at, unsigned file, uint64_t first, uint64_t last);
size_t file_head_bytes(unsigned id);

#endif
