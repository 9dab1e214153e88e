# Anybody may be called operator.
# file: apps/chat/chat_name.c
# app: chat
# killed by: H6
s/nobody operator /nobody xperator /
