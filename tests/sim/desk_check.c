/* SPDX-License-Identifier: MIT */
/* What guests of the desk are sent: D1 one answer for each question, D2 from its author and as it
 * was given, D3 bare ones whole, in one send and nothing else, D4 a good-bye in its time, D6 in
 * time whoever else waits. */
#include <string.h>

#include "apps/chat/bot_api.h"
#include "apps/chat/chat_config.h"
#include "core/text.h"
#include "tests/sim/desk.h"

enum {
    GAP_MS = 250,
    TYPED_GAP_MS = 2000,
    COLD_MS = 100,       /* a connection of the slow tier is looked at so soon */
    JOIN_BURST = 20
};

bool desk_spoiled(void)
{
    return sim_fault_count() > 0 || world.plan.handles < 100;
}

bool desk_takes_turns(const struct client *client, const struct guest *guest)
{
    return guest->alternates && client->manner <= MANNER_HALF && client->manner != MANNER_SLOW &&
           guest->notices == 0 && client->window >= 1460;
}

/* What the operator typed ended in the middle. */
static bool console_broke(void)
{
    size_t count = sim_fault_count() < SIM_FAULTS_MAX ? sim_fault_count() : SIM_FAULTS_MAX;
    for (size_t i = 0; i < count; i++) {
        if (sim_fault_at(i)->kind == SIM_CONSOLE_EOF) {
            return true;
        }
    }
    return false;
}

PORT_NORETURN static void fail(const struct client *client, const char *invariant,
                               const char *text)
{
    sim_fail(invariant, (int32_t)client->id, text);
}

/* ---- Whose answer it is -------------------------------------------------------------------- */

/* What the front of the buffer is. */
enum match { MATCH_NONE, MATCH_PART, MATCH_WHOLE };

static enum match compare(const struct guest *guest, const char *text, size_t n, size_t *bytes)
{
    size_t have = guest->buffer_bytes;
    if (memcmp(guest->buffer, text, have < n ? have : n) != 0) {
        return MATCH_NONE;
    }
    *bytes = n;
    return have < n ? MATCH_PART : MATCH_WHOLE;
}

static enum match match_fixed(const struct guest *guest, const char *text, size_t *bytes)
{
    return compare(guest, text, strlen(text), bytes);
}

/* In time: nobody else's question delays it. */
static void check_prompt(const struct client *client, const struct guest *guest,
                         const struct operator_text *text)
{
    unsigned last = guest->asked - 1u;
    bool waited = guest->asked > 0 && desk_takes_turns(client, guest);
    if (!desk_spoiled() && waited && guest->answers == last && !guest->split_sent &&
        bot_settings.kind == BOT_NONE && operator_manner() == OPERATOR_PROMPT &&
        sim_now() > text->typed_ms + COLD_MS) {
        fail(client, "D6", "an answer was typed and did not go out");
    }
}

/* The operator's, in the order they were typed, each once. */
static enum match match_operator(const struct client *client, const struct guest *guest,
                                 size_t *bytes)
{
    char words[800];
    for (unsigned id = 0; id < world.count; id++) {
        struct operator_guest *typed = operator_guest(id);
        for (unsigned k = 0; k < typed->count; k++) {
            struct operator_text *text = &typed->texts[k];
            if (text->delivered || (id != client->id && !text->loose)) {
                continue;
            }
            enum match match = compare(guest, words, operator_text(id, k, true, words), bytes);
            if (match == MATCH_WHOLE) {
                text->delivered = true;
                for (unsigned later = k + 1; later < typed->count && !text->loose; later++) {
                    if (typed->texts[later].delivered && !typed->texts[later].loose) {
                        fail(client, "D2", "an answer comes after a later one");
                    }
                }
                check_prompt(client, guest, text);
            }
            if (match != MATCH_NONE) {
                return match;
            }
        }
    }
    return MATCH_NONE;
}

/* The service's answer to a question of this guest's. */
static enum match match_service(const struct client *client, const struct guest *guest,
                                size_t *bytes)
{
    char words[DESK_ANSWER_BYTES];
    for (unsigned seq = 0; seq < guest->questions; seq++) {
        int way = service_record(client->id, seq).way;
        bool right = way >= WAY_COUNTED && way <= WAY_SLOW;
        if (right) {
            enum match match = compare(guest, words, service_text(client->id, seq, true, words),
                                       bytes);
            if (match != MATCH_NONE) {
                return match;
            }
        }
    }
    return MATCH_NONE;
}

static bool way_explains(int way, enum bot_failure failure)
{
    switch (failure) {
    case BOT_FINE:
        return false;
    case BOT_BUSY:
        return true; /* it never came so far */
    case BOT_REFUSED:
        return way < 0 && service_refuses();
    case BOT_UNREACHABLE:
        return false;
    case BOT_LATE:
        return way < 0 || way == WAY_SILENT || way == WAY_ENDLESS;
    case BOT_BROKEN:
        return way < 0 || way == WAY_RESET || way == WAY_CLOSE;
    case BOT_STATUS:
        return way == WAY_STATUS;
    case BOT_NOT_HTTP:
        return way == WAY_NOT_HTTP;
    case BOT_NOT_JSON:
        return way == WAY_NOT_JSON;
    case BOT_OTHER_JSON:
        return way == WAY_OTHER_JSON;
    case BOT_LONG:
        return way == WAY_MEGABYTE;
    }
    return false;
}

/* A sentence about the service must be true, and in time. */
static void check_sentence(const struct client *client, const struct guest *guest,
                           enum bot_failure failure)
{
    bool goodbye = guest->goodbye && guest->asked == guest->questions;
    bool explained = false;
    bool in_time = failure != BOT_LATE;
    for (unsigned seq = 0; seq <= guest->asked; seq++) { /* lines may be ahead of answers */
        struct service_record record = service_record(client->id, seq);
        explained = explained || way_explains(record.way, failure);
        in_time = in_time || record.way < 0 ||
                  sim_now() - record.connected_ms == CFG_BOT_ANSWER_MS;
    }
    if (desk_spoiled() || goodbye) {
        return;
    }
    if (!explained) {
        fail(client, "D2", "the guest is told of a failure that did not happen");
    }
    if (!in_time && !guest->split_sent) {
        fail(client, "D6", "the service's time is not what it should be");
    }
}

static enum match match_sentence(const struct client *client, const struct guest *guest,
                                 size_t *bytes)
{
    char words[128];
    struct text text;
    enum match best = MATCH_NONE;
    for (unsigned failure = BOT_BUSY; failure <= BOT_LONG; failure++) {
        text_begin(&text, words, sizeof words);
        bot_api_explain((enum bot_failure)failure, 500, &text);
        enum match match = compare(guest, text.bytes, text.n, bytes);
        if (match == MATCH_WHOLE) {
            check_sentence(client, guest, (enum bot_failure)failure);
            return match;
        }
        best = match != MATCH_NONE ? match : best;
    }
    return best;
}

/* "bye", when nobody had a last word. */
static void check_bye(const struct client *client, struct guest *guest)
{
    unsigned last = guest->questions - 1u;
    uint64_t gap_ms = !guest->bare || guest->ended_ms != UINT64_MAX ? 0 : GAP_MS;
    uint64_t due_ms = guest->last_ms[last] + gap_ms + CFG_CHAT_WORD_MS;
    bool typed = client->manner == MANNER_DRIP; /* or may be taken for it */
    bool asked = guest->goodbye && client->received + 2 >= guest->ends[last]; /* LF or not */
    guest->byed = true;
    if (!asked && !desk_spoiled()) {
        fail(client, "D4", "a good-bye to somebody who goes on");
    }
    if (!desk_spoiled() && desk_takes_turns(client, guest) && !guest->split_sent &&
        bot_settings.kind != BOT_BUILTIN &&
        (sim_now() < due_ms || (sim_now() > due_ms && !typed))) {
        fail(client, "D4", "the good-bye does not come when it should");
    }
}

static enum match match_any(const struct client *client, struct guest *guest, size_t *bytes)
{
    enum match match = MATCH_NONE;
    switch (guest->buffer[0]) {
    case 'O':
        return match_operator(client, guest, bytes);
    case 'A':
        return match_service(client, guest, bytes);
    case 'T':
        return match_sentence(client, guest, bytes);
    case 'b':
        match = match_fixed(guest, "bye", bytes);
        if (match == MATCH_WHOLE) {
            check_bye(client, guest);
        }
        return match;
    case 'f':
        return guest->goodbye || guest->ended_ms != UINT64_MAX || desk_spoiled()
                   ? match_fixed(guest, "farewell", bytes)
                   : MATCH_NONE;
    case 'I':
        return match_fixed(guest, "I have no answer to that; say help, and I tell what I know.",
                           bytes);
    case '\xe5':
        return match_fixed(guest, "\xe5\x86\x8d\xe8\xa7\x81", bytes);
    default:
        return MATCH_NONE;
    }
}

/* ---- How many, and when -------------------------------------------------------------------- */

static void count_answer(const struct client *client, struct guest *guest)
{
    guest->answers++;
    if (!guest->bare) {
        return; /* the operator may say more to somebody who reads lines */
    }
    uint64_t begun = guest->asked > 0 ? guest->ends[guest->asked - 1] : 0;
    unsigned unfinished = guest->ended_ms != UINT64_MAX && client->received > begun ? 1 : 0;
    if (guest->answers > (desk_spoiled() ? guest->pieces + 1 : guest->asked + unfinished)) {
        fail(client, "D1", "more answers than questions");
    }
    if (!desk_spoiled() && desk_takes_turns(client, guest) && guest->ended_ms == UINT64_MAX) {
        if (sim_now() < guest->last_ms[guest->answers - 1] + GAP_MS) {
            fail(client, "D1", "an answer before the question was over");
        }
    }
}

/* Bytes for a program that never sent an LF: answers, each in one send. */
static void take_bare(const struct client *client, struct guest *guest, bool room_left)
{
    while (guest->buffer_bytes > 0) {
        size_t n = 0;
        enum match match = match_any(client, guest, &n);
        if (match == MATCH_NONE && console_broke()) {
            guest->buffer_bytes = 0;
            return;
        }
        if (match == MATCH_NONE) {
            fail(client, "D3", "a bare guest is sent what is no answer");
        }
        if (match == MATCH_PART) {
            if (room_left && !guest->split_sent && sim_fault_count() == 0) {
                fail(client, "D3", "an answer in two sends");
            }
            guest->split_sent = true;
            return;
        }
        if (n > 1024) {
            fail(client, "D3", "an answer that a guest cannot read at once");
        }
        guest->buffer_bytes = (uint16_t)(guest->buffer_bytes - n);
        memmove(guest->buffer, guest->buffer + n, guest->buffer_bytes);
        count_answer(client, guest);
        guest->split_sent = false;
        if (guest->buffer_bytes > 0 && desk_takes_turns(client, guest) && !desk_spoiled()) {
            fail(client, "D3", "two answers in one send to who asked once");
        }
    }
}

/* One line for a guest that reads lines. */
static void take_line(const struct client *client, struct guest *guest)
{
    size_t n = 0;
    if (guest->buffer_bytes == 0) {
        fail(client, "D2", "an empty line");
    }
    while (guest->buffer_bytes > 0) {
        if (guest->buffer_bytes >= 4 && memcmp(guest->buffer, "*** ", 4) == 0) {
            guest->notices++;
            return;
        }
        bool good = match_any(client, guest, &n) == MATCH_WHOLE;
        /* before its first LF was understood it was answered as a bare one */
        if ((!good || (n != guest->buffer_bytes && !desk_spoiled())) && !console_broke()) {
            fail(client, "D2", "a line that nobody said to this guest");
        }
        n = good ? n : guest->buffer_bytes;
        guest->buffer_bytes = (uint16_t)(guest->buffer_bytes - n);
        memmove(guest->buffer, guest->buffer + n, guest->buffer_bytes);
        count_answer(client, guest);
    }
}

void desk_check(struct client *client, struct guest *guest, const uint8_t *bytes, size_t n)
{
    bool bare = guest->bare || (guest->asked == 0 && desk_spoiled());
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n' && !bare) {
            take_line(client, guest);
            guest->buffer_bytes = 0;
            continue;
        }
        if (guest->buffer_bytes == GUEST_BUFFER_BYTES) {
            fail(client, "D3", "an answer without end");
        }
        guest->buffer[guest->buffer_bytes] = (char)bytes[i];
        guest->buffer_bytes++;
    }
    if (bare) {
        take_bare(client, guest, sim_server_room(client->id) > 0);
    } else if (guest->buffer_bytes > 0) {
        guest->split_sent = true;
    }
}

/* ---- Ends ---------------------------------------------------------------------------------- */

static unsigned arrivals_now(uint32_t peer_key)
{
    unsigned arrivals = 0;
    for (unsigned i = 0; i < world.count; i++) {
        const struct client *client = &world.clients[i];
        arrivals += client->peer_key == peer_key && client->accepted &&
                            sim_now() - client->accepted_ms < 1000 ? 1u : 0u;
    }
    return arrivals;
}

/* Its side is over: it is kept for its answer, and no longer. */
static const char *half_closed_objection(const struct client *client, const struct guest *guest)
{
    bool answered = guest->answers > 0 || guest->byed;
    if (desk_spoiled() || answered || guest->asked == 0 || client->manner != MANNER_HALF ||
        guest->goodbye) {
        return NULL;
    }
    return sim_now() == guest->ended_ms + CFG_CHAT_LINE_MS
               ? NULL
               : "not kept for its answer as long as it should be";
}

const char *desk_check_ending(struct client *client, struct guest *guest, enum sim_ending how)
{
    bool bye = guest->goodbye && guest->asked == guest->questions;
    if (arrivals_now(client->peer_key) > JOIN_BURST || world_stopping() ||
        operator_guest(client->id)->kicked) {
        return NULL;
    }
    if (how == SIM_ENDING_ABORT) {
        bool lags = client->manner == MANNER_SLOW || !client->patient || client->window < 1100;
        bool stalled = sim_now() - client->accepted_ms >= CFG_STALL_MS;
        return lags || stalled || desk_spoiled() ? NULL : "cut for nothing";
    }
    if (guest->ended_ms != UINT64_MAX) {
        return operator_guest(client->id)->muted ? NULL : half_closed_objection(client, guest);
    }
    if (bye) {
        return guest->byed || guest->answers > 0 || desk_spoiled() ? NULL
                                                                   : "gone without a good-bye";
    }
    return desk_spoiled() && guest->goodbye ? NULL : "shown out for nothing";
}

/* A quiet world's guest gives up: nobody owed it an answer. */
void desk_check_leaving(const struct client *client, const struct guest *guest)
{
    uint64_t waited_ms = guest->asked > 0 ? sim_now() - guest->last_ms[guest->asked - 1] : 0;
    uint64_t all_ms = CFG_BOT_WAIT_MS + CFG_BOT_ANSWER_MS + CFG_CONNECT_MS + 5000;
    const struct operator_guest *typed = operator_guest(client->id);
    if (desk_spoiled() || !desk_takes_turns(client, guest) || guest->answers > guest->question ||
        typed->kicked || typed->muted || world_stopping() || guest->asked == 0) {
        return;
    }
    if (bot_settings.kind == BOT_API && waited_ms > all_ms) {
        sim_fail("D6", (int32_t)client->id, "the bot never answered");
    }
    if (operator_manner() == OPERATOR_PROMPT && typed->count < OPERATOR_TEXTS &&
        waited_ms > 4 * TYPED_GAP_MS) {
        sim_fail("D6", (int32_t)client->id, "the operator's answer never came");
    }
}
