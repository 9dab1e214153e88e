/* SPDX-License-Identifier: MIT */
/*
 * The names of members: what may be one, and which are the same.
 *
 * A name is 1 to CFG_CHAT_NAME_BYTES bytes: letters of the scripts in chat_name.c, digits, '-', '_'
 * and '.', the first a letter or '_'. Letters of Latin, Greek and Cyrillic never stand together.
 * Names are the same that differ in case alone, or in what looks alike: 0 and O; 1, l and I; Greek
 * and Cyrillic letters that could be Latin ones. Wide forms are no letters.
 */
#ifndef APPS_CHAT_NAME_H
#define APPS_CHAT_NAME_H

#include "apps/chat/chat_config.h"
#include "port/port.h"

enum chat_name_fault {
    CHAT_NAME_GOOD,
    CHAT_NAME_BAD,      /* not a name */
    CHAT_NAME_RESERVED  /* the server's own: operator, server, guest7 ... */
};

enum chat_name_fault chat_name_check(const char *name, size_t n);

/* Whether two names, that need not be good ones, are the same. */
bool chat_name_same(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

/* Not 0; the same for names that are the same. */
uint16_t chat_name_hash(const char *name, size_t n);

#endif
