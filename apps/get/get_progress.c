/* SPDX-License-Identifier: MIT */
/* How a download goes on, as one line of a terminal. */
#include "apps/get/get_progress.h"

#include <string.h>

enum {
    NOTE_MS_MIN = 100,   /* a rate of less time than this says nothing */
    HALF_WEIGHT_MS = 1500,
    FACTS_BYTES = 64,    /* the longest line without its bar */
    BAR_COLUMNS_MIN = 10,
    BAR_COLUMNS_MAX = 40
};

void get_progress_begin(struct get_progress *progress, uint64_t now_ms, uint64_t bytes)
{
    memset(progress, 0, sizeof *progress);
    progress->began_ms = now_ms;
    progress->now_ms = now_ms;
    progress->rated_ms = now_ms;
    progress->bytes = bytes;
    progress->rated_bytes = bytes;
    progress->first_bytes = bytes;
}

/* `bytes` in `ms`, as bytes per second; no product overflows. */
static uint64_t rate_of(uint64_t bytes, uint64_t ms)
{
    ms = ms > 0 ? ms : 1;
    return bytes / ms * 1000 + bytes % ms * 1000 / ms;
}

void get_progress_note(struct get_progress *progress, uint64_t now_ms, uint64_t bytes)
{
    uint64_t ms = now_ms - progress->rated_ms;
    CHECK(bytes >= progress->bytes);
    progress->now_ms = now_ms;
    progress->bytes = bytes;
    if (ms < NOTE_MS_MIN) {
        return;
    }
    uint64_t rate = rate_of(bytes - progress->rated_bytes, ms);
    if (progress->rated) { /* an average that forgets, the faster the longer the interval */
        uint64_t whole = ms + HALF_WEIGHT_MS;
        rate = rate / whole * ms + rate % whole * ms / whole +
               progress->rate / whole * HALF_WEIGHT_MS +
               progress->rate % whole * HALF_WEIGHT_MS / whole;
    }
    progress->rate = rate;
    progress->rated = true;
    progress->rated_ms = now_ms;
    progress->rated_bytes = bytes;
}

/* "1.5 MB": at most four digits. */
static void put_bytes(struct text *text, uint64_t bytes)
{
    static const char units[] = "kMGTPE";
    unsigned unit = 0;
    uint64_t tenths = bytes;
    if (bytes < 1000) {
        text_put_number(text, bytes);
        text_put(text, " B");
        return;
    }
    tenths = bytes / 100;
    while (tenths >= 10000) {
        tenths /= 1000;
        unit++;
    }
    text_put_number(text, tenths / 10);
    text_put_char(text, '.');
    text_put_number(text, tenths % 10);
    text_put_char(text, ' ');
    text_put_char(text, units[unit]);
    text_put_char(text, 'B');
}

/* "0:07", "12:34", "1:02:03" */
static void put_time(struct text *text, uint64_t seconds)
{
    if (seconds >= 3600) {
        text_put_number(text, seconds / 3600);
        text_put_char(text, ':');
        text_put_padded(text, seconds / 60 % 60, 2, '0');
    } else {
        text_put_number(text, seconds / 60);
    }
    text_put_char(text, ':');
    text_put_padded(text, seconds % 60, 2, '0');
}

/* Of whatever size: done <= whole, and whole > 0. */
static unsigned per_cent(uint64_t done, uint64_t whole)
{
    return (unsigned)(whole < UINT64_MAX / 100 ? done * 100 / whole : done / (whole / 100));
}

static void put_facts(struct text *text, const struct get_progress *progress, uint64_t size,
                      bool ended)
{
    uint64_t done = progress->bytes;
    uint64_t took_ms = progress->now_ms - progress->began_ms;
    uint64_t rate = ended ? rate_of(done - progress->first_bytes, took_ms) : progress->rate;
    put_bytes(text, done);
    if (size != UINT64_MAX && !ended) {
        text_put(text, " of ");
        put_bytes(text, size);
    }
    text_put(text, "  ");
    put_bytes(text, rate);
    text_put(text, "/s  ");
    if (ended || size == UINT64_MAX) {
        put_time(text, took_ms / 1000);
    } else if (rate > 0 && (size - done) / rate < 360000) {
        put_time(text, (size - done + rate - 1) / rate);
        text_put(text, " left");
    } else {
        text_put(text, "-:-- left");
    }
}

void get_progress_put(struct text *text, const struct get_progress *progress, uint64_t size,
                      unsigned columns, bool ended)
{
    char bytes[FACTS_BYTES];
    struct text facts;
    uint64_t done = progress->bytes;
    text_begin(&facts, bytes, sizeof bytes);
    bool known = size != UINT64_MAX && size > 0 && done <= size;
    put_facts(&facts, progress, known ? size : UINT64_MAX, ended);
    size_t rest = facts.n + 9; /* "100% [" before the bar, "]  " behind it */
    if (known && columns >= rest + BAR_COLUMNS_MIN) {
        size_t bar = columns - rest < BAR_COLUMNS_MAX ? columns - rest : BAR_COLUMNS_MAX;
        unsigned percent = per_cent(done, size);
        size_t full = bar * percent / 100;
        text_put_padded(text, percent, 3, ' ');
        text_put(text, "% [");
        for (size_t i = 0; i < bar; i++) {
            text_put_char(text, i < full ? '=' : i == full ? '>' : ' ');
        }
        text_put(text, "]  ");
    } else if (known && columns >= facts.n + 6) {
        text_put_padded(text, per_cent(done, size), 3, ' ');
        text_put(text, "%  ");
    }
    text_put_bytes(text, facts.bytes, facts.n < columns ? facts.n : columns);
}
