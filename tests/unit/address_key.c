/* SPDX-License-Identifier: MIT */
/* The key of a peer is HalfSipHash-2-4 of its network under a secret that port_random gives: here
 * a second time, from its definition. uses port/sim */
#include <string.h>

#include "core/address.h"
#include "port/sim/sim.h"
#include "tests/check.h"

static uint32_t turned(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

static void rounds(uint32_t v[4], unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        v[0] += v[1];
        v[1] = turned(v[1], 5) ^ v[0];
        v[0] = turned(v[0], 16);
        v[2] += v[3];
        v[3] = turned(v[3], 8) ^ v[2];
        v[0] += v[3];
        v[3] = turned(v[3], 7) ^ v[0];
        v[2] += v[1];
        v[1] = turned(v[1], 13) ^ v[2];
        v[2] = turned(v[2], 16);
    }
}

static uint32_t half_siphash(const uint32_t key[2], const uint32_t *words, size_t n)
{
    uint32_t v[4] = {key[0], key[1], key[0] ^ 0x6c796765u, key[1] ^ 0x74656462u};
    for (size_t i = 0; i <= n; i++) {
        uint32_t word = i < n ? words[i] : (uint32_t)(n * 4) << 24;
        v[3] ^= word;
        rounds(v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    rounds(v, 4);
    return v[1] ^ v[3];
}

int main(void)
{
    static const struct sim_hooks hooks = {0};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct sim_plan plan = sim_plan_quiet(seed);
        uint32_t key[2];
        sim_begin(&plan, &hooks);
        EXPECT(port_start() == PORT_OK);
        port_random(key, sizeof key);
        port_end();
        sim_begin(&plan, &hooks);
        EXPECT(port_start() == PORT_OK);
        address_start();
        struct port_address peer = {{0x20, 1, 0xd, 0xb8, (uint8_t)seed, 2, 3, 4, 9, 9}, 0, 80};
        uint32_t words[5] = {0};
        for (unsigned i = 0; i < 8; i++) { /* the lowest byte first, on every processor */
            words[i / 4] |= (uint32_t)peer.ip[i] << (8 * (i % 4));
        }
        EXPECT(address_peer_key(&peer) == half_siphash(key, words, 5)); /* a /64 is one peer */
        port_end();
    }
    return check_report("address_key");
}
