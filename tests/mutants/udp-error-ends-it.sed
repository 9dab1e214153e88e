# A queued error ends the reading of datagrams.
# file: core/socket.c
# app: udp
# killed by: U1 C7 CHECK
/if (n == PORT_SKIP) {/,/}/s/continue;/socket_rest(number); return;/
