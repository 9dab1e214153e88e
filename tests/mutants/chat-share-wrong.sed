# What is shared is shared with its author.
# file: apps/chat/chat_output.c
# app: chat
# killed by: H1 H6
s/chat_log_before(member->own_at, member->at)/true/
