/* SPDX-License-Identifier: MIT */
/* The bytes of a probe. */
#include "apps/ping/ping_payload.h"

/* Four bytes at a time: `index` counts them. */
static uint32_t word_of(uint32_t mark, uint32_t number, size_t index)
{
    if (index == 0) {
        return number;
    }
    if (index == 1) {
        return mark;
    }
    uint32_t word = mark + number * UINT32_C(0x9e3779b1) + (uint32_t)index * UINT32_C(0x85ebca77);
    word ^= word >> 15;
    word *= UINT32_C(0x2c1b3c6d);
    return word ^ word >> 13;
}

static uint8_t byte_of(uint32_t mark, uint32_t number, size_t offset)
{
    return (uint8_t)(word_of(mark, number, offset / 4) >> (8 * (offset % 4)) & 0xff);
}

void ping_payload_fill(uint32_t mark, uint32_t number, size_t offset, uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bytes[i] = byte_of(mark, number, offset + i);
    }
}

size_t ping_payload_compare(uint32_t mark, uint32_t number, size_t offset, const uint8_t *bytes,
                            size_t n, uint8_t *wanted)
{
    for (size_t i = 0; i < n; i++) {
        *wanted = byte_of(mark, number, offset + i);
        if (bytes[i] != *wanted) {
            return i;
        }
    }
    return n;
}

bool ping_payload_number(uint32_t mark, const uint8_t *bytes, size_t n, uint32_t *number)
{
    uint8_t wanted = 0;
    if (n < PING_HEADER_BYTES || ping_payload_compare(mark, 0, 4, bytes + 4, 4, &wanted) < 4) {
        return false;
    }
    *number = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
              (uint32_t)bytes[3] << 24;
    return true;
}
