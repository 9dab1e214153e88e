/* SPDX-License-Identifier: MIT */
/*
 * Guests at the desk whose programs write GBK, as many tutorials have it: a text that is not UTF-8
 * and can be read as GBK makes its sender such a guest for good. What is said to it is GBK as well.
 * With PORT_GBK 0 nothing here is called.
 */
#ifndef APPS_CHAT_GBK_H
#define APPS_CHAT_GBK_H

#include "apps/chat/chat_member.h"
#include "core/text.h"

/* All that the module holds; the type is public for its size alone. Two bytes become three at most.
 */
struct chat_gbk {
    char text[PORT_GBK ? CFG_CHAT_LINE_BYTES / 2 * 3 + 1 : 1];
};

enum { CHAT_GBK_STATIC_BYTES = sizeof(struct chat_gbk) };

/* Makes a text of n bytes, at most CFG_CHAT_LINE_BYTES and with room for as many, UTF-8 if it is
 * GBK. What does not fit then is cut off, as LINE_CUT says; where that is set already, the last
 * character may be in part. Returns its bytes. */
size_t chat_gbk_read(struct chat_member *member, uint8_t *text, size_t n);

/* Puts UTF-8 as GBK, '?' for characters that it lacks. */
void chat_gbk_put(struct text *text, const char *bytes, size_t n);

#endif
