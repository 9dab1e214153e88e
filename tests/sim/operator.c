/* SPDX-License-Identifier: MIT */
/* The operator at the simulated console: reads what it shows, and answers guests, or says things to
 * the room and shows members out. */
#include <string.h>

#include "core/text.h"
#include "tests/sim/desk.h"
#include "tests/sim/screen.h"

enum {
    LINE_BYTES = 1200,
    PENDING = 32,
    TYPED_BYTES = 700,
    ROOM_ACTS_MAX = 60
};

struct pending {
    bool used;
    unsigned id;         /* the guest's client */
    unsigned number;     /* what the console calls it */
    unsigned seq;
    uint64_t at_ms;
};

static struct {
    enum operator_manner manner;
    bool desk;
    bool meddled;
    unsigned said;
    unsigned acts;
    uint64_t next_ms;
    uint16_t line_bytes;
    char line[LINE_BYTES];
    struct pending pending[PENDING];
    struct operator_guest guests[WORLD_CLIENTS];
} state;

enum operator_manner operator_manner(void)
{
    return state.manner;
}

struct operator_guest *operator_guest(unsigned id)
{
    return &state.guests[id];
}

unsigned operator_said(void)
{
    return state.said;
}

bool operator_meddled(void)
{
    return state.meddled;
}

void operator_begin(bool desk)
{
    bool scripted = world.scenario.script != NULL;
    uint64_t hash = sim_mix(world.scenario.seed, 0x6f70, 7);
    memset(&state, 0, sizeof state);
    state.desk = desk;
    unsigned manner = (unsigned)(hash % (OPERATOR_ODD + (desk ? 1u : 3u)));
    manner = manner > OPERATOR_ODD ? OPERATOR_ODD : manner;
    state.manner = scripted ? OPERATOR_NONE : (enum operator_manner)manner;
    state.next_ms = desk ? UINT64_MAX : 1000 + (hash >> 8) % 3000;
    screen_begin(!scripted && (hash >> 32) % 3 == 0);
}

/* ---- Typing -------------------------------------------------------------------------------- */

size_t operator_text(unsigned id, unsigned k, bool said, char *bytes)
{
    uint64_t hash = sim_mix(world.scenario.seed, ((uint64_t)id << 32) | 0x6f74, k);
    struct text text;
    text_begin(&text, bytes, TYPED_BYTES);
    text_put_char(&text, 'O');
    text_put_number(&text, id);
    text_put_char(&text, '.');
    text_put_number(&text, k);
    bool escape = !said && !screen_edits(); /* which is a key there */
    text_put(&text, hash % 3 == 0 ? escape ? " caf\xc3\xa9 \x1b \xe6\xb1\x89"
                                           : " caf\xc3\xa9 ? \xe6\xb1\x89"
                                  : " is the answer");
    if ((hash >> 8) % 6 == 0) {
        size_t more = (size_t)((hash >> 16) % (screen_edits() ? 100 : 400));
        memset(bytes + text.n, 'o', more);
        text.n += more;
    }
    return text.n;
}

/* What nobody reads at once waits in the console, as far as it holds it. */
static void type(const char *bytes, size_t n)
{
    char keys[SCREEN_KEYS_BYTES];
    if (screen_edits()) {
        n = screen_type(bytes, n, keys);
        bytes = keys;
    }
    if (n <= sim_console_room()) {
        sim_console_type(bytes, n);
    }
}

/* Types "@3 TEXT", or the text alone. */
static void answer(const struct pending *pending, bool loose)
{
    struct operator_guest *guest = &state.guests[pending->id];
    char bytes[TYPED_BYTES + 16];
    char words[TYPED_BYTES];
    struct text text;
    if (guest->count == OPERATOR_TEXTS) {
        return;
    }
    size_t n = operator_text(pending->id, guest->count, false, words);
    text_begin(&text, bytes, sizeof bytes);
    if (!loose) {
        text_put_char(&text, '@');
        text_put_number(&text, pending->number);
        text_put_char(&text, ' ');
    }
    text_put_bytes(&text, words, n);
    text_put_char(&text, '\n');
    type(text.bytes, text.n);
    guest->texts[guest->count].typed_ms = sim_now();
    guest->texts[guest->count].loose = loose;
    guest->count++;
}

static void type_command(const char *verb, unsigned number)
{
    char bytes[64];
    struct text text;
    text_begin(&text, bytes, sizeof bytes);
    text_put(&text, verb);
    text_put_number(&text, number);
    text_put_char(&text, '\n');
    type(text.bytes, text.n);
}

/* What an odd operator does instead of answering, or beside it. */
static void act_oddly(struct pending *pending, uint64_t hash)
{
    static const char *const others[] = {"@ \n", "@nobody hello\n", "/who\n", "/help\n", "\n",
                                         "/nosuch\n", "@1\n", "/stats\n", "/bans\n"};
    struct operator_guest *guest = &state.guests[pending->id];
    switch (hash % 8) {
    case 0:
        answer(pending, false);
        answer(pending, false);
        break;
    case 1:
        answer(pending, true);
        break;
    case 2:
        type_command("/kick ", pending->number);
        guest->kicked = true;
        state.meddled = true;
        break;
    case 3:
        type_command("/mute ", pending->number);
        guest->muted = true;
        state.meddled = true;
        break;
    case 4:
        sim_console_stall((hash >> 8) % 2 == 0);
        answer(pending, false);
        break;
    case 5:
        break;
    default:
        type(others[(hash >> 8) % COUNT_OF(others)],
             strlen(others[(hash >> 8) % COUNT_OF(others)]));
        answer(pending, false);
        break;
    }
}

/* In a room: says something, or shows somebody out, now and then. */
static void act_in_room(uint64_t now)
{
    static const char *const others[] = {"/who\n", "/stats\n", "/bans\n", "/help\n", "//slash\n",
                                         "/nosuch x\n", "/ban 203.0.113.9\n",
                                         "/unban 203.0.113.9\n", "/nick x\n", "\n", "/quit\n"};
    static const char *const verbs[] = {"/kick n", "/mute n", "/unmute n", "/mute guest",
                                        "/mute n", "/kick guest"};
    uint64_t hash = sim_mix(world.scenario.seed, 0x6f72, state.acts);
    state.acts++;
    if (screen_edits() && (hash >> 52) % 6 == 0) {
        sim_request(PORT_REQUEST_REDRAW);
    }
    state.next_ms = state.acts == ROOM_ACTS_MAX || now >= world.heal_ms
                        ? UINT64_MAX
                        : now + 1 + (hash >> 40) % 3000;
    if (state.manner <= OPERATOR_SILENT) {
        state.next_ms = UINT64_MAX;
    } else if (hash % 100 == 99) {
        sim_console_end(); /* leaves */
        state.manner = OPERATOR_SILENT;
    } else if (hash % 4 > (state.manner == OPERATOR_ODD ? 1u : 0u)) {
        type_command((hash >> 8) % 8 == 0 ? "/say OP." : "OP.", state.said);
        state.said++;
    } else if (state.manner != OPERATOR_ODD || (hash >> 8) % 3 == 0) {
        type(others[(hash >> 16) % COUNT_OF(others)],
             strlen(others[(hash >> 16) % COUNT_OF(others)]));
    } else {
        type_command(verbs[(hash >> 16) % COUNT_OF(verbs)], (unsigned)((hash >> 24) % 24));
        state.meddled = true;
        sim_console_stall((hash >> 32) % 4 == 0);
    }
}

uint64_t operator_step(uint64_t now)
{
    uint64_t next = UINT64_MAX;
    if (state.manner == OPERATOR_NONE || world_stopping()) {
        return next;
    }
    if (!state.desk && state.next_ms <= now) {
        act_in_room(now);
    }
    for (unsigned i = 0; i < PENDING; i++) {
        struct pending *pending = &state.pending[i];
        if (pending->used && pending->at_ms <= now) {
            pending->used = false;
            if (state.manner == OPERATOR_ODD) {
                act_oddly(pending,
                          sim_mix(world.scenario.seed, pending->id, 0x6f64 + pending->seq));
            } else {
                answer(pending, false);
            }
        }
        if (pending->used && pending->at_ms < next) {
            next = pending->at_ms;
        }
    }
    if (now >= world.heal_ms) {
        sim_console_stall(false);
    }
    return state.next_ms < next ? state.next_ms : next;
}

/* ---- Reading ------------------------------------------------------------------------------- */

/* "[3 10.0.0.5] Q4.0 what": a guest asks, from where it is. */
static void take_question(const char *line, size_t n)
{
    char origin[80];
    struct text text;
    unsigned id = 0;
    unsigned seq = 0;
    uint64_t number = 0;
    const char *blank = memchr(line, ' ', n);
    const char *end = memchr(line, ']', n);
    uint64_t hash;
    if (n < 4 || line[0] != '[' || blank == NULL || end == NULL || blank > end ||
        !text_read_number(line + 1, (size_t)(blank - line) - 1, 100000, &number) ||
        !desk_read_tag('Q', end + 2, (size_t)(line + n - end) - 2, &id, &seq) ||
        id >= world.count) {
        return;
    }
    struct port_address address = sim_peer_address(id);
    text_begin(&text, origin, sizeof origin);
    text_put_ip(&text, &address);
    if (text.n != (size_t)(end - blank) - 1 || memcmp(origin, blank + 1, text.n) != 0) {
        sim_fail("D5", (int32_t)id, "a question is shown with the address of another");
    }
    hash = sim_mix(world.scenario.seed, ((uint64_t)id << 16) | seq, 0x6f71);
    for (unsigned i = 0; i < PENDING && state.manner >= OPERATOR_PROMPT; i++) {
        if (!state.pending[i].used) {
            uint64_t wait_ms = state.manner == OPERATOR_PROMPT ? 0 : hash % 6000;
            state.pending[i] = (struct pending){true, id, (unsigned)number, seq,
                                                sim_now() + wait_ms};
            sim_step_at(state.pending[i].at_ms);
            break;
        }
    }
}

static void take_line(const char *line, size_t n)
{
    if (state.desk) {
        take_question(line, n);
    }
}

void operator_console(const uint8_t *bytes, size_t n)
{
    if (screen_edits()) {
        screen_hear(bytes, n, take_line);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            take_line(state.line, state.line_bytes);
            state.line_bytes = 0;
        } else {
            if ((bytes[i] < 0x20 && bytes[i] != '\t') || bytes[i] == 0x7f) {
                sim_fail("D5", SIM_NOBODY, "the console is shown a control byte");
            }
            if (state.line_bytes == LINE_BYTES) {
                sim_fail("D5", SIM_NOBODY, "a line of the console without end");
            }
            state.line[state.line_bytes] = (char)bytes[i];
            state.line_bytes++;
        }
    }
}
