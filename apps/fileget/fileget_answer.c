/* SPDX-License-Identifier: MIT */
/*
 * Answers. Nothing that is to be sent is kept: each piece (a head with a short body, a block of a
 * file, some rows of a listing) is rendered into the one block, written from where the last write
 * ended, and rendered again if the peer did not take it all.
 */
#include <string.h>

#include "apps/fileget/fileget_cache.h"
#include "apps/fileget/fileget_sort.h"
#include "apps/fileget/http_date.h"

/* What became of a piece. */
enum piece { PIECE_SENT, PIECE_LEFT, PIECE_BROKEN };

static bool is_head_request(const struct fileget_conn *fileget)
{
    return fileget->in.head.method == HTTP_HEAD;
}

/* The file failed: the peer must not take what it has for complete. */
static enum piece broken(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget_state.broken++;
    fileget->phase = FILEGET_OVER;
    conn_abort(conn);
    return PIECE_BROKEN;
}

/* The end follows at once, and goes with the last bytes. */
static bool is_last(const struct fileget_conn *fileget)
{
    return fileget_has(fileget, FILEGET_CLOSE | FILEGET_ENDED);
}

/* Writes what is left of the piece in the block. */
static enum piece send_piece(struct conn *conn, const struct text *text, bool more)
{
    struct fileget_conn *fileget = conn_state(conn);
    size_t left = text->n - fileget->sent;
    size_t taken;

    CHECK(!text->cut && fileget->sent < text->n);
    taken = conn_write(conn, text->bytes + fileget->sent, left, more);
    if (taken < left) {
        fileget->sent = (uint16_t)(fileget->sent + taken);
        return PIECE_LEFT;
    }
    fileget->sent = 0;
    return PIECE_SENT;
}

/* ---- The head ------------------------------------------------------------------------------ */

static const struct http_answer *describe(const struct fileget_conn *fileget,
                                          const uint8_t *buffer)
{
    const struct http_head *head = &fileget->in.head;
    struct http_answer *answer = &fileget_state.answer;

    answer->status = (enum http_status)fileget->status;
    answer->body = (enum http_body)fileget->body;
    answer->is_11 = (head->facts & HTTP_IS_11) != 0;
    answer->keep = !fileget_has(fileget, FILEGET_CLOSE);
    answer->without_body = is_head_request(fileget);
    answer->date_s = fileget->date_s;
    answer->version = fileget->of.version; /* of no meaning for a listing */
    answer->first = head->range_first;
    answer->end = head->range_end;
    answer->type = fileget->type;
    answer->headers = fileget_settings.headers;
    answer->headers_max = COUNT_OF(fileget_settings.headers);
    answer->charset = fileget_settings.charset;
    answer->name = (const char *)buffer;
    answer->name_bytes = http_head_name_bytes(head, buffer);
    answer->query = http_head_query(head, buffer, &answer->query_bytes);
    fileget_cache_describe(fileget, answer);
    return answer;
}

/* Appends n bytes of the file; false: it is shorter by now, or cannot be read. */
static bool put_file(struct text *text, const struct fileget_conn *fileget, uint64_t offset,
                     size_t n)
{
    const char *body = fileget_cache_body(fileget);
    size_t end = text->n + n;

    CHECK(end <= text->capacity);
    if (body != NULL) {
        text_put_bytes(text, body + (size_t)offset, n);
        return true;
    }
    while (text->n < end) {
        int got = port_file_read(fileget->file, offset, text->bytes + text->n, end - text->n);

        if (got <= 0) {
            return false;
        }
        text->n += (size_t)got;
        offset += (size_t)got;
    }
    return true;
}

/* Renders the head, and what goes out with it. *part is what follows, FILEGET_PART_HEAD: nothing.
 * False: the file failed. */
static bool put_head(struct text *text, const struct fileget_conn *fileget, const uint8_t *buffer,
                     enum fileget_part *part)
{
    const struct http_answer *answer = describe(fileget, buffer);
    uint64_t left = answer->end - answer->first;

    *part = FILEGET_PART_HEAD;
    http_answer_put(text, answer);
    if (answer->without_body) {
        return true;
    }
    if (answer->body == HTTP_BODY_LISTING) {
        fileget_listing_begin(text, answer->name, answer->name_bytes, answer->is_11);
        *part = FILEGET_PART_ROWS;
    } else if (answer->body == HTTP_BODY_FILE) {
        if (left <= text->capacity - text->n) {
            return put_file(text, fileget, answer->first, (size_t)left);
        }
        *part = FILEGET_PART_FILE;
    }
    return true;
}

static enum piece send_head(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    struct text text;
    enum fileget_part part;
    enum piece piece;

    text_begin(&text, fileget_state.block, sizeof fileget_state.block);
    if (!put_head(&text, fileget, conn_buffer(conn), &part)) {
        return broken(conn);
    }
    piece = send_piece(conn, &text, part == FILEGET_PART_FILE
                                        || (part == FILEGET_PART_HEAD && is_last(fileget)));
    if (piece != PIECE_SENT) {
        return piece;
    }
    if (part == FILEGET_PART_HEAD) {
        if (fileget->body == HTTP_BODY_FILE && !is_head_request(fileget)) {
            fileget->in.head.range_first = fileget->in.head.range_end;
        }
        fileget_next(conn);
    } else {
        fileget->part = (uint8_t)part;
        if (part == FILEGET_PART_ROWS) {
            (void)fileget_sort_of(fileget, true); /* without, they are sent as they come */
        }
    }
    return PIECE_SENT;
}

/* ---- The file ------------------------------------------------------------------------------ */

#if CFG_FILEGET_AHEAD_BYTES > 0
/* Has n bytes of what is asked for fetched from `offset` on. */
static void fetch(const struct fileget_conn *fileget, uint64_t offset, uint64_t n)
{
    uint64_t end = fileget->in.head.range_end;

    if (offset < end) {
        port_file_advise(fileget->file, offset, n < end - offset ? n : end - offset);
    }
}

static void fetch_first(const struct fileget_conn *fileget)
{
    if (fileget->body == HTTP_BODY_FILE && !is_head_request(fileget)
        && fileget->in.head.range_end - fileget->from > CFG_FILEGET_AHEAD_BYTES) {
        fetch(fileget, fileget->from, 2 * (uint64_t)CFG_FILEGET_AHEAD_BYTES);
    }
}

/* As one window was sent, the one after the next. */
static void fetch_next(const struct fileget_conn *fileget, uint64_t sent_from)
{
    uint64_t window = fileget->in.head.range_first / CFG_FILEGET_AHEAD_BYTES;

    if (window != sent_from / CFG_FILEGET_AHEAD_BYTES) {
        fetch(fileget, (window + 1) * CFG_FILEGET_AHEAD_BYTES, CFG_FILEGET_AHEAD_BYTES);
    }
}
#else
static void fetch_first(const struct fileget_conn *fileget)
{
    (void)fileget;
}

static void fetch_next(const struct fileget_conn *fileget, uint64_t sent_from)
{
    (void)fileget;
    (void)sent_from;
}
#endif

/* For ports that cannot send this file themselves. */
static int copy_file(struct conn *conn, uint64_t offset, uint64_t left)
{
    struct fileget_conn *fileget = conn_state(conn);
    size_t n = left < sizeof fileget_state.block ? (size_t)left : sizeof fileget_state.block;
    int got = port_file_read(fileget->file, offset, fileget_state.block, n);

    if (got <= 0) {
        return PORT_IO;
    }
    return (int)conn_write(conn, fileget_state.block, (size_t)got, (uint64_t)got < left);
}

static enum piece send_file(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    struct http_head *head = &fileget->in.head;
    uint64_t left = head->range_end - head->range_first;
    size_t slice = left < CFG_FILEGET_SLICE_BYTES ? (size_t)left : (size_t)CFG_FILEGET_SLICE_BYTES;
    const char *body = fileget_cache_body(fileget);
    int sent = PORT_SKIP;

    if (body != NULL) {
        sent = (int)conn_write(conn, body + (size_t)head->range_first, slice, is_last(fileget));
    } else if (!fileget_has(fileget, FILEGET_COPIES)) {
        sent = conn_write_file(conn, fileget->file, head->range_first, slice);
    }
    if (sent == PORT_SKIP) {
        fileget_put(fileget, FILEGET_COPIES);
        sent = copy_file(conn, head->range_first, left);
    }
    if (sent < 0) {
        return broken(conn);
    }
    head->range_first += (unsigned)sent;
    fetch_next(fileget, head->range_first - (unsigned)sent);
    if (head->range_first == head->range_end) {
        fileget_next(conn);
        return PIECE_SENT;
    }
    return sent > 0 ? PIECE_SENT : PIECE_LEFT;
}

/* ---- Listings ------------------------------------------------------------------------------ */

/* FNV-1a: tells whether a piece that was sent in part has come out the same again. */
static uint32_t digest(const struct text *text)
{
    uint32_t sum = 2166136261u;

    for (size_t i = 0; i < text->n; i++) {
        sum = (sum ^ (unsigned char)text->bytes[i]) * 16777619u;
    }
    return sum;
}

static enum piece send_rows(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    bool chunked = (fileget->in.head.facts & HTTP_IS_11) != 0;
    uint64_t position = fileget->of.listing.position;
    enum piece piece = PIECE_SENT;
    struct text text;
    int result;

    text_begin(&text, fileget_state.block, sizeof fileget_state.block);
    result = fileget_listing_rows(&text, fileget, &position, chunked);
    if (result == PORT_IO) {
        return broken(conn);
    }
    if (fileget->sent > 0 && fileget->of.listing.digest != digest(&text)) {
        return broken(conn); /* the directory changed under a piece half sent */
    }
    if (text.n > 0) {
        piece = send_piece(conn, &text, true);
    }
    if (piece == PIECE_LEFT) {
        fileget->of.listing.digest = digest(&text);
        return piece;
    }
    fileget->of.listing.position = position;
    if (result == PORT_EOF) {
        fileget->part = FILEGET_PART_TAIL;
    }
    return text.n > 0 ? PIECE_SENT : PIECE_LEFT; /* looking without finding is work as well */
}

static enum piece send_tail(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    enum piece piece;
    struct text text;

    text_begin(&text, fileget_state.block, sizeof fileget_state.block);
    fileget_listing_end(&text, (fileget->in.head.facts & HTTP_IS_11) != 0);
    piece = send_piece(conn, &text, is_last(fileget));
    if (piece == PIECE_SENT) {
        fileget_next(conn);
    }
    return piece;
}

/* ---- Pieces in turn ------------------------------------------------------------------------ */

static enum piece send_next(struct conn *conn)
{
    const struct fileget_conn *fileget = conn_state(conn);

    switch ((enum fileget_part)fileget->part) {
    case FILEGET_PART_HEAD:
        return send_head(conn);
    case FILEGET_PART_FILE:
        return send_file(conn);
    case FILEGET_PART_ROWS:
        return send_rows(conn);
    case FILEGET_PART_TAIL:
        return send_tail(conn);
    }
    return PIECE_LEFT;
}

bool fileget_produce(struct conn *conn, size_t room)
{
    const struct fileget_conn *fileget = conn_state(conn);
    unsigned pieces = 2 + (unsigned)(room / 4096); /* a file in slices, a listing in blocks */

    for (; pieces > 0 && fileget->phase == FILEGET_ANSWER; pieces--) {
        if (send_next(conn) != PIECE_SENT) {
            break;
        }
    }
    return fileget->phase == FILEGET_ANSWER;
}

static void begin(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget->phase = FILEGET_ANSWER;
    fileget->from = fileget->in.head.range_first;
    fileget->sent = 0;
    fetch_first(fileget);
    conn_deadline_clear(conn, 0);
    conn_deadline_clear(conn, 1);
    conn_settle(conn);
    conn_output_ask(conn); /* in this very pass, and not on top of the parser's stack */
}

int64_t fileget_date(void)
{
    int64_t seconds;
    uint32_t nanoseconds;

    return port_wall_time(&seconds, &nanoseconds) && date_is_known(seconds) ? seconds
                                                                            : HTTP_DATE_UNKNOWN;
}

/* ---- The decision -------------------------------------------------------------------------- */

/* What to do about a file that exists (RFC 9110 section 13.2.2). */
static enum http_status decide_file(struct fileget_conn *fileget)
{
    struct http_head *head = &fileget->in.head;
    enum http_status status = http_condition_status(head);
    bool ranges = head->method == HTTP_GET && http_condition_range_holds(head);

    return status != HTTP_NONE ? status
                               : http_head_range(head, fileget->of.version.size_bytes, ranges);
}

static enum http_status decide(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);
    enum http_status status = (enum http_status)fileget->status;

    if (!fileget_has(fileget, FILEGET_FOUND)) {
        status = fileget_find(fileget, conn_buffer(conn));
    }
    if (status == HTTP_OK && fileget->body == HTTP_BODY_FILE) {
        status = decide_file(fileget);
    }
    if (status == HTTP_OK && fileget->body == HTTP_BODY_LISTING
        && (fileget->in.head.facts & HTTP_IS_11) == 0) {
        fileget_put(fileget, FILEGET_CLOSE); /* its end is the end of the connection */
    }
    return status;
}

void fileget_answer(struct conn *conn, enum http_status status)
{
    struct fileget_conn *fileget = conn_state(conn);

    if (status == HTTP_NONE) {
        status = decide(conn);
    }
    if (status == HTTP_NOT_MODIFIED) {
        fileget->body = HTTP_BODY_NONE;
    } else if (status != HTTP_OK && status != HTTP_PARTIAL) {
        fileget->body = HTTP_BODY_STATUS;
    }
    if (fileget->body == HTTP_BODY_STATUS || fileget->body == HTTP_BODY_NONE) {
        fileget_close(fileget);
    }
    fileget->status = (uint16_t)status;
    fileget->part = FILEGET_PART_HEAD;
    fileget->date_s = fileget_date();
    begin(conn);
}

void fileget_answer_raw(struct conn *conn)
{
    struct fileget_conn *fileget = conn_state(conn);

    fileget_put(fileget, FILEGET_CLOSE);
    (void)http_head_range(&fileget->in.head, fileget->of.version.size_bytes, false);
    fileget->status = HTTP_OK;
    fileget->date_s = fileget_date();
    fileget->part = FILEGET_PART_FILE;
    fileget->body = HTTP_BODY_FILE;
    if (fileget->in.head.range_end == 0) {
        fileget_next(conn);
    } else {
        begin(conn);
    }
}
