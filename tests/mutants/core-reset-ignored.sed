# A reset told by a receive is not heeded.
# file: core/conn_io.c
# app: echo
# killed by: C5 C6
/n == PORT_RESET) {/{n;s/conn_cut(conn, CONN_END_RESET);/(void)0;/}
