# The bot answers a room as often as it is asked.
# file: apps/chat/bot.c
# app: chat
# killed by: H7
s/} else if (rate_take(&state.budget, port_now_ms(), CFG_BOT_RATE, CFG_BOT_BURST)) {/} else {/
