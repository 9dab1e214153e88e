/* SPDX-License-Identifier: MIT */
/*
 * file-get: the life of a connection. What comes in is looked at byte by byte and never kept but
 * for the line or name it belongs to, so an answer cannot depend on how the bytes were split.
 */
#include "apps/fileget/fileget.h"

#include <string.h>

#include "apps/fileget/fileget_cache.h"
#include "apps/fileget/fileget_sort.h"
#include "core/name.h"

struct fileget_settings fileget_settings = {
    .index = "index.html", .charset = "utf-8", .quiet_gap_ms = 250, .listing = true};

struct fileget_state fileget_state;

static bool fileget_start(void)
{
    memset(&fileget_state, 0, sizeof fileget_state);
    fileget_state.head_kind = deadline_kind(CFG_FILEGET_HEAD_MS);
    fileget_state.idle_kind = deadline_kind(CFG_FILEGET_IDLE_MS);
    fileget_state.retry_kind = deadline_kind(CFG_RETRY_MS);
    if (fileget_settings.quiet_gap_ms > 0) {
        fileget_state.gap_kind = deadline_kind(fileget_settings.quiet_gap_ms);
    }
    fileget_cache_start();
    fileget_sort_start();
    return true;
}

/* What is left of the buffer behind all that lies at its front. */
static void set_room(struct conn *conn)
{
    const struct fileget_conn *fileget = conn_state(conn);
    size_t held = fileget->phase == FILEGET_FIRST
                      ? fileget->in.first.line.n
                      : (size_t)fileget->in.head.held + fileget->in.head.piece;

    CHECK(held + FILEGET_ROOM_MIN <= CFG_CONN_BUFFER_BYTES);
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES - held);
}

static void fileget_opened(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget->file = PORT_NONE;
    conn_deadline_set(conn, 0, fileget_state.head_kind);
    set_room(conn);
}

static void finish(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget->phase = FILEGET_OVER;
    if (fileget_has(fileget, FILEGET_PROMISED)) {
        conn_close(conn);
    } else {
        conn_finish(conn);
    }
}

static void begin_http(struct conn *conn, size_t held)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget->phase = FILEGET_HEAD;
    fileget->flags = (uint8_t)(fileget->flags & FILEGET_ENDED);
    http_head_begin(&fileget->in.head, held);
}

void fileget_next(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget_log(conn);
    fileget_close(fileget);
    if (fileget->status >= HTTP_BAD_REQUEST) {
        fileget_state.refused++;
    } else if (fileget_has(fileget, FILEGET_RAW)) {
        fileget_state.raw++;
    } else {
        fileget_state.http++;
    }
    if (fileget_has(fileget, FILEGET_CLOSE | FILEGET_ENDED)) {
        finish(conn);
        return;
    }
    begin_http(conn, 0);
    conn_deadline_set(conn, 0, fileget_state.idle_kind);
    set_room(conn);
}

/* ---- Raw names ----------------------------------------------------------------------------- */

/* No file: an end without bytes, but a reset where there might be one. */
static void refuse_raw(struct conn *conn, enum http_status status)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget_state.refused++;
    fileget->status = (uint16_t)status;
    fileget->body = HTTP_BODY_NONE;
    fileget_log(conn);
    if (status == HTTP_NOT_FOUND) {
        finish(conn);
    } else {
        fileget->phase = FILEGET_OVER;
        conn_abort(conn);
    }
}

static void open_raw(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    const char *name = (const char *)conn_buffer(conn);
    enum http_status status = fileget_find_raw(fileget, name, fileget->in.head.held);

    if (status == HTTP_OK) {
        fileget_answer_raw(conn);
    } else if (status == HTTP_BUSY && fileget->tries < CFG_FILEGET_HANDLE_MS / CFG_RETRY_MS) {
        fileget->tries++;
        fileget->phase = FILEGET_WAIT;
        conn_deadline_clear(conn, 0);
        conn_deadline_set(conn, 1, fileget_state.retry_kind);
    } else {
        refuse_raw(conn, status);
    }
}

/* The first line is whole, and a raw name. */
static void end_raw(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    size_t n = fileget->in.first.line.n;
    bool cut = (fileget->in.first.line.facts & LINE_CUT) != 0;
    bool directory = false;
    enum name_result result = name_confine((char *)conn_buffer(conn), &n,
                                           fileget_settings.dot_files, &directory);

    conn_settle(conn);
    begin_http(conn, 0); /* for the name's length, and the bytes to send */
    fileget_put(fileget, FILEGET_RAW);
    if (cut || result != NAME_OK || (directory && (n > 0 || fileget_settings.only == NULL))) {
        refuse_raw(conn, HTTP_NOT_FOUND);
        return;
    }
    CHECK(n <= FILEGET_LINE_BYTES);
    fileget->in.head.held = (uint16_t)n;
    open_raw(conn);
}

/* ---- HTTP ---------------------------------------------------------------------------------- */

static void answer_last(struct conn *conn, enum http_status status)
{
    fileget_put(conn_state(conn), FILEGET_CLOSE);
    fileget_answer(conn, status);
}

/* The head is whole. A body is read past if it is short and will surely come; else the answer ends
 * the connection, so that nothing of it is ever taken for a request. */
static void end_head(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    const struct http_head *head = &fileget->in.head;
    bool body = head->content_length > 0;

    if (!http_head_keeps(head) || (head->facts & HTTP_CHUNKED) != 0
        || (body && (head->facts & HTTP_EXPECTS) != 0)
        || head->content_length > CFG_FILEGET_BODY_BYTES) {
        fileget_put(fileget, FILEGET_CLOSE);
    } else if (body) {
        fileget->phase = FILEGET_BODY;
        return;
    }
    if (!body && (head->facts & (HTTP_CLOSE | HTTP_CHUNKED)) == HTTP_CLOSE) {
        fileget_put(fileget, FILEGET_PROMISED);
    }
    fileget_answer(conn, (enum http_status)head->status);
}

/* An element of a conditional field is compared with the file at once, for which the file must be
 * open: that is all that is ever done before the head is whole. */
static void note_condition(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    struct http_head *head = &fileget->in.head;

    if (head->method > HTTP_HEAD || (head->facts & HTTP_REFUSED) != 0) {
        return;
    }
    if (!fileget_has(fileget, FILEGET_FOUND)) {
        fileget_put(fileget, FILEGET_FOUND);
        fileget->status = (uint16_t)fileget_find(fileget, conn_buffer(conn));
    }
    if (fileget->status == HTTP_OK && fileget->body == HTTP_BODY_FILE) {
        http_condition_note(head, conn_buffer(conn), &fileget->of.version, fileget_date());
    }
}

static size_t take_head(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct fileget_conn *fileget = conn_state(conn);
    struct http_head *head = &fileget->in.head;
    uint8_t *buffer = conn_buffer(conn);
    size_t at = 0;

    if (http_head_idle(head)) {
        conn_deadline_set(conn, 0, fileget_state.head_kind);
    }
    while (at < n) {
        size_t taken;
        enum http_event event = http_head_feed(head, buffer, bytes + at, n - at,
                                               fileget_settings.dot_files, &taken);

        at += taken;
        if (event == HTTP_CONDITION) {
            note_condition(conn);
        } else if (event == HTTP_END) {
            end_head(conn);
            break;
        } else if (event == HTTP_FAULT) {
            answer_last(conn, (enum http_status)head->status);
            break;
        }
    }
    return at;
}

static size_t take_body(struct conn *conn, size_t n)
{
    struct fileget_conn *fileget = conn_state(conn);
    struct http_head *head = &fileget->in.head;
    size_t taken = n < head->content_length ? n : (size_t)head->content_length;

    head->content_length -= taken;
    if (head->content_length == 0) {
        fileget_answer(conn, (enum http_status)head->status);
    }
    return taken;
}

/* ---- The first line ------------------------------------------------------------------------ */

/* It is HTTP: what is kept of the line and the n bytes up to here are the head's beginning. */
static void turn_http(struct conn *conn, const uint8_t *bytes, size_t n)
{
    const struct fileget_conn *fileget = conn_state(conn);
    uint8_t *buffer = conn_buffer(conn);
    size_t held = fileget->in.first.line.n;
    bool dirty = fileget->in.first.sniff.dirty;
    bool cut = held + n > FILEGET_LINE_BYTES; /* so is what was cut: its line is full */

    conn_deadline_clear(conn, 1);
    if (dirty || cut) {
        begin_http(conn, 0);
        answer_last(conn, dirty ? HTTP_BAD_REQUEST : HTTP_NAME_TOO_LONG);
        return;
    }
    memmove(buffer + held, bytes, n);
    begin_http(conn, held + n);
}

static size_t take_first(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct fileget_conn *fileget = conn_state(conn);
    enum line_event event = LINE_OPEN;
    size_t taken = 0;
    size_t end = 0;

    while (end < n && bytes[end] != '\n') {
        end++;
        if (http_sniff_byte(&fileget->in.first.sniff, bytes[end - 1])) {
            turn_http(conn, bytes, end);
            return end;
        }
    }
    end += end < n ? 1 : 0;
    while (taken < end && event != LINE_COMPLETE) {
        taken += line_take(&fileget->in.first.line, conn_buffer(conn), FILEGET_LINE_BYTES,
                           bytes + taken, end - taken, &event); /* telnet gets no answers here */
    }
    if (event == LINE_COMPLETE) {
        end_raw(conn);
    } else if (fileget_settings.quiet_gap_ms > 0) {
        fileget->flags = (uint8_t)(fileget->flags & ~(unsigned)FILEGET_QUIET);
        conn_deadline_set(conn, 1, fileget_state.gap_kind);
    }
    return taken;
}

/* True when a pause ends the line: it is not HTTP's beginning, nor somebody's who types. */
static bool gap_ends(struct conn *conn)
{
    const struct fileget_conn *fileget = conn_state(conn);
    const struct line *line = &fileget->in.first.line;

    return line_gap_ends(line)
           && !http_sniff_may_be(&fileget->in.first.sniff, conn_buffer(conn), line->n);
}

/* ---- Hooks --------------------------------------------------------------------------------- */

static size_t fileget_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    const struct fileget_conn *fileget = conn_state(conn);
    size_t taken = 0;

    while (taken < n && fileget->phase <= FILEGET_BODY) {
        if (fileget->phase == FILEGET_FIRST) {
            taken += take_first(conn, bytes + taken, n - taken);
        } else if (fileget->phase == FILEGET_HEAD) {
            taken += take_head(conn, bytes + taken, n - taken);
        } else {
            taken += take_body(conn, n - taken);
        }
        if (fileget->phase == FILEGET_HEAD && http_head_idle(&fileget->in.head)) {
            if (taken < n) {
                /* One request at a time, so that the pass's budget counts them. Output is asked
                 * for, though there is none yet: the next answer is owed, also to a server that
                 * is told to stop meanwhile. */
                conn_output_ask(conn);
            }
            break;
        }
    }
    if (fileget->phase != FILEGET_OVER) {
        set_room(conn);
    }
    return taken;
}

static void fileget_ended(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget_put(fileget, FILEGET_ENDED);
    switch ((enum fileget_phase)fileget->phase) {
    case FILEGET_FIRST:
        if ((fileget->in.first.line.facts & LINE_BEGUN) != 0) {
            end_raw(conn);
        } else {
            finish(conn);
        }
        break;
    case FILEGET_HEAD:
    case FILEGET_BODY:
        if (http_head_idle(&fileget->in.head)) {
            finish(conn);
        } else {
            answer_last(conn, HTTP_BAD_REQUEST);
        }
        break;
    case FILEGET_WAIT:
    case FILEGET_ANSWER:
    case FILEGET_OVER:
        break;
    }
}

/* The request is not whole, and its time is over. */
static void give_up(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    const struct line *line = &fileget->in.first.line;

    if (fileget->phase == FILEGET_FIRST) {
        /* A line that stood still was whole, after all, unless it came from a terminal. */
        if (fileget_has(fileget, FILEGET_QUIET) && (line->facts & LINE_TELNET) == 0) {
            end_raw(conn);
        } else {
            finish(conn);
        }
    } else if (http_head_idle(&fileget->in.head)) {
        finish(conn);
    } else {
        answer_last(conn, HTTP_TIMEOUT);
    }
}

static void fileget_due(struct conn *conn, unsigned kind)
{
    struct fileget_conn *fileget;

    if (conn == NULL) {
        fileget_cache_due();
        return;
    }
    fileget = conn_state(conn);
    if (kind == fileget_state.head_kind) {
        give_up(conn);
    } else if (kind == fileget_state.idle_kind) {
        finish(conn);
    } else if (kind == fileget_state.retry_kind) {
        CHECK(fileget->phase == FILEGET_WAIT);
        open_raw(conn);
    } else {
        CHECK(kind == fileget_state.gap_kind && fileget->phase == FILEGET_FIRST);
        if (gap_ends(conn)) {
            end_raw(conn);
        } else {
            fileget_put(fileget, FILEGET_QUIET);
        }
    }
}

static void fileget_closed(struct conn *conn, enum conn_end why)
{
    const struct fileget_conn *fileget = conn_state(conn);

    (void)why;
    if (fileget->phase == FILEGET_ANSWER) {
        fileget_log(conn); /* what there was of it */
    }
    fileget_close(conn_state(conn));
}

static void fileget_report(struct text *line)
{
    text_put_count(line, "raw", fileget_state.raw);
    text_put_count(line, "http", fileget_state.http);
    text_put_count(line, "refused", fileget_state.refused);
    text_put_count(line, "broken", fileget_state.broken);
}

#if CORE_LIMITS
static const struct limit limits[] = {
    LIMIT(CFG_FILEGET_BLOCK_BYTES, "bytes", "what is sent is rendered into"),
    LIMIT(CFG_FILEGET_SLICE_BYTES, "bytes", "of a file sent in one call"),
    LIMIT(CFG_FILEGET_AHEAD_BYTES, "bytes", "fetched ahead of what is sent"),
    LIMIT(CFG_FILEGET_FIELD_BYTES, "bytes", "the longest header element that is compared"),
    LIMIT(FILEGET_NAME_BYTES, "bytes", "the longest name"),
    LIMIT(CFG_FILEGET_HEAD_BYTES, "bytes", "the longest request head"),
    LIMIT(CFG_FILEGET_FIELDS_MAX, "fields", "in a request head"),
    LIMIT(CFG_FILEGET_BODY_BYTES, "bytes", "the longest request body read past"),
    LIMIT(CFG_FILEGET_CACHE_FILES, "files", "kept open for a moment"),
    LIMIT(CFG_FILEGET_CACHE_NAME_BYTES, "bytes", "the longest name of one"),
    LIMIT(CFG_FILEGET_CACHE_BODY_BYTES, "bytes", "the largest whose bytes are kept"),
    LIMIT(CFG_FILEGET_CACHE_MS, "ms", "until it is found by its name again"),
    LIMIT(CFG_FILEGET_HEADERS_MAX, "fields", "added to every answer"),
    LIMIT(CFG_FILEGET_HEADERS_BYTES, "bytes", "of them in sum"),
    LIMIT(CFG_FILEGET_SORTS, "listings", "in order at the same time"),
    LIMIT(CFG_FILEGET_SORT_BYTES, "bytes", "of names in each at once"),
    LIMIT(CFG_FILEGET_SORT_PASSES, "times", "a folder is read for a listing in order"),
    LIMIT(CFG_FILEGET_ENTRIES, "entries", "in one piece of a listing"),
    LIMIT(CFG_FILEGET_HEAD_MS, "ms", "a request is whole"),
    LIMIT(CFG_FILEGET_IDLE_MS, "ms", "the next request begins"),
    LIMIT(CFG_FILEGET_HANDLE_MS, "ms", "a raw name waits for a handle"),
    LIMIT(CFG_FILEGET_STALL_BYTES, "bytes", "a reader takes in CFG_STALL_MS"),
};
#endif

const struct app fileget_app = {
    .name = "file",
    .start = fileget_start,
    .opened = fileget_opened,
    .input = fileget_input,
    .ended = fileget_ended,
    .produce = fileget_produce,
    .due = fileget_due,
    .closed = fileget_closed,
    .report = fileget_report,
    .stopping = fileget_cache_stop,
    .peers_first = true,
    .stall_bytes = CFG_FILEGET_STALL_BYTES,
    .static_bytes = sizeof fileget_state + sizeof fileget_settings +
                    (size_t)FILEGET_CACHE_STATIC_BYTES + (size_t)FILEGET_SORT_STATIC_BYTES,
#if CORE_LIMITS
    .limits = limits,
    .limits_count = COUNT_OF(limits),
#endif
};
