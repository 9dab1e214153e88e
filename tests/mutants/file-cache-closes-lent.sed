# A kept file is closed though a connection still sends it.
# file: apps/fileget/fileget_cache.c
# app: file
# killed by: C5 CHECK
/^static void place_end/,/^}/s/place->users == 0/true/
