/* SPDX-License-Identifier: MIT */
/* Questions to an HTTP/1.1 JSON service. */
#include "apps/chat/bot_api.h"

#include <string.h>

#include "apps/chat/chat.h"
#include "apps/chat/json_write.h"

enum {
    TICK_MS = 500,
    WAIT_SLOT = 1,
    ANSWER_SLOT = 0,
    KEY_BYTES_MIN = 4 /* shorter ones are in any text */
};

static struct bot_api state;

static const struct json_step openai_path[] = {
    {"choices", 0}, {NULL, 0}, {"message", 0}, {"content", 0}
};
static const struct json_step tuling_path[] = {
    {"results", 0}, {NULL, 0}, {"values", 0}, {"text", 0}
};

/* By enum bot_failure. */
static const char *const sentences[] = {
    "",
    "Too many questions at once; ask again in a while.",
    "The answering service refuses connections.",
    "The answering service cannot be reached.",
    "The answering service did not answer in time.",
    "The answering service broke off in the middle of its answer.",
    "",
    "The answering service does not speak HTTP/1.1.",
    "The answer of the service was not JSON.",
    "The answer of the service held no text where its format has it.",
    "The answer of the service was too long."
};
STATIC_ASSERT(COUNT_OF(sentences) == BOT_LONG + 1);

void bot_api_start(void)
{
    memset(&state, 0, sizeof state);
    state.answer_kind = deadline_kind(CFG_BOT_ANSWER_MS);
    state.wait_kind = deadline_kind(TICK_MS);
}

uint64_t bot_api_failures(void)
{
    return state.failures;
}

void bot_api_explain(enum bot_failure failure, unsigned status, struct text *text)
{
    if (failure != BOT_STATUS) {
        text_put(text, sentences[failure]);
        return;
    }
    text_put(text, "The answering service ");
    text_put(text, status >= 500 ? "failed" : "did not accept the question");
    text_put(text, ", with status ");
    text_put_number(text, status);
    text_put_char(text, '.');
}

/* ---- Questions ----------------------------------------------------------------------------- */

static struct bot_call *free_call(void)
{
    for (unsigned i = 0; i < CFG_BOT_CALLS; i++) {
        if (state.calls[i].conn == NULL && !state.calls[i].over) {
            return &state.calls[i];
        }
    }
    return NULL;
}

static struct bot_question *take_first(void)
{
    struct bot_question *question = &state.queue[state.first];
    state.first = (state.first + 1) % CFG_BOT_QUEUE;
    state.waiting--;
    return question;
}

/* Each call takes one question off the queue. What is left is looked at again when a call ends, and
 * soon. */
void bot_api_run(void)
{
    for (unsigned left = CFG_BOT_QUEUE; left > 0 && state.waiting > 0 && state.fresh; left--) {
        struct bot_call *call = free_call();
        if (call == NULL) {
            break;
        }
        struct bot_question *question = &state.queue[state.first];
        struct conn *conn = NULL;
        if (question->link != 0) {
            conn = conn_dial(&chat_app, &bot_settings.to);
            if (conn == NULL) {
                break; /* no slot now: later */
            }
        }
        (void)take_first();
        if (conn == NULL) {
            continue;
        }
        call->conn = conn;
        call->sent = 0;
        call->question = *question;
        bool openai = bot_settings.format == BOT_OPENAI;
        bot_http_begin(&call->http, openai ? openai_path : tuling_path, COUNT_OF(openai_path),
                       call->answer, sizeof call->answer);
    }
    state.fresh = false;
    if (state.waiting > 0 && !state.ticking) {
        state.ticking = true;
        app_deadline_set(&chat_app, WAIT_SLOT, state.wait_kind);
    }
}

bool bot_api_ask(struct conn *conn, const char *text, size_t n)
{
    struct bot_question *question = NULL;
    CHECK(n <= sizeof question->text);
    if (state.waiting == CFG_BOT_QUEUE) {
        state.failures++;
        return false;
    }
    question = &state.queue[(state.first + state.waiting) % CFG_BOT_QUEUE];
    question->since_ms = (uint32_t)port_now_ms();
    question->link = (uint16_t)(conn_index(conn) + 1);
    question->text_bytes = (uint16_t)n;
    memcpy(question->text, text, n);
    state.waiting++;
    state.fresh = true;
    return true;
}

void bot_api_forget(const struct conn *conn)
{
    unsigned link = conn_index(conn) + 1;
    for (unsigned i = 0; i < state.waiting; i++) {
        struct bot_question *question = &state.queue[(state.first + i) % CFG_BOT_QUEUE];
        question->link = question->link == link ? 0 : question->link;
    }
    for (unsigned i = 0; i < CFG_BOT_CALLS; i++) {
        struct bot_question *question = &state.calls[i].question;
        question->link = question->link == link ? 0 : question->link;
    }
}

/* The first of the queue waited too long for a call. */
static bool has_expired(void)
{
    return state.waiting > 0 &&
           (uint32_t)port_now_ms() - state.queue[state.first].since_ms >= CFG_BOT_WAIT_MS;
}

static void fill_failure(struct bot_ready *ready, enum bot_failure failure, unsigned status)
{
    struct text text;
    text_begin(&text, state.sentence, sizeof state.sentence);
    bot_api_explain(failure, status, &text);
    ready->text = text.bytes;
    ready->n = text.n;
    state.failures++;
}

/* A service may send the key back, in an error's text for one: nobody is to read it. */
static void hide_key(char *text, size_t n)
{
    size_t key_bytes = bot_settings.key_bytes;
    for (size_t at = 0; key_bytes >= KEY_BYTES_MIN && at + key_bytes <= n; at++) {
        if (memcmp(text + at, bot_settings.key, key_bytes) == 0) {
            memset(text + at, '*', key_bytes);
        }
    }
}

bool bot_api_take(struct bot_ready *ready)
{
    for (unsigned i = 0; i < CFG_BOT_CALLS; i++) {
        struct bot_call *call = &state.calls[i];
        if (call->over) {
            call->over = false;
            ready->link = call->question.link;
            ready->text = call->answer;
            ready->n = call->http.json.out_bytes;
            hide_key(ready->text, ready->n);
            if (call->failure != BOT_FINE) {
                fill_failure(ready, (enum bot_failure)call->failure, call->http.status);
            }
            return true;
        }
    }
    if (has_expired()) {
        ready->link = take_first()->link;
        fill_failure(ready, BOT_BUSY, 0);
        return true;
    }
    return false;
}

/* ---- Calls --------------------------------------------------------------------------------- */

static struct bot_call *call_of(const struct conn *conn)
{
    for (unsigned i = 0; i < CFG_BOT_CALLS; i++) {
        if (state.calls[i].conn == conn) {
            return &state.calls[i];
        }
    }
    return NULL;
}

/* Its answer, or failure, can be taken; then its place is free. */
static void end_call(struct bot_call *call, enum bot_failure failure)
{
    if (failure == BOT_FINE && call->http.json.out_bytes == 0) {
        failure = BOT_OTHER_JSON;
    }
    call->conn = NULL;
    call->over = true;
    call->failure = (uint8_t)failure;
    state.fresh = true;
}

static void put_body(struct text *text, const struct bot_question *question)
{
    if (bot_settings.format == BOT_OPENAI) {
        text_put(text, "{\"model\":");
        json_write_string(text, bot_settings.model, bot_settings.model_bytes);
        text_put(text, ",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":");
        json_write_string(text, question->text, question->text_bytes);
        text_put(text, "}]}");
        return;
    }
    text_put(text, "{\"reqType\":0,\"perception\":{\"inputText\":{\"text\":");
    json_write_string(text, question->text, question->text_bytes);
    text_put(text, "}},\"userInfo\":{\"apiKey\":");
    json_write_string(text, bot_settings.key, bot_settings.key_bytes);
    text_put(text, ",\"userId\":\"");
    text_put_number(text, question->link);
    text_put(text, "\"}}");
}

/* Renders the whole request; again for each part of it that the connection takes. */
static size_t put_request(const struct bot_question *question)
{
    struct text text;
    text_begin(&text, state.request, sizeof state.request);
    put_body(&text, question);
    size_t body_bytes = text.n;
    text.n = 0;
    text_put(&text, "POST ");
    text_put_bytes(&text, bot_settings.path, bot_settings.path_bytes);
    text_put(&text, " HTTP/1.1\r\nHost: ");
    text_put_bytes(&text, bot_settings.host, bot_settings.host_bytes);
    text_put(&text, "\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
                    "Connection: close\r\n");
    if (bot_settings.format == BOT_OPENAI && bot_settings.key_bytes > 0) {
        text_put(&text, "Authorization: Bearer ");
        text_put_bytes(&text, bot_settings.key, bot_settings.key_bytes);
        text_put(&text, "\r\n");
    }
    text_put(&text, "Content-Length: ");
    text_put_number(&text, body_bytes);
    text_put(&text, "\r\n\r\n");
    put_body(&text, question);
    CHECK(!text.cut);
    return text.n;
}

void bot_opened(struct conn *conn)
{
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
    conn_deadline_set(conn, ANSWER_SLOT, state.answer_kind);
    conn_output_ask(conn);
}

bool bot_produce(struct conn *conn)
{
    struct bot_call *call = call_of(conn);
    if (call == NULL) {
        return false;
    }
    size_t n = put_request(&call->question);
    call->sent += conn_write(conn, state.request + call->sent, n - call->sent, false);
    return call->sent < n;
}

/* Its answer is here, or never will be. */
static void call_over(struct conn *conn, struct bot_call *call, enum bot_failure failure)
{
    if (failure == BOT_FINE) {
        conn_finish(conn);
    } else {
        conn_abort(conn);
    }
    end_call(call, failure);
}

size_t bot_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct bot_call *call = call_of(conn);
    if (call != NULL && !bot_http_feed(&call->http, bytes, n)) {
        call_over(conn, call, (enum bot_failure)call->http.failure);
    }
    return n;
}

void bot_ended(struct conn *conn)
{
    struct bot_call *call = call_of(conn);
    if (call != NULL) {
        bot_http_end(&call->http);
        call_over(conn, call, (enum bot_failure)call->http.failure);
    }
}

void bot_due(struct conn *conn)
{
    if (conn == NULL) {
        state.ticking = false;
        state.fresh = true;
        return;
    }
    struct bot_call *call = call_of(conn);
    if (call != NULL) {
        call_over(conn, call, BOT_LATE);
    }
}

void bot_closed(struct conn *conn, enum conn_end why)
{
    struct bot_call *call = call_of(conn);
    if (call == NULL) {
        return;
    }
    if (why == CONN_END_STOPPED) {
        call->conn = NULL;
        return;
    }
    enum bot_failure failure = BOT_BROKEN;
    if (why == CONN_END_REFUSED) {
        failure = BOT_REFUSED;
    } else if (why == CONN_END_UNREACHABLE) {
        failure = BOT_UNREACHABLE;
    } else if (why == CONN_END_TIMEDOUT || why == CONN_END_STALLED) {
        failure = BOT_LATE;
    }
    end_call(call, failure);
}
