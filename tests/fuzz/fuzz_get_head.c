/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP answer, byte by byte, against a model that works on whole lines (RFC 9112,
 * read as generously as clients have to); then what the answer is taken for.
 *
 * Input: 4 bytes, where a download is to go on; the heads.
 */
#include "apps/get/get_head.h"

#include <string.h>

#include "apps/get/get_answer.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

enum { BYTES_MAX = CFG_GET_HEAD_BYTES + 100, VALUE_MAX = BYTES_MAX };

/* ---- The model ----------------------------------------------------------------------------- */

struct line {
    const char *at;
    size_t n;
};

struct model {
    size_t length; /* of all heads; 0: they do not end, or not right */
    uint16_t status;
    bool has_length;
    bool has_coding;
    bool chunked;
    uint64_t body;
};

/* Takes a line; false: it is not whole, or holds what no line does. */
static bool take_line(const char *bytes, size_t n, size_t *at, struct line *line)
{
    size_t end = *at;
    line->at = bytes + end;
    while (end < n && bytes[end] != '\n' && bytes[end] != '\r') {
        if (bytes[end] == '\0') {
            return false;
        }
        end++;
    }
    line->n = end - *at;
    end += end < n && bytes[end] == '\r' ? 1 : 0;
    if (end >= n || bytes[end] != '\n') {
        return false;
    }
    *at = end + 1;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool status_line(const struct line *line, uint16_t *status)
{
    static const char digits[] = "0123456789";
    if (line->n < 12 || memcmp(line->at, "HTTP/1.", 7) != 0 || line->at[8] != ' ' ||
        (line->n > 12 && line->at[12] != ' ')) {
        return false;
    }
    *status = 0;
    for (size_t i = 7; i < 12; i += i == 7 ? 2 : 1) {
        const char *digit = memchr(digits, line->at[i], 10);
        if (digit == NULL) {
            return false;
        }
        *status = i == 7 ? 0 : (uint16_t)(*status * 10 + (digit - digits));
    }
    return *status >= 100;
}

static bool is(const char *bytes, size_t n, const char *lower)
{
    bool same = n == strlen(lower);
    for (size_t i = 0; same && i < n; i++) {
        same = (bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] + 32 : bytes[i]) == lower[i];
    }
    return same;
}

/* A value of those that are read at their end: cut when more than white space has no room. */
static bool fits(const char *value, size_t *n)
{
    bool right = true;
    for (size_t i = GET_NUMBER_BYTES; i < *n; i++) {
        right = right && is_blank(value[i]);
    }
    *n = *n < GET_NUMBER_BYTES ? *n : (size_t)GET_NUMBER_BYTES;
    while (*n > 0 && is_blank(value[*n - 1])) {
        (*n)--;
    }
    return right;
}

static bool model_field(struct model *model, const char *name, size_t name_n, const char *value,
                        size_t n)
{
    if (is(name, name_n, "content-length")) {
        uint64_t length = 0;
        if (!fits(value, &n) || !text_read_number(value, n, GET_SIZE_MAX, &length) ||
            (model->has_length && length != model->body)) {
            return false;
        }
        model->has_length = true;
        model->body = length;
    } else if (is(name, name_n, "transfer-encoding")) {
        bool again = model->has_coding;
        model->has_coding = true;
        if (!fits(value, &n) || again) {
            return false;
        }
        model->chunked = is(value, n, "chunked");
        return model->chunked || is(value, n, "identity");
    }
    return true;
}

/* One field, with the lines that go on with its value. */
static bool take_field(const char *bytes, size_t n, size_t *at, const struct line *first,
                       struct model *model)
{
    static char value[VALUE_MAX];
    size_t name_n = 0;
    size_t value_n = 0;
    while (name_n < first->n && first->at[name_n] > ' ' && first->at[name_n] < 0x7f &&
           strchr("\"(),/:;<=>?@[\\]{}", first->at[name_n]) == NULL) {
        name_n++;
    }
    if (name_n == 0 || name_n == first->n || first->at[name_n] != ':') {
        return false;
    }
    size_t begin = name_n + 1;
    while (begin < first->n && is_blank(first->at[begin])) {
        begin++;
    }
    memcpy(value, first->at + begin, first->n - begin);
    value_n = first->n - begin;
    while (*at < n && is_blank(bytes[*at])) {
        struct line more;
        if (!take_line(bytes, n, at, &more)) {
            return false;
        }
        while (more.n > 0 && is_blank(more.at[0])) {
            more.at++;
            more.n--;
        }
        if (value_n > 0) { /* a line's end and the white space behind it are one space */
            value[value_n] = ' ';
            value_n++;
        }
        memcpy(value + value_n, more.at, more.n);
        value_n += more.n;
    }
    return model_field(model, first->at, name_n, value, value_n);
}

static bool take_head(const char *bytes, size_t n, size_t *at, struct model *model)
{
    struct line line;
    memset(model, 0, sizeof *model);
    if (!take_line(bytes, n, at, &line) || !status_line(&line, &model->status)) {
        return false;
    }
    while (take_line(bytes, n, at, &line)) {
        if (line.n == 0) {
            return true;
        }
        if (!take_field(bytes, n, at, &line, model)) {
            return false;
        }
    }
    return false;
}

static void model_heads(const char *bytes, size_t n, struct model *model)
{
    size_t at = 0;
    do {
        if (!take_head(bytes, n, &at, model) || model->status == 101) {
            model->length = 0;
            return;
        }
    } while (model->status < 200);
    model->length = at <= CFG_GET_HEAD_BYTES ? at : 0;
}

/* ---- What the head says -------------------------------------------------------------------- */

static void check_value(const char *bytes, const struct get_value *value, size_t capacity)
{
    REQUIRE(value->n <= capacity);
    for (size_t i = 0; i < value->n; i++) {
        REQUIRE(bytes[i] != '\0' && bytes[i] != '\r' && bytes[i] != '\n');
    }
    REQUIRE(value->n == 0 || !is_blank(bytes[value->n - 1]));
}

static void check_validator(const struct get_head *head)
{
    const char *validator = NULL;
    size_t n = get_head_validator(head, &validator);
    if (n == 0) {
        return;
    }
    if (validator == head->etag) {
        REQUIRE(n == head->etag_value.n && n >= 2);
        REQUIRE(validator[0] == '"' && validator[n - 1] == '"');
        for (size_t i = 1; i + 1 < n; i++) {
            REQUIRE((uint8_t)validator[i] > ' ' && validator[i] != '"' && validator[i] != 0x7f);
        }
    } else {
        REQUIRE(validator == head->modified && n == 29 && memcmp(validator + 25, " GMT", 4) == 0);
        REQUIRE(head->date_value.n == 29 && head->etag_value.n == 0);
    }
}

/* What it is taken for fits what was asked. */
static void check_answer(const struct get_head *head, uint64_t from)
{
    struct get_tag tag;
    memset(&tag, 0, sizeof tag);
    tag.size = from * 2 + 1;
    tag.validator_bytes = 4;
    memcpy(tag.validator, "\"ab\"", 4);
    struct get_answer answer = get_answer_judge(head, from, &tag);
    bool chunked = (head->has & GET_HAS_CHUNKED) != 0;
    switch (answer.decision) {
    case GET_TAKE_WHOLE:
        REQUIRE(head->status == 200 || head->status == 203);
        REQUIRE(answer.body == answer.size && (!chunked || answer.body == GET_SIZE_UNKNOWN));
        break;
    case GET_TAKE_REST:
        REQUIRE(head->status == 206 && from > 0 && (head->has & GET_HAS_RANGE) != 0);
        REQUIRE(head->range.first == from && answer.size == tag.size);
        REQUIRE(chunked || answer.body == head->range.last - from + 1);
        REQUIRE(answer.body == GET_SIZE_UNKNOWN || answer.body <= answer.size - from);
        break;
    case GET_FOLLOW:
        REQUIRE(head->status / 100 == 3 && (head->has & GET_HAS_LOCATION) != 0);
        REQUIRE((head->has & GET_HAS_LOCATION_CUT) == 0);
        break;
    case GET_START_OVER:
        REQUIRE(from > 0 && (head->status == 206 || head->status == 416));
        break;
    case GET_REFUSE:
        REQUIRE(answer.status != GET_DONE);
        break;
    }
}

static void check_end(const struct get_head *head, const struct model *model, uint64_t from)
{
    REQUIRE(head->status == model->status);
    REQUIRE(((head->has & GET_HAS_LENGTH) != 0) == model->has_length);
    REQUIRE(!model->has_length || head->length == model->body);
    REQUIRE(((head->has & GET_HAS_CODING) != 0) == model->has_coding);
    REQUIRE(((head->has & GET_HAS_CHUNKED) != 0) == model->chunked);
    REQUIRE((head->has & (GET_HAS_RANGE | GET_HAS_RANGE_BAD)) !=
            (GET_HAS_RANGE | GET_HAS_RANGE_BAD));
    check_value(head->reason, &head->reason_value, sizeof head->reason);
    check_value(head->location, &head->location_value, sizeof head->location);
    check_value(head->etag, &head->etag_value, sizeof head->etag);
    check_value(head->modified, &head->modified_value, sizeof head->modified);
    check_value(head->date, &head->date_value, sizeof head->date);
    check_validator(head);
    check_answer(head, from);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct get_head head;
    static struct model model;
    struct fuzz_input input = {bytes, n};
    uint64_t from = fuzz_number(&input, 4);
    const uint8_t *given = fuzz_bytes(&input, BYTES_MAX, &n);
    const uint8_t *text = fuzz_copy(0, given, n);
    enum get_head_event event = GET_HEAD_MORE;
    size_t at = 0;
    model_heads((const char *)text, n, &model);
    get_head_begin(&head);
    REQUIRE(get_head_idle(&head));
    while (at < n && event == GET_HEAD_MORE) {
        event = get_head_feed(&head, text[at]);
        at++;
        REQUIRE(!get_head_idle(&head) && head.bytes <= CFG_GET_HEAD_BYTES);
    }
    REQUIRE((event == GET_HEAD_END) == (model.length > 0));
    if (event == GET_HEAD_END) {
        REQUIRE(at == model.length && head.bytes == at);
        check_end(&head, &model, from);
    } else if (event == GET_HEAD_FAULT) {
        const char *why = get_head_fault_text((enum get_head_fault)head.fault);
        REQUIRE(head.fault != GET_FAULT_NONE && why[0] != '\0');
    }
    return 0;
}
