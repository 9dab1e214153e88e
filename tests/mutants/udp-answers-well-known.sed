# Ports that answer are answered.
# file: apps/echo/echo.c
# app: udp
# killed by: U2
/^static bool echo_answers/,/^}/s/!echo_port_answers(from->port) \&\&/true \&\&/
