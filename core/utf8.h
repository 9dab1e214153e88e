/* SPDX-License-Identifier: MIT */
/* Text from strangers: UTF-8 (RFC 3629) read strictly, and made safe to show on a terminal. */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include "port/port.h"

#define UTF8_INVALID UINT32_MAX

/* Reads the character at the front of n > 0 bytes into *code and returns its length, 1 to 4. What
 * is not valid (overlong, a surrogate, above U+10FFFF, cut short) gives UTF8_INVALID and the length
 * of the longest beginning of a valid character there, at least 1: what one '?' stands for. */
size_t utf8_decode(const uint8_t *bytes, size_t n, uint32_t *code);

/* Whether a terminal may be shown this character: no C0 or C1 control, no DEL, no override or
 * isolate that turns the direction of the text around it (U+202A to 202E, U+2066 to 2069). */
bool utf8_is_safe(uint32_t code);

/* Rewrites n bytes in place as valid UTF-8 of safe characters: TAB becomes a space, everything else
 * that is not safe or not valid becomes '?'. Returns the new length, at most n. */
size_t utf8_make_safe(uint8_t *bytes, size_t n);

/* Whether all n bytes are characters, safe or not. */
bool utf8_is_valid(const uint8_t *bytes, size_t n);

/* Returns the length of the text without a last character that is cut short: n, or 1 to 3 less. */
size_t utf8_cut(const uint8_t *bytes, size_t n);

#endif
