# A member's own lines come back.
# file: apps/chat/chat_room.c
# app: chat
# killed by: H1
s/entry->from == index/entry->from == 65534/;s/entry->from != index/entry->from != 65534/
