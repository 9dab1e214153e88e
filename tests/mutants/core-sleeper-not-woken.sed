# Who waited for memory is never woken.
# file: core/conn_io.c
# app: echo
# killed by: C9 C14
/^void conn_wake_sleepers/,/^}/s/conn_touch(conn);/(void)0;/
