# Who was over the rate is never heard again.
# file: apps/chat/chat.c
# app: chat
# killed by: C9 C14 H1 C2
/^static void go_on/,/^}/s/chat_put(member, CHAT_PAUSED, false);/(void)0;/
