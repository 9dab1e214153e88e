/* SPDX-License-Identifier: MIT */
/* What a server answers: its head, its body, and how a request ends. */
#include <string.h>

#include "apps/get/get_state.h"
#include "apps/options.h"

/* ---- Ends ---------------------------------------------------------------------------------- */

void get_over(enum get_outcome outcome, bool in_order)
{
    struct conn *conn = get_state.conn;
    CHECK(get_state.result.outcome == GET_RUNNING);
    get_state.result.outcome = outcome;
    get_state.phase = GET_OVER;
    app_deadline_clear(&get_app, GET_SLOT_TIMEOUT);
    app_deadline_clear(&get_app, GET_SLOT_TICK);
    get_state.conn = NULL;
    if (conn != NULL) {
        get_state.leaving++;
        if (in_order) {
            conn_finish(conn);
        } else {
            conn_abort(conn);
        }
    }
}

void get_fail(enum get_status status, bool transient, const char *why)
{
    get_state.result.status = status;
    get_state.result.transient = transient;
    get_state.result.why = why;
    get_over(GET_ENDED, false);
}

static struct text words_begin(void)
{
    struct text text;
    text_begin(&text, get_state.words, sizeof get_state.words - 1);
    return text;
}

static const char *words_end(struct text *text)
{
    text->bytes[text->n] = '\0';
    return text->bytes;
}

const char *get_words(const char *first, const char *second, const char *third,
                      const char *fourth)
{
    struct text text = words_begin();
    text_put(&text, first);
    text_put(&text, second);
    text_put(&text, third);
    text_put(&text, fourth);
    return words_end(&text);
}

static void fail_write(int result)
{
    bool file = get_job.output.kind == GET_TO_FILE || get_job.output.kind == GET_TO_DEVICE;
    get_fail(GET_NO_WRITE, false,
             get_words("cannot write ", file ? get_job.output.name : "standard output", ": ",
                       get_output_fault(result)));
}

/* The answer says that there is no file: "the server answers 404 Not Found". */
static void fail_answer(const struct get_answer *answer)
{
    struct text text = words_begin();
    text_put(&text, "the server's answer ");
    text_put_number(&text, get_state.head.status);
    if (answer->why != NULL) {
        text_put_char(&text, ' ');
        text_put(&text, answer->why);
    } else if (get_state.head.reason_value.n > 0) {
        text_put(&text, ": ");
        text_put_escaped(&text, get_state.head.reason, get_state.head.reason_value.n);
    }
    get_state.result.retry_after_s = get_state.head.retry_after_s;
    get_fail(answer->status, answer->transient, words_end(&text));
}

/* All of the body came. */
static void succeed(void)
{
    struct get_output *output = &get_job.output;
    int result = PORT_OK;
    if (get_state.size != GET_SIZE_UNKNOWN && output->written != get_state.size) {
        get_fail(GET_PARTIAL, true, "the server sent only a part of the file");
        return;
    }
    if (get_state.fresh) { /* not one byte: an empty file */
        result = get_output_begin(output, get_job.text, get_job.text_bytes, &get_job.tag);
    }
    if (result == PORT_OK) {
        result = get_output_finish(output);
    }
    if (result != PORT_OK) {
        fail_write(result);
        return;
    }
    get_state.result.status = GET_DONE;
    get_over(GET_ENDED, true);
}

static void fail_early(void)
{
    struct text text = words_begin();
    text_put(&text, "the connection ended ");
    if (get_state.phase == GET_BODY_COUNTED) {
        text_put_number(&text, get_state.left);
        text_put(&text, " bytes");
    } else {
        text_put(&text, "in the middle of the answer,");
    }
    text_put(&text, " too early");
    get_fail(GET_PARTIAL, true, words_end(&text));
}

/* ---- The body ------------------------------------------------------------------------------ */

/* Writes n bytes of the file; false: the request is over. */
static bool body_write(const uint8_t *bytes, size_t n)
{
    size_t known = n < get_state.skip ? n : (size_t)get_state.skip;
    int result = PORT_OK;
    get_state.skip -= known;
    app_deadline_set(&get_app, GET_SLOT_TIMEOUT, get_state.timeout_kind);
    if (n == known) {
        return true;
    }
    if (get_state.size != GET_SIZE_UNKNOWN &&
        n - known > get_state.size - get_job.output.written) { /* chunks, of a part */
        get_fail(GET_NO_RESUME, false, "the server's answer is longer than the part it promises");
        return false;
    }
    if (get_state.fresh) {
        get_state.fresh = false;
        result = get_output_begin(&get_job.output, get_job.text, get_job.text_bytes,
                                  &get_job.tag);
    }
    if (result == PORT_OK) {
        result = get_output_write(&get_job.output, bytes + known, n - known);
    }
    if (result != PORT_OK) {
        fail_write(result);
    }
    return result == PORT_OK;
}

static void body_note_excess(size_t n)
{
    if (n > 0) {
        get_bar_end();
        option_complain(get_job.text, ": the server sends more than it promised; what is beyond is "
                        "left out", NULL);
    }
}

static void body_counted(const uint8_t *bytes, size_t n)
{
    size_t taken = n < get_state.left ? n : (size_t)get_state.left;
    get_state.left -= taken;
    if (taken > 0 && !body_write(bytes, taken)) {
        return;
    }
    if (get_state.left == 0) {
        body_note_excess(n - taken);
        succeed();
    }
}

static void body_chunked(const uint8_t *bytes, size_t n)
{
    size_t at = 0;
    while (at < n) {
        if (get_state.chunk.left > 0 && get_state.left > 0) {
            size_t taken = n - at < get_state.chunk.left ? n - at : (size_t)get_state.chunk.left;
            get_chunk_skip(&get_state.chunk, taken);
            get_state.left = get_state.chunk.left;
            if (!body_write(bytes + at, taken)) {
                return;
            }
            at += taken;
            continue;
        }
        enum get_chunk_event event = get_chunk_feed(&get_state.chunk, bytes[at]);
        at++;
        get_state.left = event == GET_CHUNK_DATA ? get_state.chunk.left : 0;
        if (event == GET_CHUNK_FAULT) {
            get_fail(GET_PARTIAL, true, "the server's answer is broken: a chunk is none");
            return;
        }
        if (event == GET_CHUNK_END) {
            body_note_excess(n - at);
            succeed();
            return;
        }
    }
}

void get_body_take(const uint8_t *bytes, size_t n)
{
    switch ((enum get_phase)get_state.phase) {
    case GET_BODY_COUNTED:
        body_counted(bytes, n);
        break;
    case GET_BODY_CHUNKED:
        body_chunked(bytes, n);
        break;
    case GET_BODY_TO_END:
        (void)body_write(bytes, n);
        break;
    case GET_DIALLING:
    case GET_HEAD:
    case GET_OVER:
        break;
    }
}

/* ---- The head ------------------------------------------------------------------------------ */

static void follow(void)
{
    enum get_url_result result = get_url_follow(&get_job.url, get_state.head.location,
                                                get_state.head.location_value.n);
    if (result == GET_URL_OK) {
        get_over(GET_REDIRECTED, false);
        return;
    }
    struct text text = words_begin();
    text_put(&text, "the server redirects to \"");
    text_put_escaped(&text, get_state.head.location, get_state.head.location_value.n < 150
                                                     ? get_state.head.location_value.n : 150);
    text_put(&text, "\", a URL ");
    text_put(&text, get_url_fault(result));
    get_fail(GET_HTTP_ERROR, false, words_end(&text));
}

static void tag_note(void)
{
    const char *validator = NULL;
    size_t n = get_head_validator(&get_state.head, &validator);
    CHECK(n <= sizeof get_job.tag.validator);
    get_job.tag.size = get_state.size;
    get_job.tag.validator_bytes = (uint16_t)n;
    memcpy(get_job.tag.validator, validator, n);
}

static void body_begin(const struct get_answer *answer)
{
    struct get_output *output = &get_job.output;
    bool whole = answer->decision == GET_TAKE_WHOLE;
    if (whole && output->written > 0 && get_output_is_stream(output)) {
        get_fail(GET_NO_RESUME, false, "the file is another one now, and what was written of the "
             "first one cannot be taken back");
        return;
    }
    get_state.size = answer->size;
    get_state.fresh = whole;
    if (whole) {
        get_state.skip = 0;
        output->written = 0;
        tag_note();
    }
    get_state.left = answer->body;
    bool chunked = (get_state.head.has & GET_HAS_CHUNKED) != 0;
    bool counted = answer->body != GET_SIZE_UNKNOWN;
    get_state.phase = chunked ? GET_BODY_CHUNKED : counted ? GET_BODY_COUNTED : GET_BODY_TO_END;
    if (chunked) {
        get_chunk_begin(&get_state.chunk);
    }
    app_deadline_set(&get_app, GET_SLOT_TIMEOUT, get_state.timeout_kind);
    get_bar_begin();
}

static void head_judge(void)
{
    struct get_answer answer = get_answer_judge(&get_state.head, get_state.from, &get_job.tag);
    switch (answer.decision) {
    case GET_TAKE_WHOLE:
    case GET_TAKE_REST:
        body_begin(&answer);
        break;
    case GET_FOLLOW:
        follow();
        break;
    case GET_START_OVER:
        if (get_output_is_stream(&get_job.output)) {
            get_fail(GET_NO_RESUME, false, "the file changed, and what was written cannot be taken "
                 "back");
            break;
        }
        get_job.tag.validator_bytes = 0;
        get_over(GET_AGAIN, false);
        break;
    case GET_REFUSE:
        fail_answer(&answer);
        break;
    }
}

size_t get_head_take(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum get_head_event event = get_head_feed(&get_state.head, bytes[i]);
        if (event == GET_HEAD_FAULT) {
            enum get_head_fault fault = (enum get_head_fault)get_state.head.fault;
            get_fail(GET_HTTP_ERROR, false,
                     get_words("the server's answer ", get_head_fault_text(fault), "", ""));
            return n;
        }
        if (event == GET_HEAD_END) {
            head_judge();
            return i + 1;
        }
    }
    return n;
}

void get_body_end(void)
{
    if (get_state.phase == GET_BODY_TO_END) {
        if (get_job.url.scheme == GET_RAW && get_state.fresh) {
            get_fail(GET_HTTP_ERROR, false, "the server sends nothing: it has no such file, or an "
                     "empty one");
            return;
        }
        succeed();
    } else if (get_state.phase == GET_HEAD && get_head_idle(&get_state.head)) {
        get_fail(GET_PARTIAL, true, "the server closed the connection without an answer");
    } else {
        fail_early();
    }
}
