/* SPDX-License-Identifier: MIT */
/* The room: its members, their names, and the log they all read from. */
#include "apps/chat/chat_room.h"

#include <string.h>

#include "apps/chat/chat.h"
#include "apps/chat/chat_name.h"
#include "apps/chat/chat_record.h"
#include "apps/chat/chat_welcome.h"

static struct chat_room state;

void chat_room_start(unsigned notice_kind)
{
    memset(&state, 0, sizeof state);
    state.notice_kind = notice_kind;
    chat_log_begin(&state.log, chat_settings.desk ? 0 : chat_settings.history_lines);
    rate_begin(&state.notices, port_now_ms(), CFG_CHAT_NOTICE_BURST);
}

enum chat_protocol chat_protocol_of(const struct chat_member *member)
{
    if (chat_has(member, CHAT_OPERATOR)) {
        return CHAT_CONSOLE;
    }
    if (chat_settings.desk && (member->line.facts & LINE_FED) == 0) {
        return CHAT_BARE;
    }
    return (member->line.facts & LINE_TELNET) != 0 ? CHAT_TELNET : CHAT_PLAIN;
}

uint32_t chat_room_head(void)
{
    return state.log.head;
}

const struct chat_counts *chat_room_counts(void)
{
    return &state.counts;
}

void chat_room_stop(void)
{
    state.stopping = true;
}

bool chat_room_is_full(void)
{
    return state.fresh > CFG_CHAT_LOG_BYTES / 2;
}

void chat_room_flow(void)
{
    state.fresh = 0;
}

/* ---- The list of readers ------------------------------------------------------------------- */

static struct chat_member *member_at(unsigned link)
{
    CHECK(link > 0 && link <= CFG_CONN_MAX);
    return chat_member_of(conn_at(link - 1));
}

static void list_remove(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    if (member->previous != 0) {
        member_at(member->previous)->next = member->next;
    } else {
        state.first = member->next;
    }
    if (member->next != 0) {
        member_at(member->next)->previous = member->previous;
    } else {
        state.last = member->previous;
    }
}

static void list_insert_first(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    uint16_t link = (uint16_t)(conn_index(conn) + 1);
    member->previous = 0;
    member->next = state.first;
    if (state.first != 0) {
        member_at(state.first)->previous = link;
    } else {
        state.last = link;
    }
    state.first = link;
}

static void list_insert_last(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    uint16_t link = (uint16_t)(conn_index(conn) + 1);
    member->next = 0;
    member->previous = state.last;
    if (state.last != 0) {
        member_at(state.last)->next = link;
    } else {
        state.first = link;
    }
    state.last = link;
}

void chat_room_rest(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    if (!chat_has(member, CHAT_IDLE)) {
        chat_put(member, CHAT_IDLE, true);
        list_remove(conn);
        list_insert_first(conn);
    }
}

/* Every reader that is owed nothing, but `except` (or NULL), is now owed the new entry. */
static void wake_all(struct conn *except)
{
    for (unsigned link = state.first; link != 0;) {
        struct chat_member *member = member_at(link);
        if (!chat_has(member, CHAT_IDLE)) {
            break;
        }
        chat_put(member, CHAT_IDLE, false);
        if (conn_at(link - 1) != except) {
            conn_output_ask(conn_at(link - 1));
        }
        link = member->next;
    }
}

static void wake_one(unsigned index)
{
    struct conn *conn = conn_at(index);
    struct chat_member *member = chat_member_of(conn);
    if (chat_has(member, CHAT_IDLE)) {
        chat_put(member, CHAT_IDLE, false);
        list_remove(conn);
        list_insert_last(conn);
        conn_output_ask(conn);
    }
}

/* Whoever may see an entry to `to`; a private one is seen by the operator as well. */
static void wake(uint16_t to, struct conn *except)
{
    if (to == CHAT_EVERYBODY) {
        wake_all(except);
        return;
    }
    if (to < CFG_CONN_MAX) {
        wake_one(to);
    }
    if (state.console != 0) {
        wake_one(state.console - 1u);
    }
}

/* ---- Reading ------------------------------------------------------------------------------- */

static bool sees(const struct chat_member *member, unsigned index, const struct chat_entry *entry)
{
    if (!chat_has(member, CHAT_LIVE)) {
        return chat_log_is_history(entry);
    }
    if (entry->to != CHAT_EVERYBODY) {
        return entry->to == index || (chat_has(member, CHAT_OPERATOR) && entry->from != index);
    }
    return entry->from != index;
}

bool chat_room_read(struct chat_member *member, unsigned index, struct chat_entry *entry)
{
    uint32_t end = chat_has(member, CHAT_LEAVING) ? member->left_at : state.log.head;
    while (member->at != end) {
        if (member->at == member->came_at) {
            chat_put(member, CHAT_LIVE, true);
        }
        bool more = chat_log_read(&state.log, &member->at, entry);
        CHECK(more);
        if (!sees(member, index, entry)) {
            continue;
        }
        if (chat_is_guest(member) && entry->kind != CHAT_PART) {
            *(member->due > 0 ? &member->due : &member->waiting) -= 1;
        }
        return true;
    }
    return false;
}

/* ---- Writing ------------------------------------------------------------------------------- */

/* The first entry of the newer half of the log. */
static uint32_t log_middle(uint32_t tail)
{
    uint32_t middle = tail;
    while (state.log.head - middle > CFG_CHAT_LOG_BYTES / 2 &&
           chat_log_read(&state.log, &middle, &state.passed)) {
        continue;
    }
    return middle;
}

/* Brings a member to `middle` and counts what it misses. */
static void overtake(struct conn *conn, uint32_t middle)
{
    struct chat_member *member = chat_member_of(conn);
    if (member->sent > 0) {
        state.counts.cut++;
        conn_abort(conn);
        member->sent = 0;
    }
    while (chat_log_before(member->at, middle) &&
           chat_room_read(member, conn_index(conn), &state.passed)) {
        if (chat_has(member, CHAT_LIVE)) {
            member->missed++;
            state.counts.missed++;
        }
    }
}

/* Nobody's position may be before `tail`. Walks all readers, but only once while about half a log
 * is written: then the slowest are in the middle. */
static void pass_laggards(uint32_t tail)
{
    uint32_t middle = log_middle(tail);
    state.slowest = state.log.head;
    for (unsigned link = state.first; link != 0; link = member_at(link)->next) {
        struct chat_member *member = member_at(link);
        if (chat_log_before(member->at, tail)) {
            overtake(conn_at(link - 1), middle);
        }
        bool done = chat_has(member, CHAT_LEAVING) && member->at == member->left_at;
        if (!done && chat_log_before(member->at, state.slowest)) {
            state.slowest = member->at;
        }
    }
}

/* Begins the entry that add() adds. */
static struct chat_entry *begin(enum chat_kind kind, uint16_t to, const char *text, size_t n)
{
    struct chat_entry *entry = &state.adding;
    *entry = (struct chat_entry){.kind = kind, .from = CHAT_NOBODY, .to = to, .name = "",
                                 .text = text, .text_bytes = n};
    return entry;
}

/* Says who the entry is about, or from. */
static void sign(struct chat_entry *entry, struct conn *from)
{
    struct chat_member *member = chat_member_of(from);
    entry->from = (uint16_t)conn_index(from);
    entry->name = member->name;
    entry->name_bytes = member->name_bytes;
    if (state.console != 0 && !chat_has(member, CHAT_OPERATOR)) {
        state.peer = conn_peer(from);
        entry->address = &state.peer;
    }
    member->own_at = state.log.head;
}

/* Adds the entry and wakes whoever it is for, but `except` (or NULL). */
static void add(const struct chat_entry *entry, struct conn *except)
{
    if (entry->to < CFG_CONN_MAX) {
        chat_member_of(conn_at(entry->to))->own_at = state.log.head;
    }
    uint32_t tail = chat_log_tail_after(&state.log, entry);
    if (chat_log_before(state.slowest, tail)) {
        pass_laggards(tail);
    }
    uint32_t head = state.log.head;
    chat_log_add(&state.log, entry);
    state.fresh += state.log.head - head;
    if (CFG_CHAT_RECORD && entry->to == CHAT_EVERYBODY) {
        chat_record_put(entry);
    }
    wake(entry->to, except);
}

void chat_room_say(struct conn *conn, enum chat_kind kind, uint16_t to, const char *text,
                   size_t n)
{
    struct chat_entry *entry = begin(kind, to, text, n);
    bool idle = chat_has(chat_member_of(conn), CHAT_IDLE);
    sign(entry, conn);
    add(entry, conn);
    state.counts.lines++;
    if (idle && to == CHAT_EVERYBODY) {
        chat_room_rest(conn);
    }
}

void chat_room_tell(enum chat_kind kind, uint16_t to, const char *name, size_t name_bytes,
                    const char *text, size_t n)
{
    struct chat_entry *entry = begin(kind, to, text, n);
    entry->name = name;
    entry->name_bytes = name_bytes;
    add(entry, NULL);
    state.counts.lines++;
}

void chat_room_catch_up(struct conn *conn)
{
    chat_member_of(conn)->at = state.log.head;
}

static void add_notice(enum chat_kind kind, struct conn *about, const char *text, size_t n)
{
    uint16_t to = chat_settings.desk ? CHAT_NOBODY : CHAT_EVERYBODY;
    struct chat_entry *entry = begin(kind, to, text, n);
    if (about != NULL) {
        sign(entry, about);
    }
    add(entry, NULL);
}

void chat_room_notice(const char *text, size_t n)
{
    add_notice(CHAT_NOTICE, NULL, text, n);
}

bool chat_room_set_topic(struct conn *conn, const char *text, size_t n)
{
    if (!chat_welcome_topic_set(text, n)) {
        return false;
    }
    add_notice(CHAT_TOPIC, conn, text, n);
    return true;
}

/* ---- Membership ---------------------------------------------------------------------------- */

/* False: the notice is to wait, and become a number. */
static bool may_announce(void)
{
    if (state.came + state.gone > 0) {
        return false;
    }
    if (rate_take(&state.notices, port_now_ms(), CFG_CHAT_NOTICE_RATE, CFG_CHAT_NOTICE_BURST)) {
        return true;
    }
    app_deadline_set(&chat_app, 0, state.notice_kind);
    return false;
}

static void set_name(struct conn *conn, const char *name, size_t n)
{
    struct chat_member *member = chat_member_of(conn);
    CHECK(n > 0 && n <= sizeof member->name);
    memcpy(member->name, name, n);
    member->name_bytes = (uint8_t)n;
    state.names[conn_index(conn)] = chat_name_hash(name, n);
}

void chat_room_enter(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    struct text name;
    char bytes[CFG_CHAT_NAME_BYTES];
    text_begin(&name, bytes, sizeof bytes);
    if (conn_is_console(conn)) {
        state.console = (uint16_t)(conn_index(conn) + 1);
        chat_put(member, CHAT_OPERATOR, true);
        text_put(&name, "operator");
    } else {
        state.guests++;
        text_put(&name, chat_settings.desk ? "" : "guest");
        text_put_number(&name, state.guests);
    }
    set_name(conn, name.bytes, name.n);
    state.counts.members++;
    chat_put(member, CHAT_INSIDE, true);
    chat_put(member, CHAT_LIVE, chat_settings.desk);
    member->at = state.log.history_lines > 0 ? state.log.history : state.log.head;
    member->came_at = state.log.head;
    member->own_at = state.log.head;
    member->heard_at = chat_time();
    if (chat_log_before(member->at, state.slowest)) {
        state.slowest = member->at;
    }
    list_insert_last(conn);
}

void chat_room_announce(struct conn *conn)
{
    if (may_announce()) {
        add_notice(CHAT_JOIN, conn, "", 0);
    } else {
        state.came++;
    }
}

static void announce_departure(struct conn *conn, enum chat_departure why)
{
    static const char removed[] = "removed by the operator";
    static const char slow[] = "too slow";
    switch (why) {
    case CHAT_LEFT:
        add_notice(CHAT_LEAVE, conn, "", 0);
        break;
    case CHAT_LEFT_REMOVED:
        add_notice(CHAT_LEAVE, conn, removed, sizeof removed - 1);
        break;
    case CHAT_LEFT_SLOW:
        add_notice(CHAT_LEAVE, conn, slow, sizeof slow - 1);
        break;
    }
}

void chat_room_leave(struct conn *conn, enum chat_departure why)
{
    struct chat_member *member = chat_member_of(conn);
    CHECK(chat_has(member, CHAT_INSIDE) && !chat_has(member, CHAT_LEAVING));
    member->left_at = state.log.head;
    chat_put(member, CHAT_LEAVING, true);
    state.names[conn_index(conn)] = 0;
    state.counts.members--;
    if (!chat_has(member, CHAT_GREETED) || state.stopping) {
        return;
    }
    if (may_announce()) {
        announce_departure(conn, why);
    } else {
        state.gone++;
    }
}

void chat_room_remove(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    CHECK(chat_has(member, CHAT_LEAVING));
    if (chat_has(member, CHAT_OPERATOR)) {
        state.console = 0;
    }
    list_remove(conn);
}

void chat_room_announce_rest(void)
{
    struct text text;
    char bytes[64];
    text_begin(&text, bytes, sizeof bytes);
    text_put_number(&text, state.came);
    text_put(&text, " more joined, ");
    text_put_number(&text, state.gone);
    text_put(&text, " more left");
    state.came = 0;
    state.gone = 0;
    chat_room_notice(text.bytes, text.n);
}

struct conn *chat_room_find(const char *name, size_t n)
{
    uint16_t hash = chat_name_hash(name, n);
    for (unsigned i = 0; i < CFG_CONN_MAX; i++) {
        if (state.names[i] == hash) {
            const struct chat_member *member = chat_member_of(conn_at(i));
            if (chat_name_same(name, n, member->name, member->name_bytes)) {
                return conn_at(i);
            }
        }
    }
    return NULL;
}

bool chat_room_rename(struct conn *conn, const char *name, size_t n)
{
    struct conn *holder = chat_room_find(name, n);
    if (holder != NULL && holder != conn) {
        return false;
    }
    add_notice(CHAT_NICK, conn, name, n);
    set_name(conn, name, n);
    return true;
}

struct conn *chat_room_next(unsigned from)
{
    for (unsigned i = from; i < CFG_CONN_MAX; i++) {
        if (state.names[i] != 0) {
            return conn_at(i);
        }
    }
    return NULL;
}
