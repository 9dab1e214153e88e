/* SPDX-License-Identifier: MIT */
/* What the tools have in common: the command line's HOST and its family, the addresses of a host
 * tried in turn, and the loop around one app. */
#ifndef APPS_CLIENT_H
#define APPS_CLIENT_H

#include "apps/options.h"
#include "apps/target.h"
#include "core/app.h"
#include "port/port_tool.h"

enum {
    CLIENT_ADDRESSES_MAX = 8, /* of one name */
    CLIENT_CONNECTIONS = 4,   /* of one tool: the server's, the console's, and those that close */
    CLIENT_WHY_BYTES = TARGET_HOST_BYTES + 64,
    CLIENT_PIECE_BYTES = 88,  /* of a sentence: a URL, a name */
    CLIENT_EXIT_USAGE = 2
};

/* ---- The command line ---------------------------------------------------------------------- */

/* The options -4 and -6, for an option's `set`: `wanted` becomes the family. */
const char *client_family_set(enum port_name_family *family, enum port_name_family wanted);

/* A piece as a sentence can hold it: itself, or what fits of it into `bytes`, and "...". */
const char *client_shorten(const char *piece, char bytes[CLIENT_PIECE_BYTES]);

/* Complains about the command line of a verb in one sentence of three pieces, and says where to
 * read on. Returns CLIENT_EXIT_USAGE. */
int client_usage_complain(const char *verb, const char *what, const char *subject,
                          const char *why);

/* Parses the command line of a verb that takes one HOST[:PORT], which goes to *target. Returns 0,
 * OPTIONS_HELP, or CLIENT_EXIT_USAGE after a complaint. */
int client_options_parse(int argc, char **argv, int first, const char *usage,
                         const struct option_table *table, struct target *target);

/* ---- The way to a host --------------------------------------------------------------------- */

/* The addresses of a host. */
struct client_route {
    struct port_address addresses[CLIENT_ADDRESSES_MAX];
    size_t count;
    size_t at; /* the one that is tried, or was reached */
};

/* Finds the addresses of a host; the first is next to be tried. PORT_OK, or PORT_NOENT or
 * PORT_AGAIN as port_resolve, and `why` is a sentence then. */
int client_find(struct client_route *route, const struct target *target,
                enum port_name_family family, char why[CLIENT_WHY_BYTES]);

/* Moves on to the next address. False: there is none, and the first is next to be tried again. */
bool client_next(struct client_route *route);

const struct port_address *client_address(const struct client_route *route);

/* Why a dialled connection never stood, in a few words. */
const char *client_reason(enum conn_end why);

/* Says that the address which is tried could not be reached. */
void client_complain(const struct client_route *route, const struct target *target,
                     const char *why);

/* ---- The loop ------------------------------------------------------------------------------ */

/* Starts the loop around one app; the array must stay. False: it cannot work, and the log says
 * why. */
bool client_start(const struct app *const *apps);

/* Ends what is still open: `now`, at once; else in order, for one pass, or for as long as it takes
 * (`patient`). Not after the last loop_turn. */
void client_end(bool now, bool patient);

#endif
