# A vanished newcomer ends the accepting in vain.
# file: core/socket.c
# app: echo
# killed by: C8 C7 C6
/result == PORT_SKIP/,/}/s/return true;/socket_rest(number); return false;/
