# A range is a byte too long.
# file: apps/fileget/http_range.c
# app: file
# killed by: F1
s/range_end = last + 1/range_end = last + 2/
