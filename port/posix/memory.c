/* SPDX-License-Identifier: MIT */
/* The C library's functions that copy and search, for programs in which its own, made for speed,
 * would be a fiftieth of all: PORT_POSIX_MEMORY. Built so that no compiler takes these loops for
 * what they stand for; see boards/musl.mk. */
#include "port/compiler.h"
#include "port/posix/posix_config.h"

#if PORT_POSIX_MEMORY

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Four bytes wherever they lie, of whatever they are. */
struct any_word {
    uint32_t value;
} __attribute__((packed, may_alias));

enum { WORD_BYTES = sizeof(struct any_word) };

/* A number, not a structure: those are copied by memcpy(). */
static void word_copy(void *to, const void *from)
{
    ((struct any_word *)to)->value = ((const struct any_word *)from)->value;
}

void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *target = to;
    const unsigned char *source = from;

    if ((uintptr_t)to - (uintptr_t)from < n) { /* the front of `to` is the end of `from` */
        for (; n >= WORD_BYTES; n -= WORD_BYTES) {
            word_copy(target + n - WORD_BYTES, source + n - WORD_BYTES);
        }
        for (; n > 0; n--) {
            target[n - 1] = source[n - 1];
        }
        return to;
    }
    for (; n >= WORD_BYTES; n -= WORD_BYTES) {
        word_copy(target, source);
        target += WORD_BYTES;
        source += WORD_BYTES;
    }
    for (; n > 0; n--) {
        *target++ = *source++;
    }
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    return memmove(to, from, n);
}

void *memset(void *to, int byte, size_t n)
{
    unsigned char *target = to;
    const uint32_t word = (unsigned char)byte * 0x01010101u;

    for (; n >= WORD_BYTES; n -= WORD_BYTES) {
        ((struct any_word *)(void *)target)->value = word;
        target += WORD_BYTES;
    }
    for (; n > 0; n--) {
        *target++ = (unsigned char)byte;
    }
    return to;
}

void *memchr(const void *bytes, int byte, size_t n)
{
    const unsigned char *at = bytes;

    for (; n > 0; n--) {
        if (*at == (unsigned char)byte) {
            return (void *)(uintptr_t)at;
        }
        at++;
    }
    return NULL;
}

size_t strlen(const char *string)
{
    size_t n = 0;

    while (string[n] != '\0') {
        n++;
    }
    return n;
}

char *strchr(const char *string, int byte)
{
    while (*string != (char)byte) {
        if (*string == '\0') {
            return NULL;
        }
        string++;
    }
    return (char *)(uintptr_t)string;
}

#else
STATIC_ASSERT(PORT_POSIX_MEMORY == 0); /* C99 has no empty files */
#endif
