/* SPDX-License-Identifier: MIT */
/*
 * File-get in the world. Of a client that said nothing but whole requests everything that comes is
 * known: F1 each byte of it, F2 that it is whole or visibly is not, F3 that absent and forbidden
 * look the same, F4 that nothing comes from outside.
 */
#include <string.h>

#include "core/config.h"
#include "tests/fuzz/world.h"

enum { ASKED_MAX = 32, LINE_BYTES = 300, HEAD_MS = 10000, BIG = 1, SHRINKS = 12, GROWS = 13 };

static const struct {
    const char *path;
    enum sim_file_kind kind;
    uint64_t size_bytes;
    bool readable;
    const char *target;
} entries[] = {
    {"hello.txt", SIM_FILE, 12, true, NULL},
    {"big.bin", SIM_FILE, 9000, true, NULL},
    {"empty", SIM_FILE, 0, true, NULL},
    {"secret.txt", SIM_FILE, 40, false, NULL},
    {"dir", SIM_FOLDER, 0, true, NULL},
    {"dir/index.html", SIM_FILE, 700, true, NULL},
    {"list", SIM_FOLDER, 0, true, NULL},
    {"list/a <&>.txt", SIM_FILE, 10, true, NULL},
    {"link_in", SIM_LINK, 0, true, "hello.txt"},
    {"link_out", SIM_LINK, 0, true, "../outside"},
    {"device", SIM_DEVICE, 0, true, NULL},
    {".hidden", SIM_FILE, 10, true, NULL},
    {"shrinks", SIM_FILE, 6000, true, NULL},
    {"grows", SIM_FILE, 3000, true, NULL},
};

/* What a phrase asks for, and what it comes to. */
struct phrase {
    const char *text;
    uint16_t status; /* 0: raw */
    int8_t file;     /* whose bytes are the body; -1: none of these */
    bool head;
    bool last;       /* the connection ends with this answer */
    uint16_t first;
    uint16_t bytes;  /* of the body, when they are of a file */
};

static const struct phrase phrases[16] = {
    {"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n", 200, 0, false, false, 0, 12},
    {"HEAD /big.bin HTTP/1.1\r\nHost: a\r\n\r\n", 200, -1, true, false, 0, 0},
    {"GET /big.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=100-299\r\n\r\n", 206, BIG, false, false,
     100, 200},
    {"GET /list/ HTTP/1.1\r\nHost: a\r\n\r\n", 200, -1, false, false, 0, 0},
    {"GET /secret.txt HTTP/1.1\r\nHost: a\r\n\r\n", 404, -1, false, false, 0, 0},
    {"GET /.hidden HTTP/1.1\r\nHost: a\r\n\r\n", 404, -1, false, false, 0, 0},
    {"GET /dir/%2e%2e/%2e%2e/outside HTTP/1.1\r\nHost: a\r\n\r\n", 404, -1, false, false, 0, 0},
    {"GET /dir HTTP/1.1\r\nHost: a\r\n\r\n", 301, -1, false, false, 0, 0},
    {"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /", 405, -1, false, false, 0, 0},
    {"GET /big.bin HTTP/1.0\r\n\r\n", 200, BIG, false, true, 0, 9000},
    {"GET /hello.txt HTTP/1.1\r\n\r\n", 400, -1, false, true, 0, 0},
    {"GET /empty HTTP/1.1\r\nHost: a\r\n\r\n", 200, 2, false, false, 0, 0},
    {"GET /hello.txt HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n", 304, -1, false, false, 0, 0},
    {"link_in\n", 0, 0, false, true, 0, 12},
    {"../outside\r\n", 0, -1, false, true, 0, 0},
    {"big.bin", 0, BIG, false, true, 0, 9000},
};

/* Pieces of requests, and of other things, for clients of which nothing is known. */
static const char *const pieces[16] = {
    "GET /", "big.bin", " HTTP/1.1\r\n", "Host: a\r\n", "\r\n", "\n", "shrinks", "grows",
    "Content-Length: 70000\r\n", "Transfer-Encoding: chunked\r\n", "Range: bytes=0-\r\n",
    "Connection: close\r\n", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "../%2e%2e/",
    "\xff\xfd\x06", "/nick a b \xe6\xb1\x89\xc2\x85 x"};

enum phase { STATUS, FIELDS, BODY, CHUNK, CHUNK_END, TRAILER, UNTIL_END };

static struct visit_state {
    struct visits {
        uint8_t asked[ASKED_MAX]; /* phrases */
        uint8_t asked_count;
        uint8_t answered;
        uint8_t phase;
        bool over;       /* no answer may come any more */
        bool chunked;
        bool length_known;
        bool other;      /* the body is not the file: a fault hid it */
        uint16_t status;
        uint16_t line_n;
        uint64_t at;     /* in the file */
        uint64_t left;
        uint64_t heard_ms;
        char line[LINE_BYTES];
    } visits[FUZZ_CLIENTS];
    bool changed;
} state;

const char *fuzz_piece(unsigned which)
{
    return pieces[which % COUNT_OF(pieces)];
}

void fuzz_files_begin(void)
{
    state.changed = false;
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        unsigned file = sim_file_add(entries[i].path, entries[i].kind, entries[i].size_bytes,
                                     1600000000 + (int64_t)i, entries[i].readable);
        if (entries[i].target != NULL) {
            sim_file_link(file, entries[i].target);
        }
    }
}

void fuzz_files_change(unsigned file, unsigned how)
{
    file %= COUNT_OF(entries);
    state.changed = true;
    if (how == 15) {
        sim_file_remove(file);
    } else if (entries[file].kind == SIM_FILE) {
        sim_file_resize(file, entries[file].size_bytes * how / 7);
    }
}

bool fuzz_files_changed(void)
{
    return state.changed;
}

static struct visits *visit_of(const struct client *client)
{
    return &state.visits[client->id];
}

void fuzz_file_join(struct client *client)
{
    memset(visit_of(client), 0, sizeof(struct visits));
    visit_of(client)->heard_ms = sim_now();
}

void fuzz_file_phrase(struct client *client, unsigned which)
{
    struct visits *visit = visit_of(client);
    const struct phrase *phrase = &phrases[which % COUNT_OF(phrases)];
    bool raw = phrase->status == 0;
    bool after_raw = visit->asked_count > 0 && phrases[visit->asked[0]].status == 0;
    if (visit->asked_count == ASKED_MAX || after_raw || (raw && visit->asked_count > 0)) {
        fuzz_client_of(client)->pure = false;
    } else {
        visit->asked[visit->asked_count] = (uint8_t)(which % COUNT_OF(phrases));
        visit->asked_count++;
    }
    fuzz_say(client, phrase->text, strlen(phrase->text));
}

/* ---- What comes ---------------------------------------------------------------------------- */

PORT_NORETURN static void fail(const struct client *client, const char *invariant,
                               const char *text)
{
    sim_fail(invariant, (int32_t)client->id, text);
}

static const struct phrase *asked(const struct visits *visit)
{
    return &phrases[visit->asked[visit->answered]];
}

static uint64_t number(const struct client *client, const char *text, size_t n, unsigned base)
{
    uint64_t value = 0;
    if (n == 0 || n > 16) {
        fail(client, "F1", "not a number");
    }
    for (size_t i = 0; i < n; i++) {
        const char *digits = "0123456789abcdef";
        const char *at = text[i] == '\0' ? NULL : strchr(digits, text[i]);
        if (at == NULL || (unsigned)(at - digits) >= base) {
            fail(client, "F1", "not a number");
        }
        value = value * base + (unsigned)(at - digits);
    }
    return value;
}

static bool begins(const struct visits *visit, const char *text)
{
    size_t n = strlen(text);
    return visit->line_n >= n && memcmp(visit->line, text, n) == 0;
}

static void next_answer(struct visits *visit)
{
    visit->over = visit->over || asked(visit)->last;
    visit->answered++;
    visit->phase = STATUS;
}

static void take_status(const struct client *client, struct visits *visit)
{
    if (visit->over || visit->answered == visit->asked_count) {
        fail(client, "F1", "an answer to nothing that was asked");
    }
    if (!begins(visit, "HTTP/1.1 ") || visit->line_n < 13) {
        fail(client, "F1", "not a status line");
    }
    visit->status = (uint16_t)number(client, visit->line + 9, 3, 10);
    uint16_t expected = asked(visit)->status;
    bool excused = fuzz_world_disturbed() && visit->status >= 400;
    excused = excused || (fuzz_world_disturbed() && (expected == 301 || expected == 404 ||
                                                     expected == 206 || expected == 304));
    if (visit->status != expected && !excused) {
        fail(client, expected == 404 && visit->status < 400 ? "F4" : "F1", "another status");
    }
    if (expected == 404 && visit->status < 300) {
        fail(client, "F4", "what nobody may have");
    }
    visit->chunked = false;
    visit->length_known = false;
    visit->phase = FIELDS;
}

static void take_field(const struct client *client, struct visits *visit)
{
    if (begins(visit, "Content-Length: ")) {
        visit->left = number(client, visit->line + 16, visit->line_n - 16u, 10);
        visit->length_known = true;
    } else if (begins(visit, "Transfer-Encoding: chunked")) {
        visit->chunked = true;
    } else if (begins(visit, "Connection: close")) {
        visit->over = true;
    } else if (memchr(visit->line, ':', visit->line_n) == NULL) {
        fail(client, "F1", "a malformed field");
    }
}

static void end_head(const struct client *client, struct visits *visit)
{
    const struct phrase *phrase = asked(visit);
    bool own = visit->status == phrase->status && phrase->file >= 0;
    visit->at = phrase->first;
    visit->other = !own || state.changed;
    if (own && !state.changed && !phrase->head && visit->left != phrase->bytes) {
        fail(client, "F1", "the promised length is not the file's");
    }
    if (phrase->head || visit->status == 304) {
        bool over = visit->over;
        next_answer(visit);
        visit->over = visit->over || over;
    } else if (visit->chunked) {
        visit->phase = CHUNK;
    } else if (visit->length_known) {
        visit->phase = BODY;
        if (visit->left == 0) {
            next_answer(visit);
        }
    } else {
        visit->phase = UNTIL_END;
    }
}

static void end_line(const struct client *client, struct visits *visit)
{
    switch ((enum phase)visit->phase) {
    case STATUS:
        take_status(client, visit);
        break;
    case FIELDS:
        if (visit->line_n == 0) {
            end_head(client, visit);
        } else {
            take_field(client, visit);
        }
        break;
    case CHUNK:
        visit->left = number(client, visit->line, visit->line_n, 16);
        visit->phase = visit->left == 0 ? TRAILER : BODY;
        break;
    case CHUNK_END:
        if (visit->line_n != 0) {
            fail(client, "F1", "a chunk is longer than it said");
        }
        visit->phase = CHUNK;
        break;
    case TRAILER:
        if (visit->line_n != 0) {
            fail(client, "F1", "bytes behind the last chunk");
        }
        next_answer(visit);
        break;
    case BODY:
    case UNTIL_END:
        break;
    }
    visit->line_n = 0;
}

static void take_body_byte(const struct client *client, struct visits *visit, uint8_t byte)
{
    if (!visit->other && !visit->chunked &&
        byte != sim_file_byte((unsigned)asked(visit)->file, visit->at)) {
        fail(client, "F1", "a byte that is not the file's");
    }
    visit->at++;
    visit->left--;
    if (visit->left == 0) {
        if (visit->chunked) {
            visit->phase = CHUNK_END;
        } else {
            next_answer(visit);
        }
    }
}

static void take_byte(const struct client *client, struct visits *visit, uint8_t byte)
{
    if (visit->phase == BODY) {
        take_body_byte(client, visit, byte);
    } else if (visit->phase != UNTIL_END && byte == '\n') {
        if (visit->line_n == 0 || visit->line[visit->line_n - 1] != '\r') {
            fail(client, "F1", "a line of the head without CR");
        }
        visit->line_n--;
        end_line(client, visit);
    } else if (visit->phase != UNTIL_END) {
        if (visit->line_n == LINE_BYTES) {
            fail(client, "F1", "a line of the head without end");
        }
        visit->line[visit->line_n] = (char)byte;
        visit->line_n++;
    }
}

static void file_sent(struct client *client, const uint8_t *bytes, size_t n)
{
    struct visits *visit = visit_of(client);
    visit->heard_ms = sim_now();
    if (!fuzz_client_of(client)->pure) {
        return;
    }
    if (visit->asked_count == 0) {
        fail(client, "F1", "bytes for one who asked nothing");
    }
    if (asked(visit)->status != 0 || visit->answered > 0) {
        for (size_t i = 0; i < n; i++) {
            take_byte(client, visit, bytes[i]);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (asked(visit)->file < 0) {
            fail(client, "F4", "bytes of what is not to be had");
        }
        if (bytes[i] != sim_file_byte((unsigned)asked(visit)->file, visit->at)) {
            fail(client, "F1", "a byte that is not the file's");
        }
        visit->at++;
    }
}

/* ---- Ends ---------------------------------------------------------------------------------- */

static const char *file_ending(struct client *client, enum sim_ending how)
{
    struct visits *visit = visit_of(client);
    bool pure = fuzz_client_of(client)->pure;
    bool raw = visit->asked_count > 0 && phrases[visit->asked[0]].status == 0;
    if (how == SIM_ENDING_ABORT) {
        bool slow = sim_now() - client->accepted_ms >= CFG_STALL_MS;
        return slow || fuzz_world_disturbed() ? NULL : "cut for nothing";
    }
    if (!pure || visit->asked_count == 0 || world_stopping()) {
        return NULL;
    }
    if (raw) {
        bool whole = client->received == client->sent && visit->asked_count == 1;
        bool none = visit->at == 0 && fuzz_world_disturbed();
        return !whole || none || state.changed || visit->at == asked(visit)->bytes
                   ? NULL : "a clean end before the end of the file";
    }
    if ((visit->phase != STATUS && visit->phase != UNTIL_END) || visit->line_n > 0) {
        return "a clean end in the middle of an answer";
    }
    if (visit->over || client->server_ended || visit->phase == UNTIL_END) {
        return NULL;
    }
    return sim_now() - visit->heard_ms >= HEAD_MS ? NULL : "ended before its time";
}

static bool file_settled(const struct client *client)
{
    return client->replied > 0;
}

static void file_waiting(struct client *client)
{
    if (client->received == 0 && sim_now() - client->accepted_ms >= HEAD_MS &&
        !client->server_shut) {
        fail(client, "C3", "owes a request for longer than it may");
    }
}

const struct trade trade_file = {
    .sent = file_sent,
    .ending = file_ending,
    .waiting = file_waiting,
    .settled = file_settled,
};
