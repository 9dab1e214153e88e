# Who has made its request is evicted too.
# file: core/conn.c
# app: echo
# killed by: C2 C3
/^void conn_settle/,/^}/s/conn_put(conn, CONN_SILENT, false);/(void)conn; return;/
