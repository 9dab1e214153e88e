# Lines are missed in silence.
# file: apps/chat/chat_output.c
# app: chat
# killed by: H1
s/row \&\& member->missed > 0/false/
