# Who sends no head is never let go.
# file: apps/fileget/fileget.c
# app: file
# killed by: C3 C14
/^static void fileget_opened/,/^}/s/conn_deadline_set(conn, 0, fileget_state.head_kind);/(void)0;/
