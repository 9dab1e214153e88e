# What the operator says to all is said twice.
# file: apps/chat/chat_room.c
# app: chat
# killed by: H2
/^void chat_room_say/,/^}/s/add(entry, conn);/add(entry, conn); if (conn_is_console(conn)) { add(entry, conn); }/
