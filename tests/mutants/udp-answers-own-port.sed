# Its own port is answered.
# file: apps/echo/echo.c
# app: udp
# killed by: U2
s/from->port != info->to.port \&\&/true \&\&/
