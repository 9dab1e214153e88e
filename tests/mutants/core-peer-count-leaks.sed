# A peer's count is never given back.
# file: core/conn.c
# app: echo
# killed by: CHECK C2 C14
s/^        peers_remove(address_peer_key(&peer));/        (void)peer;/
