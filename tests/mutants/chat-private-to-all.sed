# A private line comes to all.
# file: apps/chat/chat_room.c
# app: chat
# killed by: H6
s/return entry->to == index ||/return true ||/
