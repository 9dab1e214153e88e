# A name may climb.
# file: core/name.c
# app: file
# killed by: F4 CHECK
s/^            if (kept == 0) {/            if (false) {/;s/kept = without_last(bytes, kept);/kept = kept > 0 ? without_last(bytes, kept) : 0; length = 0;/
