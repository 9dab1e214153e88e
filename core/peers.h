/* SPDX-License-Identifier: MIT */
/* How many connections each peer holds: a table of counts by the peer's key (address_peer_key). */
#ifndef CORE_PEERS_H
#define CORE_PEERS_H

#include "core/config.h"
#include "port/port.h"

void peers_start(void);

/* Counts one more connection of a peer, unless it holds `limit` already: then false. */
bool peers_add(uint32_t key, unsigned limit);

/* Counts one less. */
void peers_remove(uint32_t key);

extern const size_t peers_static_bytes;

#endif
