# Every datagram is answered twice.
# file: apps/echo/echo.c
# app: udp
# killed by: U1 U2 U5
s/} else if (datagram_send(socket/} else if (datagram_send(socket, \&info->to, \&info->from, bytes, n) \&\& datagram_send(socket/
