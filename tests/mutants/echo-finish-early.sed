# Ends with bytes in the ring.
# file: apps/echo/echo.c
# app: echo
# killed by: E2
s/} else if (echo->used == 0) {/} else {/
