# More than four lines missing from the chat's file are said to be four.
# file: apps/chat/chat_record.c
# app: chat
# killed by: H8
s/state.missing += state.missing < UINT32_MAX ? 1 : 0;/state.missing += state.missing < 4 ? 1 : 0;/
