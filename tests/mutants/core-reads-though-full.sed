# Asks to read without room to keep it.
# file: core/conn_pass.c
# app: echo
# killed by: C7 C6 C9
s/bool reads = conn->room > 0 \&\&/bool reads = /
