/* SPDX-License-Identifier: MIT */
/* From the console to the server: what is typed or piped in, and sent. */
#include "apps/talk/talk_state.h"

/* ---- Sending ------------------------------------------------------------------------------- */

void talk_advance(void)
{
    if (talk_state.phase != TALK_CONNECTED || talk_state.shut) {
        return;
    }
    if (talk_unsent_any(&talk_state.unsent)) {
        conn_output_ask(talk_state.server);
    } else if (talk_state.leaving) {
        conn_finish(talk_state.server);
        talk_over(TALK_DONE);
    } else if (talk_state.input_ended) {
        talk_state.shut = true;
        conn_shut(talk_state.server);
    }
}

/* A person's next message may go at once, a script's when the last was answered. */
static void await_answer(struct conn *conn)
{
    if (!talk_state.typed) {
        talk_state.awaiting = true;
        conn_deadline_set(conn, TALK_SLOT_ANSWER, talk_state.answer_kind);
    }
}

void talk_answered(void)
{
    if (talk_state.awaiting) {
        talk_state.awaiting = false;
        talk_advance();
    }
}

static bool send_message(struct conn *conn)
{
    struct talk_message message = talk_unsent_message(&talk_state.unsent, talk_state.input_ended);
    size_t taken = message.n > 0 ? conn_write(conn, message.bytes, message.n, false) : 0;
    bool sent = taken == message.n;
    talk_unsent_drop(&talk_state.unsent, sent ? taken + message.end_bytes : taken);
    if (sent && message.whole && message.n > 0) {
        await_answer(conn);
    }
    bool moves = !sent || message.n + message.end_bytes > 0;
    return moves && talk_unsent_any(&talk_state.unsent) && !talk_state.awaiting;
}

static bool send_lines(struct conn *conn)
{
    struct talk_unsent *unsent = &talk_state.unsent;
    if (talk_unsent_any(unsent)) {
        talk_unsent_drop(unsent, conn_write(conn, unsent->bytes, unsent->n, false));
    }
    return talk_unsent_any(&talk_state.unsent);
}

bool talk_produce(struct conn *conn, size_t room)
{
    bool more = false;
    (void)room;
    CHECK(conn == talk_state.server);
    if (!talk_settings.raw) {
        more = send_lines(conn);
    } else if (!talk_state.awaiting) {
        more = send_message(conn);
    }
    if (talk_state.console != NULL) {
        conn_resume(talk_state.console);
    }
    if (!talk_unsent_any(&talk_state.unsent)) {
        talk_advance();
    }
    return more;
}

/* ---- The console --------------------------------------------------------------------------- */

static void leave(void)
{
    bool stuck = talk_state.leaving || talk_state.phase != TALK_CONNECTED;
    talk_state.leaving = true;
    if (stuck) {
        talk_over(TALK_DONE);
    } else {
        talk_advance();
    }
}

static void line_typed(void)
{
    struct editor *editor = &talk_state.editor;
    if (!talk_unsent_line(&talk_state.unsent, editor->line, editor->n)) {
        talk_screen_bell(&talk_state.screen);
        return;
    }
    talk_screen_typed(&talk_state.screen);
    editor_next(editor);
    talk_advance();
}

static void key_take(uint8_t byte, bool *changed)
{
    switch (editor_take(&talk_state.editor, byte)) {
    case EDITOR_SAME:
        break;
    case EDITOR_CHANGED:
        *changed = true;
        break;
    case EDITOR_LINE:
        line_typed();
        break;
    case EDITOR_REFUSED:
        talk_screen_bell(&talk_state.screen);
        break;
    case EDITOR_CLEAR:
        talk_screen_clear(&talk_state.screen);
        *changed = true;
        break;
    case EDITOR_LEAVE:
        leave();
        break;
    }
}

size_t talk_console_take(const uint8_t *bytes, size_t n)
{
    if (talk_state.phase == TALK_RESTING) {
        talk_fail(" ended the conversation before all was said");
        return n;
    }
    if (talk_state.typed) {
        bool changed = false;
        for (size_t i = 0; i < n && talk_state.phase != TALK_OVER; i++) {
            key_take(bytes[i], &changed);
        }
        talk_screen_draw(&talk_state.screen, changed);
        return n;
    }
    size_t taken = talk_unsent_put(&talk_state.unsent, bytes, n);
    talk_advance();
    return taken;
}

void talk_console_ended(void)
{
    talk_state.input_ended = true;
    if (talk_state.typed) {
        leave();
    } else if (talk_state.phase == TALK_RESTING) {
        talk_over(TALK_DONE);
    } else {
        talk_advance();
    }
}
