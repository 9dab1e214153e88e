# A file that shrank ends cleanly.
# file: apps/fileget/fileget_answer.c
# app: file
# killed by: F1 F2 C2
/^static enum piece send_file/,/^}/s/return broken(conn);/{ fileget_next(conn); return PIECE_SENT; }/
