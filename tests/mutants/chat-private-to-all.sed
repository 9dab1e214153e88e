# A private line comes to all.
# file: apps/chat/chat_room.c
# app: chat
# killed by: H6
s/entry->to != CHAT_EVERYBODY \&\&/false \&\&/;s/entry->to == CHAT_EVERYBODY ||/true ||/
