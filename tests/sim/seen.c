/* SPDX-License-Identifier: MIT */
/* Counts situations. */
#include <string.h>

#include "core/config.h"
#include "core/loop.h"
#include "tests/sim/desk.h"
#include "tests/sim/files.h"
#include "tests/sim/seen.h"

#define SEEN_TEXT(name, text) text,
static const char *const names[SEEN_COUNT] = {SEEN_LIST(SEEN_TEXT)};
#undef SEEN_TEXT

enum { LATE_MS = 1000 };

/* Results of calls that are situations of themselves. */
static const struct {
    const char *call;
    int64_t result;
    enum seen which;
} results[] = {
    {"accept", PORT_FULL, SEEN_ACCEPT_FULL},
    {"accept", PORT_SKIP, SEEN_ACCEPT_SKIP},
    {"receive", PORT_FULL, SEEN_RECEIVE_FULL},
    {"receive", PORT_AGAIN, SEEN_RECEIVE_AGAIN},
    {"send", PORT_AGAIN, SEEN_SEND_AGAIN},
    {"send", PORT_RESET, SEEN_SEND_RESET},
    {"shut", PORT_RESET, SEEN_SHUT_RESET},
    {"File_send", PORT_SKIP, SEEN_SEND_FILE_NOT_HERE},
    {"File_send", PORT_EOF, SEEN_FILE_SHRANK},
    {"Read_file", PORT_EOF, SEEN_FILE_SHRANK},
    {"File_send", PORT_IO, SEEN_FILE_FAILED},
    {"Read_file", PORT_IO, SEEN_FILE_FAILED},
    {"Read_folder", PORT_EOF, SEEN_FOLDER_LISTED},
    {"Write_console", PORT_AGAIN, SEEN_CONSOLE_STALLED},
    {"Console_read", PORT_EOF, SEEN_CONSOLE_ENDED},
    {"Connected", PORT_TIMEDOUT, SEEN_DIAL_LATE},
    {"Connected", PORT_AGAIN, SEEN_DIAL_EARLY},
    {"Look_at_file", PORT_DENIED, SEEN_FILE_CLOSED},
    {"Look_at_file", PORT_NOENT, SEEN_FILE_REMOVED},
    {"Add_to_record", PORT_FULL, SEEN_CHAT_UNKEPT},
    {"Add_to_record", PORT_IO, SEEN_CHAT_UNKEPT},
    {"datagram_send", PORT_FULL, SEEN_UDP_UNSENT},
    {"datagram_send", PORT_SKIP, SEEN_UDP_UNSENT},
};

/* What lines and answers begin with. */
static const struct {
    const char *text;
    enum seen which;
} texts[] = {
    {"HTTP/1.1 206", SEEN_STATUS_206},
    {"HTTP/1.1 301", SEEN_STATUS_301},
    {"HTTP/1.1 400", SEEN_STATUS_400},
    {"HTTP/1.1 404", SEEN_STATUS_404},
    {"HTTP/1.1 408", SEEN_STATUS_408},
    {"HTTP/1.1 416", SEEN_STATUS_416},
    {"HTTP/1.1 503", SEEN_STATUS_503},
    {"[history]", SEEN_CHAT_HISTORY},
    {"[private]", SEEN_CHAT_PRIVATE},
    {"*** You missed", SEEN_CHAT_MISSED},
    {"*** Your line was longer", SEEN_CHAT_CUT_LINE},
    {"*** Somebody has that name", SEEN_CHAT_NAME_TAKEN},
    {"*** The operator removed you", SEEN_CHAT_REMOVED},
    {"*** The operator has muted", SEEN_CHAT_MUTED},
    {"<operator>", SEEN_CHAT_OPERATOR},
    {"<bot>", SEEN_CHAT_BOT},
    {"The answering service did not answer in time", SEEN_BOT_LATE},
    {"The answering service broke off", SEEN_BOT_BROKEN},
    {"The answer of the service was too long", SEEN_BOT_TOO_LONG},
    {"Too many questions at once", SEEN_BOT_BUSY},
    {"The answering service refuses", SEEN_BOT_REFUSED},
    {"bye", SEEN_DESK_BYE},
};

struct watched {
    unsigned receives;
    bool full;          /* its window is */
};

static struct {
    uint64_t counts[SEEN_COUNT];
    /* Of this run. */
    uint64_t accepts_ms;
    unsigned accepts;
    uint64_t reset_ms;
    uint64_t wait_ms;
    bool rests;
    struct watched clients[WORLD_CLIENTS];
    uint8_t hot[WORLD_CLIENTS]; /* among what was waited on last */
} state;

const char *seen_name(enum seen which)
{
    return names[which];
}

uint64_t seen_count(enum seen which)
{
    return state.counts[which];
}

static void see(enum seen which)
{
    state.counts[which]++;
}

static void see_if(bool happens, enum seen which)
{
    state.counts[which] += happens ? 1u : 0u;
}

void seen_begin(void)
{
    state.accepts_ms = UINT64_MAX;
    state.accepts = 0;
    state.reset_ms = UINT64_MAX;
    state.wait_ms = 0;
    state.rests = false;
    memset(state.clients, 0, sizeof state.clients);
    memset(state.hot, 0, sizeof state.hot);
}

void seen_trace(const char *call, int32_t connection, int64_t result)
{
    (void)connection;
    if (result >= 0) {
        see_if(result > 0 && call[0] == 'P', SEEN_PEEKED);
        see_if(result > 0 && call[0] == 'F', SEEN_SEND_FILE);
        see_if(call[0] == 'w' && strcmp(call, "wait.pause") == 0, SEEN_PAUSED);
        see_if(call[0] == 'l' && strcmp(call, "log.lost") == 0, SEEN_LOG_LOST);
        if (call[0] == 'R' && result != 0 && strcmp(call, "Requests") == 0) {
            see_if((result & PORT_REQUEST_REPORT) != 0, SEEN_REPORTED);
            see_if((result & PORT_REQUEST_STOP_NOW) != 0, SEEN_STOP_NOW);
        }
        see_if(call[0] == 'C' && result == 1 && strcmp(call, "Console_read") == 0,
               SEEN_CONSOLE_EDITED);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(results); i++) {
        if (results[i].result == result && results[i].call[0] == call[0] &&
            strcmp(results[i].call, call) == 0) {
            see(results[i].which);
        }
    }
}

/* ---- Connections --------------------------------------------------------------------------- */

void seen_accepted(unsigned id)
{
    struct client *client = world_client(id);
    see_if(sim_held_count() >= world.capacity, SEEN_TABLE_FULL);
    state.accepts = state.accepts_ms == sim_now() ? state.accepts + 1 : 1;
    state.accepts_ms = sim_now();
    see_if(state.accepts == 4, SEEN_ACCEPT_BURST);
    if (client != NULL) {
        memset(&state.clients[id], 0, sizeof state.clients[id]);
    see_if(client->dialled_ms + LATE_MS < sim_now(), SEEN_ACCEPT_LATE);
    }
}

void seen_received(unsigned id, const uint8_t *bytes, size_t n)
{
    struct client *client = world_client(id);
    (void)bytes;
    see_if(n == 1, SEEN_RECEIVE_ONE);
    see_if(n >= 1024, SEEN_RECEIVE_MUCH);
    if (client == NULL) {
        return;
    }
    state.clients[id].receives++;
    see_if(client->server_shut, SEEN_INPUT_LINGERING);
    if (client->app == WORLD_FILE && !client->server_shut) {
        const struct visit *visit = file_visit(client);
        unsigned answered = visit->answered;
        see_if(visit->http && state.clients[id].receives == 10, SEEN_HEAD_PIECES);
        see_if(visit->http && answered + 1 < visit->count && client->received > 0 &&
                   client->received >= visit->requests[answered].ends_at, SEEN_PIPELINED);
    }
}

void seen_ended(unsigned id)
{
    struct client *client = world_client(id);
    if (client == NULL || client->server_ended) {
        return;
    }
    see_if(client->received > client->replied && client->app == WORLD_ECHO, SEEN_END_IN_FLIGHT);
    see_if(client->received == 0, SEEN_END_AT_ONCE);
    see_if(client->server_shut, SEEN_END_AFTER_OURS);
}

void seen_broken(unsigned id)
{
    struct client *client = world_client(id);
    see_if(state.reset_ms == sim_now(), SEEN_RESETS_TOGETHER);
    state.reset_ms = sim_now();
    if (client == NULL) {
        return;
    }
    see_if(client->received == 0, SEEN_RESET_FIRST);
    see_if(client->app == WORLD_ECHO && client->received > client->replied, SEEN_RESET_OWED);
    see_if(client->received > 0 && client->received == client->replied, SEEN_RESET_IDLE);
    if (client->app == WORLD_DESK && desk_guest(client)->asked > desk_guest(client)->answers &&
        service_record(id, desk_guest(client)->answers).way >= 0) {
        see(SEEN_BOT_GONE);
    }
}

static void look_at_text(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        size_t length = strlen(texts[i].text);
        if (n >= length && bytes[0] == (uint8_t)texts[i].text[0] &&
            memcmp(bytes, texts[i].text, length) == 0) {
            see(texts[i].which);
        }
    }
}

static void look_at_raw(const struct client *client, const struct visit *visit)
{
    bool ended = visit->text[visit->text_bytes - 1] == '\n';
    see_if(state.clients[client->id].receives >= 3 && ended, SEEN_NAME_PIECES);
    see_if(!ended && client->server_ended, SEEN_NAME_HALF_CLOSE);
    see_if(!ended && !client->server_ended, SEEN_NAME_GAP);
}

static void look_at_guest(const struct client *client, size_t n)
{
    const struct guest *guest = desk_guest(client);
    bool full = sim_server_room(client->id) == 0;
    see_if(guest->bare && guest->buffer_bytes == 0 && !full && n > 3, SEEN_DESK_ONE_SEND);
    see_if(client->server_ended, SEEN_DESK_HALF);
    see_if(n >= 1020, SEEN_DESK_LONG);
}

void seen_sent(unsigned id, const uint8_t *bytes, size_t n)
{
    struct client *client = world_client(id);
    bool full;
    if (client == NULL) {
        return;
    }
    full = sim_server_room(id) == 0;
    see_if(full, SEEN_WINDOW_FULL);
    see_if(state.clients[id].full, SEEN_WINDOW_OPENS);
    state.clients[id].full = full;
    if (client->app == WORLD_FILE) {
        const struct visit *visit = file_visit(client);
        if (visit->http && visit->phase == VISIT_STATUS && visit->line_bytes == 0) {
            look_at_text(bytes, n);
            see_if(visit->answered > 0, SEEN_KEPT_ALIVE);
        } else if (!visit->http && client->replied == 0) {
            look_at_raw(client, visit);
        }
    } else if (client->app == WORLD_DESK) {
        look_at_guest(client, n);
        look_at_text(bytes, n);
    } else if (client->app == WORLD_CHAT) {
        for (size_t i = 0; i < n; i++) {
            if (i == 0 || bytes[i - 1] == '\n') {
                look_at_text(bytes + i, n - i);
            }
        }
    }
}

void seen_ending(unsigned id, enum sim_ending how)
{
    const struct client *client = world_client(id);
    if (client == NULL) {
        return;
    }
    if (how == SIM_ENDING_SHUT) {
        see_if(client->app == WORLD_CHAT && client->received > 0 && client->replied == 0,
               SEEN_CHAT_OTHER);
        return;
    }
    see_if(client->server_shut && !client->server_ended && !client->server_broken &&
               sim_now() - client->shut_ms >= CFG_LINGER_MS, SEEN_LINGER_WHOLE);
    see_if(!client->server_broken && !client->server_shut && client->received == 0 &&
               client->accepted_ms == sim_now(), SEEN_SHARE_MET);
    see_if(how == SIM_ENDING_CLOSE && !client->server_broken && !client->server_shut &&
               !client->server_ended && client->accepted_ms + CFG_SILENT_MS <= sim_now() &&
               !world_stopping(), SEEN_EVICTED);
    see_if(how == SIM_ENDING_ABORT && sim_server_room(id) == 0 &&
               sim_now() - client->accepted_ms >= CFG_STALL_MS, SEEN_STALLED);
    see_if(world_stopping(), SEEN_STOP_OPEN);
    see_if(world_stopping() && client->app == WORLD_ECHO && client->received > client->replied,
           SEEN_STOP_OWED);
}

/* ---- Waits --------------------------------------------------------------------------------- */

void seen_waiting(const struct port_event *events, size_t n)
{
    unsigned streams = 0;
    bool rests = false;
    memset(state.hot, 0, sizeof state.hot);
    for (size_t i = 0; i < n; i++) {
        int32_t id = sim_connection_of(events[i].handle);
        if (id != SIM_NOBODY) {
            streams++;
            if (id < WORLD_CLIENTS) {
                state.hot[id] = 1;
            }
        } else if (events[i].wanted == 0 && sim_handle_listens(events[i].handle)) {
            rests = true;
        }
    }
    see_if(streams < sim_held_count(), SEEN_TWO_TIERS);
    see_if(rests && !state.rests, SEEN_LISTENER_RESTS);
    see_if(!rests && state.rests, SEEN_LISTENER_BACK);
    state.rests = rests;
    state.wait_ms = sim_now();
}

static bool crosses(uint64_t limit)
{
    uint64_t before = world.plan.start_ms + state.wait_ms;
    return before < limit && world.plan.start_ms + sim_now() >= limit;
}

void seen_waited(const struct port_event *events, size_t n)
{
    bool news = false;
    for (size_t i = 0; i < n; i++) {
        news = news || events[i].got != 0;
    }
    see_if(!news && sim_now() == state.wait_ms, SEEN_WAIT_EARLY);
    see_if(crosses(UINT64_C(1) << 31), SEEN_CLOCK_31);
    see_if(crosses(UINT64_C(1) << 32), SEEN_CLOCK_32);
    for (unsigned i = 0; i < world.count; i++) {
        see_if(state.hot[i] == 0 && sim_held(i) && sim_server_readable(i) > 0, SEEN_COLD_WOKEN);
    }
}

/* ---- Datagrams ----------------------------------------------------------------------------- */

void seen_datagram(const struct port_datagram *info, size_t n)
{
    see_if(n > CFG_DATAGRAM_BYTES, SEEN_UDP_LONG);
    see_if(info->to_many || info->from.port < 1024, SEEN_UDP_SILENT);
}

void seen_answered(size_t n)
{
    see(SEEN_UDP_ANSWERED);
    see_if(n == 0, SEEN_UDP_EMPTY);
}
