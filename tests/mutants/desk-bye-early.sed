# Nobody has the time for a last word.
# file: apps/chat/chat.c
# app: desk
# killed by: D4
s/state.word_kind = deadline_kind(CFG_CHAT_WORD_MS)/state.word_kind = deadline_kind(CFG_CHAT_WORD_MS - 1)/
