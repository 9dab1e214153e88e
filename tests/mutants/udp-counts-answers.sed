# Whether one is answered depends on how many were before.
# file: apps/echo/echo.c
# app: udp
# killed by: U3
s/} else if (!echo_within_rate(&info->from)) {/} else if (!echo_within_rate(\&info->from) || (n > 100 \&\& state.answered % 7 == n % 7)) {/
