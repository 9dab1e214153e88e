# Kept requests are not offered again.
# file: core/conn_pass.c
# app: file
# killed by: C14 C2 C3 C9
s/conn_has(conn, CONN_RESUME) || !more/conn_has(conn, CONN_RESUME) \&\& !more/
