# Asks for more than fits.
# file: apps/echo/echo.c
# app: echo
# killed by: CHECK E1 E3
/^static size_t echo_input/,/^}/s/conn_room_set(conn, CFG_CONN_BUFFER_BYTES - (size_t)echo->used);/(void)0;/
