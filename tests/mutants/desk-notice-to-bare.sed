# A program that never sent an LF is sent notices.
# file: apps/chat/chat_reply.c
# app: desk
# killed by: D3
s/if (chat_protocol_of(member) == CHAT_BARE \&\& reply != CHAT_REPLY_TELNET)/if (member->reply > 200)/
