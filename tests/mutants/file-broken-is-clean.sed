# A file that fails ends with a clean end.
# file: apps/fileget/fileget_answer.c
# app: file
# killed by: F2 C2
/^static enum piece broken/,/^}/s/conn_abort(conn);/conn_finish(conn);/
