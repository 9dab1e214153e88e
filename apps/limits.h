/* SPDX-License-Identifier: MIT */
/* `linnet --limits`. */
#ifndef APPS_LIMITS_H
#define APPS_LIMITS_H

/* Prints every compile-time limit of this build and the static memory they add up to. Returns the
 * exit status. */
int limits_print(void);

#endif
