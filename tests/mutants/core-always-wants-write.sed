# Asks to write with nothing to write.
# file: core/conn_pass.c
# app: echo
# killed by: C9 C6
s/if (conn_has(conn, CONN_OUTPUT) \&\& !console)/if (!console)/
