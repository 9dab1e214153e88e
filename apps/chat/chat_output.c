/* SPDX-License-Identifier: MIT */
/* What a member is owed, rendered on the way out. */
#include "apps/chat/chat_output.h"

#include <string.h>

#include "apps/chat/chat_gbk.h"
#include "apps/chat/chat_reply.h"
#include "apps/chat/chat_welcome.h"

enum item { ITEM_NONE, ITEM_ROW, ITEM_ENTRY };

static struct chat_output state;

void chat_output_start(void)
{
    memset(&state, 0, sizeof state);
}

uint64_t chat_output_shares(void)
{
    return state.shares;
}

/* ---- Rendering ----------------------------------------------------------------------------- */

static void put_line_end(struct text *text, enum chat_protocol protocol)
{
    if (protocol != CHAT_BARE) {
        text_put(text, protocol == CHAT_TELNET ? "\r\n" : "\n");
    }
}

static void put_around(struct text *text, const char *before, const struct chat_entry *entry,
                       const char *after)
{
    text_put(text, before);
    text_put_bytes(text, entry->name, entry->name_bytes);
    text_put(text, after);
    text_put_bytes(text, entry->text, entry->text_bytes);
}

/* At the desk the number of the guest as well, by which it is answered. */
static void put_origin(struct text *text, const struct chat_entry *entry)
{
    struct port_address address;
    memcpy(&address, entry->address, sizeof address);
    text_put_char(text, '[');
    if (chat_settings.desk) {
        text_put_bytes(text, entry->name, entry->name_bytes);
        text_put_char(text, ' ');
    }
    text_put_ip(text, &address);
    text_put(text, "] ");
}

/* At the desk: a question, an answer, or a notice for the operator. */
static void put_desk_entry(struct text *text, const struct chat_member *member,
                           const struct chat_entry *entry)
{
    enum chat_protocol protocol = chat_protocol_of(member);
    if (entry->address != NULL && protocol == CHAT_CONSOLE) {
        put_origin(text, entry);
    }
    if (CHAT_BOT && protocol == CHAT_CONSOLE && entry->to < CFG_CONN_MAX) {
        text_put(text, "[bot to ");
        text_put_bytes(text, entry->name, entry->name_bytes);
        text_put(text, "] ");
    } else if (entry->kind != CHAT_SAY && entry->kind != CHAT_PART) {
        text_put(text, "*** ");
        text_put(text, entry->kind == CHAT_LEAVE ? "left" : "");
        text_put(text, entry->kind == CHAT_LEAVE && entry->text_bytes > 0 ? ": " : "");
    }
    if (PORT_GBK != 0 && chat_has(member, CHAT_GBK)) {
        chat_gbk_put(text, entry->text, entry->text_bytes);
    } else {
        text_put_bytes(text, entry->text, entry->text_bytes);
    }
    if (entry->kind != CHAT_PART || protocol == CHAT_CONSOLE) {
        put_line_end(text, protocol);
    }
}

static void put_entry(struct text *text, enum chat_protocol protocol, bool history,
                      const struct chat_entry *entry)
{
    if (history) {
        text_put(text, "[history] ");
    }
    if (entry->address != NULL && protocol == CHAT_CONSOLE) {
        put_origin(text, entry);
    }
    if (entry->to != CHAT_EVERYBODY) {
        text_put(text, "[private] ");
    }
    switch (entry->kind) {
    case CHAT_SAY:
        put_around(text, "<", entry, "> ");
        break;
    case CHAT_ME:
        put_around(text, "* ", entry, " ");
        break;
    case CHAT_JOIN:
        put_around(text, "*** ", entry, " joined");
        break;
    case CHAT_LEAVE:
        put_around(text, "*** ", entry, entry->text_bytes > 0 ? " left: " : " left");
        break;
    case CHAT_NICK:
        put_around(text, "*** ", entry, " is now ");
        break;
    case CHAT_TOPIC:
        put_around(text, "*** ", entry,
                   entry->text_bytes > 0 ? " set the topic: " : " took the topic away");
        break;
    case CHAT_NOTICE:
        put_around(text, "*** ", entry, "");
        break;
    case CHAT_PART:
    case CHAT_PAD:
        CHECK(false);
        break;
    }
    put_line_end(text, protocol);
}

void chat_output_render(const struct chat_entry *entry, struct text *text)
{
    CHECK(entry->to == CHAT_EVERYBODY);
    put_entry(text, CHAT_PLAIN, false, entry);
}

/* Puts the next entry that the member may see and moves the member on behind it. */
static bool put_next_entry(struct chat_member *member, unsigned index, struct text *text)
{
    struct chat_entry *entry = &state.entry;
    if ((chat_is_guest(member) && member->due == 0) || !chat_room_read(member, index, entry)) {
        return false;
    }
    member->sent = 0;
    if (chat_settings.desk) {
        put_desk_entry(text, member, entry);
    } else {
        put_entry(text, chat_protocol_of(member), !chat_has(member, CHAT_LIVE), entry);
    }
    return true;
}

/* Puts the next thing the member is owed and moves the member on behind it. */
static enum item put_next(struct chat_member *member, unsigned index, struct text *text)
{
    bool row = member->sent == 0; /* else an entry is half sent, and nothing comes between */
    bool parting = member->reply >= CHAT_REPLY_KICKED;
    enum item item = ITEM_ROW;
    if (row && chat_has(member, CHAT_GREETING)) {
        chat_welcome_row(member, text);
    } else if (row && member->missed > 0 && chat_protocol_of(member) != CHAT_BARE) {
        chat_reply_missed(member, text);
        member->missed = 0;
    } else if (row && !parting && chat_reply_owed(member)) {
        bool telnet = member->reply == CHAT_REPLY_TELNET;
        chat_reply_row(member, text);
        if (telnet) {
            return ITEM_ROW;
        }
    } else if (put_next_entry(member, index, text)) {
        return ITEM_ENTRY;
    } else if (parting) {
        chat_reply_row(member, text);
    } else {
        item = ITEM_NONE;
    }
    if (item == ITEM_ROW) {
        put_line_end(text, chat_protocol_of(member));
    }
    CHECK(!text->cut);
    return item;
}

/* ---- Blocks -------------------------------------------------------------------------------- */

/* What others may be sent as well: entries alone, plain, none of them its own. */
static bool may_share(const struct chat_member *member)
{
    return chat_has(member, CHAT_LIVE) && chat_protocol_of(member) == CHAT_PLAIN &&
           !chat_has(member, CHAT_LEAVING) && !chat_has(member, CHAT_GREETING) &&
           member->reply == CHAT_REPLY_NONE && member->missed == 0 &&
           chat_log_before(member->own_at, member->at);
}

/* What rendering moves on in a member, to go back to. */
struct place {
    uint32_t at;
    uint32_t missed;
    uint32_t flags;
    uint16_t sent;
    uint16_t due;
    uint16_t reply_row;
    uint16_t welcomed;
    uint8_t reply;
};

static struct place place_of(const struct chat_member *member)
{
    struct place place = {.at = member->at, .missed = member->missed, .flags = member->flags,
                          .sent = member->sent, .due = member->due,
                          .reply_row = member->reply_row, .welcomed = member->welcomed,
                          .reply = member->reply};
    return place;
}

static void go_back(struct chat_member *member, const struct place *place)
{
    member->at = place->at;
    member->missed = place->missed;
    member->flags = place->flags;
    member->sent = place->sent;
    member->due = place->due;
    member->reply_row = place->reply_row;
    member->welcomed = place->welcomed;
    member->reply = place->reply;
}

/* Renders what the member is owed next, as far as it fits, and moves it on. Returns the bytes of
 * the block, 0: nothing is owed. */
static size_t fill_block(struct chat_member *member, unsigned index)
{
    bool share = may_share(member);
    if (share && state.shared && state.from == member->at) {
        state.shares++;
        member->at = state.to;
        member->sent = 0;
        return state.n;
    }
    struct text text;
    text_begin(&text, state.block, sizeof state.block);
    uint32_t from = member->at;
    enum item item = ITEM_ENTRY;
    while (item != ITEM_NONE && text.capacity - text.n >= CHAT_LINE_RENDERED_BYTES) {
        item = put_next(member, index, &text);
    }
    if (text.n > 0) {
        state.shared = share;
        state.from = from;
        state.to = member->at;
        state.n = text.n;
    }
    return text.n;
}

/* Moves the last n bytes that were rendered to the member's buffer, if they fit beside the line
 * that it is typing there; the console's makes room. */
static bool keep_rest(struct conn *conn, const char *rest, size_t n)
{
    struct chat_member *member = chat_member_of(conn);
    if (n > (size_t)CHAT_FRONT_BYTES - member->line.n) {
        if (!chat_has(member, CHAT_OPERATOR)) {
            return false;
        }
        line_next(&member->line);
    }
    member->debt = (uint16_t)n;
    memcpy(conn_buffer(conn) + CHAT_FRONT_BYTES - n, rest, n);
    return true;
}

/* The connection took the first n bytes of the block that begins where the member stands, not all:
 * moves the member on as far. */
static void take_part(struct conn *conn, struct chat_member *member, size_t n)
{
    struct text text;
    struct place before = place_of(member);
    enum item item = ITEM_ENTRY;
    size_t begin = 0;
    text_begin(&text, state.block, sizeof state.block);
    state.shared = false;
    while (text.n < n) {
        begin = text.n;
        before = place_of(member);
        item = put_next(member, conn_index(conn), &text);
        CHECK(item != ITEM_NONE);
    }
    if (!keep_rest(conn, state.block + n, text.n - n)) {
        CHECK(item == ITEM_ENTRY);
        go_back(member, &before);
        member->sent = (uint16_t)(n - begin);
    }
}

static bool pay_debt(struct conn *conn, struct chat_member *member)
{
    if (member->debt > 0) {
        const uint8_t *rest = conn_buffer(conn) + CHAT_FRONT_BYTES - member->debt;
        size_t sent = conn_write(conn, rest, member->debt, false);
        member->debt = (uint16_t)(member->debt - sent);
    }
    return member->debt == 0;
}

/* True: all is sent. */
static bool send_blocks(struct conn *conn, struct chat_member *member)
{
    for (unsigned left = CFG_CHAT_LOG_BYTES; left > 0; left--) { /* each moves the member on */
        struct place before = place_of(member);
        size_t n = fill_block(member, conn_index(conn));
        if (n == 0) {
            return true;
        }
        CHECK(before.sent < n);
        size_t sent = conn_write(conn, state.block + before.sent, n - before.sent, false);
        if (sent < n - before.sent) {
            go_back(member, &before);
            take_part(conn, member, before.sent + sent);
            return false;
        }
    }
    return false;
}

bool chat_output_produce(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    chat_room_flow();
    bool done = pay_debt(conn, member) && send_blocks(conn, member);
    if (done && chat_has(member, CHAT_LEAVING)) {
        conn_finish(conn);
        return false;
    }
    if (done) {
        chat_room_rest(conn);
    }
    if (chat_has(member, CHAT_REFUSED) && member->debt == 0 &&
        member->reply == CHAT_REPLY_NONE) {
        conn_resume(conn);
    }
    return !done;
}

void chat_output_free_log(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    struct place before = place_of(member);
    struct text text;
    if (before.sent == 0) {
        return;
    }
    text_begin(&text, state.block, sizeof state.block);
    state.shared = false;
    bool more = put_next_entry(member, conn_index(conn), &text);
    CHECK(more && text.n > before.sent);
    if (!keep_rest(conn, state.block + before.sent, text.n - before.sent)) {
        go_back(member, &before);
    }
}
