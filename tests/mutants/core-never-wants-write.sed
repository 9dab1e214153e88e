# Does not wait for room to write.
# file: core/conn_pass.c
# app: echo
# killed by: C3 C14 C2 C9 E2
s/wanted |= PORT_WRITE;/wanted |= 0;/
