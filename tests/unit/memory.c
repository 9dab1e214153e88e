/* SPDX-License-Identifier: MIT */
/* port/posix/memory.c, under names of its own, at all alignments and lengths: the bytes that were
 * meant, and none beside them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "port/posix/posix_config.h"

#undef PORT_POSIX_MEMORY
#define PORT_POSIX_MEMORY 1
#undef memmove
#undef memcpy
#undef memset
#undef memchr
#undef strlen
#undef strchr
#define memmove own_memmove
#define memcpy own_memcpy
#define memset own_memset
#define memchr own_memchr
#define strlen own_strlen
#define strchr own_strchr

void *own_memmove(void *to, const void *from, size_t n);
void *own_memcpy(void *restrict to, const void *restrict from, size_t n);
void *own_memset(void *to, int byte, size_t n);
void *own_memchr(const void *bytes, int byte, size_t n);
size_t own_strlen(const char *string);
char *own_strchr(const char *string, int byte);

#include "port/posix/memory.c"
#include "tests/check.h"

enum { BYTES = 64, MOST = 21 };

static unsigned char bytes[BYTES];
static unsigned char expected[BYTES];

static void fill(void)
{
    for (unsigned i = 0; i < BYTES; i++) {
        bytes[i] = (unsigned char)(i + 100);
        expected[i] = bytes[i];
    }
}

static bool as_expected(void)
{
    return memcmp(bytes, expected, BYTES) == 0;
}

/* To before, onto and behind itself, overlapping and not. */
static void test_moves(void)
{
    for (unsigned from = 0; from + MOST <= BYTES; from++) {
        for (unsigned to = 0; to + MOST <= BYTES; to++) {
            for (unsigned n = 0; n <= MOST; n++) {
                fill();
                for (unsigned i = 0; i < n; i++) {
                    expected[to + i] = (unsigned char)(from + i + 100);
                }
                EXPECT(memmove(bytes + to, bytes + from, n) == bytes + to && as_expected());
                if (from + n > to && to + n > from) {
                    continue;
                }
                fill();
                for (unsigned i = 0; i < n; i++) {
                    expected[to + i] = (unsigned char)(from + i + 100);
                }
                EXPECT(memcpy(bytes + to, bytes + from, n) == bytes + to && as_expected());
            }
        }
    }
}

static void test_sets(void)
{
    for (unsigned to = 0; to < 9; to++) {
        for (unsigned n = 0; n <= MOST; n++) {
            fill();
            for (unsigned i = 0; i < n; i++) {
                expected[to + i] = 0xe5;
            }
            EXPECT(memset(bytes + to, 0x7e5, n) == bytes + to && as_expected());
        }
    }
}

static void test_searches(void)
{
    static const char text[] = "a\xff" "bc";

    EXPECT(strlen("") == 0 && strlen(text) == 4);
    EXPECT(strchr(text, 'c') == text + 3 && strchr(text, 'd') == NULL);
    EXPECT(strchr(text, 0xff) == text + 1 && strchr(text, '\0') == text + 4);
    EXPECT(memchr(text, 'c', 4) == text + 3 && memchr(text, 'c', 3) == NULL);
    EXPECT(memchr(text, 0x1ff, 4) == text + 1 && memchr(text, 'a', 0) == NULL);
    EXPECT(memchr(text, '\0', 5) == text + 4);
}

int main(void)
{
    test_moves();
    test_sets();
    test_searches();
    return check_report("memory");
}
