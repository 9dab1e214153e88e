/* SPDX-License-Identifier: MIT */
/* The file that keeps what everybody in a room could read, H8: each line of it whole, once and in
 * the order in which members heard it, or counted where it is missing. */
#include <string.h>

#include "apps/chat/chat_record.h"
#include "port/port_tool.h"
#include "tests/sim/chat.h"

enum { TIME_BYTES = 20 };

static struct {
    bool open;
    unsigned refused; /* writes that failed since one did not, or since a count of them was kept */
    struct talk talk; /* what it heard, as a member of the room that says nothing */
} state;

static const struct client reader = {.id = UINT16_MAX};

PORT_NORETURN static void fail(const char *text)
{
    sim_fail("H8", SIM_NOBODY, text);
}

void record_open(void)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x7265, 1);
    bool room = world.scenario.app == WORLD_CHAT || world.scenario.app == WORLD_MIXED;
    port_handle record = PORT_NONE;
    memset(&state, 0, sizeof state);
    if (room && hash % 2 == 0 && port_record_open("record", &record) == PORT_OK) {
        chat_record_set(record);
        state.open = true;
    }
}

uint32_t record_room(void)
{
    uint64_t hash = sim_mix(world.scenario.seed, 0x7265, 1);
    return (hash >> 8) % 4 == 0 ? 4000 : 1000000;
}

void record_close(void)
{
    chat_record_set(PORT_NONE);
}

/* "2026-11-20T14:55:03Z ", or "- ": returns how long it is. */
static size_t time_bytes(const char *line, size_t n)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ ";
    if (n >= 2 && line[0] == '-' && line[1] == ' ') {
        return 2;
    }
    for (size_t i = 0; i <= TIME_BYTES; i++) {
        bool digit = i < n && line[i] >= '0' && line[i] <= '9';
        if (i >= n || (form[i] == 'd' ? !digit : line[i] != form[i])) {
            fail("a line of the record without its time");
        }
    }
    return TIME_BYTES + 1;
}

/* "*** 3 lines are missing here": each refused write stands for one. False: it is another line. */
static bool take_gap(const char *text, size_t n)
{
    static const char *const ends[] = {" line is missing here\n", " lines are missing here\n"};
    uint64_t missing = 0;
    size_t digits = 0;
    const char *end = ends[state.refused == 1 ? 0 : 1];
    if (n < 5 || memcmp(text, "*** ", 4) != 0) {
        return false;
    }
    while (4 + digits < n && text[4 + digits] >= '0' && text[4 + digits] <= '9') {
        missing = missing * 10 + (uint64_t)(text[4 + digits] - '0');
        digits++;
    }
    if (digits == 0 || n - 4 - digits != strlen(end) ||
        memcmp(text + 4 + digits, end, n - 4 - digits) != 0) {
        return false;
    }
    if (missing != state.refused) {
        fail("the record does not say how many lines are missing");
    }
    state.talk.missed += missing;
    state.talk.twin = 0;
    state.refused = 0;
    return true;
}

void record_wrote(const uint8_t *bytes, size_t n, int result)
{
    const char *line = (const char *)bytes;
    if (bytes[n - 1] != '\n' || memchr(bytes, '\n', n) != bytes + n - 1) {
        fail("not a whole line is added to the record");
    }
    if (result != PORT_OK) {
        state.refused++;
        return;
    }
    size_t time = time_bytes(line, n);
    if (n - time >= 9 && memcmp(line + time, "[private]", 9) == 0) {
        fail("the record keeps what only one could read");
    }
    if (take_gap(line + time, n - time)) {
        return;
    }
    if (state.refused > 0) {
        fail("the record goes on, and does not say that lines are missing");
    }
    struct client self = reader;
    chat_check(&self, &state.talk, bytes + time, n - time);
}

void record_finish(void)
{
    if (state.open && world.scenario.app == WORLD_CHAT) {
        chat_check_record(&state.talk);
    }
}
