# A multicast source is answered.
# file: apps/echo/echo.c
# app: udp
# killed by: U2 U1
s/!address_is_multicast(from) \&\& !address_is_broadcast(from) \&\&/true \&\&/
