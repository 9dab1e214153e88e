/* SPDX-License-Identifier: MIT */
/* What the core counts; written to the log on request (port_requests). */
#ifndef CORE_COUNTERS_H
#define CORE_COUNTERS_H

#include "core/text.h"

enum counter {
    COUNTER_PASSES,
    COUNTER_ACCEPTED,
    COUNTER_DIALLED,
    COUNTER_REFUSED,         /* peers over their share */
    COUNTER_VANISHED,        /* peers gone before they were accepted */
    COUNTER_PAUSES,          /* of listeners: out of handles, memory or slots */
    COUNTER_EVICTED,
    COUNTER_RESET,           /* connections ended by the peer or the network */
    COUNTER_STALLED,
    COUNTER_BYTES_IN,
    COUNTER_BYTES_OUT,
    COUNTER_DATAGRAMS_IN,
    COUNTER_DATAGRAMS_OUT,
    COUNTER_DATAGRAMS_LONG,  /* longer than CFG_DATAGRAM_BYTES, dropped */
    COUNTER_DATAGRAMS_LOST,  /* could not be sent */
    COUNTER_COUNT
};

void counters_start(void);
void counter_add(enum counter counter, uint64_t n);
uint64_t counter_value(enum counter counter);

/* Adds all that are not zero to a line, as " name=number". */
void counters_report(struct text *line);

extern const size_t counters_static_bytes;

#endif
