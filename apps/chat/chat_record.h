/* SPDX-License-Identifier: MIT */
/*
 * The file that keeps what everybody in the room could read, each line behind its time in UTC, or
 * "-" where that is not known:
 *
 *     2026-11-20T14:55:03Z <anna> hello
 *
 * Private lines are not in it, nor addresses. A line that the file does not take is lost to it, and
 * counted; the next one that it takes comes behind a line that says how many were lost.
 */
#ifndef APPS_CHAT_RECORD_H
#define APPS_CHAT_RECORD_H

#include "apps/chat/chat_log.h"

/* All that the module holds; the type is public for its size alone. */
struct chat_record {
    bool open;
    port_handle file;
    uint32_t missing;   /* lines lost since the last that the file took */
    uint64_t lost;      /* and altogether */
    uint64_t told_ms;   /* when our log was last told so */
    char line[CFG_CHAT_RECORD ? CHAT_LINE_RENDERED_BYTES + 32 : 1];
};

enum { CHAT_RECORD_STATIC_BYTES = sizeof(struct chat_record) };

/* What is said goes to this file from now on, or to none (PORT_NONE). Closes the one before. */
void chat_record_set(port_handle file);

/* Forgets what was lost. */
void chat_record_start(void);

/* Keeps an entry that everybody may see, if there is a file. */
void chat_record_put(const struct chat_entry *entry);

uint64_t chat_record_lost(void);

#endif
