# A listing has no last chunk.
# file: apps/fileget/fileget_answer.c
# app: file
# killed by: F1 F2 C2
/^static enum piece send_tail/,/^}/s/fileget_listing_end(&text, (fileget->in.head.facts \& HTTP_IS_11) != 0);/fileget_listing_end(\&text, false);/
