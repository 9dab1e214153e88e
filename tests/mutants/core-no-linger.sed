# Closes at once after its end.
# file: core/conn.c
# app: file
# killed by: C2 F2
/conn->phase = CONN_LINGERING;/s/conn->phase = CONN_LINGERING;/conn_cut(conn, CONN_END_DONE); return;/
