# The operator is shown another address than the guest's.
# file: apps/chat/chat_output.c
# app: desk
# killed by: D5
s/^    text_put_ip(text, &address);$/    address.ip[15] ^= 1;\n    text_put_ip(text, \&address);/
