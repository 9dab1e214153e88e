/* SPDX-License-Identifier: MIT */
/* How fast a member may talk. */
#include "apps/chat/chat_pace.h"

#include "apps/chat/chat_room.h"

enum {
    UNPAID_BYTES = 1024, /* received without a line end, cost the time of a line */
    FLOW_MS = 1
};

static struct chat_pace state;

void chat_pace_start(void)
{
    uint32_t line_ms = 1;
    while (chat_settings.rate > 0 && line_ms * chat_settings.rate < 1000) {
        line_ms++;
    }
    state.rate_kind = deadline_kind(line_ms);
    state.flow_kind = deadline_kind(FLOW_MS);
}

void chat_pace_begin(struct chat_member *member)
{
    if (chat_settings.rate > 0) {
        rate_begin(&member->rate, port_now_ms(), 2 * chat_settings.rate);
    }
}

static size_t pause_input(struct conn *conn, unsigned kind)
{
    chat_put(chat_member_of(conn), CHAT_PAUSED, true);
    conn_deadline_set(conn, 0, kind);
    return 0;
}

size_t chat_pace_most(struct conn *conn)
{
    struct chat_member *member = chat_member_of(conn);
    uint32_t rate = chat_settings.rate;
    bool limited = rate > 0 && !chat_has(member, CHAT_OPERATOR);
    if (chat_room_is_full()) {
        return pause_input(conn, state.flow_kind);
    }
    if (!chat_has(member, CHAT_PAID)) {
        if (limited && !rate_take(&member->rate, port_now_ms(), rate, 2 * rate)) {
            return pause_input(conn, state.rate_kind);
        }
        chat_put(member, CHAT_PAID, true);
        member->unpaid = 0;
    }
    CHECK(member->unpaid < UNPAID_BYTES);
    return UNPAID_BYTES - (size_t)member->unpaid;
}

void chat_pace_took(struct chat_member *member, size_t n)
{
    CHECK(n <= UNPAID_BYTES - (size_t)member->unpaid);
    member->unpaid = (uint16_t)(member->unpaid + n);
    if (member->unpaid == UNPAID_BYTES) {
        chat_put(member, CHAT_PAID, false);
    }
}

void chat_pace_line_over(struct chat_member *member)
{
    chat_put(member, CHAT_PAID, false);
}

bool chat_pace_due(struct chat_member *member, unsigned kind)
{
    if (kind == state.flow_kind) {
        chat_room_flow();
    } else if (kind != state.rate_kind) {
        return false;
    }
    chat_put(member, CHAT_PAUSED, false);
    return true;
}
