/* SPDX-License-Identifier: MIT */
/* `linnet serve`: options, listeners, privileges, and the loop until it is told to stop. */
#ifndef APPS_SERVE_H
#define APPS_SERVE_H

#include <stddef.h>

/* Runs the server. Returns the exit status: 0 stopped in order, 1 cannot work, 2 usage. */
int serve_main(int argc, char **argv, int first);

extern const size_t serve_static_bytes;

#endif
