/* SPDX-License-Identifier: MIT */
/* The chat app's options on the command line. */
#ifndef APPS_CHAT_OPTIONS_H
#define APPS_CHAT_OPTIONS_H

#include "apps/options.h"

extern const struct option chat_options[];
extern const size_t chat_options_count;

#endif
