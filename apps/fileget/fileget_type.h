/* SPDX-License-Identifier: MIT */
/* Content types by the ending of a file's name. */
#ifndef APPS_FILEGET_FILEGET_TYPE_H
#define APPS_FILEGET_FILEGET_TYPE_H

#include "core/text.h"

/* The type of a name of n bytes, as a number below 256; endings are compared without case. 0 is
 * what stands for an unknown one. */
uint8_t fileget_type_of(const char *name, size_t n);

/* "text/html; charset=utf-8": a type of text is followed by the charset, unless that is "". */
void fileget_type_put(struct text *text, uint8_t type, const char *charset);

#endif
