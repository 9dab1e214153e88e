# New bytes overtake those that wait.
# file: apps/echo/echo.c
# app: echo
# killed by: E1
s/size_t taken = echo->used == 0 ?/size_t taken = true ?/
