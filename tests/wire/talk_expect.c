/* SPDX-License-Identifier: MIT */
/* The wire player's verb `expect`: what a peer must see, and within what time. */
#include <stdio.h>
#include <string.h>

#include "tests/wire/talk.h"

enum { EXPECT_MS = 5000, STUCK_MS = 700, RECENT_BYTES = 160, SAID_BYTES = 900 };

/* What came since the command began, for the sentence that says what was wrong. */
static struct {
    uint64_t count;
    size_t n;
    uint8_t bytes[RECENT_BYTES];
} recent;

static void recent_add(const uint8_t *bytes, size_t n)
{
    recent.count += n;
    if (n >= RECENT_BYTES) {
        memcpy(recent.bytes, bytes + n - RECENT_BYTES, RECENT_BYTES);
        recent.n = RECENT_BYTES;
        return;
    }
    size_t keep = recent.n + n > RECENT_BYTES ? RECENT_BYTES - n : recent.n;
    memmove(recent.bytes, recent.bytes + recent.n - keep, keep);
    memcpy(recent.bytes + keep, bytes, n);
    recent.n = keep + n;
}

static void consume(struct peer *peer, size_t n)
{
    recent_add(peer->in, n);
    peer_consume(peer, n);
}

static const char *end_name(const struct peer *peer)
{
    if (peer->end == PEER_OPEN) {
        return "is open";
    }
    return peer->end == PEER_FIN ? "has ended" : "was reset";
}

/* The text of the command as the script has it. */
static const char *said(const struct command *command, unsigned number)
{
    static char out[SAID_BYTES];
    static uint8_t bytes[SAID_BYTES];
    size_t n = 0;
    char digits[16];
    for (size_t i = 0; i < command->codes_count && n + 16 < sizeof bytes; i++) {
        uint16_t code = command->codes[i];
        if (code == CODE_NUMBER) {
            n += (size_t)snprintf(digits, sizeof digits, "%u", number);
            memcpy(bytes + n - strlen(digits), digits, strlen(digits));
        } else {
            bytes[n++] = (uint8_t)(code == CODE_ANY_ONE ? '?' : code == CODE_ANY_RUN ? '*' : code);
        }
    }
    return bytes_escape(bytes, n, out, sizeof out);
}

static bool wrong(const struct command *command, const struct peer *peer, const char *why)
{
    static char came[SAID_BYTES];
    static char waiting[SAID_BYTES];
    const char *what = command->words_count > 2 ? command->words[2] : "";
    return fail(command,
                "peer %s: %s\n    expected: %s \"%s\"\n    came:     %llu bytes, ending in \"%s\"\n"
                "    not yet:  \"%s\"; the stream %s",
                peer->name, why, what, said(command, peer->number),
                (unsigned long long)recent.count,
                bytes_escape(recent.bytes, recent.n, came, sizeof came),
                bytes_escape(peer->in, peer->in_bytes, waiting, sizeof waiting), end_name(peer));
}

/* Waits until the peer has bytes. False: it ended, or the time is over. */
static bool bytes_await(struct peer *peer, uint64_t deadline_ms)
{
    while (peer->in_bytes == 0 && peer->end == PEER_OPEN) {
        peer->reading = true;
        bool moved = peers_wait(deadline_ms);
        peer->reading = false;
        if (!moved && peer->in_bytes == 0 && peer->end == PEER_OPEN) {
            return false;
        }
    }
    return peer->in_bytes > 0;
}

static bool datagram_await(struct peer *peer, uint64_t deadline_ms)
{
    bool moved = true;
    while (!peer->datagram && moved) {
        peer->reading = true;
        moved = peers_wait(deadline_ms);
        peer->reading = false;
    }
    return peer->datagram;
}

static bool expect_text(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    static struct matcher matcher;
    if (!matcher_start(&matcher, command, peer->number)) {
        return fail(command, "the pattern is too long");
    }
    for (;;) {
        if (!bytes_await(peer, deadline_ms)) {
            return wrong(command, peer, peer->end == PEER_OPEN ? "too late" : "too short");
        }
        for (size_t i = 0; i < peer->in_bytes; i++) {
            enum match match = matcher_step(&matcher, peer->in[i]);
            if (match == MATCH_DONE) {
                consume(peer, i + 1);
                return true;
            }
            if (match == MATCH_NO) {
                consume(peer, i);
                return wrong(command, peer, "other bytes");
            }
        }
        consume(peer, peer->in_bytes);
    }
}

enum bulk { BULK_ANY, BULK_ZEROS, BULK_RANDOM };

static bool bulk_right(enum bulk bulk, const struct command *command, uint64_t position,
                       const uint8_t *bytes, size_t n)
{
    static uint8_t right[PEER_IN_BYTES];
    if (bulk == BULK_ANY) {
        return true;
    }
    memset(right, 0, n);
    if (bulk == BULK_RANDOM) {
        random_fill(command_number(command, "seed", 1), position, right, n);
    }
    return memcmp(right, bytes, n) == 0;
}

static bool expect_bulk(const struct command *command, struct peer *peer, enum bulk bulk,
                        uint64_t total, uint64_t deadline_ms)
{
    uint64_t position = command_number(command, "at", 0);
    uint64_t left = total;
    while (left > 0) {
        if (!bytes_await(peer, deadline_ms)) {
            return wrong(command, peer, peer->end == PEER_OPEN ? "too late" : "too short");
        }
        size_t n = peer->in_bytes < left ? peer->in_bytes : (size_t)left;
        if (!bulk_right(bulk, command, position, peer->in, n)) {
            return wrong(command, peer, "other bytes");
        }
        consume(peer, n);
        position += n;
        left -= n;
    }
    return true;
}

static bool expect_end(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    bool anything = command_has(command, "after");
    while (bytes_await(peer, deadline_ms)) {
        if (!anything) {
            return wrong(command, peer, "bytes came instead");
        }
        consume(peer, peer->in_bytes);
    }
    if (peer->end == PEER_OPEN) {
        return wrong(command, peer, "too late");
    }
    if (command_has(command, "closed")) {
        return true;
    }
    if (command_has(command, "reset") != (peer->end == PEER_RESET)) {
        return wrong(command, peer, "another kind of end");
    }
    return true;
}

/* Reads on to the end of the stream, in which the text must not be. */
static bool expect_without(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    size_t n = 0;
    size_t cut = 0;
    const uint8_t *text = command_bytes(command, peer->number, &n, &cut);
    while (peer->end == PEER_OPEN && peer->in_bytes < sizeof peer->in) {
        peer->reading = true;
        bool moved = peers_wait(deadline_ms);
        peer->reading = false;
        if (!moved) {
            return wrong(command, peer, "no end came");
        }
    }
    for (size_t i = 0; n > 0 && i + n <= peer->in_bytes; i++) {
        if (memcmp(peer->in + i, text, n) == 0) {
            return wrong(command, peer, "it is there");
        }
    }
    consume(peer, peer->in_bytes);
    return true;
}

static bool expect_silence(const struct command *command, struct peer **peers, size_t count)
{
    uint64_t deadline_ms = now_ms() + command_number(command, "silence", 200);
    for (size_t i = 0; i < count; i++) {
        peers[i]->reading = true;
    }
    while (peers_wait(deadline_ms)) {
        /* the background goes on; what came is judged below */
    }
    bool right = true;
    for (size_t i = 0; i < count; i++) {
        peers[i]->reading = false;
        bool moved = peers[i]->in_bytes > 0 || peers[i]->datagram || peers[i]->end != PEER_OPEN;
        if (moved && right) {
            right = wrong(command, peers[i], "not silent");
        }
    }
    return right;
}

/* Drops what comes to these peers, until nothing has come for a while. */
static bool expect_quiet(const struct command *command, struct peer **peers, size_t count)
{
    uint64_t quiet_ms = command_number(command, "quiet", 100);
    uint64_t deadline_ms = now_ms() + patience(command_number(command, "within", EXPECT_MS));
    uint64_t since_ms = now_ms();
    for (size_t i = 0; i < count; i++) {
        peers[i]->reading = true;
    }
    while (now_ms() - since_ms < quiet_ms && now_ms() < deadline_ms) {
        peers_wait(since_ms + quiet_ms);
        for (size_t i = 0; i < count; i++) {
            if (peers[i]->in_bytes > 0 || peers[i]->datagram) {
                since_ms = now_ms();
                peers[i]->in_bytes = 0;
                peers[i]->datagram = false;
            }
        }
    }
    bool right = now_ms() < deadline_ms || fail(command, "it never became quiet");
    for (size_t i = 0; i < count; i++) {
        peers[i]->reading = false;
        if (right && peers[i]->end != PEER_OPEN) {
            right = wrong(command, peers[i], "the stream is over");
        }
    }
    return right;
}

/* The background sending must come to a stop with bytes left: the server takes no more. */
static bool expect_stuck(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    uint64_t position = peer->out_position;
    uint64_t since_ms = now_ms();
    while (peer->out_left > 0 && now_ms() - since_ms < STUCK_MS) {
        peers_wait(since_ms + STUCK_MS);
        if (peer->out_position != position) {
            position = peer->out_position;
            since_ms = now_ms();
        }
        if (since_ms > deadline_ms) {
            return wrong(command, peer, "the server goes on taking bytes");
        }
    }
    return peer->out_left > 0 || wrong(command, peer, "the server took all bytes");
}

static bool expect_sent(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    while (peer->out_left > 0) {
        if (!peers_wait(deadline_ms)) {
            return wrong(command, peer, "the server does not take the bytes");
        }
    }
    return true;
}

static bool expect_datagram(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    static uint8_t right[PEER_IN_BYTES];
    const uint8_t *bytes = right;
    size_t n = (size_t)command_number(command, "random", 0);
    size_t cut = 0;
    if (!datagram_await(peer, deadline_ms)) {
        return wrong(command, peer, "no datagram came");
    }
    if (command->has_text) {
        bytes = command_bytes(command, peer->number, &n, &cut);
    } else if (n <= sizeof right) {
        random_fill(command_number(command, "seed", 1), 0, right, n);
    }
    if (peer->in_bytes != n || memcmp(peer->in, bytes, n) != 0) {
        return wrong(command, peer, "another datagram");
    }
    if (peer->strange) {
        return wrong(command, peer, "it came from another address than was asked");
    }
    peer->in_bytes = 0;
    peer->datagram = false;
    return true;
}

static bool expect_one(const struct command *command, struct peer *peer, uint64_t deadline_ms)
{
    if (command_has(command, "stuck")) {
        return expect_stuck(command, peer, deadline_ms);
    }
    if (command_has(command, "sent")) {
        return expect_sent(command, peer, deadline_ms);
    }
    if (peer->is_udp) {
        return expect_datagram(command, peer, deadline_ms);
    }
    if (command_has(command, "without")) {
        return expect_without(command, peer, deadline_ms);
    }
    if (command->has_text) {
        return command->codes_count == 0 || expect_text(command, peer, deadline_ms);
    }
    if (command_has(command, "random")) {
        uint64_t total = command_number(command, "random", 0);
        return expect_bulk(command, peer, BULK_RANDOM, total, deadline_ms);
    }
    if (command_has(command, "zeros")) {
        uint64_t total = command_number(command, "zeros", 0);
        return expect_bulk(command, peer, BULK_ZEROS, total, deadline_ms);
    }
    if (command_has(command, "count")) {
        uint64_t total = command_number(command, "count", 0);
        return expect_bulk(command, peer, BULK_ANY, total, deadline_ms);
    }
    if (command_has(command, "end") || command_has(command, "reset")
        || command_has(command, "closed")) {
        return expect_end(command, peer, deadline_ms);
    }
    return fail(command, "expect does not know this");
}

bool expect_run(const struct command *command, struct peer **peers, size_t peers_count)
{
    uint64_t deadline_ms = now_ms() + patience(command_number(command, "within", EXPECT_MS));
    bool right = true;
    if (command_has(command, "silence")) {
        memset(&recent, 0, sizeof recent);
        return expect_silence(command, peers, peers_count);
    }
    if (command_has(command, "quiet")) {
        memset(&recent, 0, sizeof recent);
        return expect_quiet(command, peers, peers_count);
    }
    for (size_t i = 0; i < peers_count && right; i++) {
        memset(&recent, 0, sizeof recent);
        right = expect_one(command, peers[i], deadline_ms);
    }
    return right;
}
