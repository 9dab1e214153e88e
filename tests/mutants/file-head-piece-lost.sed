# A head half sent begins again.
# file: apps/fileget/fileget_answer.c
# app: file
# killed by: F1 F2
s/fileget->sent = (uint16_t)(fileget->sent + taken);/fileget->sent = 0;/
