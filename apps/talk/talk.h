/* SPDX-License-Identifier: MIT */
/* `linnet talk`: the person's end of a chat. For the composition root. */
#ifndef APPS_TALK_TALK_H
#define APPS_TALK_TALK_H

/* Runs the tool on argv[first..argc-1]; port_start came before. Returns the exit status, one of
 * enum talk_status. */
int talk_main(int argc, char **argv, int first);

#endif
