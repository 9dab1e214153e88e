# Who is gone is still a member.
# file: apps/chat/chat.c
# app: chat
# killed by: CHECK C4 H1 C5 C6
/^static void chat_closed/,/^}/s/chat_room_remove(conn);/(void)0;/
