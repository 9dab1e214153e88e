/* SPDX-License-Identifier: MIT */
/* The chunked coding, byte by byte. Lines end in CR LF and in nothing else: where a chunk ends is
 * not to be guessed. */
#include "apps/get/get_chunk.h"

#include <string.h>

enum chunk_state {
    SIZE,         /* hexadecimal digits */
    EXTENSION,    /* skipped up to the line's end */
    SIZE_LF,      /* the LF of the line of the size */
    DATA_CR,      /* the line end behind the data */
    DATA_LF,
    TRAILER,      /* at the beginning of a line of the trailer */
    TRAILER_LINE,
    TRAILER_LF,   /* the LF of such a line */
    LAST_LF       /* the LF of the empty line */
};

enum { DIGITS_MAX = 16 };

void get_chunk_begin(struct get_chunk *chunk)
{
    memset(chunk, 0, sizeof *chunk);
    chunk->state = SIZE;
}

static enum get_chunk_event move(struct get_chunk *chunk, enum chunk_state to)
{
    chunk->state = (uint8_t)to;
    return GET_CHUNK_MORE;
}

static enum get_chunk_event expect(struct get_chunk *chunk, bool right, enum chunk_state to)
{
    return right ? move(chunk, to) : GET_CHUNK_FAULT;
}

static int digit_of(uint8_t byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') {
        return (byte | 0x20) - 'a' + 10;
    }
    return -1;
}

static enum get_chunk_event size_feed(struct get_chunk *chunk, uint8_t byte)
{
    int digit = digit_of(byte);
    if (digit >= 0) {
        if (chunk->digits == DIGITS_MAX || chunk->left > (uint64_t)INT64_MAX >> 4) {
            return GET_CHUNK_FAULT; /* more than any file has */
        }
        chunk->digits++;
        chunk->left = chunk->left << 4 | (unsigned)digit;
        return GET_CHUNK_MORE;
    }
    if (chunk->digits == 0) {
        return GET_CHUNK_FAULT;
    }
    if (byte == '\r') {
        return move(chunk, SIZE_LF);
    }
    return expect(chunk, byte == ';' || byte == ' ' || byte == '\t', EXTENSION);
}

static enum get_chunk_event data_begin(struct get_chunk *chunk)
{
    chunk->digits = 0;
    if (chunk->left == 0) {
        return move(chunk, TRAILER);
    }
    chunk->state = DATA_CR;
    chunk->aside = 0;
    return GET_CHUNK_DATA;
}

/* Bytes that neither an extension nor a trailer has. */
static bool is_odd(uint8_t byte)
{
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

enum get_chunk_event get_chunk_feed(struct get_chunk *chunk, uint8_t byte)
{
    CHECK(chunk->state != DATA_CR || chunk->left == 0);
    chunk->aside++;
    if (chunk->aside > CFG_GET_CHUNK_LINE_BYTES) {
        return GET_CHUNK_FAULT;
    }
    switch ((enum chunk_state)chunk->state) {
    case SIZE:
        return size_feed(chunk, byte);
    case EXTENSION:
        return byte == '\r' ? move(chunk, SIZE_LF) : expect(chunk, !is_odd(byte), EXTENSION);
    case SIZE_LF:
        return byte == '\n' ? data_begin(chunk) : GET_CHUNK_FAULT;
    case DATA_CR:
        return expect(chunk, byte == '\r', DATA_LF);
    case DATA_LF:
        return expect(chunk, byte == '\n', SIZE);
    case TRAILER:
        return byte == '\r' ? move(chunk, LAST_LF) : expect(chunk, !is_odd(byte), TRAILER_LINE);
    case TRAILER_LINE:
        return byte == '\r' ? move(chunk, TRAILER_LF)
                            : expect(chunk, !is_odd(byte), TRAILER_LINE);
    case TRAILER_LF:
        return expect(chunk, byte == '\n', TRAILER);
    case LAST_LF:
        return byte == '\n' ? GET_CHUNK_END : GET_CHUNK_FAULT;
    }
    return GET_CHUNK_FAULT;
}

void get_chunk_skip(struct get_chunk *chunk, uint64_t n)
{
    CHECK(chunk->state == DATA_CR);
    CHECK(n <= chunk->left);
    chunk->left -= n;
}
