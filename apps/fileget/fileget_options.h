/* SPDX-License-Identifier: MIT */
/* file-get's options on the command line. */
#ifndef APPS_FILEGET_FILEGET_OPTIONS_H
#define APPS_FILEGET_FILEGET_OPTIONS_H

#include "apps/options.h"

extern const struct option fileget_options[];
extern const size_t fileget_options_count;

#endif
