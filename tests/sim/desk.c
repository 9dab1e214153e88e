/* SPDX-License-Identifier: MIT */
/* Guests of the desk: programs that send a text without a line end and wait for the answer, people
 * with lines, those who ask again before they were answered, and those who vanish. */
#include "tests/sim/desk.h"

#include <string.h>

#include "core/config.h"
#include "core/text.h"

enum { GAP_MS = 250 };

static struct {
    struct guest guests[WORLD_CLIENTS];
} state;

struct guest *desk_guest(const struct client *client)
{
    return &state.guests[client->id];
}

/* ---- What it asks -------------------------------------------------------------------------- */

size_t desk_question(unsigned id, unsigned seq, bool said, char *bytes)
{
    static const char *const variants[][2] = {
        {"what is it", "what is it"},
        {"a \"quoted\" and a \\ slash", "a \"quoted\" and a \\ slash"},
        {"caf\xc3\xa9 \xe6\xb1\x89\xe5\xad\x97", "caf\xc3\xa9 \xe6\xb1\x89\xe5\xad\x97"},
        {"a\ttab and a \x07 bell", "a tab and a ? bell"},
        {"a \xf0\x9f\x98\x80 face", "a \xf0\x9f\x98\x80 face"},
        {"not \xfe text", "not ? text"},
        {"turned \xe2\x80\xae round", "turned ? round"},
        {"</script> & {}", "</script> & {}"},
    };
    uint64_t hash = sim_mix(world.scenario.seed, ((uint64_t)id << 32) | 0x6471, seq);
    struct text text;
    text_begin(&text, bytes, DESK_TEXT_BYTES);
    text_put_char(&text, 'Q');
    text_put_number(&text, id);
    text_put_char(&text, '.');
    text_put_number(&text, seq);
    text_put_char(&text, ' ');
    if (hash % 20 == 0) { /* too long: cut */
        size_t all = said ? 510 : 600;
        memset(bytes + text.n, 'q', all - text.n);
        return all;
    }
    text_put(&text, variants[hash % COUNT_OF(variants)][said ? 1 : 0]);
    return text.n;
}

static bool read_digits(const char *bytes, size_t n, size_t *at, unsigned *number)
{
    size_t begin = *at;
    *number = 0;
    while (*at < n && bytes[*at] >= '0' && bytes[*at] <= '9' && *number < 100000) {
        *number = *number * 10 + (unsigned)(bytes[*at] - '0');
        (*at)++;
    }
    return *at > begin;
}

bool desk_read_tag(char letter, const char *bytes, size_t n, unsigned *id, unsigned *seq)
{
    size_t at = 1;
    if (n < 4 || bytes[0] != letter || !read_digits(bytes, n, &at, id) || at >= n ||
        bytes[at] != '.') {
        return false;
    }
    at++;
    return read_digits(bytes, n, &at, seq) && at < n && bytes[at] == ' ';
}

static void add(struct guest *guest, size_t *at, const char *bytes, size_t n)
{
    CHECK(*at + n <= sizeof guest->text);
    memcpy(guest->text + *at, bytes, n);
    *at += n;
}

static void desk_begin(struct client *client)
{
    static const char *const words[] = {"bye", "\xe5\x86\x8d\xe8\xa7\x81", "BYE", "/quit"};
    struct guest *guest = desk_guest(client);
    uint64_t hash = client_hash(client, 60);
    size_t at = 0;
    memset(guest, 0, sizeof *guest);
    guest->bare = hash % 5 < 3;
    guest->alternates = (hash >> 8) % 4 != 0;
    guest->goodbye = (hash >> 12) % 3 == 0;
    guest->questions = (uint8_t)(1 + (hash >> 16) % (DESK_QUESTIONS - 1));
    if (client->manner == MANNER_HALF || client->manner == MANNER_DRIP) {
        guest->questions = 1;
    } else if (client->manner == MANNER_SILENT) {
        guest->questions = 0;
    }
    guest->patience_ms = 5000 + (hash >> 20) % 95000;
    guest->ended_ms = UINT64_MAX;
    for (unsigned i = 0; i < guest->questions; i++) {
        char bytes[DESK_TEXT_BYTES];
        size_t n = desk_question(client->id, i, false, bytes);
        if (guest->goodbye && i + 1u == guest->questions) {
            const char *word = words[(hash >> 28) % COUNT_OF(words)];
            n = strlen(word);
            memcpy(bytes, word, n);
        }
        add(guest, &at, bytes, n);
        if (!guest->bare) {
            add(guest, &at, (hash >> 32) % 2 == 0 ? "\n" : "\r\n", (hash >> 32) % 2 == 0 ? 1 : 2);
        }
        guest->ends[i] = (uint16_t)at;
    }
    client->to_send = at;
}

/* ---- The client's side --------------------------------------------------------------------- */

/* Sends more of the question it is at: at once, in pieces with short pauses, or byte by byte. */
static void desk_say(struct client *client, struct guest *guest)
{
    size_t left = (size_t)(guest->ends[guest->question] - client->sent);
    size_t n = left;
    if (client->manner == MANNER_DRIP) {
        n = 1;
    } else if (client_pick(client, 3) == 0) {
        n = 1 + client_pick(client, (uint32_t)left);
    }
    if (client->sent == 0 && n == 1 && left > 1 && client->manner != MANNER_DRIP) {
        n = 2; /* a single byte first would be a person typing */
    }
    client->sent += sim_peer_send(client->id, guest->text + client->sent, n);
    if (client->sent == guest->ends[guest->question]) {
        guest->waits = true;
        guest->asked_ms = sim_now();
        client->word[0] = (uint32_t)client->got;
        client->word[1] = guest->bare && !guest->alternates ? 3 * GAP_MS + client_pick(client, 4000)
                                                            : client_pick(client, 3000);
        if (client->manner == MANNER_HALF) {
            client->shut = true;
            sim_peer_shut(client->id);
        }
    }
}

static bool desk_leaves(struct client *client, struct guest *guest)
{
    uint64_t stay_ms = 1 + client_hash(client, 61) % 8000;
    bool asked_all = guest->question + 1 >= guest->questions && guest->waits;
    if (client->manner == MANNER_SILENT) {
        stay_ms = 500 + client_hash(client, 62) % 20000;
    } else if (client->manner == MANNER_DEAF) {
        stay_ms = 60000;
    } else if (client->manner <= MANNER_HALF) {
        bool answered = client->got > client->word[0];
        bool patient = sim_now() - guest->asked_ms < guest->patience_ms;
        if (client->shut || !guest->waits || (patient && !(answered && asked_all)) ||
            (guest->goodbye && asked_all && patient)) {
            return false;
        }
        stay_ms = 0;
    }
    if (sim_now() - client->began_ms < stay_ms) {
        return false;
    }
    if (client->manner == MANNER_RUDE) {
        sim_peer_reset(client->id);
    } else {
        desk_check_leaving(client, guest);
    }
    client->whole = client->manner <= MANNER_HALF;
    client_done(client);
    return true;
}

/* It was answered, or does not care: the next question follows. */
static void desk_next(struct client *client, struct guest *guest)
{
    bool answered = client->got > client->word[0] || !guest->alternates;
    if (guest->waits && answered && guest->question + 1 < guest->questions &&
        sim_now() - guest->asked_ms >= client->word[1]) {
        guest->waits = false;
        guest->question++;
    }
}

static void desk_act(struct client *client)
{
    struct guest *guest = desk_guest(client);
    if (client->step == 0) {
        client->began_ms = sim_now();
        guest->asked_ms = sim_now();
        client->step = 1;
    }
    if (client->manner == MANNER_SLOW) {
        client_hear(client, 20 + client_pick(client, 100));
    } else if (client->manner != MANNER_DEAF && client->manner != MANNER_HASTY) {
        client_hear(client, SIM_PIPE_BYTES);
    }
    if (desk_leaves(client, guest)) {
        return;
    }
    desk_next(client, guest);
    if (guest->question < guest->questions && !guest->waits) {
        desk_say(client, guest);
    }
    client_later(client, 1 + client_pick(client, guest->waits ? 300 : 60));
}

static void desk_gone(struct client *client, bool reset)
{
    if (!reset && client->patient && client->got != client->replied) {
        sim_fail("D1", (int32_t)client->id, "a clean end, and bytes are missing");
    }
    client->whole = !reset;
}

/* ---- The server's side --------------------------------------------------------------------- */

static void desk_received(struct client *client, const uint8_t *bytes, size_t n)
{
    struct guest *guest = desk_guest(client);
    (void)bytes;
    (void)n;
    guest->pieces++;
    while (guest->asked < guest->questions && guest->ends[guest->asked] <= client->received) {
        guest->last_ms[guest->asked] = sim_now();
        guest->asked++;
    }
}

static void desk_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    desk_check(client, desk_guest(client), bytes, n);
}

static const char *desk_ending(struct client *client, enum sim_ending how)
{
    return desk_check_ending(client, desk_guest(client), how);
}

/* Whoever asked something; a text without an end is one when the gap behind it is over. */
static bool desk_settled(const struct client *client)
{
    const struct guest *guest = desk_guest(client);
    return guest->answers > 0 || (guest->asked > 0 && client->manner != MANNER_DRIP);
}

static void desk_ended(struct client *client)
{
    struct guest *guest = desk_guest(client);
    guest->ended_ms = guest->ended_ms == UINT64_MAX ? sim_now() : guest->ended_ms;
}

const struct trade trade_desk = {
    .begin = desk_begin,
    .act = desk_act,
    .gone = desk_gone,
    .received = desk_received,
    .sent = desk_sent,
    .ending = desk_ending,
    .ended = desk_ended,
    .settled = desk_settled,
};
