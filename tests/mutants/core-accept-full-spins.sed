# No rest when the system is out of handles.
# file: core/socket.c
# app: echo
# killed by: C6
/result == PORT_FULL/,/}/s/socket_rest(number);/(void)number;/
