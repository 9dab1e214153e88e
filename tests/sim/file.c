/* SPDX-License-Identifier: MIT */
/* Clients of file-get: raw names and HTTP, alone and in a row, in pieces, half-closed and rude. */
#include <string.h>

#include "core/config.h"
#include "core/text.h"
#include "tests/sim/files.h"

enum {
    PIECE = 300,
    NAME_PIECE = 12,
    HEAD_MS = 10000,   /* a whole head, from accept or its first byte */
    IDLE_MS = 15000,
    BUSY_MS = 1000,    /* a raw name waits so long for a handle */
    WISH_BIG = 1       /* of files_wish */
};

static struct {
    struct visit visits[WORLD_CLIENTS];
} state;

struct visit *file_visit(const struct client *client)
{
    return &state.visits[client->id];
}

/* ---- What it will ask ---------------------------------------------------------------------- */

static void write_text(struct visit *visit, const char *text)
{
    size_t n = strlen(text);
    CHECK(visit->text_bytes + n <= VISIT_TEXT_BYTES);
    memcpy(visit->text + visit->text_bytes, text, n);
    visit->text_bytes = (uint16_t)(visit->text_bytes + n);
}

static void write_raw(struct client *client, struct visit *visit, uint64_t hash)
{
    static const char *const ends[] = {"\n", "\r\n", "", ""};
    struct request *request = &visit->requests[0];
    unsigned end = (unsigned)(hash >> 8) % COUNT_OF(ends);
    request->wish = (uint8_t)files_pick(hash);
    while (!files_wish(request->wish)->raw) {
        request->wish = (uint8_t)((request->wish + 1u) % files_wishes());
    }
    write_text(visit, files_wish(request->wish)->name);
    write_text(visit, ends[end]);
    /* a name without an end is ended by a half-close, or by silence */
    client->word[0] = end == 2 || (end < 2 && client->manner == MANNER_HALF) ? 1 : 0;
    if (end == 3 && client->manner == MANNER_DRIP) {
        client->word[0] = 1; /* who types byte by byte ends his line */
    }
    visit->count = 1;
    request->ends_at = visit->text_bytes;
}

static void write_range(struct visit *visit, struct request *request, uint64_t hash)
{
    char bytes[80];
    struct text text;
    uint64_t size = files_size(files_wish(request->wish)->file);
    request->ranged = size > 0;
    if (!request->ranged) {
        return;
    }
    request->first = (hash >> 32) % 8 == 0 ? size + hash % 1000 : hash % size;
    request->last = request->first + (hash >> 20) % 500;
    text_begin(&text, bytes, sizeof bytes - 1);
    text_put(&text, "Range: bytes=");
    text_put_number(&text, request->first);
    text_put_char(&text, '-');
    text_put_number(&text, request->last);
    text_put(&text, "\r\n");
    bytes[text.n] = '\0';
    write_text(visit, bytes);
}

static void write_request(struct visit *visit, uint64_t hash, bool last)
{
    static const char *const flaws[] = {"Host : x\r\n", "Host: a\r\nHost: b\r\n", "a b: c\r\n",
                                        "Content-Length: -1\r\nHost: a\r\n", " x\r\nHost: a\r\n"};
    struct request *request = &visit->requests[visit->count];
    request->wish = (uint8_t)files_pick(hash);
    request->head = (hash >> 8) % 6 == 0;
    request->old = last && (hash >> 12) % 6 == 0;
    request->bad = last && !request->old && (hash >> 16) % 8 == 0;
    request->closes = last && !request->old && !request->bad && (hash >> 44) % 4 == 0;
    if (request->closes && (hash >> 46) % 2 == 0) {
        request->wish = WISH_BIG; /* it takes time, in which more may come */
    }
    write_text(visit, request->head ? "HEAD /" : "GET /");
    write_text(visit, files_wish(request->wish)->name);
    write_text(visit, request->old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    if (request->bad) {
        write_text(visit, flaws[(hash >> 20) % COUNT_OF(flaws)]);
    } else if (!request->old) {
        write_text(visit, "Host: a\r\n");
    }
    if (files_wish(request->wish)->file >= 0 && !request->bad && (hash >> 24) % 4 == 0) {
        write_range(visit, request, hash >> 28);
    }
    if (request->closes) {
        write_text(visit, "Connection: close\r\n");
    }
    write_text(visit, "\r\n");
    request->ends_at = visit->text_bytes;
    visit->count++;
}

/* Who said that this was the last request goes on: the answer to it is owed all the same, but when
 * the end was closed already, what comes is an error and may cost it. */
static void break_promise(struct client *client, struct visit *visit, uint64_t hash)
{
    if (visit->requests[visit->count - 1].closes && hash % 2 == 0) {
        client->patient = false;
        write_text(visit, hash % 4 == 0 ? "\r\n" : "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
}

static void file_begin(struct client *client)
{
    struct visit *visit = file_visit(client);
    uint64_t hash = client_hash(client, 20);
    memset(visit, 0, sizeof *visit);
    visit->http = hash % 3 != 0;
    if (!visit->http) {
        write_raw(client, visit, hash >> 8);
    } else {
        unsigned count = 1 + (unsigned)(hash >> 8) % VISIT_REQUESTS;
        count = client->manner == MANNER_DRIP ? 1 : count;
        for (unsigned i = 0; i < count; i++) {
            write_request(visit, client_hash(client, 30 + i), i + 1 == count);
        }
        client->word[0] = client->manner == MANNER_HALF ? 1 : 0;
        break_promise(client, visit, hash >> 16);
    }
    client->to_send = visit->text_bytes;
}

/* ---- The client's side --------------------------------------------------------------------- */

static void file_say(struct client *client)
{
    const struct visit *visit = file_visit(client);
    uint64_t left = client->to_send - client->sent;
    bool ended = visit->text[visit->text_bytes - 1] == '\n';
    bool one_piece = !visit->http && client->word[0] == 0 && !ended; /* the silence ends it */
    uint32_t most = visit->http ? PIECE : NAME_PIECE;
    size_t n = client->manner == MANNER_DRIP ? 1 : 1 + client_pick(client, most);
    n = n < left && !one_piece ? n : (size_t)left;
    if (n > 0) {
        client->sent += sim_peer_send(client->id, visit->text + client->sent, n);
    }
    if (client->sent == client->to_send && client->word[0] == 1 && !client->shut) {
        client->shut = true;
        sim_peer_shut(client->id);
    }
}

static bool file_leaves(struct client *client)
{
    uint64_t stay_ms = 1 + client_hash(client, 21) % 3000;
    if (client->manner == MANNER_SILENT) {
        stay_ms = 500 + client_hash(client, 22) % 30000;
    } else if (client->manner == MANNER_DEAF) {
        stay_ms = 100000;
    } else if (client->manner <= MANNER_HALF) {
        return false;
    }
    if (sim_now() - client->began_ms < stay_ms) {
        return false;
    }
    if (client->manner == MANNER_RUDE) {
        sim_peer_reset(client->id);
    }
    client_done(client);
    return true;
}

static void file_act(struct client *client)
{
    const struct visit *visit = file_visit(client);
    if (client->step == 0) {
        client->began_ms = sim_now();
        client->step = 1;
    }
    if (file_leaves(client)) {
        return;
    }
    if (client->manner != MANNER_SILENT ||
        (visit->http && client->sent == 0 && client_hash(client, 23) % 2 == 0)) {
        file_say(client); /* some stop in the middle of a request */
    }
    if (client->manner == MANNER_SLOW) {
        client_hear(client, 100 + client_pick(client, 200));
    } else if (client->manner != MANNER_DEAF && client->manner != MANNER_HASTY) {
        client_hear(client, SIM_PIPE_BYTES);
    }
    client_later(client, 1 + client_pick(client, 90));
    if (client->manner == MANNER_DEAF || client->manner == MANNER_SILENT) {
        client_later(client, 1000);
    }
    if (client->patient && visit->http && visit->answered == visit->count &&
        client->got == client->replied) {
        client->whole = true;
        client_done(client); /* it has all it wanted */
    }
}

static void file_gone(struct client *client, bool reset)
{
    const struct visit *visit = file_visit(client);
    bool all = !visit->http || visit->answered == visit->count ||
               (visit->answered > 0 && visit->requests[visit->answered - 1].bad);
    client->whole = !reset && all;
    if (!reset && client->patient && client->got != client->replied) {
        sim_fail("F2", (int32_t)client->id, "a clean end, and bytes are missing");
    }
}

/* ---- The server's side --------------------------------------------------------------------- */

static void file_received(struct client *client, const uint8_t *bytes, size_t n)
{
    struct visit *visit = file_visit(client);
    (void)bytes;
    for (unsigned i = 0; i < visit->count; i++) {
        struct request *request = &visit->requests[i];
        if (request->ends_at <= client->received && request->ends_at > client->received - n) {
            request->received_ms = sim_now();
            request->grown_bytes = files_grown();
        }
    }
}

static void file_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    file_check(client, file_visit(client), bytes, n);
}

static unsigned requests_received(const struct client *client, const struct visit *visit)
{
    unsigned count = 0;
    while (count < visit->count && visit->requests[count].ends_at <= client->received) {
        count++;
    }
    return count;
}

static const char *abort_objection(const struct client *client, const struct visit *visit)
{
    uint64_t since = client->taken_ms > client->accepted_ms ? client->taken_ms
                                                            : client->accepted_ms;
    unsigned asked = visit->http ? visit->answered : 0;
    int file = files_wish(visit->requests[asked < visit->count ? asked : 0].wish)->file;
    if (visit->http && visit->answered < visit->count &&
        files_wish(visit->requests[visit->answered].wish)->name[0] == '\0') {
        return NULL; /* the listing of a folder that changes meanwhile ends visibly */
    }
    if (file_read_spoiled() || file_spoiled() || (file >= 0 && !files_steady(file))) {
        return NULL;
    }
    /* too little taken: fewer than 256 bytes a second over CFG_STALL_MS, or nothing */
    return sim_now() - client->accepted_ms >= CFG_STALL_MS && since > 0 ? NULL : "cut for nothing";
}

static const char *file_ending(struct client *client, enum sim_ending how)
{
    struct visit *visit = file_visit(client);
    const char *half;
    unsigned received = requests_received(client, visit);
    uint64_t idle_ms = sim_now() - (visit->answered_ms > client->accepted_ms
                                        ? visit->answered_ms
                                        : client->accepted_ms);
    if (how == SIM_ENDING_ABORT) {
        return abort_objection(client, visit);
    }
    visit->whole = received == visit->count;
    if (visit->over && how == SIM_ENDING_CLOSE && client->unread > 0 && !client->server_shut) {
        return "closed over bytes that nobody read, and so over the answer";
    }
    half = file_check_end(visit);
    if (half != NULL) {
        sim_fail("F2", (int32_t)client->id, half);
    }
    if (!visit->http || visit->over || client->server_ended || visit->phase == VISIT_UNTIL_END) {
        return NULL;
    }
    if (visit->answered < received) {
        return "a request was not answered";
    }
    if (world_stopping()) {
        return NULL;
    }
    return idle_ms >= (visit->answered > 0 ? IDLE_MS : HEAD_MS) ||
                   (client->received > 0 && idle_ms >= HEAD_MS)
               ? NULL
               : "ended before its time";
}

static bool file_settled(const struct client *client)
{
    const struct visit *visit = file_visit(client);
    if (!visit->http && visit->text[visit->text_bytes - 1] != '\n' && client->replied == 0) {
        return false; /* a name without an end, until it is answered */
    }
    return requests_received(client, visit) > 0;
}

static void file_waiting(struct client *client)
{
    const struct visit *visit = file_visit(client);
    uint64_t quiet_ms = sim_now() - (visit->answered_ms > client->accepted_ms
                                         ? visit->answered_ms
                                         : client->accepted_ms);
    if (client->received == 0 && quiet_ms >= HEAD_MS && !client->server_shut) {
        sim_fail("C3", (int32_t)client->id, "owes a request for longer than it may");
    }
}

const struct trade trade_file = {
    .begin = file_begin,
    .act = file_act,
    .gone = file_gone,
    .received = file_received,
    .sent = file_sent,
    .ending = file_ending,
    .waiting = file_waiting,
    .settled = file_settled,
};
