# A file is said to be of the type of the one that was kept first, whoever asked for that.
# file: apps/fileget/fileget_cache.c
# app: file
# killed by: C12
s/fileget->type = place->type;/fileget->type = state.places[0].type;/
