/* SPDX-License-Identifier: MIT */
/* Echo in the world: every byte back, in order (E1), the end after all of it (E2), and never more
 * kept than a connection may (E3). */
#include "core/config.h"
#include "tests/fuzz/world.h"

static uint8_t pattern(const struct client *client, uint64_t at)
{
    return (uint8_t)(at * 7 + (at >> 8) * 13 + client->id * 31);
}

void fuzz_echo_phrase(struct client *client, unsigned which)
{
    static const uint16_t sizes[] = {1, 2, 3, 10, 100, 255, 256, 500, 767, 768, 769, 1000, 1023,
                                     1024, 2000, 4000};
    uint8_t bytes[4000];
    size_t n = sizes[which % COUNT_OF(sizes)];
    for (size_t i = 0; i < n; i++) {
        bytes[i] = pattern(client, client->sent + i);
    }
    if (!client->shut) {
        client->sent += sim_peer_send(client->id, bytes, n);
    }
}

void fuzz_echo_read(struct client *client, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != pattern(client, client->got + i)) {
            sim_fail("E1", (int32_t)client->id, "a byte came back that was not sent");
        }
    }
    if (client->got + n > client->sent) {
        sim_fail("E1", (int32_t)client->id, "more came back than was sent");
    }
}

static void echo_received(struct client *client, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != pattern(client, client->received - n + i)) {
            sim_fail("TEST", (int32_t)client->id, "the simulated stream is not what was sent");
        }
    }
    if (!client->server_shut &&
        client->received > client->replied + CFG_CONN_BUFFER_BYTES + CFG_READ_BYTES) {
        sim_fail("E3", (int32_t)client->id, "more is kept than a connection may");
    }
}

static void echo_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != pattern(client, client->replied + i)) {
            sim_fail("E1", (int32_t)client->id, "a byte is sent back that did not come");
        }
    }
}

static uint64_t owed_since(const struct client *client)
{
    return client->owed_ms > client->taken_ms ? client->owed_ms : client->taken_ms;
}

static const char *echo_ending(struct client *client, enum sim_ending how)
{
    if (how == SIM_ENDING_ABORT) {
        bool due = client->owed_ms != UINT64_MAX && sim_now() - owed_since(client) >= CFG_STALL_MS;
        return due ? NULL : "cut before its time";
    }
    if (!client->server_ended) {
        return "closed though the peer had not ended";
    }
    return client->replied == client->received ? NULL : "closed before all was sent back";
}

static void echo_waiting(struct client *client)
{
    if (client->server_shut || client->replied == client->received) {
        client->owed_ms = UINT64_MAX;
        return;
    }
    if (client->replied > client->received) {
        sim_fail("E1", (int32_t)client->id, "more is sent back than came");
    }
    if (client->received > client->replied + CFG_CONN_BUFFER_BYTES) {
        sim_fail("E3", (int32_t)client->id, "more is kept than a connection may");
    }
    if (client->owed_ms == UINT64_MAX) {
        client->owed_ms = sim_now();
    }
    if (sim_now() - owed_since(client) >= CFG_STALL_MS) {
        sim_fail("C3", (int32_t)client->id, "past its deadline");
    }
}

const struct trade trade_echo = {
    .received = echo_received,
    .sent = echo_sent,
    .ending = echo_ending,
    .waiting = echo_waiting,
};
