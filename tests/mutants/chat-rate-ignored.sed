# No member is held to a rate.
# file: apps/chat/chat_pace.c
# app: chat
# killed by: H7
s/if (limited \&\& !rate_take/if (false \&\& !rate_take/
