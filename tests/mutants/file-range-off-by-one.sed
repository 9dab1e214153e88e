# A range is a byte too long.
# file: apps/fileget/http_range.c
# app: file
# killed by: F1
s/last < size ? last + 1 : size/last + 1 < size ? last + 2 : size/
