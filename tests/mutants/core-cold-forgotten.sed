# The full sweep does not come.
# file: core/watch.c
# app: echo
# killed by: C6 C9 C14
s/if (since_ms >= state.period_ms)/if (since_ms >= 100000000u)/
