# What is over the length begins the next line.
# file: core/line.c
# app: chat
# killed by: H5 H4 CHECK
s/^        line->facts |= LINE_CUT;/        line->n = 0;/
