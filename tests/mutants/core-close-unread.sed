# Closed at once, without heeding that something unread is here: the system sends a reset, which may overtake the answer.
# file: core/conn.c
# app: file
# killed by: C2
/^void conn_close/,/^}/s/!port_unread(conn->handle)/(port_unread(conn->handle) || true)/
