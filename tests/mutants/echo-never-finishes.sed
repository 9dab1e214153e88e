# Does not end after the last byte.
# file: apps/echo/echo.c
# app: echo
# killed by: C14 C2 C9 C3
s/if (echo->used == 0 \&\& echo->ended)/if (false)/
