# What was sent to many is answered.
# file: apps/echo/echo.c
# app: udp
# killed by: U2
s/!info->to_many \&\&/true \&\&/
