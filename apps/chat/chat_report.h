/* SPDX-License-Identifier: MIT */
/* What the chat app says of itself: its rows of --limits, and its counters. */
#ifndef APPS_CHAT_REPORT_H
#define APPS_CHAT_REPORT_H

#include "apps/chat/chat_config.h"
#include "core/app.h"

enum { CHAT_LIMITS = CHAT_BOT ? 23 : 15 };

extern const struct limit chat_limits[CHAT_LIMITS];

/* The counters: those that operators are told too, and all. */
void chat_report_room(struct text *line);
void chat_report(struct text *line);

#endif
