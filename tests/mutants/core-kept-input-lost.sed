# Input that was not taken is dropped.
# file: core/conn_io.c
# app: file
# killed by: C2 C14 F1
s/^        conn->kept = (uint16_t)(n - taken);/        conn->kept = 0;/
