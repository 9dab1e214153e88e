/* SPDX-License-Identifier: MIT */
/* What the command line of `linnet serve` says, or board_config.h in its place. For serve.c. */
#ifndef APPS_SERVE_OPTIONS_H
#define APPS_SERVE_OPTIONS_H

#include "core/app.h"

/* Addresses to listen on (-l). Each makes a socket for each app, and one more for datagrams. */
enum { SERVE_ADDRESSES_MAX = 4 };

/* A port that was not given, or "off". */
enum { SERVE_PORT_DEFAULT = 0, SERVE_PORT_OFF = -1, SERVE_PORT_ANY = -2 };

struct serve_options {
    int32_t ports[CFG_APPS_MAX]; /* by app number */
    struct port_address addresses[SERVE_ADDRESSES_MAX];
    unsigned addresses_count;    /* 0: every address */
    bool only_ipv4;
    bool only_ipv6;
    bool any_mode;
    bool confine;
    bool quiet;
    bool console;
    bool limits;
    bool no_gbk;
    const char *root;
    const char *user;
};

#if SERVE_OPTIONS
extern struct serve_options serve_options;

/* Parses argv[first..]. Returns 0, 2 after a complaint, or OPTIONS_HELP. */
int serve_options_parse(int argc, char **argv, int first);

extern const size_t serve_options_static_bytes;
#else

/* Without a command line (OPTIONS=0): what is served from where, and as whom. */
#ifndef SERVE_ROOT
#define SERVE_ROOT "/srv" /* a folder, or one file, as -r has it */
#endif
#ifndef SERVE_USER
#define SERVE_USER NULL /* a name or "UID:GID", as -u has it; NULL: as it is started */
#endif
#ifndef SERVE_CHROOT
#define SERVE_CHROOT 0 /* 1: --chroot */
#endif
#endif

#endif
