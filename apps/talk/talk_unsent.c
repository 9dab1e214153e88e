/* SPDX-License-Identifier: MIT */
/* What was typed or piped in and the server has not taken yet. */
#include "apps/talk/talk_unsent.h"

#include <string.h>

static bool is_goodbye(const uint8_t *line, size_t n)
{
    static const char *const words[] = {"/quit", "bye", "\xe5\x86\x8d\xe8\xa7\x81"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strlen(words[i]) == n && memcmp(words[i], line, n) == 0) {
            return true;
        }
    }
    return false;
}

/* Notes a byte of what is coming in; only the last line counts. */
static void heed(struct talk_unsent *unsent, uint8_t byte)
{
    if (byte == '\n') {
        unsent->goodbye = is_goodbye(unsent->last, unsent->last_n);
        unsent->last_n = 0;
    } else if (byte != '\r' && unsent->last_n < sizeof unsent->last) {
        unsent->last[unsent->last_n] = byte;
        unsent->last_n++;
    }
}

/* The first part of this line is lost, and so is what comes of it now. Returns its bytes. */
static size_t skip_lost(struct talk_unsent *unsent, const uint8_t *bytes, size_t n)
{
    if (!unsent->lost) {
        return 0;
    }
    const uint8_t *end = memchr(bytes, '\n', n);
    unsent->lost = end == NULL;
    unsent->last_n = 0;
    return end != NULL ? (size_t)(end - bytes) + 1 : n;
}

size_t talk_unsent_put(struct talk_unsent *unsent, const uint8_t *bytes, size_t n)
{
    size_t skipped = skip_lost(unsent, bytes, n);
    bytes += skipped;
    n -= skipped;
    size_t room = sizeof unsent->bytes - unsent->n;
    size_t taken = n < room ? n : room;
    memcpy(unsent->bytes + unsent->n, bytes, taken);
    unsent->n = (uint16_t)(unsent->n + taken);
    for (size_t i = 0; i < taken; i++) {
        heed(unsent, bytes[i]);
    }
    return skipped + taken;
}

bool talk_unsent_line(struct talk_unsent *unsent, const uint8_t *line, size_t n)
{
    if (n + 1 > sizeof unsent->bytes - unsent->n) {
        return false;
    }
    (void)talk_unsent_put(unsent, line, n);
    (void)talk_unsent_put(unsent, (const uint8_t *)"\n", 1);
    return true;
}

bool talk_unsent_any(const struct talk_unsent *unsent)
{
    return unsent->n > 0;
}

struct talk_message talk_unsent_message(const struct talk_unsent *unsent, bool ended)
{
    const uint8_t *end = memchr(unsent->bytes, '\n', unsent->n);
    struct talk_message message = {unsent->bytes, 0, 0, true};
    if (end != NULL) {
        message.n = (size_t)(end - unsent->bytes);
        message.end_bytes = 1;
    } else if (ended || unsent->n == sizeof unsent->bytes) {
        message.n = unsent->n;
        message.whole = ended;
    }
    return message;
}

void talk_unsent_drop(struct talk_unsent *unsent, size_t n)
{
    CHECK(n <= unsent->n);
    if (n > 0) {
        unsent->begun = unsent->bytes[n - 1] != '\n';
        unsent->n = (uint16_t)(unsent->n - n);
        memmove(unsent->bytes, unsent->bytes + n, unsent->n);
    }
}

void talk_unsent_broken(struct talk_unsent *unsent)
{
    const uint8_t *end = memchr(unsent->bytes, '\n', unsent->n);
    if (unsent->begun && end != NULL) {
        talk_unsent_drop(unsent, (size_t)(end - unsent->bytes) + 1);
    } else if (unsent->begun) {
        talk_unsent_drop(unsent, unsent->n);
        unsent->lost = true;
    }
    unsent->begun = false;
}
