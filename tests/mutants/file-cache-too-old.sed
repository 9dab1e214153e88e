# A kept file is sent for longer than it may without being found by its name again.
# file: apps/fileget/fileget_cache.c
# app: file
# killed by: F4 F8
s/if (is_too_old(place) || /if (/
