# A malformed request is not the last.
# file: apps/fileget/fileget.c
# app: file
# killed by: F1 C2 C14
/^static void answer_last/,/^}/s/fileget_put(conn_state(conn), FILEGET_CLOSE);/(void)0;/
