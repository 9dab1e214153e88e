/* SPDX-License-Identifier: MIT */
/* Which probes are on their way, and what became of the others. */
#include "apps/ping/ping_track.h"

#include <string.h>

static struct ping_probe *probe_of(struct ping_track *track, uint32_t number)
{
    return &track->probes[number % CFG_PING_WINDOW];
}

void ping_track_begin(struct ping_track *track)
{
    memset(track, 0, sizeof *track);
    track->oldest = 1;
}

uint32_t ping_track_waiting(const struct ping_track *track)
{
    return track->sent - track->received - track->lost;
}

/* Moves `oldest` past what no longer waits: each probe is passed once, so it costs nothing much. */
static void oldest_advance(struct ping_track *track)
{
    while (track->oldest <= track->sent && probe_of(track, track->oldest)->fate != PING_WAITING) {
        track->oldest++;
    }
}

uint32_t ping_track_oldest(const struct ping_track *track)
{
    return track->oldest <= track->sent ? track->oldest : 0;
}

uint32_t ping_track_send(struct ping_track *track, uint64_t now_us, uint64_t now_ms)
{
    if (track->sent + 1 - track->oldest >= CFG_PING_WINDOW || track->sent == UINT32_MAX - 1) {
        return 0;
    }
    track->sent++;
    struct ping_probe *probe = probe_of(track, track->sent);
    probe->sent_us = now_us;
    probe->sent_ms = now_ms;
    probe->fate = PING_WAITING;
    return track->sent;
}

static uint32_t microseconds_between(uint64_t from_us, uint64_t to_us)
{
    CHECK(to_us >= from_us);
    return to_us - from_us < UINT32_MAX ? (uint32_t)(to_us - from_us) : UINT32_MAX;
}

enum ping_answer ping_track_answer(struct ping_track *track, uint32_t number, uint64_t now_us,
                                   uint32_t *round_trip_us)
{
    if (number == 0 || number > track->sent || track->sent - number >= CFG_PING_WINDOW) {
        return PING_UNKNOWN;
    }
    struct ping_probe *probe = probe_of(track, number);
    *round_trip_us = microseconds_between(probe->sent_us, now_us);
    if (probe->fate == PING_ANSWERED) {
        track->duplicates++;
        return PING_AGAIN;
    }
    if (probe->fate == PING_LOST) {
        track->late++;
        return PING_LATE;
    }
    probe->fate = PING_ANSWERED;
    track->received++;
    ping_times_add(&track->times, *round_trip_us);
    oldest_advance(track);
    if (number < track->furthest) {
        track->reordered++;
        return PING_REORDERED;
    }
    track->furthest = number;
    return PING_FIRST;
}

uint32_t ping_track_expire(struct ping_track *track, uint64_t now_ms, uint32_t timeout_ms)
{
    uint32_t number = ping_track_oldest(track);
    if (number == 0 || now_ms - probe_of(track, number)->sent_ms < timeout_ms) {
        return 0;
    }
    CHECK(probe_of(track, number)->fate == PING_WAITING);
    probe_of(track, number)->fate = PING_LOST;
    track->lost++;
    oldest_advance(track);
    return number;
}
