# Lingers without end.
# file: core/conn.c
# app: file
# killed by: C2 C14 C4
s/deadline_set(conn_node(conn, 0), KIND_LINGER);/(void)0;/
