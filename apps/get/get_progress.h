/* SPDX-License-Identifier: MIT */
/* How a download goes on, as one line of a terminal: a bar, what came, the rate and the time that
 * is left. Pure. For get and its tests. */
#ifndef APPS_GET_PROGRESS_H
#define APPS_GET_PROGRESS_H

#include "core/text.h"

struct get_progress {
    uint64_t began_ms;
    uint64_t now_ms;
    uint64_t bytes;
    uint64_t rated_ms;    /* when the rate was last taken, and what there was */
    uint64_t rated_bytes;
    uint64_t first_bytes; /* what was there before */
    uint64_t rate;        /* bytes per second, of about the last three seconds */
    bool rated;
};

/* Begins with what is there already. */
void get_progress_begin(struct get_progress *progress, uint64_t now_ms, uint64_t bytes);

/* Takes note of how many bytes there are now. */
void get_progress_note(struct get_progress *progress, uint64_t now_ms, uint64_t bytes);

/* Puts a line of at most `columns` characters, all ASCII; `size` is GET_SIZE_UNKNOWN (UINT64_MAX)
 * when nobody knows. `ended`: the time it took and the rate of all of it, not what is left. */
void get_progress_put(struct text *text, const struct get_progress *progress, uint64_t size,
                      unsigned columns, bool ended);

#endif
