/* SPDX-License-Identifier: MIT */
/*
 * Chat in the world: only clean characters (H4), whole lines (H3), and of the lines that are
 * numbered each at most once and in order, never one's own (H1, H2).
 */
#include <string.h>

#include "core/config.h"
#include "core/text.h"
#include "core/utf8.h"
#include "tests/fuzz/world.h"

enum { LINE_BYTES = 700, JOIN_BURST = 20, NUMBER_BYTES = 9 };

static struct {
    struct listener {
        char line[LINE_BYTES];
        uint16_t line_n;
        uint8_t telnet; /* bytes of a telnet answer that are still to come */
        bool quits;
        uint16_t first; /* of its own lines in this life */
        uint16_t heard[FUZZ_CLIENTS]; /* the last number of each, plus 1 */
    } listeners[FUZZ_CLIENTS];
    uint16_t said[FUZZ_CLIENTS];
} state;

const char *const fuzz_operator_lines[16] = {
    "hello from the desk\n", "/who\n", "/stats\n", "/kick guest1\n", "/mute guest1\n",
    "/unmute guest1\n", "/ban guest1\n", "/ban 10.0.0.3 1\n", "/unban 10.0.0.3\n", "/bans\n",
    "/say hi\n", "/topic \xe6\xb1 t\n", "/msg guest1 psst\n", "/quit\n", "/help\n",
    "/me \xff\x1b[2J\n"};

static struct listener *listener_of(const struct client *client)
{
    return &state.listeners[client->id];
}

void fuzz_chat_begin(void)
{
    memset(&state, 0, sizeof state);
}

void fuzz_chat_join(struct client *client)
{
    struct listener *listener = listener_of(client);
    memset(listener, 0, sizeof *listener);
    listener->first = state.said[client->id];
}

/* "L03.0012;" from client 3. */
static size_t put_line(struct client *client, char *bytes, size_t capacity, const char *before)
{
    struct text text;
    text_begin(&text, bytes, capacity);
    text_put(&text, before);
    text_put_char(&text, 'L');
    text_put_padded(&text, client->id, 2, '0');
    text_put_char(&text, '.');
    text_put_padded(&text, state.said[client->id], 4, '0');
    text_put_char(&text, ';');
    state.said[client->id]++;
    return text.n;
}

void fuzz_chat_phrase(struct client *client, unsigned which)
{
    static const char *const phrases[16] = {
        NULL, NULL, "/nick twin\n", "/who\n", "/msg guest1 hi\n", "/help\n", "/quit\n", "bye\n",
        NULL, NULL, "\xff\xfd\x06", "\x1b[31m \xc2\x85\xe2\x80\xae\xe6\xb1\n",
        "GET / HTTP/1.1\r\n\r\n", "/topic on\n", "\n", "/nick caf\xc3\xa9\r\n"};
    char bytes[LINE_BYTES];
    const char *text = phrases[which];
    size_t n = text == NULL ? 0 : strlen(text);
    struct listener *listener = listener_of(client);
    listener->quits = listener->quits || which == 6 || which == 7 || which == 12;
    if (which == 10) { /* a telnet client's lines are not ended by a pause */
        fuzz_client_of(client)->unknown = true;
    }
    if (text == NULL) {
        n = put_line(client, bytes, sizeof bytes, which == 1 ? "/me " : "");
        if (which == 9) { /* too long: cut */
            memset(bytes + n, 'x', 600);
            n += 600;
        }
        bytes[n] = '\n';
        n += which == 8 ? 0 : 1; /* a message without an end */
        text = bytes;
    }
    fuzz_say(client, text, n);
}

/* ---- What comes ---------------------------------------------------------------------------- */

PORT_NORETURN static void fail(const struct client *client, const char *invariant,
                               const char *text)
{
    sim_fail(invariant, (int32_t)client->id, text);
}

static bool is_number(const char *at)
{
    static const char form[] = "L##.####;"; /* a # is a digit */
    for (size_t i = 0; i < NUMBER_BYTES; i++) {
        if (form[i] == '#' ? at[i] < '0' || at[i] > '9' : at[i] != form[i]) {
            return false;
        }
    }
    return true;
}

/* A numbered line of a client that says only such is at the place where a line's text begins. */
static void take_number(const struct client *client, struct listener *listener, const char *at,
                        bool history)
{
    unsigned sender = (unsigned)(at[1] - '0') * 10 + (unsigned)(at[2] - '0');
    unsigned seq = 0;
    for (unsigned i = 4; i < 8; i++) {
        seq = seq * 10 + (unsigned)(at[i] - '0');
    }
    if (sender >= FUZZ_CLIENTS || seq >= state.said[sender]) {
        fail(client, "H5", "a line that nobody said");
    }
    if (sender == client->id && (!history || seq >= listener->first)) {
        fail(client, "H1", "a member's own line came back to it");
    }
    if (seq < listener->heard[sender]) {
        fail(client, "H2", "a line came twice, or after a later one");
    }
    listener->heard[sender] = (uint16_t)(seq + 1);
}

/* Not asked of the code that is tested here. */
static bool may_be_shown(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
    bool turning = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return code <= 0x10ffff && !control && !turning;
}

static void take_line(const struct client *client, struct listener *listener)
{
    size_t at = 0;
    size_t n = listener->line_n;
    const char *line = listener->line;
    static const char history[] = "[history] ";
    n -= n > 0 && line[n - 1] == '\r' ? 1 : 0;
    while (at < n) {
        uint32_t code = 0;
        at += utf8_decode((const uint8_t *)line + at, n - at, &code);
        if (!may_be_shown(code)) {
            fail(client, "H4", "a character that may not be forwarded");
        }
    }
    bool old = n > sizeof history && memcmp(line, history, sizeof history - 1) == 0;
    size_t begin = old ? sizeof history - 1 : 0;
    for (at = begin; at + NUMBER_BYTES <= n && at < begin + 40; at++) {
        if ((line[begin] == '<' || line[begin] == '*') && is_number(line + at) &&
            at > begin && line[at - 1] == ' ') {
            take_number(client, listener, line + at, old);
            return;
        }
    }
}

static void chat_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    struct listener *listener = listener_of(client);
    for (size_t i = 0; i < n; i++) {
        if (listener->telnet > 0 || bytes[i] == 255) {
            listener->telnet = listener->telnet > 0 ? (uint8_t)(listener->telnet - 1) : 2;
        } else if (bytes[i] == '\n') {
            take_line(client, listener);
            listener->line_n = 0;
        } else if (listener->line_n == LINE_BYTES) {
            fail(client, "H5", "a line without end");
        } else {
            listener->line[listener->line_n] = (char)bytes[i];
            listener->line_n++;
        }
    }
}

/* ---- Ends ---------------------------------------------------------------------------------- */

static unsigned arrivals(uint32_t peer_key)
{
    unsigned count = 0;
    for (unsigned i = 0; i < FUZZ_CLIENTS; i++) {
        const struct client *client = &world.clients[i];
        count += client->peer_key == peer_key && client->accepted ? fuzz_client_of(client)->life
                                                                  : 0u;
    }
    return count;
}

static const char *chat_ending(struct client *client, enum sim_ending how)
{
    const struct listener *listener = listener_of(client);
    bool behind = client->got < client->replied || client->window < 256;
    if (behind || fuzz_world_disturbed() || fuzz_world_operated() ||
        fuzz_client_of(client)->unknown ||
        (how == SIM_ENDING_ABORT && sim_now() - client->accepted_ms >= CFG_STALL_MS)) {
        return NULL;
    }
    if (how == SIM_ENDING_ABORT) {
        return "cut for nothing";
    }
    if (listener->line_n > 0) {
        return "a clean end in the middle of a line";
    }
    return client->server_ended || listener->quits || arrivals(client->peer_key) > JOIN_BURST
               ? NULL : "shown out for nothing";
}

static bool chat_settled(const struct client *client)
{
    return client->replied > 0 || sim_now() - client->accepted_ms >= CFG_SILENT_MS;
}

const struct trade trade_chat = {
    .sent = chat_sent,
    .ending = chat_ending,
    .settled = chat_settled,
};
