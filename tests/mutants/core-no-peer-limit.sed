# One peer may hold the table.
# file: core/socket.c
# app: echo
# killed by: G14
s/if (!peers_add(address_peer_key(peer), limit))/if (!peers_add(address_peer_key(peer), limit + 20))/
