/* SPDX-License-Identifier: MIT */
/* Who may come in. */
#include "apps/chat/chat_door.h"

#include <string.h>

#include "apps/chat/chat_member.h"
#include "core/address.h"

static struct chat_door state;

void chat_door_start(void)
{
    memset(&state, 0, sizeof state);
}

/* Takes out those that have ended. */
static void end_bans(void)
{
    for (unsigned i = state.bans_count; i > 0; i--) {
        struct chat_ban *ban = &state.bans[i - 1];
        if (ban->until != 0 && ban->until - chat_time() > UINT32_MAX / 2) {
            state.bans_count--;
            *ban = state.bans[state.bans_count];
        }
    }
}

unsigned chat_door_bans(void)
{
    end_bans();
    return state.bans_count;
}

uint64_t chat_door_refused(void)
{
    return state.refused;
}

static struct chat_ban *find(const struct port_address *peer)
{
    uint32_t key = address_peer_key(peer);
    end_bans();
    for (unsigned i = 0; i < state.bans_count; i++) {
        if (state.bans[i].key == key) {
            return &state.bans[i];
        }
    }
    return NULL;
}

bool chat_door_is_banned(const struct port_address *peer)
{
    return find(peer) != NULL;
}

bool chat_door_admits(const struct port_address *peer)
{
    bool counted = chat_settings.join_rate > 0 && !address_is_loopback(peer);
    bool admitted = !chat_door_is_banned(peer);
    if (admitted && counted) {
        admitted = rate_table_take(state.joins, CFG_CHAT_JOIN_SETS, address_peer_key(peer),
                                   port_now_ms(), chat_settings.join_rate,
                                   chat_settings.join_rate);
    }
    state.refused += admitted ? 0 : 1;
    return admitted;
}

bool chat_door_ban(const struct port_address *peer, uint32_t minutes)
{
    struct chat_ban *ban = find(peer);
    CHECK(minutes <= CHAT_BAN_MINUTES_MAX);
    if (ban == NULL && state.bans_count == COUNT_OF(state.bans)) {
        return false;
    }
    if (ban == NULL) {
        ban = &state.bans[state.bans_count];
        ban->address = *peer;
        ban->key = address_peer_key(peer);
        state.bans_count++;
    }
    uint32_t until = chat_time() + chat_time_of_minutes(minutes);
    ban->until = minutes > 0 && until == 0 ? 1 : minutes > 0 ? until : 0;
    return true;
}

bool chat_door_unban(const struct port_address *peer)
{
    struct chat_ban *ban = find(peer);
    if (ban == NULL) {
        return false;
    }
    state.bans_count--;
    *ban = state.bans[state.bans_count];
    return true;
}

bool chat_door_ban_at(unsigned index, struct port_address *address, uint32_t *minutes)
{
    end_bans();
    if (index >= state.bans_count) {
        return false;
    }
    const struct chat_ban *ban = &state.bans[index];
    *address = ban->address;
    *minutes = ban->until == 0 ? 0 : chat_time_in_seconds(ban->until - chat_time()) / 60 + 1;
    return true;
}
