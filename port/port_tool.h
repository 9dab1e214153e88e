/* SPDX-License-Identifier: MIT */
/*
 * The hosted half of the contract: what the command line, start-up and the client tools need from
 * an operating system. Boards without one do not implement it. Calls here may block; none is used
 * once serving has begun. Rules and outcomes as in port.h.
 */
#ifndef PORT_PORT_TOOL_H
#define PORT_PORT_TOOL_H

#include "port.h"

/* ---- Start-up of a server ------------------------------------------------------------------ */

enum {
    PORT_ROOT_ANY_MODE = 1 /* also files that not everybody may read */
};

/* Makes the directory `path` the root of port_file_open; flags are PORT_ROOT_*.
 * PORT_OK, PORT_NOENT, PORT_DENIED, PORT_SKIP (not a directory), PORT_IO. */
int port_root_open(const char *path, unsigned flags);

/* Gives up privileges for good: confines the process to the root opened before (`confine`), then
 * becomes `user`, a name of the account file or UID:GID (NULL: stay), drops all groups, and
 * verifies that there is no way back.
 * PORT_OK, PORT_NOENT (no such user), PORT_DENIED (we may not), PORT_IO (the way back was open). */
int port_user_become(const char *user, bool confine);

/* Opens what serving needs from the C library or the system and could not open afterwards, so
 * that no memory is asked for once the listeners are announced; before port_user_become, since a
 * confined process finds no files of the system. `converts`: the converters of port_text_convert
 * too; one that cannot be opened is said in a line of the log. Without them there are none. */
void port_serving_begins(bool converts);

/* Opens the regular file `path` to be gone on with at its end by port_record_write (port.h), or
 * makes it, for its owner and group alone. Never follows a link that stands at the name itself, and
 * waits for no FIFO. PORT_OK, PORT_NOENT (no such folder), PORT_DENIED (also: not a regular file),
 * PORT_IO, PORT_FULL. port_close ends it. */
int port_record_open(const char *path, port_handle *record);

/* The process holds a secret from now on: it leaves no core file, and only the privileged may look
 * into its memory, as far as the system can see to that. */
void port_secret_held(void);

/* ---- Names --------------------------------------------------------------------------------- */

enum port_name_family { PORT_NAME_ANY, PORT_NAME_IPV4, PORT_NAME_IPV6 };

/* Finds the addresses of a host: a name or a literal, with a zone if it has one (fe80::1%eth0);
 * their port is `port`. Returns how many were written to list (1 to max), or PORT_NOENT (no such
 * name, or none of that family), PORT_AGAIN (the name service does not answer). */
int port_resolve(const char *host, enum port_name_family family, uint16_t port,
                 struct port_address *list, size_t max);

/* The number of a network interface, for zones. Returns 0 if there is none of that name. */
uint32_t port_interface_number(const char *name);

/* ---- Output -------------------------------------------------------------------------------- */

enum port_stream { PORT_STDOUT, PORT_STDERR };

/* Writes all n bytes, waiting as long as it takes. PORT_OK, or PORT_IO (nobody reads it). */
int port_print(enum port_stream stream, const char *bytes, size_t n);

/* The width of the terminal in columns; 0 if the stream is not a terminal. */
unsigned port_terminal_columns(enum port_stream stream);

/* A clock for measuring, in microseconds, not frozen. */
uint64_t port_clock_us(void);

/* Reads at most n bytes of a start-up text (a key, a greeting). Returns the count, or PORT_NOENT,
 * PORT_DENIED, PORT_IO, PORT_FULL (longer than n). */
int port_text_read(const char *path, char *bytes, size_t n);

/* The value of an environment variable, or NULL. */
const char *port_environment(const char *name);

/* ---- Output files -------------------------------------------------------------------------- */

/* Creates `path` for writing, or continues it (`keep` true: *size_bytes is what it holds, and
 * writing goes on there). Never follows a link that stands at the name itself.
 * PORT_OK, PORT_NOENT (no such folder), PORT_DENIED, PORT_IO, PORT_FULL. port_close ends it. */
int port_output_open(const char *path, bool keep, port_handle *output, uint64_t *size_bytes);

/* True when a file may be made under another name and then renamed to `path`: nothing is there yet,
 * or a regular file. False: a device, a pipe, a folder, which a rename would destroy. */
bool port_output_replaceable(const char *path);

/* Writes all n bytes. PORT_OK, PORT_FULL (no room on the device), PORT_IO. */
int port_output_write(port_handle output, const void *bytes, size_t n);

/* Makes sure that everything written lasts. PORT_OK, PORT_FULL, PORT_IO. */
int port_output_sync(port_handle output);

/* Renames a file within its folder, replacing what has the new name; removes one.
 * PORT_OK, PORT_NOENT, PORT_DENIED, PORT_IO. */
int port_output_rename(const char *from, const char *to);
int port_output_remove(const char *path);

/* ---- The terminal -------------------------------------------------------------------------- */

/* Turns the console's line editing and echo off (`raw`) or back on; whatever ends or stops the
 * program turns them back on first. After a stop they stay on until the next call, which
 * PORT_REQUEST_REDRAW asks for, once more when we come back from the background. Does not block,
 * nor does port_terminal_columns: both may be called while serving.
 * PORT_OK, or PORT_NOENT (no terminal, or not ours now: we are in the background). */
int port_console_raw(bool raw);

#endif
