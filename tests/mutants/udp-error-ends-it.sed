# A queued error ends the reading of datagrams for good.
# file: core/socket.c
# app: udp
# killed by: U4
/if (n == PORT_SKIP) {/,/}/s/continue;/watch_want(WATCH_SOCKET + number, 0); return;/
