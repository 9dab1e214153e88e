# The answer leaves from another address.
# file: apps/echo/echo.c
# app: udp
# killed by: U1 U3
s/datagram_send(socket, \&info->to, \&info->from,/datagram_send(socket, \&info->from, \&info->from,/
