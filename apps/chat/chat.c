/* SPDX-License-Identifier: MIT */
/* The chat app's hooks: how bytes become lines, and when. */
#include "apps/chat/chat.h"

#include <string.h>

#include "apps/chat/bot_api.h"
#include "apps/chat/chat_command.h"
#include "apps/chat/chat_desk.h"
#include "apps/chat/chat_door.h"
#include "apps/chat/chat_gbk.h"
#include "apps/chat/chat_operator.h"
#include "apps/chat/chat_output.h"
#include "apps/chat/chat_pace.h"
#include "apps/chat/chat_record.h"
#include "apps/chat/chat_report.h"
#include "apps/chat/chat_room.h"
#include "apps/chat/chat_sniff.h"
#include "apps/chat/chat_welcome.h"
#include "core/utf8.h"

/* The deadlines in a connection's slots. SLOT_TURN: it is greeted; a pause ends its message; it may
 * go on talking. SLOT_LINE: the line it began is not finished. */
enum { SLOT_TURN, SLOT_LINE };

enum { NOTICE_MS = 1000 };

struct chat_settings chat_settings = {10, 20, 20, 250, false, 8, "Welcome."};

static struct {
    unsigned sniff_kind;
    unsigned gap_kind;
    unsigned line_kind;
    unsigned word_kind;
    unsigned notice_kind;
} state;

static bool chat_start(void)
{
    state.sniff_kind = deadline_kind(CFG_CHAT_SNIFF_MS);
    state.gap_kind = deadline_kind(chat_settings.gap_ms);
    state.line_kind = deadline_kind(CFG_CHAT_LINE_MS);
    state.word_kind = deadline_kind(CFG_CHAT_WORD_MS);
    state.notice_kind = deadline_kind(NOTICE_MS);
    if (CHAT_BOT) {
        bot_start();
    }
    chat_desk_start();
    chat_door_start();
    chat_output_start();
    chat_pace_start();
    if (CFG_CHAT_RECORD) {
        chat_record_start();
    }
    chat_welcome_start();
    chat_room_start(state.notice_kind);
    return true;
}

/* ---- Coming -------------------------------------------------------------------------------- */

static void greet(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    if (chat_has(member, CHAT_GREETED)) {
        return;
    }
    chat_put(member, CHAT_GREETED, true);
    conn_settle(conn);
    conn_deadline_clear(conn, SLOT_TURN);
    if (chat_is_guest(member)) {
        return; /* the server says nothing before it was asked */
    }
    chat_put(member, CHAT_GREETING, true);
    conn_output_ask(conn);
    if (!conn_is_console(conn)) {
        chat_room_announce(conn);
    }
}

static void chat_opened(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    struct port_address peer = conn_peer(conn);
    if (CHAT_BOT && conn_is_dialled(conn)) {
        bot_opened(conn);
        return;
    }
    if (!conn_is_console(conn) && !chat_door_admits(&peer)) {
        conn_abort(conn); /* a flood must not linger */
        return;
    }
    chat_pace_begin(member);
    chat_room_enter(conn);
    conn_room_set(conn, CHAT_ROOM_BYTES);
    if (conn_is_console(conn)) {
        chat_put(member, CHAT_SNIFFED, true);
        greet(conn);
    } else if (!chat_settings.desk) {
        conn_deadline_set(conn, SLOT_TURN, state.sniff_kind);
    }
}

/* Looks at what came of the first line, or all of it: greets who speaks to people, sends others
 * away. False: that is what happened. */
static bool sniff(struct conn *conn, bool complete)
{
    struct chat_member *member = chat_member_of(conn);
    if (chat_has(member, CHAT_SNIFFED)) {
        return true;
    }
    bool cut = (member->line.facts & LINE_CUT) != 0;
    enum chat_sniff verdict = chat_sniff(conn_buffer(conn), member->line.n, complete && !cut);
    if (verdict == CHAT_SNIFF_OTHER || (verdict == CHAT_SNIFF_MAYBE && cut)) {
        chat_room_leave(conn, CHAT_LEFT);
        member->at = member->left_at; /* owed nothing */
        conn_finish(conn);
        return false;
    }
    bool telnet = (member->line.facts & LINE_TELNET) != 0;
    if (complete || verdict == CHAT_SNIFF_LINE) {
        chat_put(member, CHAT_SNIFFED, true);
    }
    bool speaks = complete || verdict == CHAT_SNIFF_LINE || telnet;
    if (speaks && !chat_settings.desk) {
        greet(conn);
    }
    return true;
}

/* ---- Lines --------------------------------------------------------------------------------- */

/* The line in the buffer is over: makes it a text of *n bytes. False: it says nothing. */
static bool line_text(struct conn *conn, size_t *n)
{
    struct chat_member *member = chat_member_of(conn);
    uint8_t *bytes = conn_buffer(conn);
    conn_deadline_clear(conn, SLOT_LINE);
    chat_pace_line_over(member);
    member->heard_at = chat_time();
    if (!sniff(conn, true) || chat_has(member, CHAT_LATE)) {
        return false;
    }
    *n = member->line.n;
    if (PORT_GBK != 0 && chat_is_guest(member)) {
        *n = chat_gbk_read(member, bytes, *n);
    }
    bool cut = (member->line.facts & LINE_CUT) != 0;
    *n = utf8_make_safe(bytes, cut ? utf8_cut(bytes, *n) : *n);
    return true;
}

/* What it said is done. */
static void line_done(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    if ((member->line.facts & LINE_CUT) != 0 && !chat_has(member, CHAT_LATE)) {
        chat_reply(conn, CHAT_REPLY_CUT);
    }
    chat_put(member, CHAT_LATE, false);
    line_next(&member->line);
    chat_output_free_log(conn);
}

/* A guest of the desk asks no more: it has so long to be answered. */
static void wait_for_last(struct conn *conn, unsigned kind)
{
    chat_put(chat_member_of(conn), CHAT_LAST, true);
    conn_deadline_clear(conn, SLOT_TURN);
    conn_deadline_set(conn, SLOT_LINE, kind);
}

/* The same at the desk. */
static void take_question(struct conn *conn)
{
    size_t n = 0;
    if (line_text(conn, &n)) {
        greet(conn);
        if (chat_desk_take(conn, (const char *)conn_buffer(conn), n)) {
            wait_for_last(conn, state.word_kind);
        }
    }
    line_done(conn);
}

static void take_line(struct conn *conn)
{
    size_t n = 0;
    if (line_text(conn, &n)) {
        enum chat_reply goodbye = chat_command_run(conn, (const char *)conn_buffer(conn), n);
        if (goodbye != CHAT_REPLY_NONE) {
            chat_command_leave(conn, goodbye, CHAT_LEFT);
        }
    }
    line_done(conn);
}

/* The same for the operator, who may do more. */
static void take_operator_line(struct conn *conn)
{
    size_t n = 0;
    const char *text = (const char *)conn_buffer(conn);
    if (!line_text(conn, &n)) {
        return;
    }
    if (chat_operator_read(text, n)) {
        chat_operator_run(conn);
        chat_operator_remove();
    } else {
        (void)chat_command_run(conn, text, n);
    }
    line_done(conn);
}

static void take_any_line(struct conn *conn)
{
    if (conn_is_console(conn)) {
        take_operator_line(conn);
    } else if (chat_settings.desk) {
        take_question(conn);
    } else {
        take_line(conn);
    }
}

/* Nothing it sends is of interest any more. */
static bool is_over(const struct chat_member *member)
{
    return (member->flags & (CHAT_LEAVING | CHAT_LAST)) != 0;
}

static bool takes_input(const struct chat_member *member)
{
    return (member->flags & (CHAT_PAUSED | CHAT_LEAVING | CHAT_LAST)) == 0 &&
           !(CHAT_BOT && chat_settings.desk && chat_has(member, CHAT_AT_BOT)) &&
           member->reply == CHAT_REPLY_NONE && member->debt == 0;
}

/* At the desk everything that is sent gets an answer, even what may be typed key by key. */
static bool long_gap_ends(const struct chat_member *member)
{
    return chat_settings.desk && member->line.n > 0 &&
           (member->line.facts & (LINE_FED | LINE_TELNET)) == 0;
}

/* Starts what ends the line that is now in the buffer; the operator takes the time he needs. */
static void watch_line(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    if (is_over(member) || conn_is_console(conn)) {
        return;
    }
    if (member->line.n == 0) {
        conn_deadline_clear(conn, SLOT_LINE);
    } else if (!conn_deadline_runs(conn, SLOT_LINE)) {
        conn_deadline_set(conn, SLOT_LINE, state.line_kind);
    }
    if (chat_has(member, CHAT_PAUSED)) {
        return;
    }
    if (line_gap_ends(&member->line) && chat_has(member, CHAT_REFUSED)) {
        conn_deadline_clear(conn, SLOT_TURN); /* more of it is here already */
    } else if (line_gap_ends(&member->line)) {
        conn_deadline_set(conn, SLOT_TURN, state.gap_kind);
    } else if (long_gap_ends(member)) {
        conn_deadline_set(conn, SLOT_TURN, state.word_kind);
    } else if (!chat_has(member, CHAT_GREETED) && !chat_settings.desk) {
        conn_deadline_set(conn, SLOT_TURN, state.sniff_kind);
    } else {
        conn_deadline_clear(conn, SLOT_TURN);
    }
}

/* Takes of n bytes what belongs to one line, and what it says when it ends. */
static size_t take_bytes(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct chat_member *member = chat_member_of(conn);
    enum line_event event;
    size_t taken = line_take(&member->line, conn_buffer(conn), CFG_CHAT_LINE_BYTES, bytes, n,
                             &event);
    chat_pace_took(member, taken);
    if (chat_settings.desk && n > 1 && (member->line.facts & LINE_ENTER) == 0) {
        member->line.facts &= (uint8_t)~LINE_TYPED; /* keys come one by one */
    }
    if (event == LINE_COMPLETE) {
        take_any_line(conn);
    } else if (event == LINE_ASKED) {
        chat_reply(conn, CHAT_REPLY_TELNET);
    }
    return taken;
}

static size_t chat_input(struct conn *conn, const uint8_t *bytes, size_t n)
{
    struct chat_member *member = chat_member_of(conn);
    size_t taken = 0;
    if (CHAT_BOT && conn_is_dialled(conn)) {
        n = bot_input(conn, bytes, n);
        bot_run();
        return n;
    }
    while (taken < n && takes_input(member)) {
        size_t most = chat_pace_most(conn);
        if (most == 0) {
            break;
        }
        taken += take_bytes(conn, bytes + taken, n - taken < most ? n - taken : most);
        if (CHAT_BOT) {
            bot_run();
        }
    }
    if (!is_over(member)) {
        sniff(conn, false);
    }
    chat_put(member, CHAT_REFUSED, taken < n);
    watch_line(conn);
    return is_over(member) ? n : taken;
}

/* ---- Time ---------------------------------------------------------------------------------- */

static void end_line(struct conn *conn)
{
    if (chat_member_of(conn)->line.n > 0) {
        take_any_line(conn);
    }
}

/* It said all it will say; at the desk it may still read the answer. */
static void chat_ended(struct conn *conn)
{
    const struct chat_member *member = chat_member_of(conn);
    if (CHAT_BOT && conn_is_dialled(conn)) {
        bot_ended(conn); /* what came of it is taken once it is closed */
        return;
    }
    if (!chat_has(member, CHAT_INSIDE) || is_over(member)) {
        return;
    }
    end_line(conn);
    if (CHAT_BOT) {
        bot_run();
    }
    if (conn_is_console(conn) || is_over(member) || !sniff(conn, true)) {
        return;
    }
    if (member->asked > 0) {
        wait_for_last(conn, state.line_kind);
    } else {
        chat_command_leave(conn, CHAT_REPLY_NONE, CHAT_LEFT);
    }
}

/* A line that took too long: what came is dropped now, what is still to come of it when it ends. */
static void drop_line(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    greet(conn);
    line_next(&member->line);
    chat_put(member, CHAT_LATE, true);
    chat_reply(conn, CHAT_REPLY_LATE);
    watch_line(conn);
}

/* A pause of its input is over. */
static void go_on(struct conn *conn)
{
    const struct chat_member *member = chat_member_of(conn);
    watch_line(conn);
    if (chat_has(member, CHAT_REFUSED) && takes_input(member)) {
        conn_resume(conn);
    }
}

static void member_due(struct conn *conn, unsigned kind)
{
    if (chat_has(chat_member_of(conn), CHAT_LEAVING)) {
        return;
    }
    if (chat_has(chat_member_of(conn), CHAT_LAST)) { /* nobody answered */
        bool word = kind == state.word_kind;
        chat_command_leave(conn, word ? CHAT_REPLY_BYE : CHAT_REPLY_NONE, CHAT_LEFT);
        return;
    }
    if (kind == state.sniff_kind) {
        greet(conn);
        watch_line(conn);
    } else if (kind == state.gap_kind || kind == state.word_kind) {
        end_line(conn);
        watch_line(conn);
    } else if (kind == state.line_kind) {
        drop_line(conn);
    } else {
        bool paused = chat_pace_due(chat_member_of(conn), kind);
        CHECK(paused);
        go_on(conn);
    }
}

static void chat_due(struct conn *conn, unsigned kind)
{
    if (conn == NULL && kind == state.notice_kind) {
        chat_room_announce_rest();
        return;
    }
    if (CHAT_BOT && (conn == NULL || conn_is_dialled(conn))) {
        bot_due(conn);
    } else {
        member_due(conn, kind);
    }
    if (CHAT_BOT) {
        bot_run();
    }
}

/* ---- Output, and the end ------------------------------------------------------------------- */

static bool chat_produce(struct conn *conn, size_t room)
{
    (void)room;
    if (CHAT_BOT && conn_is_dialled(conn)) {
        return bot_produce(conn);
    }
    return chat_output_produce(conn);
}

/* A client that says one thing and closes, without having read what we sent, ends with a reset:
 * what it said is said nevertheless. */
static void last_words(struct conn *conn)
{
    if (line_gap_ends(&chat_member_of(conn)->line)) {
        take_any_line(conn);
    }
}

static void chat_closed(struct conn *conn, enum conn_end why)
{
    const struct chat_member *member = chat_member_of(conn);
    if (CHAT_BOT && conn_is_dialled(conn)) {
        bot_closed(conn, why);
        bot_run();
        return;
    }
    if (!chat_has(member, CHAT_INSIDE)) {
        return;
    }
    if (why == CONN_END_RESET && !is_over(member)) {
        last_words(conn);
    }
    if (CHAT_BOT) {
        bot_forget(conn); /* also what its last words asked: the slot will be another's */
        bot_run();
    }
    if (!chat_has(member, CHAT_LEAVING)) {
        chat_room_leave(conn, why == CONN_END_STALLED ? CHAT_LEFT_SLOW : CHAT_LEFT);
    }
    chat_room_remove(conn);
}

static void chat_stopping(void)
{
    static const char text[] = "The server goes down.";
    chat_room_notice(text, sizeof text - 1);
    chat_room_stop();
}

const struct app chat_app = {
    .name = "chat",
    .start = chat_start,
    .opened = chat_opened,
    .input = chat_input,
    .ended = chat_ended,
    .produce = chat_produce,
    .due = chat_due,
    .closed = chat_closed,
    .report = chat_report,
    .stopping = chat_stopping,
    .stall_bytes = 1,
    .reserved = CHAT_BOT ? 1 : 0, /* so that the bot goes on when the table is full */
    .static_bytes = sizeof state + sizeof chat_settings + (size_t)CHAT_ROOM_STATIC_BYTES +
                    (size_t)CHAT_OUTPUT_STATIC_BYTES + (size_t)CHAT_DOOR_STATIC_BYTES +
                    (size_t)CHAT_PACE_STATIC_BYTES + (size_t)CHAT_OPERATOR_STATIC_BYTES +
                    (size_t)CHAT_DESK_STATIC_BYTES + (size_t)CHAT_WELCOME_STATIC_BYTES +
                    (size_t)CHAT_RECORD_STATIC_BYTES + (size_t)CHAT_GBK_STATIC_BYTES +
                    (CHAT_BOT ? (size_t)BOT_STATIC_BYTES + (size_t)BOT_API_STATIC_BYTES : 0),
#if CORE_LIMITS
    .limits = chat_limits,
    .limits_count = CHAT_LIMITS,
#endif
};
