/* SPDX-License-Identifier: MIT */
/* The echo app's options on the command line. */
#ifndef APPS_ECHO_OPTIONS_H
#define APPS_ECHO_OPTIONS_H

#include "apps/options.h"

extern const struct option echo_options[];
extern const size_t echo_options_count;

#endif
