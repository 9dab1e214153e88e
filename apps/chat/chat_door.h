/* SPDX-License-Identifier: MIT */
/* Who may come in: addresses that come too often, or were banned by the operator, may not. */
#ifndef APPS_CHAT_DOOR_H
#define APPS_CHAT_DOOR_H

#include "apps/chat/chat_config.h"
#include "core/rate.h"
#include "port/port.h"

/* All that the module holds; the type is public for its size alone. */
struct chat_ban {
    struct port_address address;
    uint32_t key;
    uint32_t until;   /* by chat_time; 0: for good */
};

struct chat_door {
    struct rate_entry joins[CFG_CHAT_JOIN_SETS * RATE_WAYS];
    struct chat_ban bans[CFG_CHAT_BANS_MAX];
    unsigned bans_count;
    uint64_t refused;
};

enum { CHAT_BAN_MINUTES_MAX = 1000000 };

enum { CHAT_DOOR_STATIC_BYTES = sizeof(struct chat_door) };

void chat_door_start(void);

/* Counts an arrival. False: it may not come in. */
bool chat_door_admits(const struct port_address *peer);

/* Bans the peer with this address, an IPv4 address or what counts as one peer of IPv6, for so many
 * minutes from now (0: for good; at most CHAT_BAN_MINUTES_MAX), whatever its ban was before.
 * False: no room. */
bool chat_door_ban(const struct port_address *peer, uint32_t minutes);

/* False: it is not banned. */
bool chat_door_unban(const struct port_address *peer);

bool chat_door_is_banned(const struct port_address *peer);

/* How many are banned now; which one, and for how many minutes more (begun ones count; 0: for
 * good). False: there is none of that number. */
unsigned chat_door_bans(void);
bool chat_door_ban_at(unsigned index, struct port_address *address, uint32_t *minutes);
uint64_t chat_door_refused(void);

#endif
