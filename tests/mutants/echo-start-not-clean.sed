# A second start finds what the first one left.
# file: apps/echo/echo.c
# app: udp
# killed by: C13
/^static bool echo_start/,/^}/s/memset(&state, 0, offsetof(struct echo_state, reply));/(void)0;/
