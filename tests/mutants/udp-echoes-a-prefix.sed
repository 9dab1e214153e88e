# What was cut is echoed in part.
# file: core/socket.c
# app: udp
# killed by: U1
s/if (n > CFG_DATAGRAM_BYTES)/if (false)/;s/app->datagram(number, \&info, bytes, (size_t)n);/app->datagram(number, \&info, bytes, n > CFG_DATAGRAM_BYTES ? CFG_DATAGRAM_BYTES : (size_t)n);/
