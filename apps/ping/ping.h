/* SPDX-License-Identifier: MIT */
/* `linnet ping`: round trips over TCP or UDP to an echo service. For the composition root. */
#ifndef APPS_PING_PING_H
#define APPS_PING_PING_H

/* Runs the tool on argv[first..argc-1]; port_start came before. Returns the exit status: 0 when
 * every probe was answered with its own bytes, 1 when not, 2 usage, 7 could not connect. */
int ping_main(int argc, char **argv, int first);

#endif
