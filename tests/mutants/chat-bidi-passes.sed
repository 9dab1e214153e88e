# Characters that turn the text round pass.
# file: core/utf8.c
# app: chat
# killed by: H4 H5
s/!(code >= 0x202A \&\& code <= 0x202E)/true/
