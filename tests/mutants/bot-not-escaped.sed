# A quote in a question ends its string.
# file: apps/chat/json_write.c
# app: desk
# killed by: D7
s/if (code == .". || code == .\\\\.)/if (code == 1)/
