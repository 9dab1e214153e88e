# Short datagrams are answered with as many bytes as one may have.
# file: apps/echo/echo.c
# app: udp
# killed by: U1 U5
s/} else if (datagram_send(socket, &info->to, &info->from, bytes, n))/} else if (datagram_send(socket, \&info->to, \&info->from, bytes, n < 16 ? CFG_DATAGRAM_BYTES : n))/
