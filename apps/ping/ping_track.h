/* SPDX-License-Identifier: MIT */
/* Which probes are on their way, and what became of the others. For ping and its test. */
#ifndef APPS_PING_TRACK_H
#define APPS_PING_TRACK_H

#include "apps/ping/ping_config.h"
#include "apps/ping/ping_times.h"
#include "port/port.h"

enum ping_fate { PING_WAITING, PING_ANSWERED, PING_LOST };

struct ping_probe {
    uint64_t sent_us; /* by the fine clock */
    uint64_t sent_ms; /* by the loop's */
    uint8_t fate;     /* enum ping_fate */
};

/* What a reply is to a probe. */
enum ping_answer {
    PING_FIRST,     /* the reply that was waited for */
    PING_REORDERED, /* that too, but the reply to a later probe came before it */
    PING_AGAIN,     /* a reply to this probe came already */
    PING_LATE,      /* it had been given up */
    PING_UNKNOWN    /* there is no such probe, or it is long forgotten */
};

/* Probes are numbered from 1. */
struct ping_track {
    struct ping_probe probes[CFG_PING_WINDOW]; /* the last ones, by number modulo the window */
    uint32_t sent;
    uint32_t received;
    uint32_t lost;
    uint32_t duplicates;
    uint32_t reordered;
    uint32_t late;
    uint32_t oldest;   /* none before this one waits */
    uint32_t furthest; /* the highest number that was answered */
    struct ping_times times;
};

void ping_track_begin(struct ping_track *track);

/* Takes a new probe into account. Returns its number, or 0 when a whole window waits. */
uint32_t ping_track_send(struct ping_track *track, uint64_t now_us, uint64_t now_ms);

/* A reply to probe `number` came. *round_trip_us is written for all but PING_UNKNOWN. */
enum ping_answer ping_track_answer(struct ping_track *track, uint32_t number, uint64_t now_us,
                                   uint32_t *round_trip_us);

/* Gives up the oldest probe that has waited for timeout_ms; its number, or 0: there is none. */
uint32_t ping_track_expire(struct ping_track *track, uint64_t now_ms, uint32_t timeout_ms);

/* The oldest probe that waits, or 0; how many wait. */
uint32_t ping_track_oldest(const struct ping_track *track);
uint32_t ping_track_waiting(const struct ping_track *track);

#endif
