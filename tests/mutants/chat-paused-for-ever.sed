# Who was over the rate is never heard again.
# file: apps/chat/chat_pace.c
# app: chat
# killed by: C9 C14 H1 C2
/^bool chat_pace_due/,/^}/s/chat_put(member, CHAT_PAUSED, false);/(void)0;/
