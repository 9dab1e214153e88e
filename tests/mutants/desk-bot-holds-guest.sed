# Whom the operator answered waits for the bot nevertheless.
# file: apps/chat/chat_desk.c
# app: desk
# killed by: D4 D6 D7
s/^            bot_release(guest);$/            (void)guest;/
