/* SPDX-License-Identifier: MIT */
/* Talk as an app of the core's loop. */
#include "apps/talk/talk_app.h"

#include <string.h>

#include "apps/talk/talk_state.h"

enum { SECOND_MS = 1000, NOTE_BYTES = 400 };

struct talk_settings talk_settings;
struct talk_state talk_state;

static bool talk_start(void)
{
    memset(&talk_state, 0, sizeof talk_state);
    talk_state.screen.terminal = port_terminal_columns(PORT_STDOUT) > 0;
    talk_state.screen.timestamps = talk_settings.timestamps;
    talk_state.tick_kind = deadline_kind(SECOND_MS);
    talk_state.gap_kind = deadline_kind(CFG_TALK_GAP_MS);
    talk_state.answer_kind = deadline_kind(CFG_TALK_ANSWER_MS);
    talk_state.pause_s = 1;
    return true;
}

static bool reconnects(void)
{
    return talk_settings.reconnect == TALK_RECONNECT_YES ||
           (talk_settings.reconnect == TALK_RECONNECT_ON_TERMINAL && talk_state.typed);
}

/* ---- Sentences ----------------------------------------------------------------------------- */

void talk_over(enum talk_status status)
{
    if (talk_state.phase != TALK_OVER) {
        talk_state.phase = TALK_OVER;
        talk_state.status = status;
    }
}

/* A notice about the server, such as " ended the conversation", above the line being typed. */
static void note(const char *what, uint32_t pause_s)
{
    char bytes[NOTE_BYTES];
    struct text text;
    text_begin(&text, bytes, sizeof bytes);
    text_put(&text, talk_settings.target.host);
    text_put(&text, what);
    if (pause_s > 0) {
        text_put(&text, "; trying again in ");
        text_put_number(&text, pause_s);
        text_put(&text, " s");
    }
    if (!talk_settings.quiet) {
        talk_screen_note(&talk_state.screen, bytes, text.n);
    }
    talk_screen_draw(&talk_state.screen, false);
}

void talk_fail(const char *what)
{
    talk_screen_end(&talk_state.screen);
    option_complain(talk_settings.target.host, what, NULL);
    talk_over(TALK_BROKEN);
}

/* ---- Connecting ---------------------------------------------------------------------------- */

/* After `what`, which the notice says. */
static void pause_begin(const char *what)
{
    note(what, talk_state.pause_s);
    talk_state.phase = TALK_PAUSING;
    talk_state.pause_left_s = talk_state.pause_s;
    uint32_t doubled = talk_state.pause_s * 2;
    talk_state.pause_s = doubled < CFG_TALK_PAUSE_MAX_S ? doubled : CFG_TALK_PAUSE_MAX_S;
    app_deadline_set(&talk_app, TALK_SLOT_TICK, talk_state.tick_kind);
}

/* The port tells what came of it in a later pass, but for having no handle: nothing else of this
 * program could give one back. */
static void dial(void)
{
    talk_state.phase = TALK_DIALLING;
    talk_state.server = conn_dial(&talk_app, client_address(&talk_state.route));
    if (talk_state.server == NULL) {
        client_complain(&talk_state.route, &talk_settings.target, "there is no free handle");
        talk_over(TALK_NO_CONNECTION);
    }
}

static void unreached(const char *why)
{
    if (!talk_state.connected) {
        client_complain(&talk_state.route, &talk_settings.target, why);
    }
    if (client_next(&talk_state.route)) {
        dial();
    } else if (talk_state.connected) {
        pause_begin(" cannot be reached");
    } else {
        talk_over(TALK_NO_CONNECTION);
    }
}

/* ---- The server ---------------------------------------------------------------------------- */

static void server_take(struct conn *conn, const uint8_t *bytes, size_t n)
{
    talk_screen_put(&talk_state.screen, bytes, n);
    talk_screen_draw(&talk_state.screen, false);
    if (talk_screen_within(&talk_state.screen)) {
        conn_deadline_set(conn, TALK_SLOT_GAP, talk_state.gap_kind);
    } else {
        conn_deadline_clear(conn, TALK_SLOT_GAP);
        talk_answered();
    }
}

static void server_quiet(void)
{
    talk_screen_break(&talk_state.screen, talk_settings.raw);
    talk_screen_draw(&talk_state.screen, false);
}

/* It said all it had to say; what became of what we had is up to this side. `unsaid`: there is more
 * of it; else the server was told of the end of our input, if that has ended. */
static void server_left(bool unsaid)
{
    if (talk_state.leaving || talk_state.shut || (talk_state.unsent.goodbye && !unsaid)) {
        talk_over(TALK_DONE);
    } else if (reconnects()) {
        pause_begin(" ended the conversation");
    } else if (unsaid) {
        talk_fail(" ended the conversation before all was said");
    } else if (talk_state.typed) {
        note(" ended the conversation", 0);
        talk_over(TALK_DONE);
    } else {
        talk_state.phase = TALK_RESTING;
        app_deadline_set(&talk_app, TALK_SLOT_REST, talk_state.gap_kind);
    }
}

static void server_broke(enum conn_end why)
{
    const char *how = why == CONN_END_STALLED ? " takes no more bytes" : " reset the connection";
    if (talk_state.leaving) {
        talk_over(TALK_DONE);
    } else if (reconnects()) {
        pause_begin(how);
    } else {
        talk_fail(how);
    }
}

static void server_closed(enum conn_end why)
{
    if (talk_state.phase == TALK_DIALLING) {
        unreached(client_reason(why));
        return;
    }
    if (talk_state.phase != TALK_CONNECTED) {
        return;
    }
    if (port_now_ms() - talk_state.connected_ms >= CFG_TALK_PAUSE_MAX_S * (uint64_t)SECOND_MS) {
        talk_state.pause_s = 1;
    }
    talk_state.awaiting = false;
    bool unsaid = talk_unsent_any(&talk_state.unsent);
    talk_unsent_broken(&talk_state.unsent);
    talk_screen_break(&talk_state.screen, talk_settings.raw || reconnects());
    if (talk_state.server_ended) {
        server_left(unsaid);
    } else {
        server_broke(why);
    }
}

static void server_opened(struct conn *conn)
{
    bool first = !talk_state.connected;
    talk_state.phase = TALK_CONNECTED;
    talk_state.connected = true;
    talk_state.connected_ms = port_now_ms();
    talk_state.server_ended = false;
    talk_state.shut = false;
    conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
    if (!first) {
        note(" is back", 0);
        talk_advance();
    }
}

/* ---- Hooks --------------------------------------------------------------------------------- */

static void talk_opened(struct conn *conn)
{
    if (conn_is_console(conn)) {
        talk_state.console = conn;
        conn_room_set(conn, CFG_CONN_BUFFER_BYTES);
    } else {
        server_opened(conn);
    }
}

static size_t talk_take(struct conn *conn, const uint8_t *bytes, size_t n)
{
    if (talk_state.phase == TALK_OVER) {
        return n;
    }
    if (conn == talk_state.console) {
        return talk_console_take(bytes, n);
    }
    server_take(conn, bytes, n);
    return n;
}

static void talk_peer_ended(struct conn *conn)
{
    if (conn == talk_state.console) {
        talk_console_ended();
    } else {
        talk_state.server_ended = true;
        conn_finish(conn);
    }
}

static void talk_due(struct conn *conn, unsigned kind)
{
    if (conn != NULL) {
        if (kind == talk_state.gap_kind) {
            server_quiet();
        }
        talk_answered();
    } else if (talk_state.phase == TALK_PAUSING) {
        talk_state.pause_left_s--;
        if (talk_state.pause_left_s == 0) {
            talk_state.route.at = 0;
            dial();
        } else {
            app_deadline_set(&talk_app, TALK_SLOT_TICK, talk_state.tick_kind);
        }
    } else if (talk_state.phase == TALK_RESTING) {
        talk_over(TALK_DONE);
    }
}

static void talk_closed(struct conn *conn, enum conn_end why)
{
    if (conn == talk_state.console) {
        talk_state.console = NULL;
    } else if (conn == talk_state.server) {
        server_closed(why);
    }
}

static void talk_stopping(void)
{
    if (talk_state.phase == TALK_DIALLING && !talk_state.connected) {
        talk_over(TALK_NO_CONNECTION);
    }
    talk_over(talk_state.typed ? TALK_DONE : TALK_BROKEN);
}

static const struct limit talk_limits[] = {
    LIMIT(CFG_TALK_UNSENT_BYTES, "bytes", "the server has not taken yet"),
    LIMIT(CFG_TALK_SHOWN_BYTES, "bytes", "of a line shown in one piece"),
    LIMIT(CFG_TALK_GAP_MS, "ms", "of silence end a text without line end"),
    LIMIT(CFG_TALK_ANSWER_MS, "ms", "--raw on pipes waits for an answer"),
    LIMIT(CFG_TALK_PAUSE_MAX_S, "s", "longest pause before connecting again"),
};

const struct app talk_app = {
    .name = "talk",
    .start = talk_start,
    .opened = talk_opened,
    .input = talk_take,
    .ended = talk_peer_ended,
    .produce = talk_produce,
    .due = talk_due,
    .closed = talk_closed,
    .stopping = talk_stopping,
    .stall_bytes = 1,
    .reserved = 2,
    .limits = talk_limits,
    .limits_count = COUNT_OF(talk_limits),
    .static_bytes = sizeof talk_state + sizeof talk_settings,
};

/* ---- For talk.c ---------------------------------------------------------------------------- */

void talk_begin(const struct client_route *route)
{
    talk_state.route = *route;
    dial();
}

bool talk_connected(void)
{
    return talk_state.connected;
}

void talk_input(bool console, bool typed)
{
    talk_state.typed = typed;
    if (typed) {
        note(" is there; Ctrl-D leaves", 0);
        talk_screen_edit(&talk_state.screen, &talk_state.editor);
    } else if (!console) {
        talk_state.input_ended = true;
        talk_advance();
    }
}

bool talk_typed(void)
{
    return talk_state.typed;
}

void talk_repaint(bool ours)
{
    talk_state.screen.drawn = false; /* others have written to it */
    if (talk_state.typed && talk_state.console != NULL) { /* while it is theirs, so are its keys */
        conn_room_set(talk_state.console, ours ? CFG_CONN_BUFFER_BYTES : 0);
    }
    talk_screen_edit(&talk_state.screen, ours ? &talk_state.editor : NULL);
}

bool talk_ended(void)
{
    if (talk_state.screen.unread) {
        talk_over(TALK_UNREAD);
    }
    return talk_state.phase == TALK_OVER;
}

enum talk_status talk_status(void)
{
    return talk_state.status;
}

void talk_end(void)
{
    talk_screen_end(&talk_state.screen);
}
