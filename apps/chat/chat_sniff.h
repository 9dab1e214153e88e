/* SPDX-License-Identifier: MIT */
/* Which protocol a newcomer's first line belongs to. A browser that is made to send text to a chat
 * port never gets to speak in the room. */
#ifndef APPS_CHAT_SNIFF_H
#define APPS_CHAT_SNIFF_H

#include "port/port.h"

enum chat_sniff {
    CHAT_SNIFF_LINE,   /* a line for people */
    CHAT_SNIFF_MAYBE,  /* may still become a request of another protocol */
    CHAT_SNIFF_OTHER   /* one: HTTP, or IRC */
};

/* Judges the first n bytes of the first line, or all of it. */
enum chat_sniff chat_sniff(const uint8_t *bytes, size_t n, bool complete);

#endif
