# A stop cuts what is still owed.
# file: core/conn_pass.c
# app: echo
# killed by: C15 C2
/^void conn_stop_begin/,/^}/s/!conn_owes(conn)/true/
