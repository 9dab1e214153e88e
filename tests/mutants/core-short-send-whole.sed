# A short send is taken for a whole one.
# file: core/conn_io.c
# app: echo
# killed by: E3 E1 E2
s/return (size_t)sent;/return most;/
