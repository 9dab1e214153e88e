/* SPDX-License-Identifier: MIT */
/* The core's compile-time limits and the static memory of each part, as rows for --limits. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#include "core/app.h"

extern const struct limit core_limits[];
extern const size_t core_limits_count;

/* .data and .bss of one part of the core. */
struct memory_row {
    const char *name;
    const size_t *bytes;
};

/* They add up to the .data and .bss of the core's objects. */
extern const struct memory_row core_memory_rows[];
extern const size_t core_memory_rows_count;

#endif
