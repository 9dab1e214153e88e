/* SPDX-License-Identifier: MIT */
/* The room's log. */
#include "apps/chat/chat_log.h"

#include <string.h>

/* What lies in the ring before the address (if any), the name and the text. */
struct header {
    uint16_t bytes; /* of it all, a multiple of 4 */
    uint8_t kind;
    uint8_t name_bytes;
    uint16_t text_bytes;
    uint16_t from;
    uint16_t to;
    uint16_t has_address;
};

/* A pad may be as short as 4 bytes and has only the first two fields. */
enum { PAD_BYTES = 4, ADDRESS_BYTES = sizeof(struct port_address) };
STATIC_ASSERT(offsetof(struct header, name_bytes) < PAD_BYTES);

void chat_log_begin(struct chat_log *log, uint32_t history_max)
{
    log->head = 0;
    log->tail = 0;
    log->history = 0;
    log->history_lines = 0;
    log->history_max = history_max;
}

bool chat_log_before(uint32_t a, uint32_t b)
{
    return a - b > UINT32_MAX / 2;
}

static size_t entry_bytes(const struct chat_entry *entry)
{
    CHECK(entry->name_bytes <= CFG_CHAT_NAME_BYTES);
    CHECK(entry->text_bytes <= CFG_CHAT_LINE_BYTES);
    size_t bytes = sizeof(struct header) + entry->name_bytes + entry->text_bytes;
    bytes += entry->address != NULL ? ADDRESS_BYTES : 0;
    return (bytes + 3) / 4 * 4;
}

/* The end of the ring that an entry of so many bytes cannot use. */
static size_t pad_bytes(const struct chat_log *log, size_t bytes)
{
    size_t left = CFG_CHAT_LOG_BYTES - log->head % CFG_CHAT_LOG_BYTES;
    return left < bytes ? left : 0;
}

/* One field of what lies at a position; `to` not of a pad. */
static uint16_t field_at(const struct chat_log *log, uint32_t at, size_t offset)
{
    uint16_t field;
    memcpy(&field, log->bytes + at % CFG_CHAT_LOG_BYTES + offset, sizeof field);
    return field;
}

static uint16_t bytes_at(const struct chat_log *log, uint32_t at)
{
    uint16_t bytes = field_at(log, at, offsetof(struct header, bytes));
    CHECK(bytes >= PAD_BYTES);
    return bytes;
}

static enum chat_kind kind_at(const struct chat_log *log, uint32_t at)
{
    return (enum chat_kind)log->bytes[at % CFG_CHAT_LOG_BYTES + offsetof(struct header, kind)];
}

bool chat_log_read(const struct chat_log *log, uint32_t *at, struct chat_entry *entry)
{
    CHECK(log->head - *at <= log->head - log->tail);
    if (*at == log->head) {
        return false;
    }
    if (kind_at(log, *at) == CHAT_PAD) {
        *at += bytes_at(log, *at);
        CHECK(*at != log->head); /* a pad is only made before an entry */
    }
    struct header header;
    const uint8_t *bytes = log->bytes + *at % CFG_CHAT_LOG_BYTES;
    memcpy(&header, bytes, sizeof header);
    CHECK(header.bytes <= CFG_CHAT_LOG_BYTES - *at % CFG_CHAT_LOG_BYTES);
    bytes += sizeof header;
    entry->kind = (enum chat_kind)header.kind;
    entry->from = header.from;
    entry->to = header.to;
    entry->address = NULL;
    if (header.has_address != 0) {
        entry->address = bytes;
        bytes += ADDRESS_BYTES;
    }
    entry->name = (const char *)bytes;
    entry->name_bytes = header.name_bytes;
    entry->text = entry->name + header.name_bytes;
    entry->text_bytes = header.text_bytes;
    *at += header.bytes;
    return true;
}

uint32_t chat_log_tail_after(const struct chat_log *log, const struct chat_entry *entry)
{
    size_t bytes = entry_bytes(entry);
    uint32_t head = log->head + (uint32_t)(bytes + pad_bytes(log, bytes));
    uint32_t tail = log->tail;
    while (head - tail > CFG_CHAT_LOG_BYTES) {
        tail += bytes_at(log, tail);
    }
    return tail;
}

static bool is_history(enum chat_kind kind, uint16_t to)
{
    return (kind == CHAT_SAY || kind == CHAT_ME) && to == CHAT_EVERYBODY;
}

bool chat_log_is_history(const struct chat_entry *entry)
{
    return is_history(entry->kind, entry->to);
}

static void skip_history(struct chat_log *log)
{
    uint32_t at = log->history;
    enum chat_kind kind = kind_at(log, at);
    log->history += bytes_at(log, at);
    if (kind != CHAT_PAD && is_history(kind, field_at(log, at, offsetof(struct header, to)))) {
        log->history_lines--;
    }
}

void chat_log_add(struct chat_log *log, const struct chat_entry *entry)
{
    size_t bytes = entry_bytes(entry);
    size_t pad = pad_bytes(log, bytes);
    uint32_t tail = chat_log_tail_after(log, entry);
    while (chat_log_before(log->history, tail)) {
        skip_history(log);
    }
    log->tail = tail;
    struct header header = {.bytes = (uint16_t)pad, .kind = CHAT_PAD};
    memcpy(log->bytes + log->head % CFG_CHAT_LOG_BYTES, &header, PAD_BYTES);
    log->head += (uint32_t)pad; /* if there is none, the entry lies over it */
    header.bytes = (uint16_t)bytes;
    header.kind = (uint8_t)entry->kind;
    header.name_bytes = (uint8_t)entry->name_bytes;
    header.text_bytes = (uint16_t)entry->text_bytes;
    header.from = entry->from;
    header.to = entry->to;
    header.has_address = entry->address != NULL;
    uint8_t *to = log->bytes + log->head % CFG_CHAT_LOG_BYTES;
    memcpy(to, &header, sizeof header);
    to += sizeof header;
    if (entry->address != NULL) {
        memcpy(to, entry->address, ADDRESS_BYTES);
        to += ADDRESS_BYTES;
    }
    memcpy(to, entry->name, entry->name_bytes);
    memcpy(to + entry->name_bytes, entry->text, entry->text_bytes);
    log->head += (uint32_t)bytes;
    log->history_lines += chat_log_is_history(entry) ? 1 : 0;
    while (log->history_lines > log->history_max) {
        skip_history(log);
    }
}
