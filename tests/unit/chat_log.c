/* SPDX-License-Identifier: MIT */
/* apps/chat/chat_log: against a plain list that forgets nothing. */
#include "apps/chat/chat_log.h"

#include <string.h>

#include "tests/check.h"

enum { ENTRIES = 40000, READERS = 5, HISTORY = 7, PAUSE = 8192 };

static struct chat_log log_tested;

static uint32_t mix(uint32_t a)
{
    a = (a ^ a >> 15) * UINT32_C(0x2C1B3C6D);
    a = (a ^ a >> 12) * UINT32_C(0x297A2D39);
    return a ^ a >> 15;
}

/* The nth entry ever written, made anew each time. */
static struct chat_entry entry_of(uint32_t n, char *name, char *text, struct port_address *address)
{
    uint32_t luck = mix(n);
    struct chat_entry entry = {.kind = (enum chat_kind)(luck % CHAT_PAD), .name = name,
                               .text = text, .from = (uint16_t)(luck >> 4 & 7)};
    entry.to = (luck >> 8 & 7) == 0 ? (uint16_t)(luck >> 12 & 7) : (uint16_t)CHAT_EVERYBODY;
    entry.name_bytes = luck >> 16 & 15;
    entry.text_bytes = (luck & 15) == 3 ? CFG_CHAT_LINE_BYTES : luck >> 20 & 63;
    memset(address, (int)(luck & 0xFF), sizeof *address);
    entry.address = (luck >> 26 & 1) != 0 ? address : NULL;
    memset(name, 'a' + (int)(luck >> 3 & 15), entry.name_bytes);
    memset(text, 'A' + (int)(luck >> 7 & 15), entry.text_bytes);
    return entry;
}

static bool entry_equal(const struct chat_entry *a, const struct chat_entry *b)
{
    return a->kind == b->kind && a->from == b->from && a->to == b->to &&
           (a->address != NULL) == (b->address != NULL) && a->name_bytes == b->name_bytes &&
           a->text_bytes == b->text_bytes && memcmp(a->name, b->name, a->name_bytes) == 0 &&
           memcmp(a->text, b->text, a->text_bytes) == 0 &&
           (a->address == NULL ||
            memcmp(a->address, b->address, sizeof(struct port_address)) == 0);
}

struct reader {
    uint32_t at;
    uint32_t next;  /* number of the entry it reads next */
};

static unsigned read_some(struct reader *reader, unsigned count)
{
    unsigned wrong = 0;
    char name[CFG_CHAT_NAME_BYTES];
    char text[CFG_CHAT_LINE_BYTES];
    struct port_address address;
    struct chat_entry got;
    for (unsigned i = 0; i < count && chat_log_read(&log_tested, &reader->at, &got); i++) {
        struct chat_entry want = entry_of(reader->next, name, text, &address);
        wrong += entry_equal(&got, &want) ? 0 : 1;
        reader->next++;
    }
    return wrong;
}

/* Readers at different paces; one that would be overtaken reads on just as far as it must. */
static void test_readers(uint32_t start)
{
    struct reader readers[READERS] = {{start, 0}, {start, 0}, {start, 0}, {start, 0}, {start, 0}};
    char name[CFG_CHAT_NAME_BYTES];
    char text[CFG_CHAT_LINE_BYTES];
    struct port_address address;
    unsigned wrong = 0;
    unsigned pushed = 0;
    chat_log_begin(&log_tested, HISTORY);
    log_tested.head = log_tested.tail = log_tested.history = start;
    for (uint32_t n = 0; n < ENTRIES; n++) {
        struct chat_entry entry = entry_of(n, name, text, &address);
        uint32_t tail = chat_log_tail_after(&log_tested, &entry);
        for (unsigned i = 0; i < READERS; i++) {
            while (chat_log_before(readers[i].at, tail)) {
                wrong += read_some(&readers[i], 1);
                pushed++;
            }
        }
        chat_log_add(&log_tested, &entry);
        wrong += log_tested.tail != tail ? 1 : 0;
        wrong += log_tested.head - log_tested.tail > CFG_CHAT_LOG_BYTES ? 1 : 0;
        for (unsigned i = 0; i < READERS; i++) {
            bool rests = i == READERS - 1 && (n & PAUSE) != 0; /* until it is pushed */
            bool reads = mix(n * READERS + i) % (i + 1) == 0 && !rests;
            wrong += reads ? read_some(&readers[i], i + 1) : 0;
        }
    }
    for (unsigned i = 0; i < READERS; i++) {
        wrong += read_some(&readers[i], ENTRIES);
        EXPECT(readers[i].next == ENTRIES && readers[i].at == log_tested.head);
    }
    EXPECT(wrong == 0);
    EXPECT(pushed > 0);
}

/* From the history on, there are exactly so many lines that everybody may see. */
static void test_history(uint32_t most)
{
    char name[CFG_CHAT_NAME_BYTES];
    char text[CFG_CHAT_LINE_BYTES];
    struct port_address address;
    unsigned wrong = 0;
    uint32_t lines = 0;
    chat_log_begin(&log_tested, most);
    for (uint32_t n = 0; n < 3000; n++) {
        struct chat_entry entry = entry_of(n, name, text, &address);
        chat_log_add(&log_tested, &entry);
        lines += chat_log_is_history(&entry) ? 1 : 0;
        uint32_t at = log_tested.history;
        uint32_t found = 0;
        while (chat_log_read(&log_tested, &at, &entry)) {
            found += chat_log_is_history(&entry) ? 1 : 0;
        }
        wrong += found != log_tested.history_lines || found > most ? 1 : 0;
        if (CFG_CHAT_LOG_BYTES >= 8192 && most == HISTORY) { /* there is room for so many */
            wrong += found < (lines < most ? lines : most) ? 1 : 0;
        }
    }
    EXPECT(wrong == 0);
    EXPECT(lines > 500);
}

/* It is full to the last byte, and nothing is gone. */
static void test_full(void)
{
    enum { BYTES = 64 };
    char text[BYTES] = "";
    struct chat_entry entry = {.kind = CHAT_SAY, .name = "", .text = text, .text_bytes = 1};
    chat_log_begin(&log_tested, 0);
    chat_log_add(&log_tested, &entry);
    size_t more = BYTES - log_tested.head; /* makes an entry's bytes a power of 2 */
    EXPECT(log_tested.head < BYTES);
    entry.text_bytes += more;
    chat_log_begin(&log_tested, 0);
    for (unsigned i = 0; i < CFG_CHAT_LOG_BYTES / BYTES; i++) {
        chat_log_add(&log_tested, &entry);
    }
    EXPECT(log_tested.head == CFG_CHAT_LOG_BYTES && log_tested.tail == 0);
    chat_log_add(&log_tested, &entry);
    EXPECT(log_tested.tail == BYTES);
}

static void test_before(void)
{
    EXPECT(chat_log_before(1, 2));
    EXPECT(!chat_log_before(2, 2));
    EXPECT(!chat_log_before(3, 2));
    EXPECT(chat_log_before(UINT32_MAX, 5));
    EXPECT(!chat_log_before(5, UINT32_MAX));
}

int main(void)
{
    test_before();
    test_readers(0);
    test_readers(UINT32_MAX - CFG_CHAT_LOG_BYTES * 3u + 1u); /* positions wrap */
    test_readers((1u << 31) - CFG_CHAT_LOG_BYTES);
    test_full();
    test_history(0);
    test_history(HISTORY);
    test_history(100000); /* as many as the log holds */
    return check_report("chat_log");
}
