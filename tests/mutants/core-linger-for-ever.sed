# Lingers without end.
# file: core/conn.c
# app: file
# killed by: C14 C4 C9
s/deadline_set(conn_node(conn, 0), KIND_LINGER);/(void)0;/
