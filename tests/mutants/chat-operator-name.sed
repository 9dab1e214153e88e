# Anybody may be called operator.
# file: apps/chat/chat_name.c
# app: chat
# killed by: H6
/\"operator\"/s/operator/0perator/
