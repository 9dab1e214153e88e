# A newcomer is read from at once, though nothing said that there is anything.
# file: core/socket.c
# app: echo
# killed by: C11
s/^    conn_open(conn);/    conn_open(conn); conn_step(conn, PORT_READ);/
