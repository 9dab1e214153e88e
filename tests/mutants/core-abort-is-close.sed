# A stalled peer is closed as if it had all.
# file: core/conn.c
# app: echo
# killed by: C2
s/^            port_abort(conn->handle);/            port_close(conn->handle);/
