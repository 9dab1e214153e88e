# What was looked at and taken is received again.
# file: core/conn_io.c
# app: echo
# killed by: E1 E3
s/port_discard(conn->handle, taken) != PORT_OK/false/
