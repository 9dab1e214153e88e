# A listener that rests is never woken.
# file: core/socket.c
# app: echo
# killed by: C8 C14
/^void socket_due/,/^}/s/socket_wake(number);/(void)number;/;/^void socket_resume/,/^}/s/socket_wake(i);/(void)i;/
