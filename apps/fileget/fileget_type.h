/* SPDX-License-Identifier: MIT */
/* Content types by the ending of a file's name. */
#ifndef APPS_FILEGET_FILEGET_TYPE_H
#define APPS_FILEGET_FILEGET_TYPE_H

#include "port/port.h"

/* The row of the table for a name of n bytes; endings are compared without case. */
unsigned fileget_type_of(const char *name, size_t n);

/* The content type of a row: "text/html"; row 0 is what stands for an unknown ending. */
const char *fileget_type_text(unsigned row);

#endif
