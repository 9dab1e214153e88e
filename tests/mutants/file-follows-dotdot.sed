# A component .. is a name like others.
# file: core/name.c
# app: file
# killed by: F4
s/if (length == 2 && bytes\[start\] == '\.' && bytes\[start + 1\] == '\.')/if (false)/;s/if (start < i && bytes\[start\] == '\.')/if (false)/
