/* SPDX-License-Identifier: MIT */
/*
 * core/line: the lines and their facts are the same however the input is split, wherever pauses end
 * them; and without pauses they are what a model makes of the whole.
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

/* ---- The model: looks at the bytes behind, where the parser remembers those before ----------- */

struct model {
    const uint8_t *bytes;
    size_t n;
    size_t max;
    struct line line; /* its n, facts, and what was asked */
    uint8_t text[LINE_MAX_BYTES];
    struct record record;
};

static bool has(const struct model *model, size_t at)
{
    return at < model->n;
}

static void model_put(struct model *model, uint8_t byte)
{
    if (model->line.n == model->max) {
        model->line.facts |= LINE_CUT;
        return;
    }
    model->text[model->line.n] = byte;
    model->line.n++;
}

static void model_event(struct model *model, enum line_event event, size_t end)
{
    note_event(&model->record, (uint8_t)event, end, &model->line, model->text);
    if (event == LINE_COMPLETE) {
        model->line.n = 0;
        model->line.facts &= (uint8_t)~(unsigned)LINE_CUT;
    }
}

/* A command, whose code is at `at`; returns the place behind it. */
static size_t model_command(struct model *model, size_t at)
{
    uint8_t code = model->bytes[at];
    model->line.facts |= LINE_TELNET;
    if (code == 250) { /* until IAC SE; a pair of bytes behind an IAC is looked at as one */
        for (at++; has(model, at); at++) {
            if (model->bytes[at] == 255 && has(model, at + 1)) {
                at++;
                if (model->bytes[at] == 240) {
                    return at + 1;
                }
            }
        }
        return at;
    }
    if (code >= 251 && code <= 254 && has(model, at + 1)) {
        model->line.asked = code;
        model->line.option = model->bytes[at + 1];
        if (code == 251 || code == 253) {
            model_event(model, LINE_ASKED, at + 2);
        }
    }
    return at + (code >= 251 && code <= 254 ? 2 : 1);
}

/* An IAC at `at`; returns the place behind what it makes. */
static size_t model_iac(struct model *model, size_t at)
{
    const uint8_t *bytes = model->bytes + at;
    if (!has(model, at + 1)) {
        return at + 1;
    }
    if (bytes[1] == 255) {
        if (!has(model, at + 2)) {
            return at + 2;
        }
        if (bytes[2] >= 240 && bytes[2] != 255) {
            return model_command(model, at + 2);
        }
        model_put(model, 255);
        return at + 2;
    }
    return bytes[1] >= 240 ? model_command(model, at + 1) : at + 1;
}

static void check_model(const uint8_t *bytes, size_t n, size_t max, const struct record *record)
{
    static struct model model;
    size_t at = 0;
    memset(&model, 0, offsetof(struct model, record));
    model.bytes = bytes;
    model.n = n;
    model.max = max;
    model.record.n = 0;
    model.line.facts = n > 0 ? LINE_BEGUN : 0;
    while (at < n) {
        bool enter = bytes[at] == '\r' && has(&model, at + 1) && bytes[at + 1] == 0;
        if (bytes[at] == 255) {
            at = model_iac(&model, at);
        } else if (enter) {
            at += 2;
            model.line.facts |= at == n ? LINE_ENTER : 0;
        } else if (bytes[at] == '\r') { /* text, unless an LF is behind it, or nothing yet */
            at++;
            if (has(&model, at) && bytes[at] != '\n') {
                model_put(&model, '\r');
            }
        } else if (bytes[at] == '\n') {
            at++;
            model.line.facts |= LINE_FED;
            model_event(&model, LINE_COMPLETE, at);
        } else {
            model_put(&model, bytes[at]);
            at++;
        }
    }
    REQUIRE(record->n >= model.record.n);
    REQUIRE(memcmp(record->bytes, model.record.bytes, model.record.n) == 0);
    if (n > 0 && bytes[n - 1] != '\n') {
        note_event(&model.record, 8, n, &model.line, model.text);
        REQUIRE(record->n == model.record.n);
        REQUIRE(memcmp(record->bytes, model.record.bytes, record->n) == 0);
    }
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
    if (plan.gap_every == 0) {
        check_model(text, n, plan.max, &whole);
    }
    return 0;
}
