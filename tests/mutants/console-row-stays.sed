# What is written to a terminal goes into the line being typed.
# file: core/console.c
# app: chat
# killed by: D8
s/state.shown = !kept_put(ERASE);/state.shown = false;/
