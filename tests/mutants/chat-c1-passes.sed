# C1 controls pass.
# file: core/utf8.c
# app: chat
# killed by: H4 H5
s/(code >= 0x7F \&\& code < 0xA0)/code == 0x7F/
