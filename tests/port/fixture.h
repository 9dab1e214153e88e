/* SPDX-License-Identifier: MIT */
/*
 * What the conformance tests need from outside of the port they test: a folder, somebody at the
 * console, a reader of the log, a supervisor. Each port brings its own.
 */
#ifndef TESTS_PORT_FIXTURE_H
#define TESTS_PORT_FIXTURE_H

#include "port/port.h"

enum fixture_ability {
    FIXTURE_FILES,    /* fixture_root holds the tree below */
    FIXTURE_LINKS,    /* and the links in it */
    FIXTURE_CONSOLE,  /* somebody can type and read */
    FIXTURE_REQUESTS, /* a supervisor can ask */
    FIXTURE_TOOLS,    /* port_tool.h is implemented */
    FIXTURE_REFUSALS  /* the system says right why a connection failed */
};

bool fixture_can(enum fixture_ability ability);

/* Before port_start and after port_end; may be repeated. */
void fixture_begin(void);
void fixture_end(void);

/*
 * The folder to serve:
 *   hello.txt        "hello\n", modified 1,000,000,000.000000500 s after 1970
 *   empty.txt        nothing
 *   big.bin          FIXTURE_BIG_BYTES, byte i is fixture_big_byte(i)
 *   old.txt          modified at -86400 s
 *   far.txt          modified at 2^32 + 1000 s
 *   sub/inner.txt    "inner\n"
 *   sub/deep/leaf.txt "leaf\n"
 *   many/000 to many/299, empty files
 *   private.txt      not readable by all; private/open.txt: readable, but not its folder
 *   with FIXTURE_LINKS, links: to_file (hello.txt), to_folder (sub), to_nothing, to_itself,
 *   to_outside (a public file beside the root, by a relative path), to_absolute (by an absolute
 *   path), sub/to_up (../hello.txt, which is inside)
 */
enum { FIXTURE_BIG_BYTES = 300000 };
unsigned char fixture_big_byte(size_t i);
const char *fixture_root(void);
/* Makes it the root: PORT_OK. With `any_mode`, private files too. */
int fixture_root_open(bool any_mode);
/* An empty folder for output files. */
const char *fixture_scratch(void);

/* Runs `defect` apart from this program. True if port_fail ended it. */
bool fixture_fails(void (*defect)(void));

/* An address that no network of this system leads to. False: there is none. */
bool fixture_unreachable(struct port_address *address);

void fixture_console_type(const char *bytes, size_t n);
void fixture_console_hang_up(void);
/* What was written to the console since the last call; a count. */
size_t fixture_console_printed(char *bytes, size_t n);
/* What was written to the log since the last call; a count. The log holds at least 4 KB and at
 * most 1 MB that nobody read. */
size_t fixture_log_read(char *bytes, size_t n);

/* Asks as the system's operator would; PORT_REQUEST_STOP twice is PORT_REQUEST_STOP_NOW. */
void fixture_request(unsigned request);

/* Shows what was printed so far, though standard output may be the console of the test. */
void fixture_flush(void);

/* Lets time pass outside of port_wait. */
void fixture_pause_ms(unsigned ms);

/* What only this port must show. */
void fixture_own_tests(void);

#endif
