# What is said goes out as it came.
# file: apps/chat/chat.c
# app: chat
# killed by: H4 H5 D5 D8
s/\*n = utf8_make_safe(bytes, cut ? utf8_cut(bytes, \*n) : \*n);/(void)cut;/
