# Taking bytes does not renew the deadline.
# file: core/conn_io.c
# app: echo
# killed by: C2
/n >= conn->stall_left/,/} else/s/deadline_set(node, KIND_STALL);/(void)node;/
