# Goes on from what was asked to be sent, not from what was.
# file: apps/fileget/fileget_answer.c
# app: file
# killed by: F1 F2
s/head->range_first += (unsigned)sent;/head->range_first += sent > 0 ? (left < slice ? left : slice) : 0u;/
