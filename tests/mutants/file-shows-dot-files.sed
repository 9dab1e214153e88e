# Names with a dot are served.
# file: apps/fileget/fileget.c
# app: file
# killed by: F3 F4
s/\.listing = true}/.listing = true, .dot_files = true}/
