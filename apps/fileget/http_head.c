/* SPDX-License-Identifier: MIT */
/* The head of an HTTP/1.1 request, byte by byte: lines, fields and framing. */
#include "apps/fileget/http_head.h"

#include <string.h>

#include "core/text.h"

enum head_state {
    HEAD_LINE,        /* the request line */
    HEAD_FIELD,       /* the first byte of a field line, or of the empty line */
    HEAD_NAME,
    HEAD_SPACE,       /* white space in front of a value or of a list's element */
    HEAD_VALUE,
    HEAD_VALUE_CR,    /* an LF must follow */
    HEAD_END_CR,
    HEAD_OVER
};

void http_head_begin(struct http_head *head, size_t held)
{
    CHECK(held <= FILEGET_LINE_BYTES);
    memset(head, 0, sizeof *head);
    head->held = (uint16_t)held;
    head->bytes = (uint16_t)held;
}

bool http_head_idle(const struct http_head *head)
{
    return head->bytes == 0;
}

bool http_head_keeps(const struct http_head *head)
{
    if ((head->facts & (HTTP_CLOSE | HTTP_LF_MODE)) != 0) {
        return false;
    }
    return (head->facts & (HTTP_IS_11 | HTTP_KEEP)) != 0;
}

static enum http_event fault(struct http_head *head, enum http_status status)
{
    head->state = HEAD_OVER;
    head->status = (uint16_t)status;
    return HTTP_FAULT;
}

static enum http_event move(struct http_head *head, enum head_state state)
{
    head->state = (uint8_t)state;
    return HTTP_MORE;
}

static bool has(const struct http_head *head, uint32_t facts)
{
    return (head->facts & facts) != 0;
}

/* ---- The request line ---------------------------------------------------------------------- */

static enum http_event line_ended(struct http_head *head, uint8_t *buffer, bool dot_files)
{
    enum http_status status;

    if (head->held > 0 && buffer[head->held - 1] == '\r') {
        head->held--;
    } else {
        head->facts |= HTTP_LF_MODE;
    }
    if (head->held == 0) {
        /* One empty line is forgiven: RFC 9112 section 2.2. */
        if (has(head, HTTP_SKIPPED_LINE | HTTP_LF_MODE)) {
            return fault(head, HTTP_BAD_REQUEST);
        }
        head->facts |= HTTP_SKIPPED_LINE;
        head->bytes = 0;
        return HTTP_MORE;
    }
    status = http_line_read(head, buffer, dot_files);
    if (status != HTTP_NONE) {
        return fault(head, status);
    }
    head->facts |= HTTP_READ;
    return move(head, HEAD_FIELD);
}

static enum http_event line_byte(struct http_head *head, uint8_t *buffer, uint8_t byte,
                                 bool dot_files)
{
    if (byte == '\n') {
        return line_ended(head, buffer, dot_files);
    }
    if (head->held == FILEGET_LINE_BYTES) {
        return fault(head, HTTP_NAME_TOO_LONG);
    }
    buffer[head->held] = byte;
    head->held++;
    return HTTP_MORE;
}

/* ---- Elements of values -------------------------------------------------------------------- */

static bool holds_tags(unsigned field)
{
    return field == HTTP_FIELD_IF_MATCH || field == HTTP_FIELD_IF_NONE_MATCH;
}

static bool is_list(unsigned field)
{
    return field == HTTP_FIELD_CODING || field == HTTP_FIELD_CONNECTION || holds_tags(field);
}

/* Digits alone, and the same number each time (RFC 9112 section 6.3). */
static bool length_note(struct http_head *head, const char *value, size_t n)
{
    uint64_t length;

    if (has(head, HTTP_CUT) || !text_read_number(value, n, UINT64_MAX, &length)) {
        return false;
    }
    if (has(head, HTTP_LENGTH) && length != head->content_length) {
        return false;
    }
    head->facts |= HTTP_LENGTH;
    head->content_length = length;
    return true;
}

/* chunked, once, and nothing else: no other coding is understood. */
static bool coding_note(struct http_head *head, const uint8_t *value, size_t n)
{
    if (has(head, HTTP_CUT | HTTP_CHUNKED) || !http_equal(value, n, "chunked")) {
        return false;
    }
    head->facts |= HTTP_CHUNKED;
    return true;
}

static void connection_note(struct http_head *head, const uint8_t *value, size_t n)
{
    if (http_equal(value, n, "close")) {
        head->facts |= HTTP_CLOSE;
    } else if (http_equal(value, n, "keep-alive")) {
        head->facts |= HTTP_KEEP;
    }
}

static void range_note(struct http_head *head, const char *value, size_t n)
{
    if (has(head, HTTP_RANGE | HTTP_CUT)) {
        head->facts |= HTTP_RANGE_BAD;
    } else {
        http_range_read(head, value, n);
    }
    head->facts |= HTTP_RANGE;
}

/* An element is whole: a whole value, or what stood between two commas. */
static enum http_event element_ended(struct http_head *head, uint8_t *buffer)
{
    const uint8_t *value = buffer + head->held;

    while (head->piece > 0
           && (value[head->piece - 1] == ' ' || value[head->piece - 1] == '\t')) {
        head->piece--;
    }
    if (head->piece == 0 && is_list(head->field)) {
        return HTTP_MORE; /* empty elements count for nothing: RFC 9110 section 5.6.1 */
    }
    switch ((enum http_field)head->field) {
    case HTTP_FIELD_OTHER:
        break;
    case HTTP_FIELD_HOST:
        return http_host_whole(head->host) ? HTTP_MORE : fault(head, HTTP_BAD_REQUEST);
    case HTTP_FIELD_LENGTH:
        return length_note(head, (const char *)value, head->piece) ? HTTP_MORE
                                                             : fault(head, HTTP_BAD_REQUEST);
    case HTTP_FIELD_CODING:
        return coding_note(head, value, head->piece) ? HTTP_MORE : fault(head, HTTP_BAD_REQUEST);
    case HTTP_FIELD_CONNECTION:
        connection_note(head, value, head->piece);
        break;
    case HTTP_FIELD_EXPECT:
        head->facts |= http_equal(value, head->piece, "100-continue") ? HTTP_EXPECTS
                                                                      : HTTP_EXPECTS_OTHER;
        break;
    case HTTP_FIELD_RANGE:
        range_note(head, (const char *)value, head->piece);
        break;
    case HTTP_FIELD_IF_MATCH:
    case HTTP_FIELD_IF_NONE_MATCH:
    case HTTP_FIELD_IF_MODIFIED:
    case HTTP_FIELD_IF_UNMODIFIED:
    case HTTP_FIELD_IF_RANGE:
        return HTTP_CONDITION;
    }
    return HTTP_MORE;
}

/* ---- Field names --------------------------------------------------------------------------- */

/* In the order of enum http_field, from HTTP_FIELD_HOST on; in front of each name its length. */
static const char known_fields[] =
    "\004host\016content-length\021transfer-encoding\012connection\006expect\005range\010if-match"
    "\015if-none-match\021if-modified-since\023if-unmodified-since\010if-range";

static enum http_field field_of(const uint8_t *name, size_t n)
{
    size_t at = 0;

    for (unsigned field = HTTP_FIELD_HOST; at + 1 < sizeof known_fields; field++) {
        size_t known_bytes = (size_t)known_fields[at];

        if (n == known_bytes && http_same(name, known_fields + at + 1, n)) {
            return (enum http_field)field;
        }
        at += 1 + known_bytes;
    }
    return HTTP_FIELD_OTHER;
}

/* Keeps a byte of a name or an element, behind the name that was asked for. */
static void piece_keep(struct http_head *head, uint8_t *buffer, uint8_t byte)
{
    if (head->piece == CFG_FILEGET_FIELD_BYTES) {
        head->facts |= HTTP_CUT;
        return;
    }
    buffer[head->held + head->piece] = byte;
    head->piece++;
}

static void piece_forget(struct http_head *head)
{
    head->piece = 0;
    head->facts &= ~(uint32_t)(HTTP_CUT | HTTP_QUOTED);
}

static enum http_event name_ended(struct http_head *head, const uint8_t *buffer)
{
    enum http_field field = HTTP_FIELD_OTHER;

    if (!has(head, HTTP_CUT)) {
        field = field_of(buffer + head->held, head->piece);
    }
    if (head->piece == 0 || head->fields == CFG_FILEGET_FIELDS_MAX) {
        return fault(head, head->piece == 0 ? HTTP_BAD_REQUEST : HTTP_HEAD_TOO_LARGE);
    }
    if (field == HTTP_FIELD_HOST) {
        if (has(head, HTTP_HOST)) {
            return fault(head, HTTP_BAD_REQUEST);
        }
        head->facts |= HTTP_HOST;
    }
    if (field == HTTP_FIELD_CODING) {
        head->facts |= HTTP_CODED;
    } else if (field == HTTP_FIELD_IF_MATCH) {
        head->facts |= HTTP_IF_MATCH; /* none of the tags matches, even where there is none */
    } else if (field == HTTP_FIELD_IF_NONE_MATCH) {
        head->facts |= HTTP_IF_NONE_MATCH;
    }
    head->field = (uint8_t)field;
    head->fields++;
    piece_forget(head);
    return move(head, HEAD_SPACE);
}

static enum http_event name_byte(struct http_head *head, uint8_t *buffer, uint8_t byte)
{
    if (byte == ':') {
        return name_ended(head, buffer);
    }
    if (!http_is_token_byte(byte)) {
        return fault(head, HTTP_BAD_REQUEST); /* white space and folded lines as well */
    }
    piece_keep(head, buffer, byte);
    return move(head, HEAD_NAME);
}

/* ---- The end of the head ------------------------------------------------------------------- */

/* What is decided without looking at a file (RFC 9112 sections 3.2, 6.1 and 6.3). */
static enum http_event head_ended(struct http_head *head)
{
    bool is_11 = has(head, HTTP_IS_11);

    if (is_11 && !has(head, HTTP_HOST)) {
        return fault(head, HTTP_BAD_REQUEST);
    }
    if (has(head, HTTP_CODED) && (!is_11 || !has(head, HTTP_CHUNKED) || has(head, HTTP_LENGTH))) {
        return fault(head, HTTP_BAD_REQUEST);
    }
    head->state = HEAD_OVER;
    if (head->method == HTTP_UNKNOWN) {
        head->status = HTTP_METHOD_UNKNOWN;
    } else if (head->method == HTTP_OTHER) {
        head->status = HTTP_METHOD_NOT_ALLOWED;
    } else if (is_11 && has(head, HTTP_EXPECTS_OTHER)) {
        head->status = HTTP_EXPECTATION_FAILED;
    } else if (has(head, HTTP_REFUSED)) {
        head->status = HTTP_NOT_FOUND;
    }
    return HTTP_END;
}

/* ---- Values -------------------------------------------------------------------------------- */

/* A field line is whole. */
static enum http_event value_ended(struct http_head *head, uint8_t *buffer)
{
    /* In front of an element, what is kept is the one before the comma, and it was told. */
    if (head->state == HEAD_SPACE) {
        piece_forget(head);
    }
    head->state = HEAD_FIELD;
    return element_ended(head, buffer);
}

static enum http_event value_byte(struct http_head *head, uint8_t *buffer, uint8_t byte)
{
    if (head->state == HEAD_SPACE) {
        if (byte == ' ' || byte == '\t') {
            return HTTP_MORE;
        }
        piece_forget(head);
        head->state = HEAD_VALUE;
    }
    if (byte == '"' && holds_tags(head->field)) { /* a tag may hold commas */
        head->facts ^= HTTP_QUOTED;
    }
    if (byte == ',' && is_list(head->field) && !has(head, HTTP_QUOTED)) {
        head->state = HEAD_SPACE;
        return element_ended(head, buffer);
    }
    if (head->field == HTTP_FIELD_HOST) {
        return http_host_step(&head->host, byte) ? HTTP_MORE : fault(head, HTTP_BAD_REQUEST);
    }
    if (head->field != HTTP_FIELD_OTHER) {
        piece_keep(head, buffer, byte);
    }
    return HTTP_MORE;
}

static bool is_value_byte(uint8_t byte)
{
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

/* CR LF, or LF alone in LF mode; no other control byte but the tab. */
static enum http_event value_or_end(struct http_head *head, uint8_t *buffer, uint8_t byte)
{
    if (byte == '\n') {
        return has(head, HTTP_LF_MODE) ? value_ended(head, buffer)
                                       : fault(head, HTTP_BAD_REQUEST);
    }
    if (byte == '\r' && !has(head, HTTP_LF_MODE)) {
        if (head->state == HEAD_SPACE) {
            piece_forget(head);
        }
        return move(head, HEAD_VALUE_CR);
    }
    if (!is_value_byte(byte)) {
        return fault(head, HTTP_BAD_REQUEST);
    }
    return value_byte(head, buffer, byte);
}

static enum http_event field_begins(struct http_head *head, uint8_t *buffer, uint8_t byte)
{
    if (byte == '\r' && !has(head, HTTP_LF_MODE)) {
        return move(head, HEAD_END_CR);
    }
    if (byte == '\n' && has(head, HTTP_LF_MODE)) {
        return head_ended(head);
    }
    piece_forget(head);
    return name_byte(head, buffer, byte);
}

static enum http_event head_byte(struct http_head *head, uint8_t *buffer, uint8_t byte,
                                 bool dot_files)
{
    if (head->bytes == CFG_FILEGET_HEAD_BYTES) {
        return fault(head, HTTP_HEAD_TOO_LARGE);
    }
    head->bytes++;
    switch ((enum head_state)head->state) {
    case HEAD_LINE:
        return line_byte(head, buffer, byte, dot_files);
    case HEAD_FIELD:
        return field_begins(head, buffer, byte);
    case HEAD_NAME:
        return name_byte(head, buffer, byte);
    case HEAD_SPACE:
    case HEAD_VALUE:
        return value_or_end(head, buffer, byte);
    case HEAD_VALUE_CR:
        return byte == '\n' ? value_ended(head, buffer) : fault(head, HTTP_BAD_REQUEST);
    case HEAD_END_CR:
        return byte == '\n' ? head_ended(head) : fault(head, HTTP_BAD_REQUEST);
    case HEAD_OVER:
        break;
    }
    CHECK(false);
    return HTTP_FAULT;
}

/* ---- Runs: bytes of which head_byte would make nothing but HTTP_MORE, at once -------------- */

static size_t line_run(struct http_head *head, uint8_t *buffer, const uint8_t *bytes, size_t n)
{
    size_t room = FILEGET_LINE_BYTES - (size_t)head->held;
    const uint8_t *end = memchr(bytes, '\n', n);

    n = end != NULL ? (size_t)(end - bytes) : n;
    n = n < room ? n : room;
    memmove(buffer + head->held, bytes, n);
    head->held = (uint16_t)(head->held + n);
    return n;
}

static size_t name_run(struct http_head *head, uint8_t *buffer, const uint8_t *bytes, size_t n)
{
    size_t room = CFG_FILEGET_FIELD_BYTES - (size_t)head->piece;
    uint8_t *name = buffer + head->held + head->piece;
    size_t i = 0;

    n = n < room ? n : room;
    for (; i < n && http_is_token_byte(bytes[i]); i++) {
        name[i] = bytes[i];
    }
    head->piece = (uint8_t)(head->piece + i);
    return i;
}

static size_t value_run(const uint8_t *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && is_value_byte(bytes[i])) {
        i++;
    }
    return i;
}

/* Returns how many of the n bytes it took. */
static size_t head_run(struct http_head *head, uint8_t *buffer, const uint8_t *bytes, size_t n)
{
    size_t most = CFG_FILEGET_HEAD_BYTES - (size_t)head->bytes;
    size_t taken = 0;

    n = n < most ? n : most;
    if (head->state == HEAD_LINE) {
        taken = line_run(head, buffer, bytes, n);
    } else if (head->state == HEAD_NAME) {
        taken = name_run(head, buffer, bytes, n);
    } else if (head->state == HEAD_VALUE && head->field == HTTP_FIELD_OTHER) {
        taken = value_run(bytes, n);
    }
    head->bytes = (uint16_t)(head->bytes + taken);
    return taken;
}

enum http_event http_head_feed(struct http_head *head, uint8_t *buffer, const uint8_t *bytes,
                               size_t n, bool dot_files, size_t *taken)
{
    enum http_event event = HTTP_MORE;
    size_t i = 0;

    while (event == HTTP_MORE && i < n) {
        i += head_run(head, buffer, bytes + i, n - i);
        if (i < n) {
            event = head_byte(head, buffer, bytes[i], dot_files);
            i++;
        }
    }
    *taken = i;
    return event;
}
