/* SPDX-License-Identifier: MIT */
/* Get as an app of the core's loop. */
#include "apps/get/get_app.h"

#include <string.h>

#include "apps/client.h"
#include "apps/get/get_state.h"

enum { TICK_MS = 200, BAR_BYTES = 160 };

struct get_settings get_settings;
struct get_job get_job;
struct get_state get_state;

static bool get_start(void)
{
    memset(&get_state, 0, sizeof get_state);
    get_state.timeout_kind = deadline_kind(get_settings.timeout_ms);
    get_state.tick_kind = deadline_kind(TICK_MS);
    get_state.shows_bar = !get_settings.quiet && port_terminal_columns(PORT_STDERR) > 0;
    return true;
}

/* ---- The progress bar ---------------------------------------------------------------------- */

static void bar_draw(bool ended)
{
    char line[BAR_BYTES + 2];
    struct text text;
    unsigned columns = port_terminal_columns(PORT_STDERR);
    columns = columns > BAR_BYTES ? BAR_BYTES : columns;
    if (columns < 2) {
        return;
    }
    get_progress_note(&get_state.progress, port_now_ms(), get_job.output.written);
    text_begin(&text, line, sizeof line);
    text_put_char(&text, '\r');
    get_progress_put(&text, &get_state.progress, get_state.size, columns - 1, ended);
    while (text.n < columns) { /* over what was longer before */
        text_put_char(&text, ' ');
    }
    get_state.bar_there = port_print(PORT_STDERR, line, text.n) == PORT_OK;
}

void get_bar_begin(void)
{
    get_progress_begin(&get_state.progress, port_now_ms(), get_job.output.written);
    if (get_state.shows_bar && get_job.output.kind != GET_TO_TERMINAL) {
        if (get_settings.several) {
            (void)(port_print(PORT_STDERR, get_job.text, get_job.text_bytes) == PORT_OK &&
                   port_print(PORT_STDERR, "\n", 1) == PORT_OK);
        }
        app_deadline_set(&get_app, GET_SLOT_TICK, get_state.tick_kind);
    }
}

void get_bar_end(void)
{
    if (get_state.bar_there) {
        bar_draw(true);
        (void)port_print(PORT_STDERR, "\n", 1);
        get_state.bar_there = false;
    }
}

/* ---- The request --------------------------------------------------------------------------- */

static void request_put_http(struct text *text)
{
    text_put(text, "GET ");
    text_put_bytes(text, get_job.url.path, get_job.url.path_bytes);
    text_put(text, " HTTP/1.1\r\nHost: ");
    get_url_put_host(text, &get_job.url);
    text_put(text, "\r\nUser-Agent: linnet\r\nAccept: */*\r\nAccept-Encoding: identity\r\n");
    if (get_state.from > 0) {
        text_put(text, "Range: bytes=");
        text_put_number(text, get_state.from);
        text_put(text, "-\r\nIf-Range: ");
        text_put_bytes(text, get_job.tag.validator, get_job.tag.validator_bytes);
        text_put(text, "\r\n");
    }
    text_put(text, "Connection: close\r\n\r\n");
}

/* Decides from where on to ask. What is there completely, or may be, is asked for by its last
 * byte, so that the server says whether it is still the same, and how long it is. */
static void request_choose_part(void)
{
    uint64_t written = get_job.output.written;
    bool possible = get_job.url.scheme == GET_HTTP && get_job.tag.validator_bytes > 0;
    bool maybe_whole = get_job.tag.size == GET_SIZE_UNKNOWN || written >= get_job.tag.size;
    get_state.from = possible ? written : 0;
    get_state.skip = get_state.from > 0 && maybe_whole ? 1 : 0;
    get_state.from -= get_state.skip;
}

static void request_write(struct conn *conn)
{
    while (get_state.request_sent < get_state.request_bytes) {
        size_t taken = conn_write(conn, get_state.request + get_state.request_sent,
                                  get_state.request_bytes - get_state.request_sent, false);
        if (taken == 0) {
            conn_output_ask(conn);
            return;
        }
        get_state.request_sent += taken;
    }
    if (get_job.url.scheme == GET_RAW) {
        conn_shut(conn);
    }
}

static bool get_produce(struct conn *conn, size_t room)
{
    (void)room;
    if (conn != get_state.conn) {
        return false;
    }
    CHECK(get_state.request_sent < get_state.request_bytes); /* asked for when not all was taken */
    request_write(conn);
    return get_state.request_sent < get_state.request_bytes;
}

static size_t get_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    size_t used = 0;
    if (conn != get_state.conn) {
        return n;
    }
    if (get_state.phase == GET_HEAD) {
        used = get_head_take(bytes, n);
    }
    if (get_state.phase != GET_HEAD) { /* an empty body is whole already */
        get_body_take(bytes + used, n - used);
    }
    return n;
}

/* ---- The connection ------------------------------------------------------------------------ */

static void get_opened(struct conn *conn)
{
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
    app_deadline_set(&get_app, GET_SLOT_TIMEOUT, get_state.timeout_kind);
    get_state.phase = GET_HEAD;
    if (get_job.url.scheme == GET_RAW) {
        get_state.phase = GET_BODY_TO_END;
        get_state.fresh = true;
        get_job.output.written = 0;
        get_job.tag.validator_bytes = 0;
        get_bar_begin();
    }
    request_write(conn);
}

static void get_ended(struct conn *conn)
{
    if (conn == get_state.conn) {
        get_body_end();
    }
}

static void unreached(enum conn_end why)
{
    char shown[TARGET_SHOWN_BYTES];
    get_state.result.status = why == CONN_END_TIMEDOUT ? GET_TIMED_OUT : GET_NO_CONNECTION;
    get_state.result.transient = true;
    get_state.result.why = get_words("cannot reach ", target_show(&get_state.address, shown), ": ",
                                     client_reason(why));
    get_over(GET_UNREACHED, false);
}

static void get_closed(struct conn *conn, enum conn_end why)
{
    if (conn != get_state.conn) {
        CHECK(get_state.leaving > 0);
        get_state.leaving--;
        return;
    }
    get_state.conn = NULL;
    if (get_state.phase == GET_DIALLING) {
        unreached(why);
    } else if (why == CONN_END_STOPPED) {
        get_fail(GET_PARTIAL, false, "interrupted");
    } else if (why == CONN_END_STALLED) {
        get_fail(GET_TIMED_OUT, true, "the server does not take the request");
    } else {
        get_fail(GET_PARTIAL, true, "the server reset the connection");
    }
}

static void get_due(struct conn *conn, unsigned kind)
{
    CHECK(conn == NULL);
    if (kind == get_state.tick_kind) {
        bool running = get_state.result.outcome == GET_RUNNING;
        if (running) {
            bar_draw(false);
        }
        if (running || !get_pause_over()) {
            app_deadline_set(&get_app, GET_SLOT_TICK, get_state.tick_kind);
        }
    } else if (get_state.result.outcome == GET_RUNNING) {
        if (get_state.phase == GET_DIALLING) {
            unreached(CONN_END_TIMEDOUT);
        } else if (get_state.phase == GET_HEAD) {
            get_fail(GET_TIMED_OUT, true, "the server did not answer in time");
        } else {
            get_fail(GET_TIMED_OUT, true, "nothing came any more");
        }
    }
}

static const struct limit get_limits[] = {
    LIMIT(CFG_GET_URL_BYTES, "bytes", "path and query of a URL"),
    LIMIT(CFG_GET_NAME_BYTES, "bytes", "name of an output file"),
    LIMIT(CFG_GET_VALIDATOR_BYTES, "bytes", "entity tag to resume by"),
    LIMIT(CFG_GET_HEAD_BYTES, "bytes", "heads of one answer"),
    LIMIT(CFG_GET_CHUNK_LINE_BYTES, "bytes", "beside a chunk's data"),
    LIMIT(CFG_GET_REDIRECTS, "redirects", "followed for one URL"),
    LIMIT(CFG_GET_URLS, "URLs", "in one call"),
    LIMIT(CFG_GET_PAUSE_MAX_S, "s", "longest pause before a retry"),
};

const struct app get_app = {
    .name = "get",
    .start = get_start,
    .opened = get_opened,
    .input = get_input,
    .ended = get_ended,
    .produce = get_produce,
    .due = get_due,
    .closed = get_closed,
    .bulk = true,
    .stall_bytes = 1,
    .reserved = 1,
    .limits = get_limits,
    .limits_count = COUNT_OF(get_limits),
    .static_bytes = sizeof get_state + sizeof get_settings + sizeof get_job,
};

/* ---- For get.c ----------------------------------------------------------------------------- */

int get_raw_name(char *name)
{
    char utf8[CFG_GET_URL_BYTES];
    size_t n = 0;
    if (!get_url_raw_name(&get_job.url, utf8, &n)) {
        return 0;
    }
    if (get_settings.gbk) {
        return port_text_convert(PORT_UTF8_TO_GBK, utf8, n, name, CFG_GET_URL_BYTES);
    }
    memcpy(name, utf8, n);
    return (int)n;
}

bool get_begin(const struct port_address *address)
{
    struct text text;
    CHECK(get_state.conn == NULL);
    get_state.address = *address;
    memset(&get_state.result, 0, sizeof get_state.result);
    get_head_begin(&get_state.head);
    get_state.size = GET_SIZE_UNKNOWN;
    get_state.phase = GET_DIALLING;
    get_state.request_sent = 0;
    request_choose_part();
    text_begin(&text, get_state.request, sizeof get_state.request);
    if (get_job.url.scheme == GET_HTTP) {
        request_put_http(&text);
        CHECK(!text.cut);
    } else {
        int n = get_raw_name(get_state.request);
        CHECK(n > 0); /* get.c tried it */
        text.n = (size_t)n;
    }
    get_state.request_bytes = text.n;
    get_state.conn = conn_dial(&get_app, address);
    if (get_state.conn == NULL) {
        return false;
    }
    app_deadline_set(&get_app, GET_SLOT_TIMEOUT, get_state.timeout_kind);
    return true;
}

const struct get_result *get_result(void)
{
    return &get_state.result;
}

unsigned get_leaving(void)
{
    return get_state.leaving;
}

void get_pause_begin(uint32_t ms)
{
    get_state.pause_end_ms = port_now_ms() + ms;
    app_deadline_set(&get_app, GET_SLOT_TICK, get_state.tick_kind);
}

bool get_pause_over(void)
{
    return port_now_ms() >= get_state.pause_end_ms;
}
