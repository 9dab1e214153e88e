# A backslash is a byte like others.
# file: core/name.c
# app: file
# killed by: F3 F4
s/ && byte != '.*';/;/
