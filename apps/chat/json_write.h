/* SPDX-License-Identifier: MIT */
/* Strings as JSON has them (RFC 8259 section 7). Pure. */
#ifndef APPS_CHAT_JSON_WRITE_H
#define APPS_CHAT_JSON_WRITE_H

#include "core/text.h"

/* Puts n bytes of UTF-8 between quotes: quote, backslash, DEL and control characters escaped, what
 * is not UTF-8 replaced by U+FFFD. At most 6 n + 2 bytes. */
void json_write_string(struct text *text, const char *bytes, size_t n);

#endif
