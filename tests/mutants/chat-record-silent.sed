# Lines that the chat's file did not take are missing from it, and nothing says so.
# file: apps/chat/chat_record.c
# app: chat
# killed by: H8
s/^    if (state.missing > 0) {/    if (state.missing > 4000000000u) {/
