# A short send is taken for a whole one.
# file: core/conn_io.c
# app: echo
# killed by: E1 E2 C2
s/return (size_t)sent;/return most;/
