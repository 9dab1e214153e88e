/* SPDX-License-Identifier: MIT */
/* The bot's options on the command line. */
#ifndef APPS_CHAT_BOT_OPTIONS_H
#define APPS_CHAT_BOT_OPTIONS_H

#include "apps/options.h"

extern const struct option bot_options[];
extern const size_t bot_options_count;

#endif
