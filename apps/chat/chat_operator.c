/* SPDX-License-Identifier: MIT */
/* What the operator alone may do. */
#include "apps/chat/chat_operator.h"

#include "apps/chat/chat_desk.h"
#include "apps/chat/chat_door.h"
#include "core/address.h"

static struct chat_operator state;

static void read_minutes(const struct chat_command *command)
{
    uint64_t minutes = 0;
    bool right = text_read_number(command->rest, command->rest_bytes, CHAT_BAN_MINUTES_MAX,
                                  &minutes);
    state.has_fault = command->rest_bytes > 0 && (!right || minutes == 0);
    state.minutes = (uint32_t)minutes;
}

bool chat_operator_read(const char *text, size_t n)
{
    struct chat_command *command = &state.command;
    size_t zone_at = 0;
    *command = chat_command_parse(text, n);
    read_minutes(command);
    if (command->verb == CHAT_VERB_BAN || command->verb == CHAT_VERB_UNBAN) {
        state.has_address = address_parse(command->word, command->word_bytes, &state.address,
                                          &zone_at) && zone_at == 0;
    }
    return command->verb >= CHAT_VERB_KICK || chat_settings.desk;
}

static void run_ban(struct conn *conn)
{
    if (state.has_fault) {
        chat_reply(conn, CHAT_REPLY_MINUTES);
        return;
    }
    if (!state.has_address) {
        struct conn *found = chat_command_named(conn, &state.command);
        if (found == NULL) {
            return;
        }
        state.address = conn_peer(found);
        if (conn_is_console(found)) {
            chat_reply(conn, CHAT_REPLY_NOBODY);
            return;
        }
    }
    if (!chat_door_ban(&state.address, state.minutes)) {
        chat_reply(conn, CHAT_REPLY_BANS_FULL);
        return;
    }
    for (struct conn *other = chat_room_next(0); other != NULL;
         other = chat_room_next(conn_index(other) + 1)) {
        state.address = conn_peer(other);
        if (!conn_is_console(other) && chat_door_is_banned(&state.address)) {
            chat_put(chat_member_of(other), CHAT_REMOVED, true);
        }
    }
    chat_reply(conn, CHAT_REPLY_DONE);
}

static void run_on_member(struct conn *conn)
{
    const struct chat_command *command = &state.command;
    struct conn *found = chat_command_named(conn, command);
    if (found == NULL) {
        return;
    }
    if (conn_is_console(found)) {
        chat_reply(conn, CHAT_REPLY_NOBODY);
        return;
    }
    if (command->verb == CHAT_VERB_KICK) {
        chat_put(chat_member_of(found), CHAT_REMOVED, true);
    } else {
        chat_put(chat_member_of(found), CHAT_MUTED, command->verb == CHAT_VERB_MUTE);
    }
    chat_reply(conn, CHAT_REPLY_DONE);
}

void chat_operator_run(struct conn *conn)
{
    CHECK(conn_is_console(conn));
    if (state.command.verb < CHAT_VERB_KICK) {
        chat_desk_answer(conn, &state.command);
    } else if (state.command.verb == CHAT_VERB_BAN) {
        run_ban(conn);
    } else if (state.command.verb == CHAT_VERB_UNBAN) {
        bool done = state.has_address && chat_door_unban(&state.address);
        chat_reply(conn, done ? CHAT_REPLY_DONE : CHAT_REPLY_NOT_BANNED);
    } else if (state.command.verb == CHAT_VERB_BANS) {
        chat_reply(conn, CHAT_REPLY_BANS);
    } else if (state.command.verb == CHAT_VERB_STATS) {
        chat_reply(conn, CHAT_REPLY_STATS);
    } else {
        run_on_member(conn);
    }
}

void chat_operator_remove(void)
{
    for (struct conn *conn = chat_room_next(0); conn != NULL;
         conn = chat_room_next(conn_index(conn) + 1)) {
        if (chat_has(chat_member_of(conn), CHAT_REMOVED)) {
            chat_command_leave(conn, CHAT_REPLY_KICKED, CHAT_LEFT_REMOVED);
        }
    }
}
