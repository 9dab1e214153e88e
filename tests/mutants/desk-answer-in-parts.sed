# A long answer is two lines.
# file: apps/chat/chat_output.c
# app: desk
# killed by: D2 D3
s/if (entry->kind != CHAT_PART || protocol == CHAT_CONSOLE)/if (entry->kind != CHAT_PAD)/
