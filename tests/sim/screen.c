/* SPDX-License-Identifier: MIT */
/* A terminal in raw mode. D8: what is sent is what was typed, and what is shown as typed too; lines
 * that are written never mix with the one being typed. */
#include "tests/sim/screen.h"

#include <string.h>

#include "tests/sim/desk.h"

enum { TYPED = 64, ROWS_DETOURS = 12 };

static const char prompt[] = "> ";

static struct {
    bool edits;
    bool escape;            /* ESC came, */
    bool control;           /* and then [ */
    bool torn;              /* the row began before it was drawn again */
    unsigned lines;         /* typed so far */
    unsigned redraws;
    uint64_t typed[TYPED];  /* hashes of the last of them */
    size_t cursor;
    size_t n;
    char row[SCREEN_ROW_BYTES];
} state;

void screen_begin(bool edits)
{
    memset(&state, 0, sizeof state);
    state.edits = edits;
}

bool screen_edits(void)
{
    return state.edits;
}

unsigned screen_columns(void)
{
    static const unsigned widths[] = {80, 24, 200, 9, 3};
    uint64_t hash = sim_mix(world.scenario.seed, 0x7763, state.redraws);
    bool room = world.scenario.app == WORLD_CHAT || world.scenario.app == WORLD_MIXED;
    if (room && (hash >> 8) % 6 == 0 && state.redraws > 1 && sim_now() < world.heal_ms) {
        return 0; /* in others' hands, until it is drawn again */
    }
    return widths[hash % COUNT_OF(widths)];
}

bool screen_logs(void)
{
    return sim_mix(world.scenario.seed, 0x776c, 0) % 2 == 0;
}

void screen_lost(void)
{
    state.redraws++;
    state.torn = state.n > 0;
    state.n = 0;
    state.cursor = 0;
}

PORT_NORETURN static void fail(const char *text)
{
    sim_fail("D8", SIM_NOBODY, text);
}

static uint64_t hash_of(const char *bytes, size_t n)
{
    uint64_t hash = n + 1;
    for (size_t i = 0; i < n; i++) {
        hash = sim_mix(hash, (uint8_t)bytes[i], i);
    }
    return hash;
}

/* ---- Typing -------------------------------------------------------------------------------- */

static size_t put(char *keys, size_t at, const char *more)
{
    size_t n = strlen(more);
    CHECK(at + n <= SCREEN_KEYS_BYTES);
    memcpy(keys + at, more, n);
    return at + n;
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7f;
}

/* What a person does before the next character and takes back. */
static const char *detour(uint64_t hash)
{
    static const char *const detours[] = {"z\x7f", "z\b", "y\x1b[D\x1b[3~", "\x1b[1~\x1b[F",
                                          "\x01\x05", "\xe6\xb1\x89\x7f", "ab\x17"};
    return detours[hash % COUNT_OF(detours)];
}

size_t screen_type(const char *line, size_t n, char *keys)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x736b, state.lines);
    size_t at = 0;
    unsigned detours = 0;
    CHECK(n > 0 && line[n - 1] == '\n');
    state.typed[state.lines % TYPED] = hash_of(line, n - 1);
    state.lines++;
    at = hash % 8 == 0 ? put(keys, at, "wrong from the start\x15") : at;
    at = hash % 8 == 1 ? put(keys, at, "\x1b[A\x1b[B") : at;
    for (size_t i = 0; i + 1 < n; i++) {
        uint64_t of_key = sim_mix(hash, i, 0x6b65);
        bool plain = is_plain(line[i]) && is_plain(line[i + 1]);
        bool word_begins = i > 0 && line[i - 1] == ' ';
        if (of_key % 8 == 0 && plain && detours < ROWS_DETOURS) {
            const char *keys_more = detour(of_key >> 8);
            /* ^W takes a whole word back: only at its beginning */
            at = keys_more[0] != 'a' || word_begins ? put(keys, at, keys_more) : at;
            detours++;
        }
        if (of_key % 8 == 1 && plain && i + 2 < n && detours < ROWS_DETOURS) {
            keys[at] = line[i + 1]; /* in the wrong order, and put right */
            at = put(keys, at + 1, "\x1b[D");
            keys[at] = line[i];
            at = put(keys, at + 1, "\x1bOC");
            detours++;
            i++;
            continue;
        }
        keys[at] = line[i];
        at++;
    }
    at = hash % 16 == 2 ? put(keys, at, "\x0c") : at;
    keys[at] = hash % 2 == 0 ? '\n' : '\r';
    return at + 1;
}

/* ---- The row ------------------------------------------------------------------------------- */

static void row_put(char c)
{
    if (state.cursor == SCREEN_ROW_BYTES) {
        fail("a row without end");
    }
    state.row[state.cursor] = c;
    state.cursor++;
    state.n = state.cursor > state.n ? state.cursor : state.n;
}

static void row_end(void (*line)(const char *bytes, size_t n))
{
    size_t begin = sizeof prompt - 1;
    bool typed = !state.torn && state.n >= begin && memcmp(state.row, prompt, begin) == 0;
    bool found = false;
    for (unsigned i = 0; typed && i < TYPED && i < state.lines; i++) {
        found |= state.typed[i] == hash_of(state.row + begin, state.n - begin);
    }
    if (typed && !found) {
        fail("a line is shown as typed that was not");
    }
    if (!typed) {
        line(state.row, state.n);
    }
    state.torn = false;
    state.n = 0;
    state.cursor = 0;
}

/* Behind ESC [: erasing to the end of the row or of the screen, and going to its top. */
static void take_sequence(char c)
{
    if (c == 'K') {
        state.n = state.cursor;
    } else if (c == 'H') {
        state.n = 0;
        state.cursor = 0;
    } else if (c != '2' && c != 'J') {
        fail("the console is sent a sequence that no terminal is asked for");
    }
    state.control = c == '2';
    state.escape = state.control;
}

void screen_hear(const uint8_t *bytes, size_t n, void (*line)(const char *bytes, size_t n))
{
    for (size_t i = 0; i < n; i++) {
        char c = (char)bytes[i];
        if (state.control) {
            take_sequence(c);
        } else if (state.escape) {
            if (c != '[') {
                fail("the console is sent ESC and something else");
            }
            state.control = true;
        } else if (c == '\x1b') {
            state.escape = true;
        } else if (c == '\r') {
            state.cursor = 0;
        } else if (c == '\n') {
            row_end(line);
        } else if (c != '\a') {
            row_put(c);
        }
    }
}

void screen_log(void)
{
    if (state.edits && screen_logs() && state.n > 0 && sim_fault_count() == 0 &&
        operator_manner() != OPERATOR_ODD && !operator_meddled()) { /* who stalls it at times */
        fail("the log writes into the line being typed");
    }
}
