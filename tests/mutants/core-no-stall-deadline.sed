# Who takes nothing is never cut.
# file: core/conn_pass.c
# app: echo
# killed by: C3
s/deadline_set(node, KIND_STALL);/(void)node;/
