# A line half sent begins again.
# file: apps/chat/chat_output.c
# app: chat
# killed by: H1 H5 H2 CHECK
s/memcpy(conn_buffer(conn) + CHAT_FRONT_BYTES - n, rest, n);/memcpy(conn_buffer(conn) + CHAT_FRONT_BYTES - n, rest - 1, n);/
