/* SPDX-License-Identifier: MIT */
/* What a newcomer reads first: the greeting, the lines of --chat-greeting, the topic. */
#ifndef APPS_CHAT_WELCOME_H
#define APPS_CHAT_WELCOME_H

#include "apps/chat/chat_member.h"
#include "core/text.h"

/* All that the module holds; the type is public for its size alone. */
struct chat_welcome {
    uint16_t lines_bytes;
    uint8_t topic_bytes;    /* 0: there is none */
    char topic[CFG_CHAT_TOPIC_BYTES];
    char lines[CFG_CHAT_WELCOME_BYTES > 0 ? CFG_CHAT_WELCOME_BYTES : 1];
};

enum { CHAT_WELCOME_STATIC_BYTES = sizeof(struct chat_welcome) };

/* There is no topic yet. The lines stay. */
void chat_welcome_start(void);

/* Takes the lines of n bytes of text, made safe, each but the last ended by LF or CR LF. Before
 * serving. False: longer than CFG_CHAT_WELCOME_BYTES. */
bool chat_welcome_set(const char *text, size_t n);

/* The topic is n bytes of safe text from now on; 0: none. False: longer than it may be. */
bool chat_welcome_topic_set(const char *text, size_t n);

/* "*** Topic: ...", or that there is none. */
void chat_welcome_topic_row(struct text *text);

/* Puts the next row that a newcomer is owed, who has CHAT_GREETING until that was the last. A
 * line that is too long for a row goes on in the next. */
void chat_welcome_row(struct chat_member *member, struct text *text);

#endif
