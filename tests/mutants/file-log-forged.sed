# What a peer asks for goes into the log as it came.
# file: apps/fileget/fileget_log.c
# app: file
# killed by: S2
s/    text_put_escaped(line, name, n);/    text_put_bytes(line, name, n);/
