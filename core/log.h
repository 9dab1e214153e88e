/* SPDX-License-Identifier: MIT */
/* Log lines, built piece by piece: "linnet: ..." */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "core/text.h"

/* Starts the one log line there is; finish it with log_end before the next. */
struct text *log_begin(void);
void log_end(void);

/* A line in one piece. */
void log_line(const char *string);

/* What peers or the system can cause again and again: logged at once, then at most once in
 * CFG_LOG_INTERVAL_MS, with the number of times it happened meanwhile. */
enum log_topic {
    LOG_TOPIC_HANDLES,   /* accept: out of handles or memory */
    LOG_TOPIC_TABLE,     /* no slot for a newcomer */
    LOG_TOPIC_PEER,      /* a peer holds its share */
    LOG_TOPIC_MEMORY,    /* receive: no memory now */
    LOG_TOPIC_STALLED,   /* a peer took too little */
    LOG_TOPIC_COUNT
};

/* `about`: the peer it is about, or NULL. */
void log_limited(enum log_topic topic, const struct port_address *about);
void log_start(void);

extern const size_t log_static_bytes;

#endif
