/* SPDX-License-Identifier: MIT */
/* Who may come in. */
#include "apps/chat/chat_door.h"

#include <string.h>

#include "apps/chat/chat.h"
#include "core/address.h"

static struct chat_door state;

void chat_door_start(void)
{
    memset(&state, 0, sizeof state);
}

unsigned chat_door_bans(void)
{
    return state.bans_count;
}

uint64_t chat_door_refused(void)
{
    return state.refused;
}

static struct chat_ban *find(const struct port_address *peer)
{
    uint32_t key = address_peer_key(peer);
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

bool chat_door_ban(const struct port_address *peer)
{
    if (find(peer) != NULL) {
        return true;
    }
    if (state.bans_count == COUNT_OF(state.bans)) {
        return false;
    }
    state.bans[state.bans_count].address = *peer;
    state.bans[state.bans_count].key = address_peer_key(peer);
    state.bans_count++;
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

bool chat_door_ban_at(unsigned index, struct port_address *address)
{
    if (index >= state.bans_count) {
        return false;
    }
    *address = state.bans[index].address;
    return true;
}
