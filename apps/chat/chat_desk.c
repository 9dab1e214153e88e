/* SPDX-License-Identifier: MIT */
/* What a line means at the desk. */
#include "apps/chat/chat_desk.h"

#include <string.h>

#include "apps/chat/bot.h"
#include "core/utf8.h"

static struct chat_desk state;

void chat_desk_start(void)
{
    memset(&state, 0, sizeof state);
}

/* ---- Guests -------------------------------------------------------------------------------- */

/* One question more; an answer that waited for it is now due. To a goodbye there is one answer,
 * whatever was asked before. */
static void count_question(struct conn *conn, bool goodbye)
{
    struct chat_member *member = chat_member_of(conn);
    if (member->waiting > 0) {
        uint16_t ready = chat_protocol_of(member) == CHAT_BARE ? 1 : member->waiting;
        member->waiting = (uint16_t)(member->waiting - ready);
        member->due = (uint16_t)(member->due + ready);
        conn_output_ask(conn);
    } else if (goodbye || member->asked < UINT16_MAX) {
        member->asked = goodbye ? 1 : (uint16_t)(member->asked + 1);
    }
}

bool chat_desk_take(struct conn *conn, const char *text, size_t n)
{
    struct chat_member *member = chat_member_of(conn);
    enum chat_verb verb = chat_command_parse(text, n).verb;
    bool goodbye = verb == CHAT_VERB_QUIT || verb == CHAT_VERB_QUIT_CHINESE;
    if (verb == CHAT_VERB_NOTHING && chat_protocol_of(member) != CHAT_BARE) {
        return false;
    }
    if (chat_has(member, CHAT_MUTED) && !goodbye) {
        chat_reply(conn, CHAT_REPLY_MUTED);
        return false;
    }
    memcpy(state.last, member->name, sizeof state.last);
    state.last_bytes = member->name_bytes;
    chat_room_say(conn, CHAT_SAY, CHAT_NOBODY, text, n);
    count_question(conn, goodbye);
    if (CHAT_BOT && member->asked > 0) {
        bot_ask(conn, text, n);
    }
    if (goodbye && member->asked == 0) {
        chat_command_leave(conn, CHAT_REPLY_NONE, CHAT_LEFT);
    }
    return goodbye && member->asked > 0;
}

/* ---- The operator -------------------------------------------------------------------------- */

/* One answer more is in the log for this guest; a line client has one for all it asked so far.
 * False: it waits. */
static bool count_answer(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    bool bare = chat_protocol_of(member) == CHAT_BARE;
    if (bare && member->asked == 0) {
        member->waiting++;
        return false;
    }
    member->due++;
    member->asked = bare ? (uint16_t)(member->asked - 1) : 0;
    conn_output_ask(conn);
    return true;
}

/* It asks no more, and was answered. */
static bool is_answered(const struct chat_member *member)
{
    return chat_has(member, CHAT_LAST) && member->asked == 0;
}

/* Before a guest is answered: it has nothing to read but that, and what is due. */
static void catch_up(struct conn *conn)
{
    const struct chat_member *member = chat_member_of(conn);
    if (member->due + member->waiting == 0) {
        chat_room_catch_up(conn);
    }
}

void chat_desk_reply(struct conn *conn, const char *text, size_t n)
{
    const struct chat_member *member = chat_member_of(conn);
    uint16_t to = (uint16_t)conn_index(conn);
    if (member->asked == 0 || member->due == UINT16_MAX || chat_has(member, CHAT_LEAVING)) {
        return;
    }
    catch_up(conn);
    if (n > CFG_CHAT_LINE_BYTES) {
        size_t part = utf8_cut((const uint8_t *)text, CFG_CHAT_LINE_BYTES);
        chat_room_tell(CHAT_PART, to, member->name, member->name_bytes, text, part);
        text += part;
        n -= part;
        n = utf8_cut((const uint8_t *)text, n < CFG_CHAT_LINE_BYTES ? n : CFG_CHAT_LINE_BYTES);
    }
    chat_room_tell(CHAT_SAY, to, member->name, member->name_bytes, text, n);
    (void)count_answer(conn);
    if (is_answered(member)) {
        chat_command_leave(conn, CHAT_REPLY_NONE, CHAT_LEFT);
    }
}

/* The guest of that name, or NULL. */
static struct conn *find_guest(const char *name, size_t n)
{
    struct conn *found = chat_room_find(name, n);
    if (found == NULL || conn_is_console(found)) {
        return NULL;
    }
    const struct chat_member *member = chat_member_of(found);
    return member->due < UINT16_MAX && member->waiting < UINT16_MAX ? found : NULL;
}

/* Answers a guest; the operator is told when that does not go as usual. */
static void answer(struct conn *console, const char *text, size_t n)
{
    struct conn *guest = NULL;
    size_t name_bytes = 0;
    if (n > 0 && text[0] == '@') {
        while (name_bytes < n && text[name_bytes] != ' ') {
            name_bytes++;
        }
        guest = find_guest(text + 1, name_bytes - 1);
        while (name_bytes < n && text[name_bytes] == ' ') {
            name_bytes++;
        }
    } else {
        guest = find_guest(state.last, state.last_bytes);
    }
    if (guest == NULL) {
        chat_reply(console, CHAT_REPLY_NOBODY);
    } else if (name_bytes == n) {
        chat_reply(console, CHAT_REPLY_TEXT_MISSING);
    } else {
        catch_up(guest);
        chat_room_say(console, CHAT_SAY, (uint16_t)conn_index(guest), text + name_bytes,
                      n - name_bytes);
        if (!count_answer(guest)) {
            chat_reply(console, CHAT_REPLY_WAITS);
            return;
        }
        if (CHAT_BOT) {
            bot_release(guest);
        }
        if (is_answered(chat_member_of(guest))) {
            chat_command_leave(guest, CHAT_REPLY_NONE, CHAT_LEFT);
        }
    }
}

void chat_desk_answer(struct conn *console, const struct chat_command *command)
{
    enum chat_verb verb = command->verb;
    bool goodbye = verb == CHAT_VERB_QUIT || verb == CHAT_VERB_QUIT_CHINESE;
    CHECK(conn_is_console(console));
    if (verb == CHAT_VERB_WHO || verb == CHAT_VERB_HELP) {
        chat_reply(console, verb == CHAT_VERB_WHO ? CHAT_REPLY_WHO : CHAT_REPLY_HELP);
    } else if (verb == CHAT_VERB_SAY || (goodbye && command->rest_bytes > 0)) {
        answer(console, command->rest, command->rest_bytes);
    } else if (verb != CHAT_VERB_NOTHING) {
        chat_reply(console, CHAT_REPLY_UNKNOWN);
    }
}
