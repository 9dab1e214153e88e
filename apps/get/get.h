/* SPDX-License-Identifier: MIT */
/* `linnet get`: fetches files by HTTP and by the raw protocol. For the composition root. */
#ifndef APPS_GET_GET_H
#define APPS_GET_GET_H

/* Runs the tool on argv[first..argc-1]; port_start came before. Returns the exit status: 0, 2
 * usage, 6 name not found, 7 could not connect, 18 partial, 22 HTTP error, 23 cannot write, 28
 * timed out, 33 cannot resume, 47 too many redirects; of several URLs, that of the first that
 * failed. */
int get_main(int argc, char **argv, int first);

#endif
