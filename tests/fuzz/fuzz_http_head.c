/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP request, byte by byte, against a model that sees all of it and works on lines
 * (RFC 9112): both take the same heads, up to the same byte, and agree on what they say. Nothing
 * behind what was fed is ever touched, and a line that was begun elsewhere makes no difference.
 *
 * Input: a byte, bit 0: dot files are shown; 2 bytes, how much of the line was there before; the
 * head.
 */
#include "apps/fileget/http_head.h"

#include <string.h>

#include "core/name.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = CFG_FILEGET_HEAD_BYTES + 200, UNTOUCHED = 0xaa };

/* ---- The model ----------------------------------------------------------------------------- */

struct span {
    const char *at;
    size_t n;
};

struct model {
    size_t length; /* of a whole and right head, with what stood before it; 0: there is none */
    enum http_status status;
    uint32_t facts; /* of those that the model knows */
    uint64_t content_length;
    size_t name_n;
    bool directory;
    const char *query; /* in the request; NULL: there is none */
    size_t query_n;
    char name[BYTES_MAX];
};

enum {
    MODEL_FACTS = HTTP_IS_11 | HTTP_LF_MODE | HTTP_HOST | HTTP_LENGTH | HTTP_CODED | HTTP_CHUNKED |
                  HTTP_CLOSE | HTTP_KEEP | HTTP_EXPECTS | HTTP_EXPECTS_OTHER | HTTP_REFUSED
};

static bool is_same(struct span span, const char *lower)
{
    bool same = span.n == strlen(lower);
    for (size_t i = 0; same && i < span.n; i++) {
        char c = span.at[i];
        same = (c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) == lower[i];
    }
    return same;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct span trimmed(struct span span)
{
    while (span.n > 0 && is_blank(span.at[span.n - 1])) {
        span.n--;
    }
    while (span.n > 0 && is_blank(span.at[0])) {
        span.at++;
        span.n--;
    }
    return span;
}

/* RFC 9110 section 5.6.2. */
static size_t token_bytes(struct span span)
{
    size_t n = 0;
    while (n < span.n && span.at[n] > ' ' && span.at[n] < 0x7f &&
           strchr("\"(),/:;<=>?@[\\]{}", span.at[n]) == NULL) {
        n++;
    }
    return n;
}

/* "host[:port]": a name, or a literal in brackets. */
static bool host_right(struct span host)
{
    static const char more[] = "(),;="; /* beside the letters of tokens, but at the front */
    size_t n = 0;
    if (host.n == 0) {
        return true;
    }
    bool literal = host.at[0] == '[';
    for (n = literal ? 1 : 0; n < host.n; n++) {
        char c = host.at[n];
        struct span one = {host.at + n, 1};
        bool letter = token_bytes(one) == 1 && strchr("#^`|", c) == NULL;
        bool other = literal ? c == ':' : n > 0 && c != '\0' && strchr(more, c) != NULL;
        if (!letter && !other) {
            break;
        }
    }
    if (literal) {
        if (n == host.n || host.at[n] != ']') {
            return false;
        }
        n++;
    } else if (n == 0) {
        return false;
    }
    if (n < host.n && host.at[n] != ':') {
        return false;
    }
    for (n = n < host.n ? n + 1 : n; n < host.n; n++) {
        if (host.at[n] < '0' || host.at[n] > '9') {
            return false;
        }
    }
    return true;
}

/* The target of a GET or HEAD. */
static bool model_target(struct span target, bool dot_files, struct model *model)
{
    struct span scheme = {target.at, 7};
    if (target.at[0] != '/') {
        size_t end = 7;
        if (target.n <= 7 || !is_same(scheme, "http://")) {
            return false;
        }
        while (end < target.n && target.at[end] != '/' && target.at[end] != '?') {
            end++;
        }
        struct span host = {target.at + 7, end - 7};
        if (host.n == 0 || !host_right(host)) {
            return false;
        }
        target.at += end;
        target.n -= end;
    }
    if (memchr(target.at, '#', target.n) != NULL) {
        return false;
    }
    const char *query = memchr(target.at, '?', target.n);
    model->name_n = query == NULL ? target.n : (size_t)(query - target.at);
    model->query = query == NULL ? NULL : query + 1;
    model->query_n = query == NULL ? 0 : target.n - model->name_n - 1;
    memcpy(model->name, target.at, model->name_n);
    if (!name_decode(model->name, &model->name_n)) {
        return false;
    }
    switch (name_confine(model->name, &model->name_n, dot_files, &model->directory)) {
    case NAME_OK:
        break;
    case NAME_MALFORMED:
        return false;
    case NAME_REFUSED:
        model->facts |= HTTP_REFUSED;
        model->name_n = 0;
        break;
    }
    return model->name_n <= FILEGET_NAME_BYTES;
}

static bool model_line(struct span line, bool dot_files, struct model *model)
{
    static const char *const known[] = {"OPTIONS", "POST", "PUT", "DELETE", "CONNECT", "TRACE",
                                        "PATCH"};
    struct span method = {line.at, token_bytes(line)};
    if (method.n == 0 || line.n < method.n + 11 || line.at[method.n] != ' ') {
        return false;
    }
    const char *version = line.at + line.n - 8;
    struct span target = {line.at + method.n + 1, line.n - method.n - 10};
    for (size_t i = 0; i < target.n; i++) {
        if ((uint8_t)target.at[i] <= ' ' || target.at[i] == 0x7f) {
            return false;
        }
    }
    if (version[-1] != ' ' || memcmp(version, "HTTP/1.", 7) != 0 || version[7] < '0' ||
        version[7] > '9') {
        return false;
    }
    model->facts |= version[7] > '0' ? HTTP_IS_11 : 0;
    if (method.n == 3 && memcmp(method.at, "GET", 3) == 0) {
        return model_target(target, dot_files, model);
    }
    if (method.n == 4 && memcmp(method.at, "HEAD", 4) == 0) {
        return model_target(target, dot_files, model);
    }
    model->status = HTTP_METHOD_UNKNOWN;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (method.n == strlen(known[i]) && memcmp(method.at, known[i], method.n) == 0) {
            model->status = HTTP_METHOD_NOT_ALLOWED;
        }
    }
    return true;
}

/* An element as it is kept: what is longer is cut, and then trimmed. */
static struct span kept(struct span element, bool *cut)
{
    while (element.n > 0 && is_blank(element.at[0])) {
        element.at++;
        element.n--;
    }
    *cut = element.n > CFG_FILEGET_FIELD_BYTES;
    element.n = *cut ? CFG_FILEGET_FIELD_BYTES : element.n;
    return trimmed(element);
}

static bool model_coding(struct span element, bool cut, struct model *model)
{
    bool again = (model->facts & HTTP_CHUNKED) != 0;
    model->facts |= HTTP_CHUNKED;
    return !cut && !again && is_same(element, "chunked");
}

static bool model_list(struct span value, bool coding, struct model *model)
{
    while (value.n > 0) {
        bool cut = false;
        const char *comma = memchr(value.at, ',', value.n);
        struct span raw = {value.at, comma == NULL ? value.n : (size_t)(comma - value.at)};
        struct span element = kept(raw, &cut);
        value.at += raw.n + (comma != NULL ? 1 : 0);
        value.n -= raw.n + (comma != NULL ? 1 : 0);
        if (element.n == 0) {
            continue;
        }
        if (coding && !model_coding(element, cut, model)) {
            return false;
        }
        model->facts |= !coding && is_same(element, "close") ? HTTP_CLOSE : 0;
        model->facts |= !coding && is_same(element, "keep-alive") ? HTTP_KEEP : 0;
    }
    return true;
}

static bool model_length(struct span value, struct model *model)
{
    bool cut = false;
    uint64_t number = 0;
    value = kept(value, &cut);
    if (cut || !text_read_number(value.at, value.n, UINT64_MAX, &number) ||
        ((model->facts & HTTP_LENGTH) != 0 && number != model->content_length)) {
        return false;
    }
    model->facts |= HTTP_LENGTH;
    model->content_length = number;
    return true;
}

static bool model_field(struct span line, struct model *model)
{
    bool cut = false;
    struct span name = {line.at, token_bytes(line)};
    if (name.n == 0 || name.n == line.n || line.at[name.n] != ':') {
        return false;
    }
    struct span value = {line.at + name.n + 1, line.n - name.n - 1};
    for (size_t i = 0; i < value.n; i++) {
        if (((uint8_t)value.at[i] < ' ' && value.at[i] != '\t') || value.at[i] == 0x7f) {
            return false;
        }
    }
    if (is_same(name, "host")) {
        bool again = (model->facts & HTTP_HOST) != 0;
        model->facts |= HTTP_HOST;
        return !again && host_right(trimmed(value));
    }
    if (is_same(name, "content-length")) {
        return model_length(value, model);
    }
    if (is_same(name, "transfer-encoding")) {
        model->facts |= HTTP_CODED;
        return model_list(value, true, model);
    }
    if (is_same(name, "connection")) {
        return model_list(value, false, model);
    }
    if (is_same(name, "expect")) {
        bool known = is_same(kept(value, &cut), "100-continue");
        model->facts |= known ? HTTP_EXPECTS : HTTP_EXPECTS_OTHER;
    }
    return true;
}

/* Takes a line off the front; *crlf: how it ended. False: there is no whole one. */
static bool take_line(struct span *rest, struct span *line, bool *crlf)
{
    const char *end = rest->n == 0 ? NULL : memchr(rest->at, '\n', rest->n);
    if (end == NULL) {
        return false;
    }
    line->at = rest->at;
    line->n = (size_t)(end - rest->at);
    *crlf = line->n > 0 && end[-1] == '\r';
    rest->at += line->n + 1;
    rest->n -= line->n + 1;
    line->n -= *crlf ? 1 : 0;
    return true;
}

static bool model_end(struct model *model)
{
    bool is_11 = (model->facts & HTTP_IS_11) != 0;
    bool coded = (model->facts & HTTP_CODED) != 0;
    bool chunked = (model->facts & HTTP_CHUNKED) != 0;
    if (is_11 && (model->facts & HTTP_HOST) == 0) {
        return false;
    }
    if (coded && (!is_11 || !chunked || (model->facts & HTTP_LENGTH) != 0)) {
        return false;
    }
    if (model->status == HTTP_NONE && is_11 && (model->facts & HTTP_EXPECTS_OTHER) != 0) {
        model->status = HTTP_EXPECTATION_FAILED;
    }
    if (model->status == HTTP_NONE && (model->facts & HTTP_REFUSED) != 0) {
        model->status = HTTP_NOT_FOUND;
    }
    return true;
}

static void model_head(struct span all, bool dot_files, struct model *model)
{
    struct span rest = all;
    struct span line;
    bool crlf = false;
    bool line_crlf = false;
    unsigned fields = 0;
    memset(model, 0, offsetof(struct model, name));
    if (rest.n >= 2 && memcmp(rest.at, "\r\n", 2) == 0) { /* one is forgiven */
        rest.at += 2;
        rest.n -= 2;
    }
    const char *begin = rest.at;
    if (!take_line(&rest, &line, &crlf) || line.n + (crlf ? 1 : 0) > FILEGET_LINE_BYTES ||
        !model_line(line, dot_files, model)) {
        return;
    }
    model->facts |= crlf ? 0 : HTTP_LF_MODE;
    while (take_line(&rest, &line, &line_crlf)) {
        if (line_crlf != crlf || (size_t)(rest.at - begin) > CFG_FILEGET_HEAD_BYTES) {
            return;
        }
        if (line.n == 0) {
            model->length = model_end(model) ? (size_t)(rest.at - all.at) : 0;
            return;
        }
        fields++;
        if (fields > CFG_FILEGET_FIELDS_MAX || !model_field(line, model)) {
            return;
        }
    }
}

/* ---- The parser ---------------------------------------------------------------------------- */

static uint8_t buffer[CFG_CONN_BUFFER_BYTES];

/* Feeds what comes behind the first `held` bytes, which are there already, in pieces. Returns how
 * many bytes there were up to the last event. */
static size_t feed(struct http_head *head, const uint8_t *bytes, size_t n, size_t held,
                   size_t piece, bool dot_files, enum http_event *event)
{
    size_t at = held;
    memset(buffer, UNTOUCHED, sizeof buffer);
    if (held > 0) {
        memcpy(buffer, bytes, held);
    }
    http_head_begin(head, held);
    *event = HTTP_MORE;
    while (at < n && *event != HTTP_END && *event != HTTP_FAULT) {
        size_t most = n - at < piece ? n - at : piece;
        size_t taken = 0;
        *event = http_head_feed(head, buffer, bytes + at, most, dot_files, &taken);
        REQUIRE(taken >= 1 && (*event == HTTP_MORE ? taken == most : taken <= most));
        at += taken;
        REQUIRE((size_t)head->held + head->piece <= at);
        REQUIRE((size_t)head->held + head->piece + FILEGET_ROOM_MIN <= CFG_CONN_BUFFER_BYTES);
        REQUIRE(at >= sizeof buffer || buffer[at] == UNTOUCHED);
        REQUIRE(head->bytes <= CFG_FILEGET_HEAD_BYTES && head->bytes <= at);
        if (*event == HTTP_CONDITION) {
            REQUIRE(head->field >= HTTP_FIELD_IF_MATCH && head->field <= HTTP_FIELD_IF_RANGE);
            for (size_t i = 0; i < head->piece; i++) {
                uint8_t byte = buffer[head->held + i];
                REQUIRE((byte >= ' ' || byte == '\t') && byte != 0x7f);
            }
        }
    }
    return at;
}

static void check_end(const struct http_head *head, const struct model *model)
{
    bool get = head->method == HTTP_GET || head->method == HTTP_HEAD;
    REQUIRE(head->status == (unsigned)model->status);
    REQUIRE((head->facts & MODEL_FACTS) == model->facts);
    REQUIRE(head->content_length == model->content_length);
    REQUIRE(get == (model->status != HTTP_METHOD_UNKNOWN &&
                    model->status != HTTP_METHOD_NOT_ALLOWED));
    bool keeps = (model->facts & (HTTP_CLOSE | HTTP_LF_MODE)) == 0 &&
                 (model->facts & (HTTP_IS_11 | HTTP_KEEP)) != 0;
    REQUIRE(http_head_keeps(head) == keeps);
    if (head->status == HTTP_NONE) {
        size_t query_n = 0;
        const char *query = http_head_query(head, buffer, &query_n);
        REQUIRE(http_head_name_bytes(head, buffer) == model->name_n);
        REQUIRE(memcmp(buffer, model->name, model->name_n) == 0);
        bool kept = model->query != NULL && !model->directory &&
                    model->name_n + 1 + model->query_n <= FILEGET_NAME_BYTES;
        REQUIRE((query != NULL) == kept);
        REQUIRE(!kept || (query_n == model->query_n && memcmp(query, model->query, query_n) == 0));
        REQUIRE(head->held == model->name_n + (kept ? 1 + query_n : 0));
        REQUIRE(((head->facts & HTTP_DIRECTORY) != 0) == model->directory);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct model model;
    struct fuzz_input input = {bytes, n};
    bool dot_files = (fuzz_byte(&input) & 1) != 0;
    size_t held = (size_t)fuzz_number(&input, 2) % (FILEGET_LINE_BYTES + 1);
    const uint8_t *given = fuzz_bytes(&input, BYTES_MAX, &n);
    const uint8_t *text = fuzz_copy(0, given, n);
    struct http_head head;
    struct http_head again;
    enum http_event event;
    struct span all = {(const char *)text, n};
    model_head(all, dot_files, &model);
    size_t taken = feed(&head, text, n, 0, 1, dot_files, &event);
    REQUIRE((event == HTTP_END) == (model.length > 0));
    if (event == HTTP_END) {
        REQUIRE(taken == model.length);
        check_end(&head, &model);
    } else if (event == HTTP_FAULT) {
        REQUIRE(head.status >= 400 && head.status <= 599);
    } else {
        REQUIRE(taken == n && head.status == HTTP_NONE);
    }

    const uint8_t *end = n == 0 ? NULL : memchr(text, '\n', n);
    size_t line_n = end == NULL ? n : (size_t)(end - text);
    if (held <= line_n) {
        enum http_event same;
        size_t piece = 1 + (n + held) % 200;
        REQUIRE(feed(&again, text, n, held, piece, dot_files, &same) == taken && same == event);
        REQUIRE(again.status == head.status && again.facts == head.facts);
        REQUIRE(again.held == head.held && again.bytes == head.bytes);
        REQUIRE(again.content_length == head.content_length && again.fields == head.fields);
        REQUIRE(again.range_first == head.range_first && again.range_end == head.range_end);
    }
    return 0;
}
