# The ring's second half is written to the wrong place.
# file: apps/echo/echo.c
# app: echo
# killed by: E1
s/memcpy(ring, bytes + first, n - first);/memcpy(ring, bytes, n - first);/
