# What is forbidden is told from what is absent.
# file: apps/fileget/fileget_find.c
# app: file
# killed by: F3 F1
/^    case PORT_DENIED:/s/.*/    case PORT_DENIED: fileget->file = PORT_NONE; return HTTP_FILE_FAILED;/
