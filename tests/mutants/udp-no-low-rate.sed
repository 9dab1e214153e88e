# Servers' ports are held to no rate.
# file: apps/echo/echo.c
# app: udp
# killed by: U2
s/bool low = from->port < LOW_PORT_END;/bool low = false;/
