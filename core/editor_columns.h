/* SPDX-License-Identifier: MIT */
/* How wide a terminal shows a character. For the editor and its tests. */
#ifndef CORE_EDITOR_COLUMNS_H
#define CORE_EDITOR_COLUMNS_H

#include <stdint.h>

/* The columns of a safe character (core/utf8.h): 0 for marks that combine with the one before, 2
 * for East Asian wide ones and pictures, else 1. Simplified: whole blocks count as one kind. */
unsigned editor_columns(uint32_t code);

#endif
