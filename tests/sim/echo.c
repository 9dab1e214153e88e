/* SPDX-License-Identifier: MIT */
/* Clients of echo, and what holds for it: E1 identity, E2 half-close, E3 bounded memory. */
#include <string.h>

#include "core/config.h"
#include "tests/sim/world.h"

enum { PIECE = 700 };

static uint8_t echo_byte(const struct client *client, uint64_t at)
{
    return (uint8_t)(at * 7 + (at >> 8) * 13 + client->id * 31);
}

static void echo_begin(struct client *client)
{
    uint64_t hash = client_hash(client, 10);
    static const uint32_t sizes[] = {1, 20, 200, 1500, 6000, 20000};
    client->to_send = 1 + hash % sizes[(hash >> 32) % COUNT_OF(sizes)];
    if (client->manner == MANNER_DRIP) {
        client->to_send = 1 + client->to_send % 40;
    } else if (client->manner == MANNER_SLOW) {
        client->to_send = 1 + client->to_send % 2000;
    } else if (client->manner == MANNER_DEAF) {
        client->to_send += 12000;
    }
}

/* Says the next piece of what it has to say, as much as goes. */
static void echo_say(struct client *client)
{
    uint8_t bytes[PIECE];
    uint64_t left = client->to_send - client->sent;
    size_t n = client->manner == MANNER_DRIP ? 1 : 1 + client_pick(client, PIECE);
    n = n < left ? n : (size_t)left;
    for (size_t i = 0; i < n; i++) {
        bytes[i] = echo_byte(client, client->sent + i);
    }
    if (n > 0) {
        client->sent += sim_peer_send(client->id, bytes, n);
    }
}

static void echo_hear(struct client *client, size_t most)
{
    uint8_t bytes[PIECE];
    while (most > 0) {
        size_t got = sim_peer_read(client->id, bytes, most < PIECE ? most : PIECE);
        if (got == 0) {
            break;
        }
        for (size_t i = 0; i < got; i++) {
            client->stream = client->stream * UINT64_C(1099511628211) + bytes[i];
            if (bytes[i] != echo_byte(client, client->got + i)) {
                sim_fail("E1", (int32_t)client->id, "a byte came back that was not sent");
            }
        }
        client->got += got;
        most -= got;
    }
    if (client->got > client->sent) {
        sim_fail("E1", (int32_t)client->id, "more came back than was sent");
    }
}

/* Those who leave early do so when their time has come. */
static bool echo_leaves(struct client *client)
{
    uint64_t stay_ms = 1 + client_hash(client, 11) % 4000;
    if (client->manner == MANNER_SILENT) {
        stay_ms = 500 + client_hash(client, 12) % 20000;
    } else if (client->manner == MANNER_DEAF) {
        stay_ms = 100000;
    } else if (client->manner != MANNER_RUDE && client->manner != MANNER_HASTY) {
        return false;
    }
    if (client->step == 0) {
        client->began_ms = sim_now();
    }
    if (sim_now() - client->began_ms >= stay_ms) {
        if (client->manner == MANNER_RUDE) {
            sim_peer_reset(client->id);
        }
        client_done(client);
        return true;
    }
    return false;
}

static void echo_act(struct client *client)
{
    bool quiet = client->manner == MANNER_SILENT;
    if (client->step == 0) {
        client->began_ms = sim_now();
    }
    if (echo_leaves(client)) {
        return;
    }
    if (!quiet && client->sent < client->to_send) {
        echo_say(client);
    }
    if (client->manner == MANNER_SLOW) {
        echo_hear(client, 1 + client_pick(client, 60));
    } else if (client->manner != MANNER_DEAF && client->manner != MANNER_HASTY) {
        echo_hear(client, SIM_PIPE_BYTES);
    }
    if (!quiet && client->sent == client->to_send && !client->shut &&
        (client->manner == MANNER_HALF || client->got == client->sent)) {
        client->shut = true;
        sim_peer_shut(client->id);
    }
    client_later(client, 1 + client_pick(client, client->manner == MANNER_SLOW ? 300 : 90));
    if (client->manner == MANNER_DEAF || quiet) {
        client_later(client, 1000 + client_pick(client, 400));
    }
}

static void echo_gone(struct client *client, bool reset)
{
    if (!reset && client->shut && client->got != client->sent && !world_stopping()) {
        sim_fail("E2", (int32_t)client->id, "a clean end before everything came back");
    }
    if (!reset && !client->shut && client->sent > 0 && !world_stopping()) {
        sim_fail("E2", (int32_t)client->id, "an end before ours");
    }
    client->whole = !reset && client->got == client->sent;
}

static void echo_received(struct client *client, const uint8_t *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    /* what was only looked at may have been sent back before it is received */
    if (!client->server_shut &&
        client->received > client->replied + CFG_CONN_BUFFER_BYTES + CFG_READ_BYTES) {
        sim_fail("E3", (int32_t)client->id, "more is kept than a connection may");
    }
}

static void echo_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != echo_byte(client, client->replied + i)) {
            sim_fail("E1", (int32_t)client->id, "a byte is sent back that did not come");
        }
    }
}

/* Called when nothing else justifies the end. */
static const char *echo_ending(struct client *client, enum sim_ending how)
{
    if (how == SIM_ENDING_ABORT) {
        uint64_t since = client->owed_ms > client->taken_ms ? client->owed_ms : client->taken_ms;
        if (client->owed_ms == UINT64_MAX || sim_now() - since < CFG_STALL_MS) {
            return "cut before its time";
        }
        return NULL;
    }
    if (!client->server_ended) {
        return "closed though the peer had not ended";
    }
    if (client->replied != client->received) {
        sim_fail("E2", (int32_t)client->id, "an end before all was sent back");
    }
    return NULL;
}

/* At each wait: what is owed is taken in time, or the connection is cut at that millisecond. */
static void echo_waiting(struct client *client)
{
    uint64_t since;
    if (client->server_shut) {
        client->owed_ms = UINT64_MAX;
        return;
    }
    if (client->replied > client->received) {
        sim_fail("E1", (int32_t)client->id, "more is sent back than came");
    }
    if (client->received > client->replied + CFG_CONN_BUFFER_BYTES) {
        sim_fail("E3", (int32_t)client->id, "more is kept than a connection may");
    }
    if (client->replied == client->received) {
        client->owed_ms = UINT64_MAX;
        return;
    }
    if (client->owed_ms == UINT64_MAX) {
        client->owed_ms = sim_now();
    }
    since = client->owed_ms > client->taken_ms ? client->owed_ms : client->taken_ms;
    if (sim_now() - since >= CFG_STALL_MS) {
        sim_fail("C3", (int32_t)client->id, "past its deadline");
    }
}

const struct trade trade_echo = {
    .begin = echo_begin,
    .act = echo_act,
    .gone = echo_gone,
    .received = echo_received,
    .sent = echo_sent,
    .ending = echo_ending,
    .waiting = echo_waiting,
};
