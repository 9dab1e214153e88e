# A question's guest is miscounted.
# file: apps/chat/bot_api.c
# app: desk
# killed by: D2 D3 D6 C9
s|question->link = (uint16_t)(conn_index(conn) + 1);|question->link = (uint16_t)((conn_index(conn) ^ 1u) + 1);|
