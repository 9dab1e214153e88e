/* SPDX-License-Identifier: MIT */
/* Datagrams in the world: an answer is what somebody asked, to that one and from the address that
 * was asked, and in a quiet world it comes (U1); none to those who must not be answered (U2), and
 * never more bytes than came (U5). */
#include <string.h>

#include "core/config.h"
#include "tests/fuzz/world.h"

enum { ASKED_MAX = 64, BYTES_MAX = 1900, BURST = 18, SOON_MS = 500 };

static struct {
    struct question {
        uint64_t hash;
        uint8_t owed; /* the net may double it */
        bool filtered;
        bool empty;
        uint64_t at_ms;
    } asked[ASKED_MAX];
    unsigned count;
    uint64_t bytes_in;
    uint64_t bytes_out;
} state;

void fuzz_udp_begin(void)
{
    memset(&state, 0, sizeof state);
}

static uint64_t hash_of(const struct port_address *peer, const struct port_address *us,
                        const uint8_t *bytes, size_t n)
{
    uint64_t hash = sim_mix(n, peer->port, 5);
    for (size_t i = 0; i < 16; i++) {
        hash = hash * 31 + peer->ip[i] + (uint64_t)us->ip[i] * 257;
    }
    for (size_t i = 0; i < n; i++) {
        hash = hash * UINT64_C(1099511628211) + bytes[i];
    }
    return hash;
}

void fuzz_udp_send(unsigned source, unsigned which)
{
    static const uint16_t ports[] = {40000, 40001, 2000, 7007, 0, 19, 1900, 50000};
    static const uint16_t sizes[] = {0, 1, 20, 1000, CFG_DATAGRAM_BYTES, CFG_DATAGRAM_BYTES + 1,
                                     BYTES_MAX, 512};
    struct port_address from;
    struct port_address to;
    uint8_t bytes[BYTES_MAX];
    size_t n = sizes[which % 8] < BYTES_MAX ? sizes[which % 8] : BYTES_MAX;
    bool many = which >= 8;
    bool multicast = source >= 192;
    memset(&from, 0, sizeof from);
    memset(from.ip + 10, 0xff, 2);
    from.ip[12] = multicast ? 224 : 10;
    from.ip[15] = (uint8_t)(2 + source / 8 % 4);
    from.port = ports[source % 8];
    to = fuzz_server(true, 7007);
    for (size_t i = 0; i < n; i++) {
        bytes[i] = (uint8_t)(state.count * 3 + i);
    }
    struct question *question = &state.asked[state.count % ASKED_MAX];
    question->hash = hash_of(&from, &to, bytes, n);
    question->owed = 2;
    question->empty = n == 0;
    question->at_ms = sim_now();
    question->filtered = many || multicast || from.port == 7007 || from.port < 1024 ||
                         from.port == 1900 || n > CFG_DATAGRAM_BYTES;
    state.count++;
    state.bytes_in += 2 * n;
    sim_datagram_send(&from, &to, bytes, n, source % 3 * 5, many);
}

void fuzz_udp_reply(const struct port_address *from, const struct port_address *to,
                    const uint8_t *bytes, size_t n)
{
    uint64_t hash = hash_of(to, from, bytes, n);
    state.bytes_out += n;
    if (state.bytes_out > state.bytes_in) {
        sim_fail("U5", SIM_NOBODY, "more bytes went out than came in");
    }
    bool filtered = false;
    for (unsigned i = 0; i < state.count && i < ASKED_MAX; i++) {
        struct question *question = &state.asked[i];
        if (question->hash == hash && question->owed > 0) {
            filtered = question->filtered; /* and another may be the same, and may be answered */
            if (!filtered) {
                question->owed--;
                return;
            }
        }
    }
    if (filtered) {
        sim_fail("U2", SIM_NOBODY, "an answer to whom nobody may answer");
    }
    if (state.count <= ASKED_MAX) {
        sim_fail("U1", SIM_NOBODY, "an answer to nothing that was asked");
    }
}

void fuzz_udp_finish(void)
{
    if (sim_fault_count() > 0 || state.count > BURST) {
        return;
    }
    for (unsigned i = 0; i < state.count; i++) {
        const struct question *question = &state.asked[i];
        if (!question->filtered && !question->empty && question->owed == 2 &&
            sim_now() - question->at_ms >= SOON_MS) {
            sim_fail("U1", SIM_NOBODY, "a peer that may ask was not answered");
        }
    }
}
