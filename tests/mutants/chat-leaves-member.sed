# Who is gone is still a member.
# file: apps/chat/chat.c
# app: chat
# killed by: CHECK H1 C5 HANG
/^static void chat_closed/,/^}/s/chat_room_remove(conn);/(void)0;/
