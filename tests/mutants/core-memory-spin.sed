# No rest when there is no memory to receive.
# file: core/conn_io.c
# app: echo
# killed by: C6
/n == PORT_FULL) {/,/}/s/conn_sleep(conn);/(void)0;/
