/* SPDX-License-Identifier: MIT */
/* The wire player's verbs: open, udp, refused, send, stop, shut, close, reset, pause, shell. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/wire/talk.h"

enum { SEND_MS = 10000 };

static void pause_ms(uint64_t ms)
{
    uint64_t deadline_ms = now_ms() + ms;
    while (peers_wait(deadline_ms)) {
        /* until the time is over */
    }
}

/* ---- Verbs ---------------------------------------------------------------------------------- */

/* The names a word stands for, "a" or "m[1-200]". False: not such a word. */
static bool set_read(const char *word, char *stem, unsigned *first, unsigned *last)
{
    size_t n = strcspn(word, "[");
    memcpy(stem, word, n);
    stem[n] = '\0';
    *first = 1;
    *last = 1;
    if (word[n] == '\0') {
        return true;
    }
    return sscanf(word + n, "[%u-%u]", first, last) == 2 && *first <= *last
           && *last - *first < PEERS_MAX;
}

static void set_name(const char *word, const char *stem, unsigned number, char *name)
{
    if (strchr(word, '[') == NULL) {
        strcpy(name, stem);
        return;
    }
    snprintf(name, WORD_BYTES, "%.40s%u", stem, number);
}

static size_t peers_of(const struct command *command, struct peer **peers)
{
    char stem[WORD_BYTES];
    char name[WORD_BYTES];
    unsigned first = 0;
    unsigned last = 0;
    const char *word = command->words[1];
    if (command->words_count < 2 || !set_read(word, stem, &first, &last)) {
        fail(command, "a peer's name is missing");
        return 0;
    }
    size_t count = 0;
    for (unsigned i = first; i <= last; i++) {
        set_name(word, stem, i, name);
        peers[count] = peer_find(name);
        if (peers[count] == NULL) {
            fail(command, "no such peer: %s", name);
            return 0;
        }
        count++;
    }
    return count;
}

static struct target target_of(const struct command *command)
{
    struct target target;
    memset(&target, 0, sizeof target);
    target.host = command_word_after(command, "to");
    target.port = command_word_after(command, "port");
    target.from = command_word_after(command, "from");
    target.source = command_word_after(command, "source");
    target.window_bytes = (int)command_number(command, "window", 0);
    target.is_udp = strcmp(command->words[0], "udp") == 0;
    if (target.host == NULL) {
        target.host = talk_host;
    }
    if (target.port == NULL) {
        target.port = talk_port;
    }
    return target;
}

static bool open_run(const struct command *command)
{
    char stem[WORD_BYTES];
    char name[WORD_BYTES];
    unsigned first = 0;
    unsigned last = 0;
    struct target target = target_of(command);
    if (command->words_count < 2 || !set_read(command->words[1], stem, &first, &last)) {
        return fail(command, "a peer's name is missing");
    }
    for (unsigned i = first; i <= last; i++) {
        set_name(command->words[1], stem, i, name);
        struct peer *peer = peer_find(name) == NULL ? peer_new(name, i) : NULL;
        if (peer == NULL) {
            return fail(command, "peer %s is open already, or there are too many", name);
        }
        int error = peer_open(peer, &target);
        if (error == EADDRINUSE || error == EACCES || error == EADDRNOTAVAIL) {
            talk_skip(); /* this source address or port cannot be had here */
            return true;
        }
        if (error != 0) {
            return fail(command, "cannot open %s: %s", name, strerror(error));
        }
    }
    return true;
}

static bool refused_run(const struct command *command)
{
    struct target target = target_of(command);
    struct peer *peer = peer_new("refused", 1);
    int error = peer == NULL ? EMFILE : peer_open(peer, &target);
    if (error != ECONNREFUSED) {
        return fail(command, "not refused: %s", error == 0 ? "connected" : strerror(error));
    }
    return true;
}

static bool peer_send_random(const struct command *command, struct peer *peer)
{
    static uint8_t datagram[PEER_IN_BYTES];
    uint64_t n = command_number(command, "random", 0);
    uint64_t seed = command_number(command, "seed", 1);
    if (peer->is_udp) {
        random_fill(seed, 0, datagram, (size_t)n);
        return peer_send(peer, datagram, (size_t)n, 0);
    }
    peer->out_left = n;
    peer->out_position = command_number(command, "at", 0);
    peer->out_seed = seed;
    return true;
}

/* Sends the parts of the peers' texts from `from` to `until`, in pieces where the command says so.
 * With `cut` but no bar in the text, each peer's text is cut behind as many bytes as its number. */
static bool parts_send(const struct command *command, struct peer **peers, size_t count,
                       bool second)
{
    uint64_t piece = command_number(command, "by", 0);
    uint64_t gap_ms = command_number(command, "pause", 0);
    uint64_t deadline_ms = now_ms() + patience(command_number(command, "within", SEND_MS));
    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        size_t cut = 0;
        const uint8_t *bytes = command_bytes(command, peers[i]->number, &n, &cut);
        if (command_has(command, "cut") && cut == n) {
            cut = peers[i]->number < n ? peers[i]->number : n;
        }
        size_t at = second ? cut : 0;
        size_t end = second ? n : cut;
        do {
            size_t length = piece != 0 && piece < end - at ? (size_t)piece : end - at;
            bool may_fail = command_has(command, "maybe");
            if (!peer_send(peers[i], bytes + at, length, deadline_ms) && !may_fail) {
                return fail(command, "peer %s: the server does not take the bytes",
                            peers[i]->name);
            }
            at += length;
            if (piece != 0 && gap_ms != 0 && at < end) {
                pause_ms(gap_ms);
            }
        } while (at < end);
    }
    return true;
}

static bool send_run(const struct command *command, struct peer **peers, size_t count)
{
    if (command_has(command, "random")) {
        for (size_t i = 0; i < count; i++) {
            if (!peer_send_random(command, peers[i])) {
                return fail(command, "cannot send: %s", strerror(errno));
            }
        }
        return true;
    }
    if (!command->has_text) {
        return fail(command, "nothing to send");
    }
    if (!parts_send(command, peers, count, false)) {
        return false;
    }
    if (command_has(command, "cut")) {
        pause_ms(command_number(command, "pause", 20));
        return parts_send(command, peers, count, true);
    }
    return true;
}

/* The text is a line for the shell, which must succeed. */
static bool shell_run(const struct command *command)
{
    static char line[2048];
    size_t n = 0;
    size_t cut = 0;
    const uint8_t *bytes = command_bytes(command, 0, &n, &cut);
    if (n == 0 || n >= sizeof line) {
        return fail(command, "no line for the shell, or one too long");
    }
    memcpy(line, bytes, n);
    line[n] = '\0';
    return system(line) == 0 || fail(command, "the shell's line failed");
}

/* Ends the background sending; $SENT is how many bytes went. */
static void stop_run(struct peer *peer)
{
    static char sent[24];
    snprintf(sent, sizeof sent, "%llu", (unsigned long long)peer->out_position);
    variable_set("SENT", sent);
    peer->out_left = 0;
}

bool command_run(const struct command *command)
{
    static struct peer *peers[PEERS_MAX];
    const char *verb = command->words[0];
    if (strcmp(verb, "open") == 0 || strcmp(verb, "udp") == 0) {
        return open_run(command);
    }
    if (strcmp(verb, "refused") == 0) {
        return refused_run(command);
    }
    if (strcmp(verb, "shell") == 0) {
        return shell_run(command);
    }
    if (strcmp(verb, "pause") == 0) {
        pause_ms(command_number(command, "pause", 0));
        return true;
    }
    size_t count = peers_of(command, peers);
    if (count == 0) {
        return false;
    }
    if (strcmp(verb, "send") == 0) {
        return send_run(command, peers, count);
    }
    if (strcmp(verb, "expect") == 0) {
        return expect_run(command, peers, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(verb, "shut") == 0) {
            peer_shut(peers[i]);
        } else if (strcmp(verb, "stop") == 0) {
            stop_run(peers[i]);
        } else if (strcmp(verb, "close") == 0 || strcmp(verb, "reset") == 0) {
            peer_close(peers[i], strcmp(verb, "reset") == 0);
        } else {
            return fail(command, "no such verb: %s", verb);
        }
    }
    return true;
}
