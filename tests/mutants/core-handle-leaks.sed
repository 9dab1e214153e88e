# A slot is freed and its handle is not.
# file: core/conn.c
# app: echo
# killed by: C4
s/^            port_close(conn->handle);/            (void)conn;/
