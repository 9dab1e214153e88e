# A kept file is sent without a look at what became of it.
# file: apps/fileget/fileget_cache.c
# app: file
# killed by: F8 F1 F2
s/ || !is_unchanged(place)//
