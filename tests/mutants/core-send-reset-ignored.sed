# A reset told by a send is not heeded.
# file: core/conn_io.c
# app: echo
# killed by: C5
/int sent = port_send(/,/return 0/s/conn_cut(conn, CONN_END_RESET);/(void)0;/
