# Input that was not taken is dropped.
# file: core/conn_io.c
# app: file
# killed by: F3 F1 C2 C14
s/^        conn->kept = (uint16_t)(n - taken);/        conn->kept = 0;/
