# How soon a bucket fills depends on what the clock shows, not only on the time that passed.
# file: core/rate.c
# app: udp
# killed by: C10
s,uint32_t elapsed_ms = now_ms - rate->last_ms;,uint32_t elapsed_ms = (now_ms / 16 - rate->last_ms / 16) * 16;,
