/* SPDX-License-Identifier: MIT */
/* What the file server says, byte by byte: F1 exact, F2 or a visible failure, F3 no telling absent
 * from forbidden, F4 nothing from outside, F8 nothing that not everybody may read. */
#include <string.h>

#include "tests/sim/files.h"

static bool happened(enum sim_fault_kind from, enum sim_fault_kind to)
{
    size_t count = sim_fault_count() < SIM_FAULTS_MAX ? sim_fault_count() : SIM_FAULTS_MAX;
    for (size_t i = 0; i < count; i++) {
        if (sim_fault_at(i)->kind >= from && sim_fault_at(i)->kind <= to) {
            return true;
        }
    }
    return sim_fault_count() > SIM_FAULTS_MAX;
}

bool file_spoiled(void)
{
    return world.plan.handles < 100 || happened(SIM_FILE_OPEN_NOENT, SIM_DIRECTORY_IO);
}

bool file_read_spoiled(void)
{
    return happened(SIM_SEND_FILE_EOF, SIM_SEND_FILE_IO) ||
           happened(SIM_FILE_READ_EOF, SIM_DIRECTORY_IO);
}

PORT_NORETURN static void fail(const struct client *client, const char *invariant,
                               const char *text)
{
    sim_fail(invariant, (int32_t)client->id, text);
}

/* ---- Heads --------------------------------------------------------------------------------- */

static uint64_t number(const char *text, size_t n, unsigned base, bool *good)
{
    uint64_t value = 0;
    *good = n > 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 99u;
        *good = *good && digit < base;
        value = value * base + digit;
    }
    return value;
}

static bool begins(const struct visit *visit, const char *text)
{
    size_t n = strlen(text);
    return visit->line_bytes >= n && memcmp(visit->line, text, n) == 0;
}

static void take_status(struct client *client, struct visit *visit)
{
    bool good;
    if (visit->over || visit->answered >= visit->count) {
        fail(client, "F1", "an answer to nothing that was asked");
    }
    if (!begins(visit, "HTTP/1.1 ") || visit->line_bytes < 12) {
        fail(client, "F1", "not a status line");
    }
    visit->status = (int)number(visit->line + 9, 3, 10, &good);
    if (!good) {
        fail(client, "F1", "not a status");
    }
    visit->length_known = false;
    visit->chunked = false;
    visit->closes = false;
    visit->phase = VISIT_FIELDS;
}

static void take_field(struct client *client, struct visit *visit)
{
    bool good = true;
    if (begins(visit, "Content-Length: ")) {
        visit->length = number(visit->line + 16, visit->line_bytes - 16u, 10, &good);
        visit->length_known = true;
    } else if (begins(visit, "Transfer-Encoding: chunked")) {
        visit->chunked = true;
    } else if (begins(visit, "Connection: close")) {
        visit->closes = true;
    }
    if (!good || memchr(visit->line, ':', visit->line_bytes) == NULL) {
        fail(client, "F1", "a malformed field");
    }
}

/* Which statuses may answer this; faults of the file system excuse failure, never success. */
static void check_status(struct client *client, const struct visit *visit,
                         const struct request *request)
{
    const struct wish *wish = files_wish(request->wish);
    enum files_access access = files_access(wish->file, request->received_ms);
    int status = visit->status;
    if (visit->early && status >= 400 && status < 500) {
        return; /* it ended, or its time did, in the middle of the head */
    }
    if (request->bad) {
        if (status != 400) {
            fail(client, "F1", "a malformed request was not refused");
        }
        return;
    }
    if (status == 408 || (status >= 500 && file_spoiled()) || (status == 404 && file_spoiled())) {
        return;
    }
    if (wish->file == WISH_NONE && wish->when == WHEN_ANY_MODE && status < 400) {
        fail(client, "F8", "what not everybody may read is given away");
    }
    if (wish->file == WISH_NONE && status != 404) {
        fail(client, status < 400 ? "F4" : "F3", "what is not to be had was not just absent");
    }
    if (wish->file == WISH_BAD && status != 404 && status != 400) {
        fail(client, status < 400 ? "F4" : "F3", "a name out of the root was not refused");
    }
    if (wish->file == WISH_MOVED && status != 301) {
        fail(client, "F1", "a folder without its slash is not redirected");
    }
    if (wish->file == WISH_LISTING && status != 200) {
        fail(client, "F1", "a folder is not listed");
    }
    if (access == FILES_CLOSED && status != 404) {
        fail(client, "F8", "what is no longer to be had came from memory");
    }
    if (wish->file >= 0 && status != 200 && access == FILES_OPEN &&
        !(request->ranged && (status == 206 || status == 416))) {
        fail(client, "F1", "a file that is there did not come");
    }
}

static void begin_file(struct client *client, struct visit *visit, const struct request *request)
{
    int file = files_wish(request->wish)->file;
    uint64_t size = files_size(file);
    uint64_t expected = size;
    visit->at = 0;
    visit->other = !visit->length_known && file_spoiled(); /* a listing: the index was hidden */
    if (visit->other) {
        return;
    }
    if (visit->status == 206) {
        visit->at = request->first;
        expected = (request->last < size ? request->last + 1 : size) - request->first;
    }
    if (!visit->length_known || (visit->length != expected && files_steady(file) &&
                                 strcmp(files_wish(request->wish)->name, "grows") != 0)) {
        fail(client, "F1", "the promised length is not the file's");
    }
    if (visit->status == 200 && visit->length < request->grown_bytes &&
        strcmp(files_wish(request->wish)->name, "grows") == 0) {
        fail(client, "F1", "the file was longer when it was asked for");
    }
}

static void next_answer(struct visit *visit)
{
    const struct request *request = &visit->requests[visit->answered];
    visit->answered++;
    visit->answered_ms = sim_now();
    visit->phase = VISIT_STATUS;
    visit->over = visit->closes || request->old;
}

/* The empty line: what follows? */
static void end_head(struct client *client, struct visit *visit)
{
    const struct request *request = &visit->requests[visit->answered];
    check_status(client, visit, request);
    if ((visit->status == 200 || visit->status == 206) && !request->bad &&
        files_wish(request->wish)->file >= 0) {
        begin_file(client, visit, request);
    }
    if (visit->early) {
        visit->phase = VISIT_UNTIL_END; /* not even its method is known for sure */
        visit->over = true;
    } else if (request->head || visit->status == 304) {
        next_answer(visit);
    } else if (visit->chunked) {
        visit->phase = VISIT_CHUNK;
    } else if (visit->length_known) {
        visit->left = visit->length;
        visit->phase = VISIT_BODY;
        if (visit->left == 0) {
            next_answer(visit);
        }
    } else {
        visit->phase = VISIT_UNTIL_END;
    }
}

static void end_line(struct client *client, struct visit *visit)
{
    bool good;
    uint16_t n = visit->line_bytes;
    switch ((enum visit_phase)visit->phase) {
    case VISIT_STATUS:
        take_status(client, visit);
        break;
    case VISIT_FIELDS:
        if (n == 0) {
            end_head(client, visit);
        } else {
            take_field(client, visit);
        }
        break;
    case VISIT_CHUNK:
        visit->left = number(visit->line, n, 16, &good);
        if (!good) {
            fail(client, "F1", "a malformed chunk");
        }
        visit->phase = visit->left == 0 ? VISIT_TRAILER : VISIT_BODY;
        break;
    case VISIT_CHUNK_END:
        if (n != 0) {
            fail(client, "F1", "a chunk is longer than it said");
        }
        visit->phase = VISIT_CHUNK;
        break;
    case VISIT_TRAILER:
        if (n != 0) {
            fail(client, "F1", "bytes behind the last chunk");
        }
        next_answer(visit);
        break;
    case VISIT_BODY:
    case VISIT_UNTIL_END:
        break;
    }
    visit->line_bytes = 0;
}

static void take_line_byte(struct client *client, struct visit *visit, uint8_t byte)
{
    if (byte != '\n') {
        if (visit->line_bytes == VISIT_LINE_BYTES) {
            fail(client, "F1", "a line of the head without end");
        }
        visit->line[visit->line_bytes] = (char)byte;
        visit->line_bytes++;
        return;
    }
    if (visit->line_bytes == 0 || visit->line[visit->line_bytes - 1] != '\r') {
        fail(client, "F1", "a line of the head without CR");
    }
    visit->line_bytes--;
    end_line(client, visit);
}

/* ---- Bodies -------------------------------------------------------------------------------- */

static void take_body_byte(struct client *client, struct visit *visit, uint8_t byte)
{
    const struct request *request = &visit->requests[visit->answered];
    int file = files_wish(request->wish)->file;
    if ((visit->status == 200 || visit->status == 206) && file >= 0 && !visit->other) {
        if (byte != sim_file_byte((unsigned)file, visit->at)) {
            fail(client, "F1", "a byte that is not the file's");
        }
        visit->at++;
    }
    visit->left--;
    if (visit->left == 0) {
        if (visit->chunked) {
            visit->phase = VISIT_CHUNK_END;
        } else {
            next_answer(visit);
        }
    }
}

static void take_raw(struct client *client, struct visit *visit, const uint8_t *bytes, size_t n)
{
    int file = files_wish(visit->requests[0].wish)->file;
    if (client->received < visit->requests[0].ends_at &&
        (sim_fault_count() > 0 || !client->patient)) {
        visit->other = true; /* a pause ended the name in the middle */
    }
    if (visit->other) {
        return;
    }
    if (file >= 0 && visit->at == 0 &&
        files_access(file, visit->requests[0].received_ms) == FILES_CLOSED) {
        fail(client, "F8", "bytes of what is no longer to be had");
    }
    if (file < 0) {
        fail(client, files_wish(visit->requests[0].wish)->when == WHEN_ANY_MODE ? "F8" : "F4",
             "bytes of what is not to be had");
    }
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != sim_file_byte((unsigned)file, visit->at)) {
            fail(client, "F1", "a byte that is not the file's");
        }
        visit->at++;
    }
}

void file_check(struct client *client, struct visit *visit, const uint8_t *bytes, size_t n)
{
    if (!visit->http) {
        take_raw(client, visit, bytes, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (visit->phase == VISIT_BODY) {
            take_body_byte(client, visit, bytes[i]);
        } else if (visit->phase != VISIT_UNTIL_END) {
            if (visit->phase == VISIT_STATUS && visit->line_bytes == 0) {
                visit->early = visit->answered < visit->count &&
                               client->received < visit->requests[visit->answered].ends_at;
            }
            take_line_byte(client, visit, bytes[i]);
        }
    }
}

const char *file_check_end(const struct visit *visit)
{
    int file = files_wish(visit->requests[0].wish)->file;
    if (visit->http) {
        bool half = (visit->phase != VISIT_STATUS && visit->phase != VISIT_UNTIL_END) ||
                    visit->line_bytes > 0;
        return half ? "a clean end in the middle of an answer" : NULL;
    }
    if (world_stopping() && visit->at == 0 && visit->text[visit->text_bytes - 1] != '\n') {
        return NULL; /* nobody knew yet that the name was whole */
    }
    if (file < 0 || !visit->whole || visit->other || !files_steady(file) ||
        (visit->at == 0 && file_spoiled()) ||
        files_access(file, visit->requests[0].received_ms) != FILES_OPEN) {
        return NULL;
    }
    return visit->at < files_size(file) ? "a clean end before the end" : NULL;
}
