/* SPDX-License-Identifier: MIT */
/*
 * core/line: the lines and their facts are the same however the input is split; and without telnet
 * and CR they are what a reader of four lines of code makes of it.
 *
 * Input: the maximum of a line; 16 bytes, the lengths of reads in turn; 2 bytes, how often a pause
 * ends the line; then the bytes.
 */
#include "core/line.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = 1024, LINE_MAX_BYTES = 64, READS = 16 };

/* One run, as a text that two runs can be compared by. */
struct record {
    size_t n;
    uint8_t bytes[(LINE_MAX_BYTES + 16) * BYTES_MAX];
};

static void note(struct record *record, const void *bytes, size_t n)
{
    REQUIRE(record->n + n <= sizeof record->bytes);
    memcpy(record->bytes + record->n, bytes, n);
    record->n += n;
}

/* Notes an event at a position; LINE_TYPED is about the first read alone. */
static void note_event(struct record *record, uint8_t event, size_t at, const struct line *line,
                       const uint8_t *buffer)
{
    uint8_t head[] = {event, (uint8_t)at, (uint8_t)(at >> 8),
                      (uint8_t)(line->facts & ~(unsigned)LINE_TYPED), (uint8_t)line->n};
    note(record, head, sizeof head);
    note(record, buffer, line->n);
    if (event == LINE_ASKED) {
        uint8_t answer[LINE_ANSWER_BYTES];
        line_answer(line, answer);
        REQUIRE(answer[0] == 255 && answer[1] >= 251 && answer[1] <= 254);
        REQUIRE(answer[1] != 253); /* nothing is ever asked for */
        note(record, answer, sizeof answer);
    }
}

struct plan {
    size_t max;
    size_t gap_every; /* 0: no pause ends a line */
    const uint8_t *reads; /* NULL: all at once */
};

static bool is_gap(const struct plan *plan, size_t at)
{
    return plan->gap_every > 0 && at % plan->gap_every == 0;
}

/* How many bytes the next read has: no read goes beyond a pause. */
static size_t read_length(const struct plan *plan, size_t at, size_t n, unsigned turn)
{
    size_t length = n - at;
    if (plan->gap_every > 0) {
        size_t to_gap = plan->gap_every - at % plan->gap_every;
        length = to_gap < length ? to_gap : length;
    }
    if (plan->reads != NULL) {
        size_t wanted = 1 + (size_t)plan->reads[turn % READS] % 32;
        length = wanted < length ? wanted : length;
    }
    return length;
}

static void play(const uint8_t *bytes, size_t n, const struct plan *plan, struct record *record)
{
    static uint8_t buffer[LINE_MAX_BYTES + 1];
    struct line line;
    size_t at = 0;
    bool ended = false; /* a complete line is forgotten before the next bytes are taken */
    line_begin(&line);
    record->n = 0;
    for (unsigned turn = 0; at < n; turn++) {
        size_t end = at + read_length(plan, at, n, turn);
        while (at < end) {
            enum line_event event = LINE_OPEN;
            if (ended) {
                line_next(&line);
            }
            buffer[plan->max] = 0xa5;
            const uint8_t *piece = fuzz_copy(0, bytes + at, end - at);
            size_t taken = line_take(&line, buffer, plan->max, piece, end - at, &event);
            REQUIRE(taken > 0 && taken <= end - at && line.n <= plan->max);
            REQUIRE(buffer[plan->max] == 0xa5);
            REQUIRE(event != LINE_OPEN || taken == end - at);
            at += taken;
            ended = event == LINE_COMPLETE;
            if (event != LINE_OPEN) {
                note_event(record, (uint8_t)event, at, &line, buffer);
            }
        }
        if (is_gap(plan, at)) {
            note_event(record, 9, at, &line, buffer);
            line_next(&line);
            ended = false;
        }
    }
    note_event(record, 8, at, &line, buffer);
}

/* No telnet, no CR: what is between two LFs, at most `max` of it. */
static void check_plain(const uint8_t *bytes, size_t n, size_t max, const struct record *record)
{
    static struct record model;
    struct line line;
    size_t begin = 0;
    memset(&line, 0, sizeof line);
    model.n = 0;
    for (size_t at = 0; at < n; at++) {
        if (bytes[at] == '\n') {
            size_t length = at - begin;
            line.n = (uint16_t)(length < max ? length : max);
            line.facts = (uint8_t)(LINE_BEGUN | LINE_FED | (length > max ? LINE_CUT : 0));
            note_event(&model, LINE_COMPLETE, at + 1, &line, bytes + begin);
            begin = at + 1;
        }
    }
    REQUIRE(record->n >= model.n && memcmp(record->bytes, model.bytes, model.n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct record whole;
    static struct record split;
    struct fuzz_input input = {bytes, n};
    uint8_t max = fuzz_byte(&input);
    size_t count = 0;
    uint8_t reads[READS] = {0};
    const uint8_t *given = fuzz_bytes(&input, READS, &count);
    if (count > 0) {
        memcpy(reads, given, count);
    }
    uint16_t gap_every = (uint16_t)fuzz_number(&input, 2);
    const uint8_t *text = fuzz_bytes(&input, BYTES_MAX, &n);
    struct plan plan = {1 + (size_t)max % LINE_MAX_BYTES, gap_every % 256, NULL};
    play(text, n, &plan, &whole);
    plan.reads = reads;
    play(text, n, &plan, &split);
    REQUIRE(whole.n == split.n && memcmp(whole.bytes, split.bytes, whole.n) == 0);
    if (plan.gap_every == 0 && n > 0 && memchr(text, 255, n) == NULL &&
        memchr(text, '\r', n) == NULL) {
        check_plain(text, n, plan.max, &whole);
    }
    return 0;
}
