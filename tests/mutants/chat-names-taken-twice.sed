# A name can be taken by two.
# file: apps/chat/chat_room.c
# app: chat
# killed by: H6
s/if (holder != NULL \&\& holder != conn)/if (false)/
