/* SPDX-License-Identifier: MIT */
/*
 * Numbers that nobody can foresee, from whatever noise the board has: a key that every piece of
 * noise is hashed into, and a counter that is hashed with the key. After each request the key moves
 * on, so that who reads the memory later does not learn what was drawn before. It is as good as
 * the board's noise: a product should give it a hardware generator's.
 */
#include <string.h>

#include "lwip/ip_addr.h"

#include "port/lwip/board.h"
#include "port/lwip/guard.h"
#include "port/lwip/stack.h"

enum { START_ROUNDS = 64 };

static struct {
    uint32_t key[2];
    uint32_t sequence_key[2]; /* of first sequence numbers; stays, or they would step back */
    uint32_t counter;
} state;

size_t stack_random_static_bytes(void)
{
    return sizeof state;
}

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return (value << bits) | (value >> (32u - bits));
}

static void hash_rounds(uint32_t v[4], unsigned rounds)
{
    for (; rounds > 0; rounds--) {
        v[0] += v[1];
        v[1] = rotate(v[1], 5) ^ v[0];
        v[0] = rotate(v[0], 16);
        v[2] += v[3];
        v[3] = rotate(v[3], 8) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 7) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 13) ^ v[2];
        v[2] = rotate(v[2], 16);
    }
}

uint32_t stack_hash(const uint32_t key[2], const uint32_t *words, size_t n)
{
    uint32_t v[4] = {key[0], key[1], 0x6c796765u ^ key[0], 0x74656462u ^ key[1]};
    for (size_t i = 0; i < n; i++) {
        v[3] ^= words[i];
        hash_rounds(v, 2);
        v[0] ^= words[i];
    }
    v[3] ^= (uint32_t)n << 26; /* the length in bytes, modulo 256, is the last byte */
    hash_rounds(v, 2);
    v[0] ^= (uint32_t)n << 26;
    v[2] ^= 0xffu;
    hash_rounds(v, 4);
    return v[1] ^ v[3];
}

void lwip_port_stir(uint32_t noise)
{
    uint32_t words[2] = {noise, state.key[0]};
    state.key[0] = stack_hash(state.key, words, COUNT_OF(words));
    words[1] = state.key[1];
    state.key[1] = stack_hash(state.key, words, COUNT_OF(words));
}

void stack_random_start(void)
{
    for (unsigned i = 0; i < START_ROUNDS; i++) {
        lwip_port_stir(board_noise());
    }
    port_random(state.sequence_key, sizeof state.sequence_key);
}

void port_random(void *bytes, size_t n)
{
    uint8_t *to = bytes;
    lwip_port_stir(board_noise());
    while (n > 0) {
        state.counter++;
        uint32_t word = stack_hash(state.key, &state.counter, 1);
        size_t count = n < sizeof word ? n : sizeof word;
        memcpy(to, &word, count);
        to += count;
        n -= count;
    }
    state.counter++;
    lwip_port_stir(state.counter);
}

u32_t lwip_port_first_sequence(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
                               u16_t remote_port)
{
    struct port_address from;
    struct port_address to;
    uint32_t words[9];
    stack_address_from(local, local_port, &from);
    stack_address_from(remote, remote_port, &to);
    memcpy(words, from.ip, sizeof from.ip);
    memcpy(words + 4, to.ip, sizeof to.ip);
    words[8] = (uint32_t)local_port << 16 | remote_port;
    /* RFC 6528: a clock of 4 microseconds, and an offset for each pair of ends. */
    return (uint32_t)(board_now_ms() * 250u) + stack_hash(state.sequence_key, words, 9);
}

/* For lwIP, which draws port numbers and identifiers. */
unsigned lwip_port_rand(void)
{
    unsigned word;
    port_random(&word, sizeof word);
    return word;
}
